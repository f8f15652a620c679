"""Drill: the real process killed exactly at each named point, then started again: what stands where, and what comes."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

import tests.support.killing
from bot.domain import faultpoints
from bot.sandbox.slack.truth import What
from bot.sandbox.telegram.truth import Act
from storage.engine.open import sqlite_path
from tests.support.killing import RULES, KillLoop, Verdict
from tests.support.theatre import eventually

TO_SLACK, TO_TELEGRAM = "to slack", "to telegram"
REPEAT = "may be a repeat"


@dataclass(frozen=True)
class Strike:
    """Where it dies, on the way where; what is left: the message's delivery (states; none: not even handled), and
    copies shown; then what comes: copies in the end, and whether the last says that it may be a repeat."""

    point: str
    direction: str
    left: frozenset[str]
    shown: int
    comes: int
    repeat: bool | None = False
    at_once: int = 0
    """Updates handled in the transaction that stores them."""


STRIKES = (
    Strike("stored", TO_SLACK, frozenset(), 0, 1),
    Strike("handled", TO_SLACK, frozenset({"queued", "sending"}), 0, 1),
    Strike("handled", TO_SLACK, frozenset({"queued", "sending"}), 0, 1, at_once=1),
    Strike("claimed", TO_SLACK, frozenset({"sending"}), 0, 1),
    Strike("claimed", TO_TELEGRAM, frozenset({"sending"}), 0, 1, repeat=True),
    Strike("sent", TO_SLACK, frozenset({"sending"}), 1, 1),
    Strike("sent", TO_TELEGRAM, frozenset({"sending"}), 1, 2, repeat=True),
    Strike("settled", TO_TELEGRAM, frozenset({"sent"}), 1, 1),
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tests.support.killing, "RULES", {**RULES, "find_grace": 300_000, "lease": 600_000})


class Strikes(KillLoop):
    """One death after another, each looked at before and after the next life."""

    at_once = 0

    def _rules(self) -> dict[str, object]:
        return {**super()._rules(), "at_once": self.at_once}

    async def _run(self, kills: int) -> Verdict:
        self.slack.settings.event_retries = (0.0, *([0.1] * 1000))
        async with self.slack, self.telegram:
            await self._people()
            await self._begin()
            await self._life(crash="")
            await self._rooms_open()
            for direction in (TO_SLACK, TO_TELEGRAM):  # the first message of a room brings lines of the service
                await self._say(direction, "hello")
                await self._come(direction, "hello", 1)
            await self._kill()
            for number, strike in enumerate(STRIKES, 3):
                await self._strike(strike, f"strike {number} at {strike.point}", number)
            self._alive()
            await self._database()
        self.pid = 0
        return self.verdict

    async def _strike(self, strike: Strike, words: str, number: int) -> None:
        self.at_once = strike.at_once
        await self._life(crash=f"{strike.point}:1")
        await self._say(strike.direction, words)
        await asyncio.wait_for(self.ended.get(), 20)
        waiting, left = self._look_at(number)
        assert waiting == (0 if strike.left else 1), words
        assert left in (strike.left or {""}), words
        assert len(self._copies(strike.direction, words)) == strike.shown, words
        await self._life(crash="")
        await self._come(strike.direction, words, strike.comes)
        copies = self._copies(strike.direction, words)
        assert [REPEAT in text for text in copies] == [False] * (strike.comes - 1) + [strike.repeat], words
        assert all(f"#{number}" in text for text in copies), words
        await self._kill()

    async def _say(self, direction: str, words: str) -> None:
        if direction == TO_SLACK:
            asha = self.telegram.user(700001)
            await asha.says(words, topic=asha.topics[0])
        else:
            await self.slack.workspace("T0001").user("U0002").says(words, channel=self._channel(0))

    async def _come(self, direction: str, words: str, count: int) -> None:
        """Wait until so many copies are shown and the database knows of all."""
        await eventually(lambda: len(self._copies(direction, words)) >= count and self._at_rest(), 20)
        assert len(self._copies(direction, words)) == count, words

    def _copies(self, direction: str, words: str) -> list[str]:
        if direction == TO_SLACK:
            seen = self.slack.truth.of(user="U0002", what=What.MESSAGE, from_bot=True)
            return [one.text for one in seen if words in one.text]
        acts = self.telegram.truth.of(700001, kinds=(Act.MESSAGE,), by_bot=True)
        return [one.text for one in acts if words in one.text]

    # --- the database, while somebody else may be working on it -----------------------------------------------------

    def _look_at(self, number: int) -> tuple[int, str]:
        """Updates not yet handled, and the state of the delivery of a message."""
        states = self._ask(
            f"""SELECT d.state FROM delivery d JOIN message m ON m.id = d.message_id
                WHERE m.no = {number} AND m.case_id = 5000"""
        )
        return len(self._ask("SELECT id FROM inbox")), str(states[0][0]) if states else ""

    def _at_rest(self) -> bool:
        return not self._ask("SELECT id FROM inbox") and not self._ask(
            "SELECT id FROM delivery WHERE state IN ('queued', 'sending', 'uncertain')"
        )

    def _ask(self, sql: str) -> list[tuple[object, ...]]:
        if self.url.startswith("sqlite"):
            path = sqlite_path(self.url.removeprefix("sqlite://"))
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as connection:
                return list(connection.execute(sql))
        with closing(psycopg.connect(self.url)) as connection:
            return list(connection.execute(sql.encode()))


def test_every_point_is_struck() -> None:
    albums = {"uploaded"}  # in test_drills_albums.py
    assert {strike.point for strike in STRIKES} | albums == set(faultpoints.POINTS)


async def test_a_death_at_each_point(database_url: str, tmp_path: Path) -> None:
    verdict = await Strikes(database_url, tmp_path, 1).run(len(STRIKES))
    assert verdict.integrity == "ok"
    assert verdict.broken_chains == []
