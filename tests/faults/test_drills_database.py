"""Drill: the database is locked, full, or cut off while people talk. What is not saved is not acknowledged."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import storage.engine.open
from bot.core import ROLE
from bot.sandbox.slack.carriers import Parcel, Receipt
from bot.sandbox.slack.truth import What
from bot.sandbox.slack.world import Workspace
from bot.sandbox.telegram.truth import Act
from storage.engine.base import Tx
from storage.engine.sqlite import open_sqlite
from tests.support.databases import open_url
from tests.support.postgres import Server
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import Theatre, eventually

Trouble = Callable[[Theatre], AbstractAsyncContextManager[None]]
LONG = "word " * 700
"""Long enough to need room that a full disk has not."""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite waits five seconds for a lock before it says so; here it says so soon."""
    monkeypatch.setattr(storage.engine.open, "open_sqlite", partial(open_sqlite, busy_seconds=0.2))


@asynccontextmanager
async def locked(play: Theatre) -> AsyncIterator[None]:
    """Another program holds the write lock."""
    other = sqlite3.connect(play.folder / "chairside.db", isolation_level=None, timeout=10)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@asynccontextmanager
async def full(play: Theatre) -> AsyncIterator[None]:
    """The disk has room for a few pages more."""
    await play.do(lambda unit: _allow(unit.tx, 3))
    try:
        yield
    finally:
        await play.do(lambda unit: _allow(unit.tx, 1_000_000))


def _allow(tx: Tx, pages: int) -> None:
    row = tx.one("PRAGMA page_count")
    assert row is not None
    tx.all(f"PRAGMA max_page_count = {row['page_count'] + pages}")


def cut_off(server: Server) -> Trouble:
    """The server lets nobody in and throws everybody out."""

    @asynccontextmanager
    async def trouble(play: Theatre) -> AsyncIterator[None]:
        name = urlsplit(play.url).path.strip("/")
        await asyncio.to_thread(
            server.run,
            f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
        )
        try:
            yield
        finally:
            await asyncio.to_thread(server.run, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    return trouble


@dataclass
class Ledger:
    """What the platforms were told is taken, of what people wrote."""

    play: Theatre
    slack: int = 0
    refused: list[str] = field(default_factory=list)
    _said: int = 0

    def open(self) -> None:
        """Listen to every answer to Slack."""
        courier = self.play.slack.courier
        offer = courier._offer

        async def listen(workspace: Workspace, parcel: Parcel, attempt: int, reason: str) -> Receipt:
            receipt = await offer(workspace, parcel, attempt, reason)
            event = parcel.payload.get("event", {})
            if (event.get("type"), event.get("user")) == ("message", "U0002"):
                self.slack += receipt.ok
                if not receipt.ok:
                    self.refused.append(receipt.reason)
            return receipt

        courier._offer = listen  # type: ignore[method-assign]

    @property
    def telegram(self) -> int:
        """How many of the dentist's messages were confirmed."""
        waiting = [one for one in self.play.telegram.bot().queue.pending if "text" in one.raw.get("message", {})]
        return self._said - len(waiting)

    async def both_say(self, rooms: tuple[Side, Side], text: str) -> None:
        """One message from each side."""
        self._said += 1
        for side in rooms:
            await side.says(text)

    async def saved(self) -> tuple[int, int]:
        """How many messages of Slack's and of Telegram's side the database holds, handled or not."""
        rows = await self.play.rows(
            """SELECT (SELECT COUNT(*) FROM message WHERE side = 'specialist')
                    + (SELECT COUNT(*) FROM inbox WHERE platform = 'slack') AS slack,
                      (SELECT COUNT(*) FROM message WHERE side = 'dentist')
                    + (SELECT COUNT(*) FROM inbox WHERE platform = 'telegram') AS telegram"""
        )
        return int(rows[0]["slack"]), int(rows[0]["telegram"])


async def _through(play: Theatre, trouble: Trouble, seconds: float, text: str = "", *, blind: bool = False) -> None:
    """Both sides write before, during and after trouble of at least `seconds`; `blind`: not even reading works."""
    play.slack.settings.event_retries = (0.0, *([0.3] * 2000))
    rooms = await play.rooms(await play.open_case())
    ledger = Ledger(play)
    ledger.open()
    said = ["before"]
    await ledger.both_say(rooms, "before")
    for side in rooms:
        await side.sees("before")
    await eventually(lambda: ledger.slack == ledger.telegram == 1)
    async with trouble(play):
        began = time.monotonic()
        while not ledger.refused or time.monotonic() - began < seconds:
            if len(said) < 10:
                said.append(f"during {len(said):02} {text}".strip())
                await ledger.both_say(rooms, said[-1])
            acknowledged = ledger.slack, ledger.telegram
            saved = (1, 1) if blind else await ledger.saved()
            assert acknowledged[0] <= saved[0]
            assert acknowledged[1] <= saved[1]
            await asyncio.sleep(0.1)
        assert ledger.telegram < len(said)  # what could not be saved is still Telegram's
    over = time.monotonic()
    said.append("after")
    await ledger.both_say(rooms, "after")
    for side in rooms:
        for words in said:
            await eventually(lambda side=side, words=words: side.count(words), 60.0)  # type: ignore[misc]
        lines = [(head, words) for head, words in shown(side) if words in said]
        assert sorted(words for _, words in lines) == sorted(said)
        # Slack brings each refused event again by itself: one that comes late is relayed at once and says so.
        in_time = [words for head, words in lines if "sent " not in head]
        assert in_time == [words for words in said if words in in_time]
        assert isinstance(side, TelegramSide) or len(in_time) == len(said)
    lasted = time.monotonic() - over
    await play.slack.settled()
    assert play.slack.courier.lost == []
    print(  # noqa: T201
        f"\n{over - began:.1f} s of trouble: {len(ledger.refused)} events refused, acknowledged and not saved 0;"
        f" all {len(said)} messages each way once and in order {lasted:.1f} s after it"
    )
    assert set(ledger.refused) <= {"http_error", "http_timeout"}


def shown(side: Side) -> list[tuple[str, str]]:
    """Each relayed message in a room: its heading, its words."""
    if isinstance(side, SlackSide):
        texts = [one.text for one in side.person.saw(What.MESSAGE, side.room) if one.from_bot]
    else:
        assert isinstance(side, TelegramSide)
        texts = [one.text for one in side.person.seen if one.kind is Act.MESSAGE and one.by_bot]
    parts = [text.partition("\n") for text in texts]
    return [(head, words.strip()) for head, _, words in parts if " · #" in head]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_locked(database_url: str, tmp_path: Path) -> None:
    async with Theatre(tmp_path, url=database_url, slack_http=True) as play:
        await _through(play, locked, 1.0)


@pytest.mark.soak
@pytest.mark.timeout(300)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_locked_for_30_s(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # by its own patience
    async with Theatre(tmp_path, url=database_url, slack_http=True) as play:
        await _through(play, locked, 30.0)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_full(database_url: str, tmp_path: Path) -> None:
    async with Theatre(tmp_path, url=database_url, slack_http=True) as play:
        await _through(play, full, 0.5, LONG)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_cut_off(database_url: str, tmp_path: Path, postgres_server: Server) -> None:
    async with Theatre(tmp_path, url=database_url, slack_http=True) as play:
        await _through(play, cut_off(postgres_server), 1.0, blind=True)
        # The role of the one running service went with the connection, and is ours again before anybody else's.
        other = await open_url(database_url)
        try:
            assert play.app is not None
            await eventually(play.app.alone)
            assert await other.advisory(ROLE) is None
        finally:
            await other.close()


@pytest.mark.soak
@pytest.mark.timeout(300)
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_cut_off_for_30_s(database_url: str, tmp_path: Path, postgres_server: Server) -> None:
    async with Theatre(tmp_path, url=database_url, slack_http=True) as play:
        await _through(play, cut_off(postgres_server), 30.0, blind=True)
