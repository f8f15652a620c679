"""A neutral post as Telegram takes it: one text with entities, never a parse mode, and an inline keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.domain.errors import Reason, Refused
from bot.domain.outbound import Button, ButtonStyle, Post
from bot.domain.richtext import RichText, bold, italic, lines
from bot.platforms.telegram.capabilities import CAPABILITIES, TOKEN_LIMIT
from bot.platforms.telegram.richtext import to_entities

_STYLES = {ButtonStyle.PRIMARY: "primary", ButtonStyle.DANGER: "danger"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """Text with its entities, and the keyboard if there are buttons."""

    text: str
    entities: Sequence[MessageEntity]
    keyboard: InlineKeyboardMarkup | None


def whole(post: Post) -> RichText:
    """Heading in bold, body, footer in italics, each on lines of its own; what is empty leaves no line."""
    rows: list[RichText] = []
    if post.heading:
        rows.append(bold(post.heading))
    if post.body:
        rows.append(post.body)
    if post.footer:
        rows.append(italic(post.footer))
    return rows[0] if len(rows) == 1 else lines(*rows)


def render(post: Post) -> Rendered:
    """Raises `Refused(BAD_CONTENT)` for what Telegram could not show whole; nothing is ever cut."""
    rich = whole(post)
    with_file = post.with_files
    text, entities = to_entities(rich)
    if not text and not with_file:
        raise Refused(Reason.BAD_CONTENT, "empty")
    limit = CAPABILITIES.caption_limit if with_file else CAPABILITIES.text_limit
    if RichText(text).measure("utf16") > limit:
        raise Refused(Reason.BAD_CONTENT, "too_long")
    # The library would only turn its own objects back into these very dicts.
    return Rendered(text, cast("Sequence[MessageEntity]", entities), keyboard(post.buttons))


def keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """None without buttons: an edit then takes away those that were there."""
    shown = [[_button(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(shown) if shown else None


def _button(button: Button) -> InlineKeyboardButton:
    style = _STYLES.get(button.style)
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url, style=style)
    if not 1 <= len(button.token.encode()) <= TOKEN_LIMIT:
        raise Refused(Reason.BAD_CONTENT, "button_token")
    return InlineKeyboardButton(button.label, callback_data=button.token, style=style)
