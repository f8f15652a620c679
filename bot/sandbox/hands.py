"""What the people of a script do and see, carried out on the stage."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.rules import SECOND
from bot.sandbox.people import BY_HANDLE, TEAM
from bot.sandbox.script import SPAN, Step
from bot.sandbox.slack import DM, BadAnswerError, CannotDoError, Message
from bot.sandbox.slack import Person as SlackPerson
from bot.sandbox.stage import Stage
from bot.sandbox.telegram import ApiError
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.telegram.files import png
from bot.sandbox.troubles import Troubles
from storage import checkins

PATIENCE: Final = 30.0
"""Seconds for whatever comes next; a busy machine is no reason to stop."""
REFUSALS: Final = (AssertionError, RuntimeError, CannotDoError, BadAnswerError, ApiError)
"""What says, in its text, that something did not come true or cannot be done."""
ZONE: Final = ZoneInfo("Europe/London")


class Hands:
    """Carries out steps. Raises one of REFUSALS where that is not possible or does not come true."""

    def __init__(self, stage: Stage, troubles: Troubles) -> None:
        self._stage = stage
        self._troubles = troubles

    async def do(self, step: Step) -> None:
        """One step, to its end."""
        if step.verb == "clock":
            await self._clock(str(step.value))
        elif step.verb == "trouble":
            kind, _, state = str(step.value).rpartition(" ")
            await self._troubles.turn(kind, trouble=state == "down")
        elif step.verb != "note":
            account = BY_HANDLE[step.who]
            if account.platform == "telegram":
                await _telegram(self._stage.telegram.user(int(account.user)), step)
            else:
                await _slack(self._stage.slack.workspace(TEAM).user(account.user), step)

    async def _clock(self, wanted: str) -> None:
        now = self._stage.clock.now()
        if wanted == "next check-in":
            due = await self._stage.look(lambda unit: checkins.next_due(unit.tx))
        elif wanted == "next":
            due = await self._stage.next_due()
        elif span := SPAN.fullmatch(wanted):
            hours = int(span[1]) * {"hour": 1, "day": 24, "week": 168}[span[2]]
            due = now + round(timedelta(hours=hours).total_seconds()) * SECOND
        else:
            due = round(datetime.fromisoformat(wanted).replace(tzinfo=ZONE).timestamp()) * SECOND
        if due is None:
            raise AssertionError("nothing falls due")
        await self._stage.move_clock_to(max(due, now) + SECOND)


async def _telegram(person: TelegramPerson, step: Step) -> None:
    value, place = step.value, step.place or None
    on: Any = step.besides.get("on")
    match step.verb:
        case "starts":
            await person.start(value)
        case "says":
            await person.says(value, topic=place, reply_to=on)
        case "edits":
            await person.edits(value, str(step.besides["to"]))
        case "deletes":
            await person.deletes_message(value)
        case "reacts":
            await person.reacts(on, value)
        case "sends" if value.lower().endswith((".png", ".jpg", ".jpeg")):
            await person.sends_photo(png(), str(step.besides.get("caption", "")), place)
        case "sends":
            await person.sends_document(value.encode(), value, str(step.besides.get("caption", "")), place)
        case "presses":
            await person.presses(value, topic=place, timeout=PATIENCE)
        case "sees":
            await person.sees(value, place, PATIENCE)
        case "sees_room":
            await person.sees_topic(value, PATIENCE)
        case "sees_no":
            await person.sees_nothing_like(value, place)
        case other:
            raise AssertionError(f"nobody {other} in Telegram")


async def _slack(person: SlackPerson, step: Step) -> None:
    value, place = step.value, step.place or None
    on: Message | None = None
    if "on" in step.besides:
        on = person.newest(str(step.besides["on"]), place)
        if on is None:
            raise AssertionError(f"{person.user.real_name} sees no message {step.besides['on']!r}")
    done = True
    match step.verb:
        case "says" if value.startswith("/"):
            name, _, text = value.partition(" ")
            done = await person.command(name, text, place or DM)
        case "says":
            await person.says(value, place or DM, on)
        case "edits":
            await person.edits(value, str(step.besides["to"]))
        case "deletes":
            await person.deletes(value)
        case "reacts" if on is not None:
            await person.reacts(on, value)
        case "sends":
            data = png() if value.lower().endswith(".png") else value.encode()
            await person.uploads(data, value, place or DM, str(step.besides.get("caption", "")))
        case "presses":
            done = await person.presses(value, channel=place, timeout=PATIENCE)
        case "chooses":
            done = await person.chooses(value, step.besides["option"], channel=place, timeout=PATIENCE)
        case "fills":
            await person.sees_modal(timeout=PATIENCE)
            errors = await person.submits(value)
            if errors:
                raise AssertionError(f"the form says: {errors}")
        case "shortcut":
            done = await person.shortcut(value, on)
        case "home":
            await person.opens_home()
            await person.sees_home(value, PATIENCE)
        case "sees":
            await person.sees(value, place, PATIENCE)
        case "sees_room":
            await person.sees_channel(value, PATIENCE)
        case "sees_no":
            await person.sees_nothing_like(value, place)
        case other:
            raise AssertionError(f"nobody {other} in Slack")
    if not done:
        raise AssertionError(person.warnings[-1])
