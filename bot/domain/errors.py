"""The one tree of expected failures. Words for people come from `prompts/`, never from these.

ChairsideError
├── DeliveryError            a platform did not do what was asked
│   ├── NotSent              certain: nothing happened; try again, after `retry_after` seconds if given
│   ├── Unknown              nobody can say whether it happened
│   └── Refused              certain and lasting, with a `Reason`
└── Forbidden                this person may not do this
"""

from __future__ import annotations

from enum import StrEnum


class ChairsideError(Exception):
    """Root of every expected failure."""


class DeliveryError(ChairsideError):
    """A platform did not do what was asked. `detail` is a short code safe for logs, never content."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class NotSent(DeliveryError):
    """Certain: nothing happened (refused connection, DNS, TLS, 429). `retry_after` in seconds, None if unsaid."""

    def __init__(self, detail: str = "", retry_after: float | None = None, *, paced: bool = False) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.paced = paced
        """The platform's rate limit said so (429), so the chat waits, not only the lane."""


class Unknown(DeliveryError):
    """Nobody can say whether it happened: a read time-out, a reset, a 5xx after the body had left."""


class Reason(StrEnum):
    """Why a platform refuses for good, until something changes."""

    ROOM_GONE = "room_gone"  # channel archived or deleted, topic deleted, topics switched off
    NO_TOPICS = "no_topics"  # topics cannot be made here: fall back to the private chat
    BOT_REMOVED = "bot_removed"
    BLOCKED = "blocked"  # the person blocked the bot
    NOT_STARTED = "not_started"  # the person never pressed Start
    NO_SUCH_PERSON = "no_such_person"
    WRONG_MEMBERS = "wrong_members"  # somebody else is in the room, or the owner is not
    TARGET_GONE = "target_gone"  # the message to edit or delete is not there
    TOO_OLD = "too_old"  # the platform no longer lets it be changed
    TOO_LARGE = "too_large"
    BAD_CONTENT = "bad_content"
    MIGRATED = "migrated"
    ACCESS_REVOKED = "access_revoked"
    MISSING_SCOPE = "missing_scope"
    OTHER = "other"


class Refused(DeliveryError):
    """Certain and lasting. `moved_to` is the new chat id when the reason is MIGRATED."""

    def __init__(self, reason: Reason, detail: str = "", moved_to: str = "") -> None:
        super().__init__(detail or reason.value)
        self.reason = reason
        self.moved_to = moved_to


class Forbidden(ChairsideError):
    """This person may not do this; `key` names the wording that says so kindly."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def where(error: Exception) -> str:
    """Where in our code it went wrong: file and line, never values."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
