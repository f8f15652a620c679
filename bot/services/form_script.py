"""What a form is for: its words, who may fill it in, and what becomes of its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.forms import Answer, Form
from bot.domain.problems import Problem
from bot.services.unit import Unit

Row = dict[str, Any]
Answers = Mapping[str, Answer]


def no_objection(unit: Unit, subject: str, answers: Answers) -> Problem | None:
    """Checked answers are good as they are."""
    return None


@dataclass(frozen=True, slots=True)
class Script:
    """A form and what it is for. `subject` is what it is about, "" if that comes with its answers.

    `title`, `intro`, `intro_native` and `in_chat` are wording keys; buttons are "<form>.step" and "<form>.open".
    """

    form: Form
    title: str
    intro: str
    intro_native: str
    in_chat: str
    hindrance: Callable[[Unit, Row, str], Problem | None]
    """Why this account cannot fill it in, asked before and after."""
    finish: Callable[[Unit, Row, str, Answers], object]
    """Takes the checked answers."""
    objection: Callable[[Unit, str, Answers], Problem | None] = no_objection
    """What is wrong with answers that are each right by themselves."""
    initial: Callable[[Unit, str], Mapping[str, str | tuple[str, ...]]] = lambda unit, subject: {}
    """What a native form holds when it opens."""
