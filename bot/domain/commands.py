"""The one table of typed commands: how each is written on either platform, who may use it, and where.

Help, Telegram's command menu and both adapters read it; a command that does not work yet is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where a command makes sense."""

    ANYWHERE = "anywhere"
    CASE = "case"
    """Inside a case's room, or as a reply to a message of the case."""


@dataclass(frozen=True, slots=True)
class Command:
    """`name` is ours; `slack` is the word after `/case`; `telegram` the command without its slash, empty if none.

    `roles` empty means anyone, even before they are linked. Its help line is the wording key `help.<name>`.
    """

    name: str
    slack: str
    telegram: str
    roles: frozenset[str]
    scope: Scope = Scope.ANYWHERE
    usage: str = ""


_DENTIST = frozenset({"dentist"})
_SPECIALIST = frozenset({"specialist"})
_EITHER = frozenset({"dentist", "specialist"})
_COORDINATOR = frozenset({"coordinator"})

COMMANDS: tuple[Command, ...] = (
    Command("new", "new", "new", _DENTIST),
    Command("list", "list", "cases", _EITHER),
    Command("status", "status", "status", _EITHER, Scope.CASE),
    Command("timeline", "timeline", "timeline", _EITHER, Scope.CASE),
    Command("plan", "plan", "plan", _EITHER, Scope.CASE),
    Command("withdraw", "withdraw", "withdraw", _EITHER, Scope.CASE, "N"),
    Command("wrong", "wrong", "wrong", _EITHER, Scope.CASE, "N [REF]"),
    Command("urgent", "urgent", "urgent", _EITHER, Scope.CASE, "N"),
    Command("keep", "keep", "keep", _EITHER, Scope.CASE, "N"),
    Command("find", "find", "find", _EITHER, Scope.CASE, "WORDS"),
    Command("resend", "resend", "resend", _EITHER, Scope.CASE, "N"),
    Command("note", "note", "note", _EITHER, Scope.CASE, "TEXT"),
    Command("refine", "refine", "refine", _DENTIST, Scope.CASE),
    Command("close", "close", "close", _EITHER, Scope.CASE),
    Command("snooze", "snooze", "snooze", _EITHER, Scope.ANYWHERE, "DAY"),
    Command("move", "move", "move", _EITHER, Scope.ANYWHERE, "[APP] [REF]"),
    Command("model", "model", "model", _DENTIST, Scope.CASE),
    Command("approve", "approve", "approve", _SPECIALIST, Scope.CASE, "N"),
    Command("faq", "faq", "faq", _SPECIALIST, Scope.CASE, "WORDS"),
    Command("until", "until", "until", _SPECIALIST, Scope.CASE, "seat|aligner|attachment WORDS"),
    Command("away", "away", "away", _SPECIALIST, Scope.ANYWHERE, "FROM TO"),
    Command("library", "library", "library", _SPECIALIST, Scope.ANYWHERE, "[WORDS]"),
    Command("stuck", "stuck", "stuck", _COORDINATOR),
    Command("assign", "assign", "", _COORDINATOR, Scope.ANYWHERE, "REF HANDLE"),
    Command("invite", "invite", "", _COORDINATOR, Scope.ANYWHERE, "HANDLE"),
    Command("confirm", "confirm", "", _COORDINATOR, Scope.ANYWHERE, "HANDLE"),
    Command("lock", "lock", "", _COORDINATOR, Scope.ANYWHERE, "HANDLE"),
    Command("cover", "cover", "", _COORDINATOR, Scope.ANYWHERE, "REF HANDLE [FROM TO]"),
    Command("cancel", "cancel", "cancel", frozenset()),
    Command("link", "link", "start", frozenset(), Scope.ANYWHERE, "CODE"),
    Command("help", "help", "help", frozenset()),
)

BY_SLACK = {command.slack: command for command in COMMANDS if command.slack}
BY_TELEGRAM = {command.telegram: command for command in COMMANDS if command.telegram}
BY_NAME = {command.name: command for command in COMMANDS}
