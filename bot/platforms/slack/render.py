"""A neutral `Post` as Slack's blocks: typed elements only, so nothing a person wrote is ever read as markup."""

from __future__ import annotations

import json
from typing import Final

from bot.domain.errors import Reason, Refused
from bot.domain.outbound import Button, ButtonStyle, Post
from bot.domain.richtext import RichText
from bot.platforms.slack.capabilities import LABEL_LIMIT, MAX_BLOCKS, PAYLOAD_LIMIT
from bot.platforms.slack.forms import plain
from bot.platforms.slack.ids import Json
from bot.platforms.slack.jsontext import dumps
from bot.platforms.slack.richtext import escape, to_blocks
from prompts.wording import say

EVENT_TYPE: Final = "chairside_delivery"
_ROW: Final = 25
_FOOTER: Final = 2000


def blocks(post: Post, mention: str = "") -> list[Json]:
    """The message as blocks: mention and heading first, then body, footer and buttons. `mention` is a user id.

    Raises `Refused` if Slack could not show it; formatting that does not fit is dropped before any word is.
    """
    body = to_blocks(post.body) if not post.body.blank else []
    made = _around(post, mention, body)
    fits = _fits(made)
    if not fits and post.body.spans:
        made = _around(post, mention, to_blocks(RichText(post.body.text)))
        fits = _fits(made)
    if not fits or len(made) > MAX_BLOCKS:
        raise Refused(Reason.TOO_LARGE, "blocks_too_large")
    return made


def notice(post: Post) -> str:
    """What a lock screen may show, and all that it may show: never a word of the body."""
    return escape(post.notice or say("slack.notice.new"))


def metadata(tag: str) -> Json:
    """Carries the opaque delivery id, by which a send in doubt is found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"id": tag}}


def ephemeral(words: str) -> Json:
    """A line that only the actor sees, as an acknowledgement's body or for a `response_url`."""
    return {
        "response_type": "ephemeral",
        "replace_original": False,
        "text": escape(words),
        "blocks": to_blocks(RichText(words)),
    }


def _around(post: Post, mention: str, body: list[Json]) -> list[Json]:
    made = [*_opening(post.heading, mention), *body]
    if post.footer:
        made.append({"type": "context", "elements": [plain(post.footer, _FOOTER)]})
    for number, row in enumerate(post.buttons):
        for start in range(0, len(row), _ROW):
            elements = [button(one, f"b{number}.{start + at}") for at, one in enumerate(row[start : start + _ROW])]
            made.append({"type": "actions", "elements": elements})
    return made or [{"type": "section", "text": plain(post.notice or say("slack.notice.new"), _FOOTER)}]


def _opening(heading: str, mention: str) -> list[Json]:
    elements: list[Json] = []
    if mention:
        elements.append({"type": "user", "user_id": mention})
    if heading:
        if mention:
            elements.append({"type": "text", "text": " "})
        elements.append({"type": "text", "text": heading, "style": {"bold": True}})
    if not elements:
        return []
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}]


def button(one: Button, action: str) -> Json:
    """A button as an element; `action` names it within its message or page."""
    made: Json = {"type": "button", "action_id": action, "text": plain(one.label, LABEL_LIMIT)}
    if one.url:
        made["url"] = one.url
    else:
        made["value"] = one.token
    if one.style is not ButtonStyle.PLAIN:
        made["style"] = one.style.value
    return made


def _fits(made: list[Json]) -> bool:
    """Within Slack's limit, which counts characters; their bytes, counted faster, are never fewer."""
    if len(dumps(made)) <= PAYLOAD_LIMIT:
        return True
    return len(json.dumps(made, ensure_ascii=False, separators=(",", ":"))) <= PAYLOAD_LIMIT
