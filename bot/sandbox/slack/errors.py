"""How the fake Slack refuses: `{"ok": false, "error": CODE, …}` with HTTP 200, as the real one does."""

from collections.abc import Sequence
from typing import Any

JSON = dict[str, Any]


class RefusedError(Exception):
    """A Web API refusal; `extra` joins the body (`needed`, `provided`, `errors`, `response_metadata`)."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    @property
    def body(self) -> JSON:
        """The answer as Slack words it."""
        return {"ok": False, "error": self.code, **self.extra}


class CannotDoError(Exception):
    """A person tried what Slack's own client would not let them do; the text says why."""


class BadAnswerError(Exception):
    """The app answered an interaction with something Slack cannot show ("We had some trouble connecting")."""


def invalid(code: str, problems: Sequence[str]) -> RefusedError:
    """A refusal that lists what was wrong, one `[ERROR] …` line each."""
    lines = [f"[ERROR] {problem}" for problem in problems]
    return RefusedError(code, errors=list(problems), response_metadata={"messages": lines})
