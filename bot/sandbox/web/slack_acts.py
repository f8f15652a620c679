"""What a person can do in the page's Slack: each act named, with the ids the page was given."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import DM, CannotDoError, Channel, Message
from bot.sandbox.slack import Person as SlackPerson
from bot.sandbox.slack.views import View
from bot.sandbox.web.files import uploads

JSON = dict[str, Any]


async def act(person: SlackPerson, kind: str, given: JSON) -> None:
    """Do it. Raises CannotDoError in a person's words where Slack would not let them, KeyError for a bad request."""
    match kind:
        case "say":
            await _say(person, given)
        case "edit":
            await person.edits(_message(person, given), str(given["text"]))
        case "delete":
            await person.deletes(_message(person, given))
        case "react":
            message, name = _message(person, given), str(given["name"])
            has = person.id in message.reactions.get(name, [])
            await (person.unreacts(message, name) if has else person.reacts(message, name))
        case "shortcut":
            await person.shortcut(str(given["name"]), _message(person, given))
        case "press":
            await person.acts_on(_holder(person, given), str(given["block"]), str(given["action"]), given.get("value"))
        case "submit":
            await person.submits(_values(given))
        case "close":
            await person.closes_modal()
        case "home":
            await person.opens_home()
        case other:
            raise KeyError(other)


async def _say(person: SlackPerson, given: JSON) -> None:
    """A slash command, words, or files with words; a thread's parent by its ts."""
    channel = _channel(person, given)
    text, files, thread = str(given.get("text", "")).strip(), uploads(given), str(given.get("thread", ""))
    if files:
        await person.uploads_all([(one.name, one.data) for one in files], channel, text, thread)
    elif text.startswith("/"):
        if thread:
            raise CannotDoError("Slack has no slash commands in threads.")
        name, _, rest = text.partition(" ")
        await person.command(name, rest.strip(), channel)
    elif text:
        await person.says(text, channel, thread or None)
    else:
        raise CannotDoError("There is nothing to send.")


def _channel(person: SlackPerson, given: JSON) -> Channel | str:
    wanted = str(given["channel"])
    return DM if wanted == DM else person.channel(wanted)


def _message(person: SlackPerson, given: JSON) -> Message:
    place, ts = person.channel(str(given["channel"])), str(given["ts"])
    found = place.find(ts) or next((one for one in person.ephemerals(place) if one.ts == ts), None)
    if found is None:
        raise CannotDoError("This message is gone.")
    return found


def _holder(person: SlackPerson, given: JSON) -> Message | View:
    """Where the button is: a message, else the modal or App Home by its id."""
    if "ts" in given:
        return _message(person, given)
    for shown in (person.modal, person.home):
        if shown is not None and shown.id == given["view"]:
            return shown
    raise CannotDoError("This form is gone.")


def _values(given: JSON) -> JSON:
    """By block_id, as the page collected them; files come as base64."""
    values = dict(given.get("values", {}))
    for block, files in dict(given.get("uploads", {})).items():
        values[block] = [(one.name, one.data) for one in uploads({"files": files})]
    return values
