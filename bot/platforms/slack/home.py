"""The bot's home page: a neutral `Page` as the blocks of a view. It is made anew each time its person opens it."""

from __future__ import annotations

from typing import Final

from bot.domain.outbound import Page
from bot.platforms.slack.ids import Json
from bot.platforms.slack.render import button
from bot.platforms.slack.richtext import to_blocks

MAX_BLOCKS: Final = 100


def view(page: Page) -> Json:
    """The view to publish; what is over Slack's limit of blocks is left off at the end, whole sections at a time."""
    blocks: list[Json] = []
    for number, one in enumerate(page.sections):
        made: list[Json] = to_blocks(one.body)
        if one.buttons:
            row = [button(each, f"h{number}.{at}") for at, each in enumerate(one.buttons)]
            made.append({"type": "actions", "elements": row})
        if len(blocks) + len(made) > MAX_BLOCKS:
            break
        blocks += made
    return {"type": "home", "blocks": blocks}
