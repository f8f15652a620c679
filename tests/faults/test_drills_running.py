"""Drill: a second process, a socket that does not come back by itself, and a stop with work under way."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

import bot.app
import tests.support.killing
from bot.platforms.slack.adapter import Slack
from bot.platforms.slack.socket import PATIENCE
from bot.sandbox.faults import Kind
from tests.support.killing import RULES, KillLoop, Verdict
from tests.support.theatre import Theatre, eventually

STOP_WITHIN = 10.0


# --- a second process ---------------------------------------------------------------------------------------------


async def test_a_second_process_is_refused_with_one_line(database_url: str, tmp_path: Path) -> None:
    async with Theatre(tmp_path, url=database_url) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        env = {
            "DATABASE_URL": database_url,
            "CHAIRSIDE_DATA_DIR": str(tmp_path / "second"),
            "CHAIRSIDE_KEY_FILE": str(play.config().key_file),
            "CHAIRSIDE_HTTP": "127.0.0.1:0",
            "SLACK_BOT_TOKEN": play.workspace.bot_token,
            "SLACK_APP_TOKEN": play.workspace.app_token,
            "SLACK_API_URL": play.slack.base_url,
            "TELEGRAM_BOT_TOKEN": play.telegram.token,
            "TELEGRAM_API_URL": play.telegram.url,
        }
        handshakes, polls = len(play.slack.courier.sockets.handshakes), play.telegram.bot().queue
        second = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=Path(__file__).parents[2],
            env={"PATH": os.environ["PATH"], **env},
        )
        said, _ = await asyncio.wait_for(second.communicate(), 60)
        lines = said.decode().splitlines()
        assert second.returncode == 2, lines
        assert [line for line in lines if "another" in line.lower()] == lines
        assert len(lines) == 1
        assert len(play.slack.courier.sockets.handshakes) == handshakes  # it took nothing away from the first
        await dentist.says("still here")
        await specialist.sees("still here")
        assert not [one for one in polls.pending if "still here" in str(one.raw)]


# --- the socket ---------------------------------------------------------------------------------------------------


async def _burnt_ticket(tmp_path: Path, patience: float) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        sockets = play.slack.courier.sockets
        sockets.fail_handshakes = 1
        before = len(sockets.handshakes)
        began = time.monotonic()
        play.workspace.cut()
        await eventually(lambda: "ok" in sockets.handshakes[before:], patience + 20)
        took = time.monotonic() - began
        await specialist.says("here again")
        await dentist.sees("here again")
        tried = Counter(sockets.handshakes[before:])
        print(f"\nsocket back {took:.1f} s after the refused handshake; patience {patience} s, {dict(tried)}")  # noqa: T201
        assert tried["refused"] == 1
        assert tried["bad ticket"] >= 1  # left alone, the library would go on with it for ever
        assert took < patience + 15


async def test_a_burnt_ticket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.app, "Slack", partial(Slack, patience=1.0, look=0.05, ping=0.2))
    await _burnt_ticket(tmp_path, 1.0)


@pytest.mark.soak
@pytest.mark.timeout(180)
async def test_a_burnt_ticket_with_the_services_own_patience(tmp_path: Path) -> None:
    await _burnt_ticket(tmp_path, PATIENCE)


# --- a stop with work under way -----------------------------------------------------------------------------------


class Stops(KillLoop):
    """The real process is told to stop in the middle of it all, over and over."""

    def __init__(self, url: str, folder: Path, seed: int) -> None:
        super().__init__(url, folder, seed)
        self.took: list[float] = []

    async def _run(self, kills: int) -> Verdict:
        self.slack.settings.event_retries = (0.0, *([0.25] * 2000))
        async with self.slack, self.telegram:
            await self._people()
            await self._begin()
            await self._life(crash="")
            await self._rooms_open()
            for faults, method in ((self.slack.faults, "chat.postMessage"), (self.telegram.faults, "sendMessage")):
                # One request of each platform hangs when the stop comes: it took effect, and nobody is ever told.
                faults.add(Kind.ACCEPT_LATE, method=method, times=1, skip=1, seconds=2.0)
                faults.add(Kind.ACCEPT_LATE, method=method, chance=0.05, times=None, seconds=2.0)
                faults.add(Kind.SLOW, method=method, chance=0.5, times=None, seconds=0.5)
            for _ in range(kills):
                await self._stop_in_the_middle()
                await self._life(crash="")
            self._mend()
            await self._arrived(60.0)
            await self._stop()
            self._look()
            self._alive()
            await self._database()
        self.pid = 0
        return self.verdict

    async def _stop_in_the_middle(self) -> None:
        for _ in range(30):
            await self._talk()
        wanted = self.verdict.delivered + 3
        await eventually(lambda: self._count_seen() >= wanted, 30)
        self.verdict.delivered = self._count_seen()
        assert self._outstanding() > 0
        await self._stop()

    def _count_seen(self) -> int:
        return sum(len(copies) for copies in self._seen().values())

    async def _stop(self) -> None:
        began = time.monotonic()
        os.kill(self.pid, signal.SIGTERM)
        await asyncio.wait_for(self.ended.get(), 60)
        self.took.append(time.monotonic() - began)
        self.verdict.kills += 1


async def _stops(url: str, folder: Path, count: int) -> None:
    loop = Stops(url, folder, 1)
    verdict = await loop.run(count)
    print(f"\n{verdict.kills} stops, longest {max(loop.took):.1f} s, {verdict}")  # noqa: T201
    assert max(loop.took) < STOP_WITHIN
    assert verdict.clean, verdict
    assert verdict.faults["accept_late"] >= 2


@pytest.fixture(autouse=True)
def _lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long enough for a slow answer: a stop waits for those."""
    monkeypatch.setattr(tests.support.killing, "RULES", {**RULES, "lease": 4_000_000})


async def test_a_stop_waits_for_no_request_that_hangs(database_url: str, tmp_path: Path) -> None:
    """By the service's own rules such a request is given up after twenty seconds."""
    async with Theatre(tmp_path, url=database_url) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.telegram.faults.add(Kind.ACCEPT_LATE, method="sendMessage", chat=700001, seconds=60.0)
        await specialist.says("nobody answers this")
        await eventually(lambda: play.telegram.faults.hits)
        await dentist.says("and this comes at the last moment")
        began = time.monotonic()
        await play.down()
        took = time.monotonic() - began
    print(f"\nstopped after {took:.1f} s")  # noqa: T201
    assert took < STOP_WITHIN


async def test_a_stop_with_work_under_way(database_url: str, tmp_path: Path) -> None:
    await _stops(database_url, tmp_path, 1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_a_hundred_stops_under_load(database_url: str, tmp_path: Path) -> None:
    await _stops(database_url, tmp_path, 100)
