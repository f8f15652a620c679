"""The answers to the identifier guard's question: [Withdraw and resend redacted], [It's fine]."""

from __future__ import annotations

from bot.domain.events import ButtonPressed
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import redaction
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say


def redact(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The message is withdrawn and sent again without what was found."""
    assert pressed.person_id is not None
    return _said(unit, event, redaction.send_redacted(unit, pressed.data["hint"], pressed.person_id))


def fine(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The message stays as it is."""
    assert pressed.person_id is not None
    return _said(unit, event, redaction.let_stand(unit, pressed.data["hint"], pressed.person_id))


def _said(unit: Unit, event: ButtonPressed, problem: Problem | None) -> Reply | None:
    """The question itself shows what came of it; only what went wrong needs words."""
    if problem is None:
        return None
    return answer(unit, event.origin, who(unit, event.origin), say(problem.key, **problem.values))


BUTTONS = {"identifiers.redact": redact, "identifiers.fine": fine}
