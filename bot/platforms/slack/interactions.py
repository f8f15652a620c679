"""What people press, type and fill in: slash commands, buttons, forms and message shortcuts."""

from __future__ import annotations

from typing import Final

from bot.domain.commands import BY_SLACK
from bot.domain.events import ButtonPressed, CommandReceived, FormSubmitted, InboundEvent, Origin, ShortcutInvoked
from bot.platforms.slack.forms import FORM, values
from bot.platforms.slack.ids import Json, account, is_direct, mapping, micros, objects, place, team_of, text
from bot.platforms.slack.richtext_mrkdwn import unescape
from bot.platforms.slack.updates import COMMAND, RECEIVED, channel_of, kind_of

SHORTCUTS: Final = frozenset({"withdraw", "wrong", "urgent", "keep"})
SLASH: Final = "/case"


def translate_interaction(body: Json, *, live: bool) -> InboundEvent | None:
    """The neutral event of an interactive payload. Views belong to no channel: their place has an empty chat."""
    match kind_of(body):
        case "slash_command":
            return _command(body, live)
        case "block_actions":
            return _pressed(body, live)
        case "view_submission":
            token = text(body, "view", "private_metadata")
            if text(body, "view", "callback_id") != FORM or not token:
                return None
            return FormSubmitted(_origin(body, live), token, values(mapping(body, "view")))
        case "message_action":
            name, message = text(body, "callback_id"), text(body, "message_ts") or text(body, "message", "ts")
            return ShortcutInvoked(_origin(body, live), name, message) if name in SHORTCUTS and message else None
        case _:
            return None


def _command(body: Json, live: bool) -> CommandReceived | None:
    if text(body, "command") != SLASH:
        return None
    words = unescape(text(body, "text")).split(maxsplit=1)
    origin = _origin(body, live)
    if not words:
        return CommandReceived(origin, "help", "")
    args = words[1].strip() if len(words) > 1 else ""
    command = BY_SLACK.get(words[0].lower())
    if command is None:
        return CommandReceived(origin, words[0], args, known=False)
    return CommandReceived(origin, command.name, args)


def _pressed(body: Json, live: bool) -> ButtonPressed | None:
    for action in objects(body, "actions"):
        if text(action, "type") != "button":
            continue
        value = text(action, "value")
        if value:
            return ButtonPressed(_origin(body, live), value, _pressed_message(body))
    return None  # a button that only opens a link


def _pressed_message(body: Json) -> str | None:
    return text(body, "container", "message_ts") or text(body, "message", "ts") or None


def _origin(body: Json, live: bool) -> Origin:
    team = team_of(body)
    channel = channel_of(body)
    if kind_of(body) == COMMAND:
        user, user_team = text(body, "user_id"), team
    else:
        user, user_team = text(body, "user", "id"), text(body, "user", "team_id") or team
    return Origin(
        place(team, channel),
        account(user_team, user) if user else None,
        _at(body),
        live=live,
        direct=not channel or is_direct(channel),
    )


def _at(body: Json) -> int:
    """When it was done by Slack's clock where that is told, else when it came."""
    stamps = [text(body, "action_ts"), *(text(action, "action_ts") for action in objects(body, "actions"))]
    for one in stamps:
        if at := micros(one):
            return at
    received = body.get(RECEIVED)
    return received if isinstance(received, int) else 0
