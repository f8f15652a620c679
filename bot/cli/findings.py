"""What a check found, in words: shared by `doctor` and `init`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from bot.cli.asking import Silent
from bot.platforms.slack.doctor import Health
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.doctor import Standing
from prompts.wording import say

UNKNOWN_TOKEN = frozenset({"invalid_auth", "not_authed", "not_allowed_token_type"})
REVOKED_TOKEN = frozenset({"token_revoked", "account_inactive", "token_expired"})
RECENT = 3600 * 1_000_000
"""µs within which a webhook's last error still counts."""


class Level(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and how to mend it."""

    check: str
    level: Level
    text: str
    mend: str = ""

    def as_json(self) -> dict[str, str]:
        """For `--json`."""
        return {name: str(value) for name, value in asdict(self).items()}

    def line(self) -> str:
        """For people."""
        check = say(f"doctor.check.{self.check}")
        level = say(f"doctor.level.{self.level}")
        return say("doctor.line", level=level, check=check, text=self.text, mend=self.mend).rstrip()


def slack(health: Health) -> Iterator[Finding]:
    """A workspace's tokens and scopes."""
    name = health.key
    if health.error in UNKNOWN_TOKEN:
        yield _slack("wrong", name, Level.FAIL)
    elif health.error in REVOKED_TOKEN:
        yield _slack("revoked", name, Level.FAIL)
    elif health.error:
        text = say("doctor.slack.silent", workspace=name, code=health.error)
        yield Finding("slack", Level.FAIL, text, say("doctor.slack.silent_mend"))
    elif not health.bot:
        yield _slack("kind", name, Level.FAIL)
    else:
        yield Finding("slack", Level.OK, say("doctor.slack.ok", workspace=name, team=health.team_name or health.team))
        yield from _scopes(health)
        yield _socket(health)


def _slack(what: str, workspace: str, level: Level) -> Finding:
    return Finding("slack", level, say(f"doctor.slack.{what}", workspace=workspace), say(f"doctor.slack.{what}_mend"))


def _scopes(health: Health) -> Iterator[Finding]:
    name = health.key
    if not health.missing and not health.surplus:
        yield Finding("scopes", Level.OK, say("doctor.scopes.ok", workspace=name))
    if health.missing:
        text = say("doctor.scopes.missing", workspace=name, scopes=sorted(health.missing))
        yield Finding("scopes", Level.FAIL, text, say("doctor.scopes.missing_mend"))
    if health.refused:
        text = say("doctor.scopes.refused", workspace=name, scopes=sorted(health.refused))
        yield Finding("scopes", Level.FAIL, text, say("doctor.scopes.surplus_mend"))
    if health.surplus - health.refused:
        text = say("doctor.scopes.surplus", workspace=name, scopes=sorted(health.surplus - health.refused))
        yield Finding("scopes", Level.WARN, text, say("doctor.scopes.surplus_mend"))


def _socket(health: Health) -> Finding:
    name, code = health.key, health.socket_error
    if not health.socket_mode:
        return Finding("socket", Level.OK, say("doctor.socket.http", workspace=name))
    if not code:
        return Finding("socket", Level.OK, say("doctor.socket.ok", workspace=name))
    if code in UNKNOWN_TOKEN | REVOKED_TOKEN:
        text, mend = say("doctor.socket.wrong", workspace=name), say("doctor.socket.wrong_mend")
    elif code in ("missing_scope", "no_permission"):
        text, mend = say("doctor.socket.scope", workspace=name), say("doctor.socket.wrong_mend")
    elif code in ("forbidden_team", "socket_mode_disabled", "link_disabled"):
        text, mend = say("doctor.socket.off", workspace=name), say("doctor.socket.off_mend")
    else:
        text, mend = say("doctor.socket.code", workspace=name, code=code), say("doctor.socket.code_mend")
    return Finding("socket", Level.FAIL, text, mend)


def telegram(config: TelegramConfig, found: Standing | Silent, now: int) -> Iterator[Finding]:
    """The bot's token, topics, and how updates come."""
    if isinstance(found, Silent):
        if found.refused:
            yield Finding("telegram", Level.FAIL, say("doctor.telegram.wrong"), say("doctor.telegram.wrong_mend"))
        else:
            text = say("doctor.telegram.silent", code=found.detail)
            yield Finding("telegram", Level.FAIL, text, say("doctor.telegram.silent_mend"))
        return
    yield Finding("telegram", Level.OK, say("doctor.telegram.ok", name=found.username))
    if found.topics:
        yield Finding("topics", Level.OK, say("doctor.topics.ok"))
    else:
        yield Finding("topics", Level.WARN, say("doctor.topics.off"), say("doctor.topics.off_mend"))
    yield _webhook(config, found, now)


def _webhook(config: TelegramConfig, found: Standing, now: int) -> Finding:
    if not config.webhook_url:
        if not found.webhook_url:
            return Finding("webhook", Level.OK, say("doctor.webhook.polling"))
        text = say("doctor.webhook.taken", host=urlsplit(found.webhook_url).hostname or "?")
        return Finding("webhook", Level.WARN, text, say("doctor.webhook.taken_mend"))
    if found.webhook_url != config.webhook_url:
        return Finding("webhook", Level.WARN, say("doctor.webhook.elsewhere"), say("doctor.webhook.elsewhere_mend"))
    if found.last_error and now - found.last_error_at < RECENT:
        text = say("doctor.webhook.failing", why=found.last_error[:120], pending=found.pending)
        return Finding("webhook", Level.WARN, text, say("doctor.webhook.failing_mend"))
    return Finding("webhook", Level.OK, say("doctor.webhook.ok", pending=found.pending))
