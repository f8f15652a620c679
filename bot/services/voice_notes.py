"""Voice notes: passed on to be played, shown with their length, and never taken for something that was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.events import FileKind, InboundFile
from bot.domain.richtext import RichText, plain
from bot.services import notices
from bot.services.parcels import file_about
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments

Row = dict[str, Any]


def answer(unit: Unit, seat: Row, files: Sequence[InboundFile]) -> None:
    """Once per case and side, with the first voice note (it is recorded already): that nobody here hears it."""
    spoken = sum(file.kind is FileKind.VOICE for file in files)
    sent = attachments.of_kind(unit.tx, seat["case_id"], seat["side"], FileKind.VOICE) if spoken else 0
    if spoken and sent == spoken:
        notices.to_seat(unit, seat, say("relay.voice.answer"))


def shown(unit: Unit, attachment: Row) -> RichText:
    """What stands with a file on the other side: of a voice note its length; of other files nothing."""
    if attachment["kind"] != FileKind.VOICE:
        return plain("")
    seconds = file_about(unit, attachment).seconds
    if seconds is None:
        return plain(say("relay.voice.shown_unmeasured"))
    return plain(say("relay.voice.shown", length=f"{seconds // 60}:{seconds % 60:02}"))
