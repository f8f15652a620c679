"""Refusals in Telegram's own words; python-telegram-bot shows them without the "Bad Request: "."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class ApiError(Exception):
    """A refused request: HTTP status and error code, description, `parameters` (migrate_to_chat_id, retry_after).

    `illegal` marks a request that no correct client sends; the server counts these in `violations`.
    """

    code: int
    description: str
    parameters: dict[str, int] = field(default_factory=dict)
    illegal: bool = False

    def body(self) -> dict[str, object]:
        """The JSON answer."""
        answer: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad(description: str, **parameters: int) -> ApiError:
    """400, e.g. `bad("chat not found")`."""
    return ApiError(400, f"Bad Request: {description}", dict(parameters))


def illegal(description: str) -> ApiError:
    """400 for an unknown or ill-typed argument (the real server often ignores those; this one never does)."""
    return ApiError(400, f"Bad Request: {description}", illegal=True)


def forbidden(description: str) -> ApiError:
    """403, e.g. `forbidden("bot was blocked by the user")`."""
    return ApiError(403, f"Forbidden: {description}")


def conflict(description: str) -> ApiError:
    """409, for two pollers or a poller beside a webhook."""
    return ApiError(409, f"Conflict: {description}")


def too_many(retry_after: int) -> ApiError:
    """429 with `retry_after` seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def server_error(status: int) -> ApiError:
    """A 5xx as the Bot API words it."""
    words = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
    return ApiError(status, words.get(status, "Server Error"))


def unauthorized() -> ApiError:
    """401: a well-formed token that is not valid (any more)."""
    return ApiError(401, "Unauthorized")


def not_found() -> ApiError:
    """404: an unknown method, a malformed token, an expired download path."""
    return ApiError(404, "Not Found")


def too_large() -> ApiError:
    """413: an upload above the limit."""
    return ApiError(413, "Request Entity Too Large")
