"""docs/chat.md: every command people type and every handler, from the code's own table and docstrings.

`python -m tests.support.chat_page` writes it anew; a test fails while it says anything else.
"""

from __future__ import annotations

import ast
from pathlib import Path

from bot.domain.commands import COMMANDS, Scope
from prompts.wording import say

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "chat.md"
HELPERS = frozenset({"__init__", "answers", "naming", "places", "router"})
"""What handlers share: no thing a person can do."""
INTRO = """# What people can do in the chat

Buttons and forms cover all of it; typing is the second way. `/case help` and `/help` list what their reader may use.
A command about one message takes its number, or is the bare word in a reply to it. This page is made from the code
(`python -m tests.support.chat_page`).

## Commands

| in Slack | in Telegram | who | does |
|---|---|---|---|
"""
HANDLERS = """
One of a case works in its room, or as a reply to one of its messages.

## One file for each thing

| `handlers/` | what it is |
|---|---|
"""


def page() -> str:
    """The whole page."""
    return INTRO + "".join(_commands()) + HANDLERS + "".join(_handlers())


def _commands() -> list[str]:
    rows = []
    for one in COMMANDS:
        usage = f" {one.usage}" if one.usage else ""
        slack = f"`/case {one.slack}{usage}`" if one.slack else ""
        telegram = f"`/{one.telegram}{usage}`" if one.telegram else ""
        who = " or ".join(sorted(one.roles)) or "anyone"
        where = ", of a case" if one.scope is Scope.CASE else ""
        rows.append(f"| {slack} | {telegram} | {who}{where} | {say(f'help.does.{one.name}')} |\n")
    return rows


def _handlers() -> list[str]:
    rows = []
    for path in sorted((ROOT / "handlers").glob("*.py")):
        if path.stem not in HELPERS:
            said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            rows.append(f"| `{path.name}` | {' '.join(said.split())} |\n")
    return rows


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
