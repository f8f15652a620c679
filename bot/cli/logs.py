"""Logs: an allowlist of fields, token shapes struck out, other libraries at WARNING. Never content, never names."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

FIELDS = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "logger",
        "worker",
        "platform",
        "workspace",
        "kind",
        "state",
        "status",
        "error",
        "code",
        "detail",
        "reason",
        "why",
        "delivery",
        "job",
        "inbox",
        "request",
        "attachment",
        "album",
        "case",
        "ref",
        "lane",
        "seat",
        "seconds",
        "size",
        "count",
        "tries",
        "failures",
        "built",
        "up",
        "attempts",
        "port",
        "slack",
        "telegram",
        "alarm",
        "duty",
        "method",
        "at",
        "update",
        "offset",
        "pid",
        "url_host",
        "mode",
        "number",
        "name",
        "signal",
    ]
)
"""What a log line may hold: ids, states, sizes, durations, error classes."""
_TOKENS = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<!\d)\d{5,16}:[A-Za-z0-9_-]{20,}|sk-[A-Za-z0-9_-]{16,}|bearer\s+\S+", re.I
)
STRUCK = "[struck out]"


def strike(text: str) -> str:
    """The text without anything shaped like a token."""
    return _TOKENS.sub(STRUCK, text)


def keep_allowed(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: only allowed fields stay, and no value holds a token."""
    for key in list(event):
        value = event[key]
        if key not in FIELDS:
            del event[key]
        elif isinstance(value, str):
            event[key] = strike(value)
        elif not isinstance(value, bool | int | float | type(None)):
            event[key] = type(value).__name__
    return event


class _Plain(logging.Filter):
    """Other libraries' records: the message without its arguments' tokens, never a traceback with values."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through, made harmless."""
        record.msg, record.args = " ".join(strike(record.getMessage()).split()), None
        if record.exc_info and record.exc_info[0] is not None:
            record.msg += f" ({record.exc_info[0].__name__})"
        record.exc_info = record.exc_text = None
        return True


class _Json(logging.Formatter):
    """Other libraries' records in the shape of ours."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat()
        line = {"event": record.getMessage(), "level": record.levelname.lower(), "logger": record.name, "timestamp": at}
        return json.dumps(line)


def configure(form: str, level: str) -> None:
    """Set logging up for the whole process: `form` is console or json, `level` as in CHAIRSIDE_LOG."""
    number = getattr(logging, level.upper())
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_Plain())
    handler.setLevel(max(logging.WARNING, number))  # some libraries set their loggers' own levels
    console = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(_Json() if form == "json" else console)
    logging.basicConfig(level=max(logging.WARNING, number), handlers=[handler], force=True)
    renderer: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
