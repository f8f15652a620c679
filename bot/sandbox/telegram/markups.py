"""Keyboards: what Telegram refuses in them."""

from typing import Any, Final

from bot.sandbox.telegram.errors import bad, illegal
from bot.sandbox.telegram.state import Raw

DATA_BYTES: Final = 64
INLINE_BUTTONS: Final = 100
KEYBOARD_BUTTONS: Final = 300
STYLES: Final = frozenset({"primary", "success", "danger"})
_ACTIONS: Final = ("url", "callback_data", "copy_text")


def checked(markup: Raw | None) -> Raw | None:
    """The markup as stored; an inline keyboard without buttons is none. Raises 400."""
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        rows = [row for row in markup["inline_keyboard"] if row]
        _count(rows, INLINE_BUTTONS)
        for row in rows:
            for button in row:
                _inline(button)
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        _count(markup["keyboard"], KEYBOARD_BUTTONS)
        for row in markup["keyboard"]:
            for button in row:
                _labelled(button)
        return markup
    if markup.get("remove_keyboard") is False or markup.get("force_reply") is False:
        raise illegal("can't parse reply_markup: the flag must be true")
    return markup


def _count(rows: list[list[Any]], limit: int) -> None:
    if sum(len(row) for row in rows) > limit:
        raise bad("REPLY_MARKUP_TOO_LONG")


def _labelled(button: Raw) -> None:
    if not button["text"].strip():
        raise illegal("can't parse keyboard button: text must be non-empty")
    if button.get("style", "primary") not in STYLES:
        raise illegal("can't parse keyboard button: invalid button style specified")


def _inline(button: Raw) -> None:
    _labelled(button)
    if sum(1 for action in _ACTIONS if action in button) != 1:
        raise illegal("can't parse inline keyboard button: exactly one action must be used")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= DATA_BYTES:
        raise illegal("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(("http://", "https://", "tg://")):
        raise bad("BUTTON_URL_INVALID")
    copy = button.get("copy_text")
    if copy is not None and not 1 <= len(copy["text"]) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")
