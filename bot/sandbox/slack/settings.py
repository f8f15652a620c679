"""What a fake Slack can be told to do differently; the defaults are Slack's own figures."""

from dataclasses import dataclass, field

from bot.sandbox.slack.limits import Limits

MINIMUM_SCOPES = (
    "chat:write im:history im:read im:write groups:history groups:read groups:write users:read files:read"
    " files:write commands reactions:read reactions:write pins:write metadata.message:read"
)


@dataclass(slots=True)
class Settings:
    """Seconds are by the injected clock, except `share_delay`, which is real."""

    limits: Limits = field(default_factory=Limits)
    ack_seconds: float = 3.0
    event_retries: tuple[float, ...] = (
        0.0,
        60.0,
        300.0,
    )  # pauses before the second, third and fourth attempt
    trigger_seconds: float = 3.0
    ticket_seconds: float = 30.0
    most_sockets: int = 10
    response_url_seconds: float = 1800.0
    response_url_uses: int = 5
    share_delay: float = 0.02
