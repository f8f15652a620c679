"""The files of `chairside faq eval`: JSON Lines of labelled questions and of a bank, each fault with its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.drafting.evaluation import Question
from prompts.wording import say

Row = dict[str, Any]
POLICIES = ("draft", "escalate", "none")
_MOST = 5
"""Faults said of one file."""


class BadRows(Exception):
    """A file that cannot be evaluated; one line a fault."""


def questions(path: Path) -> list[Question]:
    """The labelled questions of a file; BadRows says what is wrong with it."""
    return [Question(row["question"], row["topic"], row["policy"]) for row in _rows(path, _wrong_question)]


def bank(path: Path) -> list[tuple[str, str]]:
    """The (topic, text) rows of a bank; BadRows says what is wrong with it."""
    return [(row["topic"], row["text"]) for row in _rows(path, _wrong_text)]


def _rows(path: Path, wrong: Callable[[Row], str]) -> list[Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadRows(say("faq.row.coding", file=path.name)) from None
    except OSError:
        raise BadRows(say("faq.unreadable", file=path.name)) from None
    found, faults = list[Row](), list[str]()
    for number, line in enumerate(text.split("\n"), 1):  # a line of JSON may hold other ends of lines
        if not line.strip():
            continue
        row: object = None
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            fault = "json"
        else:
            fault = wrong(row) if isinstance(row, dict) else "object"
        if isinstance(row, dict) and not fault:
            found.append(row)
        else:
            faults.append(say("faq.row.fault", file=path.name, line=number, right=say(f"faq.should.{fault}")))
    if len(faults) > _MOST:
        faults[_MOST:] = [say("faq.row.more", n=len(faults) - _MOST)]
    if not found and not faults:
        faults = [say("faq.row.empty", file=path.name)]
    if faults:
        raise BadRows("\n".join(faults))
    return found


def _wrong_question(row: Row) -> str:
    if not _words(row.get("question")):
        return "question"
    if "topic" not in row or not (row["topic"] is None or _words(row["topic"])):
        return "topic"
    return "" if row.get("policy") in POLICIES else "policy"


def _wrong_text(row: Row) -> str:
    return "" if _words(row.get("topic")) and _words(row.get("text")) else "bank"


def _words(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
