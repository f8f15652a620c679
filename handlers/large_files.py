"""[New link]: a fresh link for a file that is awaited, or that waits to be read."""

from __future__ import annotations

from bot.domain.events import ButtonPressed
from bot.domain.outbound import Reply
from bot.services import large_files
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say


def upload_again(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The sender wants a fresh link for a file that is still awaited."""
    return _again(unit, event, pressed, large_files.UPLOAD)


def download_again(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The receiver wants a fresh link to a stored file."""
    return _again(unit, event, pressed, large_files.DOWNLOAD)


def _again(unit: Unit, event: ButtonPressed, pressed: Pressed, action: str) -> Reply | None:
    assert pressed.person_id is not None
    problem = large_files.renew(unit, action, int(pressed.data["attachment"]), pressed.person_id)
    if problem is None:
        return None
    return answer(unit, event.origin, who(unit, event.origin), say(problem.key, **problem.values))


BUTTONS = {"files.upload_again": upload_again, "files.download_again": download_again}
