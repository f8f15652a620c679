"""What a log line may hold. That a conversation leaves nothing there is proven in test_run.py, in all four modes."""

from __future__ import annotations

import ast
import json
import logging
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.cli import logs

ROOT = Path(__file__).parents[2]
TOKENS = (
    "xoxb-1234567890-abcdef",
    "xoxp-1-2-3",
    "xapp-1-A1-2-abc",
    "7000000001:AAsandboxsandboxsandboxsandbox",
    "sk-proj_abcdefghijklmnopqrstuvwx",
    "Bearer abc.def",
)
METHODS = {"debug", "info", "warning", "error"}
PLACES = {"asked", "got"}
"""Named in calls and dropped on purpose: chats are in no line."""


def emitted(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_only_allowed_fields_and_plain_values_stay(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    structlog.get_logger("x").info("relay.done", delivery=7, text="canary", name={"canary": 1}, state="sent", up=True)
    (line,) = emitted(capsys)
    assert {key: line[key] for key in line if key != "timestamp"} == {
        "event": "relay.done",
        "level": "info",
        "delivery": 7,
        "state": "sent",
        "name": "dict",
        "up": True,
    }


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("form", ["json", "console"])
def test_token_shapes_are_struck_out(capsys: pytest.CaptureFixture[str], form: str, token: str) -> None:
    logs.configure(form, "debug")
    structlog.get_logger("x").debug("x", detail=f"at https://api.telegram.org/bot{token}/getMe")
    logging.getLogger("library").warning("asked %s", f"https://api.telegram.org/bot{token}/getMe")
    said = capsys.readouterr().err
    assert token not in said
    assert said.count(logs.STRUCK) == 2


def test_other_libraries_speak_from_warning_on_without_tracebacks(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "debug")
    logger = logging.getLogger("library")
    logger.info("canary info")
    try:
        raise ValueError("canary value")
    except ValueError:
        logger.exception("it failed for %s", "somebody")
    (line,) = emitted(capsys)
    assert line["event"] == "it failed for somebody (ValueError)"
    assert (line["level"], line["logger"]) == ("error", "library")


def test_commands_keep_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("console", "critical")
    structlog.get_logger("x").error("app.fault")
    logging.getLogger("library").error("fault")
    assert capsys.readouterr().err == ""


def test_every_field_that_our_code_logs_is_allowed() -> None:
    """A field that is not in the list would be dropped without a word."""
    looked_at, unknown = 0, set()
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "_log"), attr=method), keywords=keywords):
                    if method in METHODS:
                        looked_at += 1
                        unknown |= {keyword.arg for keyword in keywords} - logs.FIELDS - PLACES
    assert looked_at > 30
    assert unknown == set()
