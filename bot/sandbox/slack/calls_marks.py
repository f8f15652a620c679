"""Web API: pins.* and reactions.*."""

from typing import Final

from bot.sandbox.slack import payloads
from bot.sandbox.slack.errors import JSON, RefusedError
from bot.sandbox.slack.lookup import find_message, for_posting, timestamp
from bot.sandbox.slack.team import Team
from bot.sandbox.slack.world import Message

PINS: Final = 100
# The names Slack knows are thousands; these are the ones a desk like this could want. Others are `invalid_name`.
_NAMES: Final = """
+1 -1 thumbsup thumbsdown ok_hand white_check_mark heavy_check_mark ballot_box_with_check x heavy_plus_sign
eyes wave clap pray raised_hands tada heart question exclamation warning no_entry no_entry_sign
hourglass hourglass_flowing_sand clock1 alarm_clock bell no_bell mailbox mailbox_with_mail envelope
incoming_envelope outbox_tray inbox_tray outgoing_envelope arrow_right arrows_counterclockwise repeat
pushpin paperclip memo pencil pencil2 speech_balloon dove_of_peace bird tooth smile slightly_smiling_face
thinking_face rotating_light red_circle large_blue_circle white_circle large_green_circle zap
"""
EMOJI: Final = frozenset(_NAMES.split())


def _target(team: Team, args: JSON) -> Message:
    if "channel" not in args or "timestamp" not in args:
        raise RefusedError("no_item_specified")
    channel = for_posting(team, args["channel"], people=False)
    return find_message(channel, timestamp(args["timestamp"], "bad_timestamp"), "message_not_found")


async def pin(team: Team, args: JSON) -> JSON:
    """pins.add."""
    message = _target(team, args)
    pins = team.workspace.channels[message.channel].pins
    if message.ts in pins:
        raise RefusedError("already_pinned")
    if len(pins) >= PINS:
        raise RefusedError("too_many_pins")
    if message.system:
        raise RefusedError("not_pinnable")
    team.rooms.pin(message, team.workspace.bot_user, on=True)
    return {}


async def unpin(team: Team, args: JSON) -> JSON:
    """pins.remove."""
    message = _target(team, args)
    if message.ts not in team.workspace.channels[message.channel].pins:
        raise RefusedError("no_pin")
    team.rooms.pin(message, team.workspace.bot_user, on=False)
    return {}


async def pins(team: Team, args: JSON) -> JSON:
    """pins.list."""
    channel = for_posting(team, args["channel"], people=False)
    shown = [payloads.message(team.workspace, channel.messages[ts]) for ts in reversed(channel.pins)]
    return {"items": [{"type": "message", "channel": channel.id, "message": one} for one in shown]}


def _emoji(team: Team, args: JSON) -> str:
    name = str(args["name"]).strip(":")
    if name.partition("::")[0] not in EMOJI | team.workspace.emoji:
        raise RefusedError("invalid_name")
    return name


async def react(team: Team, args: JSON) -> JSON:
    """reactions.add."""
    name, message, bot = _emoji(team, args), _target(team, args), team.workspace.bot_user
    if bot in message.reactions.get(name, []):
        raise RefusedError("already_reacted")
    team.rooms.react(message, bot, name, on=True)
    return {}


async def unreact(team: Team, args: JSON) -> JSON:
    """reactions.remove."""
    name, message, bot = _emoji(team, args), _target(team, args), team.workspace.bot_user
    if bot not in message.reactions.get(name, []):
        raise RefusedError("no_reaction")
    team.rooms.react(message, bot, name, on=False)
    return {}


async def reactions(team: Team, args: JSON) -> JSON:
    """reactions.get."""
    message = _target(team, args)
    shown = payloads.message(team.workspace, message)
    return {"type": "message", "channel": message.channel, "message": shown}


CALLS: Final = {
    "pins.add": pin,
    "pins.remove": unpin,
    "pins.list": pins,
    "reactions.add": react,
    "reactions.remove": unreact,
    "reactions.get": reactions,
}
