"""React to a message: it arrives as a quoted line, never as the bot's own reaction, and answers nothing."""

from __future__ import annotations

from typing import Any

from bot.domain.events import Reacted
from bot.domain.outbound import Reply
from bot.services import reactions
from bot.services.unit import Unit

Row = dict[str, Any]


def reacted(unit: Unit, event: Reacted, person: Row) -> Reply | None:
    """Tell the other side, in words. A reaction taken back says so too."""
    reactions.tell(unit, event, person["person_id"])
    return None
