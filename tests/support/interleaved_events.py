"""What may happen beside an approval: by its name, what somebody does, and whether it stops drafts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.domain.events import CommandReceived, FormSubmitted, MessageEdited
from bot.domain.ids import MessageId, PersonId
from bot.domain.outbound import OpenForm
from bot.domain.richtext import plain
from bot.services import corrections, urgency
from bot.services.unit import Unit
from storage import messages
from tests.support.casework import SHAH
from tests.support.draft_desk import SEAT
from tests.support.platforms import Killed

if TYPE_CHECKING:
    from tests.support.interleaving import Play

OWN = "I will call you."
REMARK = "She is here now, by the way."
FLAG = "Her cheek is swollen since last night."
BY_MEANING = "She looks grey and keeps fainting in the chair."
COMPLAINT = "The patient has made a formal complaint about me."


async def _edit_question(play: Play) -> None:
    await _edits(play, "Which wear, please?")


async def _edits(play: Play, words: str) -> bool:
    rows = await play.desk.rows(
        f"""SELECT p.native_id FROM message_part p JOIN message m ON m.id = p.message_id
            WHERE m.case_id = {play.room.case} AND m.side = 'dentist' AND p.role = 'source' LIMIT 1"""
    )
    if rows:
        event = MessageEdited(await play.room.origin("dentist"), rows[0]["native_id"], plain(words))
        await play.room.happens(event, settle=False)
    return bool(rows)


async def _new_message(play: Play) -> None:
    await play.desk.says(play.room.case, "dentist", REMARK)


async def _new_question(play: Play) -> None:
    await play.desk.says(play.room.case, "dentist", f"And on Sunday? {SEAT}")


async def _own_message(play: Play) -> None:
    await play.desk.says(play.room.case, "specialist", OWN)


async def _reassign(play: Play) -> None:
    await play.desk.reassign(play.room.case, SHAH)


async def _edit(play: Play) -> None:
    if any("Edit" in card.labels for card in play.room.cards):
        seat = await play.desk.seat(play.room.case, "specialist")
        opened = await play.room.presses("Edit", seat["person_id"], settle=False)
        if isinstance(opened, OpenForm):
            origin = await play.room.origin(person=seat["person_id"])
            await play.room.happens(FormSubmitted(origin, opened.token, {"words": "Wear it tonight."}), settle=False)


async def _reply(play: Play) -> None:
    if play.room.cards:
        reply = await play.room.replies("Wear it for two nights.")
        await play.room.changes(reply, "Wear it for three nights.")


async def _dismiss(play: Play) -> None:
    if any("Dismiss" in card.labels for card in play.room.cards):
        seat = await play.desk.seat(play.room.case, "specialist")
        await play.room.presses("Dismiss", seat["person_id"], settle=False)


async def _approve(play: Play) -> None:
    card = next((one for one in reversed(play.room.cards) if "Approve and send" in one.labels), None)
    if card is not None:
        play.shown_at_press.append(card.text)
        seat = await play.desk.seat(play.room.case, "specialist")
        await play.room.presses("Approve and send", seat["person_id"], settle=False)


async def _type(play: Play) -> None:
    card = next((one for one in reversed(play.room.cards) if "Approve and send" in one.labels), None)
    newest = await play.desk.rows(f"SELECT no FROM draft WHERE case_id = {play.room.case} ORDER BY no DESC LIMIT 1")
    if card is not None and newest:
        play.shown_at_press.append(card.text)
        seat = await play.desk.seat(play.room.case, "specialist")
        origin = await play.room.origin(person=seat["person_id"])
        await play.room.happens(CommandReceived(origin, "approve", str(newest[0]["no"])), settle=False)


async def _crash(play: Play) -> None:
    raise Killed


async def _asked(play: Play) -> int | None:
    """The newest message of the dentist, if there is one yet."""
    found = await play.desk.do(lambda unit: messages.newest_of(unit.tx, play.room.case, "dentist"))
    return None if found is None else int(found["id"])


async def _urgent(play: Play) -> None:
    asked = await _asked(play)
    if asked is None:
        return

    def mark(unit: Unit) -> None:
        message = messages.get(unit.tx, MessageId(asked))
        assert message is not None
        urgency.mark(unit, message)

    await play.desk.do(mark)
    await play.stops()


async def _has_it(play: Play) -> None:
    await _urgent(play)
    for row in await play.desk.rows(f"SELECT id FROM urgent WHERE case_id = {play.room.case}"):
        seat = await play.desk.seat(play.room.case, "specialist")
        person = PersonId(seat["person_id"])
        assert await play.desk.do(lambda unit, id=row["id"], by=person: urgency.seen(unit, id, by)) is None  # type: ignore[misc]


async def _red_flag(play: Play) -> None:
    await play.desk.says(play.room.case, "dentist", FLAG)
    await play.stops()


async def _by_meaning(play: Play) -> None:
    await play.desk.says(play.room.case, "dentist", BY_MEANING)
    await play.stops(from_look=True)


async def _flag_in_edit(play: Play) -> None:
    if await _edits(play, FLAG):
        await play.stops()


async def _flagged_check_in(play: Play) -> None:
    await play.room.checks_in("pain")
    await play.stops()


async def _check_in(play: Play) -> None:
    await play.room.checks_in("nothing")


async def _complaint(play: Play) -> None:
    await play.desk.says(play.room.case, "dentist", COMPLAINT)
    await play.stops()


async def _withdrawal(play: Play) -> None:
    asked = await _asked(play)
    if asked is None:
        return

    def withdraw(unit: Unit) -> None:
        message = messages.get(unit.tx, MessageId(asked))
        assert message is not None
        assert corrections.withdraw(unit, message)

    await play.desk.do(withdraw)
    await play.stops()  # nothing is asked any more


Happening = dict[str, Callable[["Play"], Awaitable[None]]]
STOPS: Happening = {
    "urgent": _urgent,
    "urgent, and somebody has it": _has_it,
    "red flag": _red_flag,
    "escalation by meaning": _by_meaning,
    "red flag in an edit": _flag_in_edit,
    "flagged check-in": _flagged_check_in,
    "complaint": _complaint,
    "withdrawal": _withdrawal,
}
OTHERS: Happening = {
    "edit the question": _edit_question,
    "new message": _new_message,
    "new question": _new_question,
    "own message": _own_message,
    "reassign": _reassign,
    "edit": _edit,
    "reply, and change the reply": _reply,
    "dismiss": _dismiss,
    "approve": _approve,
    "approve by typing": _type,
    "crash": _crash,
    "check-in": _check_in,
    **STOPS,
}
