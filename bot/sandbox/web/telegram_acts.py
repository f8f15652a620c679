"""What a person can do in the page's Telegram: each act named, with the ids the page was given."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram import MAIN, Message, Topic
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.web.files import uploads

JSON = dict[str, Any]


async def act(person: TelegramPerson, kind: str, given: JSON) -> None:
    """Do it. Raises AssertionError where Telegram would not let a person do it, KeyError for a bad request."""
    match kind:
        case "start":
            await person.start(str(given.get("payload", "")))
        case "say":
            await _say(person, given)
        case "edit":
            await person.edits(_message(person, given["id"]), str(given["text"]))
        case "delete":
            await person.deletes_message(_message(person, given["id"]))
        case "react":
            await person.reacts(_message(person, given["id"]), str(given["emoji"]))
        case "press":
            holder = _message(person, given["id"])
            if str(given["data"]) not in [one.data for row in holder.buttons for one in row]:
                raise AssertionError("This button is gone.")
            person.sends_press(holder, str(given["data"]))
        case "key":
            await person.picks(str(given["text"]))
        case other:
            raise KeyError(other)


async def _say(person: TelegramPerson, given: JSON) -> None:
    """Words, files, or files with words: several together are an album, photos and other files apart."""
    place = _topic(person, int(given.get("topic", 0)))
    text, files = str(given.get("text", "")).strip(), uploads(given)
    reply = _message(person, given["reply"]) if given.get("reply") else None
    if not text and not files:
        raise AssertionError("There is nothing to send.")
    if not files:
        await person.says(text, place, reply)
    album = person.album() if len(files) > 1 else ""
    for number, file in enumerate(files):
        kind = "photo" if file.is_photo and not given.get("as_files") else "document"
        caption = text if number == 0 else ""
        await person.sends_file(kind, file.data, file.name, caption, place, reply, mime=file.mime, album=album)


def _topic(person: TelegramPerson, number: int) -> Topic:
    found = next((one for one in person.topics if one.id == number), MAIN)
    if number and found is MAIN:
        raise AssertionError("This topic is gone.")
    return found


def _message(person: TelegramPerson, number: Any) -> Message:
    found = next((one for one in person.messages(own=True) if one.message_id == int(number)), None)
    if found is None:
        raise AssertionError("This message is gone.")
    return found
