"""Drill: the real process killed while an album is gathered, uploaded or sent: no picture lost, and none shown twice
where that can be known."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

import tests.support.killing
from tests.faults.test_drills_points import REPEAT, TO_SLACK, TO_TELEGRAM, Strikes
from tests.support.killing import RULES, Verdict
from tests.support.papers import picture
from tests.support.theatre import eventually

MANY = 3


@dataclass(frozen=True)
class Strike:
    """Where it dies, on the way where; albums shown by then and in the end, and whether the last says it may repeat."""

    point: str
    direction: str
    shown: int
    comes: int
    repeat: bool = False


STRIKES = (
    Strike("stored", TO_SLACK, 0, 1),
    Strike("handled", TO_SLACK, 0, 1),  # with the first part of it
    Strike("uploaded", TO_SLACK, 0, 1),  # with the first file of it
    Strike("sent", TO_SLACK, 1, 1),
    Strike("claimed", TO_TELEGRAM, 0, 1, repeat=True),
    Strike("sent", TO_TELEGRAM, 1, 2, repeat=True),
    Strike("settled", TO_TELEGRAM, 1, 1),
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {"find_grace": 300_000, "lease": 1_500_000, "album_pause": 400_000}
    monkeypatch.setattr(tests.support.killing, "RULES", {**RULES, **quick})


class AlbumStrikes(Strikes):
    """One death after another while somebody sends three pictures at once."""

    async def _run(self, kills: int) -> Verdict:
        self.slack.settings.event_retries = (0.0, *([0.1] * 1000))
        async with self.slack, self.telegram:
            await self._people()
            await self._begin()
            await self._life(crash="")
            await self._rooms_open()
            for direction in (
                TO_SLACK,
                TO_TELEGRAM,
            ):  # what is first brings lines of the service
                await self._say(direction, "hello")
                await self._come(direction, "hello", 1)
                first = [picture(1), picture(2)]
                await self._send(direction, first)
                wanted = [hashlib.sha256(data).hexdigest() for data in first]
                await eventually(lambda way=direction, hashes=wanted: self._albums(way, hashes) and self._settled(), 20)
            await self._kill()
            for number, strike in enumerate(STRIKES, 1):
                await self._one(strike, [picture(20 * number + shade) for shade in range(MANY)])
            self._alive()
            await self._database()
        self.pid = 0
        return self.verdict

    async def _one(self, strike: Strike, pictures: list[bytes]) -> None:
        wanted = [hashlib.sha256(data).hexdigest() for data in pictures]
        await self._life(crash=f"{strike.point}:1")
        await self._send(strike.direction, pictures)
        await asyncio.wait_for(self.ended.get(), 20)
        assert len(self._albums(strike.direction, wanted)) == strike.shown, strike
        await self._life(crash="")

        def whole() -> bool:
            return len(self._albums(strike.direction, wanted)) >= strike.comes and self._settled()

        await eventually(whole, 20)
        albums = self._albums(strike.direction, wanted)
        assert [REPEAT in text for text in albums] == [False] * (strike.comes - 1) + [strike.repeat], strike
        await self._kill()

    def _settled(self) -> bool:
        return self._at_rest() and not self._ask("SELECT id FROM album")

    async def _send(self, direction: str, pictures: list[bytes]) -> None:
        if direction == TO_SLACK:
            asha = self.telegram.user(700001)
            await asha.sends_album(pictures, topic=asha.topics[0])
        else:
            files = [(f"{number}.png", data) for number, data in enumerate(pictures)]
            await self.slack.workspace("T0001").user("U0002").uploads_all(files, self._channel(0))

    def _albums(self, direction: str, wanted: list[str]) -> list[str]:
        """The words of each album with exactly these pictures; one with fewer of them fails."""
        shown: list[tuple[str, list[str]]] = []
        if direction == TO_SLACK:
            johal = self.slack.workspace("T0001").user("U0002")
            for one in johal.messages(self._channel(0)):
                if one.files and one.user != johal.id:
                    shown.append((one.shown, [file.sha256 for file in one.files]))
        else:
            asha = self.telegram.user(700001)
            sent = [one for one in asha.messages(asha.topics[0]) if one.media is not None and one.sender.is_bot]
            for _, group in groupby(sent, key=lambda one: one.album or one.message_id):
                parts = list(group)
                hashes = [part.media.file.sha256 for part in parts if part.media is not None]
                shown.append((parts[0].text, hashes))
        found = [(text, hashes) for text, hashes in shown if set(hashes) & set(wanted)]
        assert all(hashes == wanted for _, hashes in found), "an album came in pieces"
        return [text for text, _ in found]


async def test_a_death_while_an_album_is_on_its_way(database_url: str, tmp_path: Path) -> None:
    verdict = await AlbumStrikes(database_url, tmp_path, 1).run(len(STRIKES))
    assert verdict.integrity == "ok"
    assert verdict.broken_chains == []
