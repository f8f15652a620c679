"""Several files at once, as a person of either app sends them and sees them come."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from bot.sandbox.slack.world import Message as SlackMessage
from bot.sandbox.telegram.people import Item
from bot.sandbox.telegram.state import Message as TelegramMessage
from tests.support.sides import PATIENCE, Side, SlackSide, TelegramSide

Given = tuple[str, bytes]
"""A name and what is in it."""


def kind_of(name: str) -> str:
    """How Telegram's own client sends a file of this name."""
    ending = name.rpartition(".")[2]
    return {"jpg": "photo", "png": "photo", "mp4": "video", "mp3": "audio"}.get(ending, "document")


async def sends_all(side: Side, files: Sequence[Given], words: str = "") -> list[Any]:
    """Send files as one message; the native messages that it is."""
    if isinstance(side, SlackSide):
        return [await side.person.uploads_all(files, side.room, words)]
    assert isinstance(side, TelegramSide)
    items = [Item(data, kind_of(name), name) for name, data in files]
    return list(await side.person.sends_album(items, words, side.room))


def albums(side: Side) -> list[list[Any]]:
    """What the bot shows with files in a room now: the messages of each album, or the one that holds them all."""
    if isinstance(side, SlackSide):
        return [[one] for one in side.person.messages(side.room) if one.files and one.user != side.person.id]
    assert isinstance(side, TelegramSide)
    shown = [one for one in side.person.messages(side.room) if one.media is not None and one.sender.is_bot]
    return [list(group) for _, group in groupby(shown, key=lambda one: one.album or one.message_id)]


def hashes(album: Sequence[Any]) -> list[str]:
    """SHA-256 of each file of an album, in order."""
    found: list[str] = []
    for one in album:
        if isinstance(one, SlackMessage):
            found.extend(file.sha256 for file in one.files)
        elif isinstance(one, TelegramMessage) and one.media is not None:
            found.append(one.media.file.sha256)
    return found


async def gets_together(side: Side, wanted: Sequence[bytes]) -> list[Any]:
    """Wait until exactly these files stand together, in order; the messages that show them."""
    expected = [hashlib.sha256(data).hexdigest() for data in wanted]

    def found() -> list[Any] | None:
        return next((album for album in albums(side) if hashes(album) == expected), None)

    if isinstance(side, SlackSide):
        album = await side.person._team.rooms.truth.until(found, PATIENCE)
    else:
        assert isinstance(side, TelegramSide)
        album = await side.person._world.truth.until(found, PATIENCE)
    assert album is not None, [len(hashes(one)) for one in albums(side)]
    return album
