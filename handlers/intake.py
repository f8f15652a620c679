"""Start a new case: `/new`, the form or its questions."""

from __future__ import annotations

from typing import Any

from bot.domain.events import CommandReceived
from bot.domain.outbound import Reply
from bot.services import form_chat, intake
from bot.services.unit import Unit

Row = dict[str, Any]


def new(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Begin the intake form. A dentist whose account is still being checked may do it too."""
    assert person is not None
    return form_chat.begin(unit, event.origin, person, intake.SCRIPT)


COMMANDS = {"new": new}
