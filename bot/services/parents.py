"""What a message answers: found in the room it goes to, else its first line is quoted, so that no reply hangs loose."""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.domain.outbound import Post
from bot.services import relay
from bot.services.unit import Unit
from prompts.wording import say
from storage import history, messages

Row = dict[str, Any]
QUOTED = 60
"""Characters of the parent's first line that are quoted."""


def resolve(unit: Unit, lane: Row, seat: Row, row: Row, post: Post) -> tuple[str | None, Post]:
    """The native message in the room that a delivery answers; without one it quotes its parent's first line."""
    assert post.reply_to is not None
    message = messages.get(unit.tx, post.reply_to)
    if message is None:
        return None, post
    if message["state"] != "withdrawn":
        for part in messages.parts(unit.tx, post.reply_to, seat["id"]):
            if part["chat"] == seat["chat"]:
                return str(part["native_id"]), post
        standing = history.standing(unit.tx, lane["id"], message["id"], seat["chat"], seat["topic"])
        if standing is not None:
            return standing, post
        if not row["card"]:
            history.set_quotes(unit.tx, row["id"], [message["id"]])
    return None, quoting(unit, lane, message, post)


def quoting(unit: Unit, lane: Row, message: Row, post: Post) -> Post:
    """With what it answers in a line of its own, as long as there is room for it."""
    if message["state"] == "withdrawn":
        words = say("relay.reply_withdrawn", no=message["no"])
    else:
        first = relay.body_of(unit, message).first_line(QUOTED).text
        words = say("relay.reply_quote", no=message["no"], words=first) if first else ""
        words = words or say("relay.reply", no=message["no"])
    capabilities = unit.capabilities[str(lane["platform"])]
    most = capabilities.caption_limit if post.with_files and capabilities.caption_limit else capabilities.text_limit
    taken = _length(post.body.text) + 2 * (_length(post.heading) + _length(post.footer)) + 160
    if taken + _length(words) > most:
        words = say("relay.reply", no=message["no"])
    return dataclasses.replace(post, heading="\n".join(filter(None, [post.heading, words])))


def _length(words: str) -> int:
    """In UTF-16 units, the longest way to count."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
