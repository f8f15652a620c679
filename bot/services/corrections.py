"""Taking words back: edits, deletions and withdrawals follow the message map to every copy."""

from __future__ import annotations

from typing import Any

from bot.domain.case_states import OVER
from bot.domain.events import MessageDeleted, MessageEdited
from bot.domain.ids import CaseId, DeliveryId, PersonId
from bot.domain.names import short_name
from bot.domain.outbound import Edit, Post
from bot.domain.problems import Problem
from bot.domain.richtext import RichText
from bot.services import (
    albums,
    asides,
    bundles,
    draft_stops,
    headings,
    identifiers,
    keeping,
    notices,
    outbox,
    part_quotes,
    photo_series,
    refiling,
    relay,
    removing,
    restating,
    shouting,
    urgency,
)
from bot.services import drafts as answers
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, cases, deliveries, drafts, history, lanes, messages, seats

Row = dict[str, Any]


def refusal(unit: Unit, message: Row) -> Problem | None:
    """Why its author can change a message no more: the case is closed, or their seat is somebody else's by now."""
    case = cases.get(unit.tx, message["case_id"])
    if case is None or case["state"] in OVER:
        return Problem.of("case.closed_room")
    seat = seats.of_case(unit.tx, message["case_id"], message["side"])
    theirs = seat is not None and seat["person_id"] == message["person_id"]
    return None if theirs else Problem.of("case.left_room")


def own(unit: Unit, event: MessageEdited, person_id: PersonId) -> Row | None:
    """The message of theirs that an edit is of; None if it is none."""
    place = event.origin.place
    message = messages.at(unit.tx, place.platform, place.workspace, place.chat, event.message_id)
    if message is None or message["person_id"] != person_id or message["role"] != "source":
        return None
    return message


def edit(unit: Unit, event: MessageEdited, person_id: PersonId) -> bool | Problem:
    """Carry an edit to the other side; False if nothing that was said has changed, a Problem if it may not."""
    message = own(unit, event, person_id)
    if message is None or message["state"] == "withdrawn":
        return False
    before = relay.body_of(unit, message)
    body = part_quotes.kept(before, albums.changed(unit, message, event.body), event.quoted)
    new, gone = refiling.news(unit, message, event)
    if before == body and not new and not gone:
        return False
    if event.origin.at < int(message["edited_at"]):
        return True  # an earlier edit that comes late must not undo a later one
    problem = refusal(unit, message)
    if problem is not None:
        return problem
    if gone and len(gone) == len(attachments.of_message(unit.tx, message["id"])) and body.blank:
        return withdraw(unit, message)  # nothing of it is left where it came from
    if new:
        refiling.exchanged(unit, message, new)
    if gone:
        refiling.deleted(unit, message, gone)
    if before == body:
        draft_stops.moved_on(unit, CaseId(message["case_id"]))  # its files were not on a card like this
        return True
    albums.set_changed(unit, message, event.body)
    carry(unit, message, before, body, event.origin.at)
    return True


def carry(unit: Unit, message: Row, before: RichText, body: RichText, at: int) -> None:
    """A message says `body` since `at` (µs), no longer `before`: its copies follow, or it is said anew."""
    case_id = CaseId(message["case_id"])
    voided = drafts.void_open(unit.tx, case_id, unit.now)  # it was not on the card like this
    unit.wake("drafts")
    version, sealed = new_version(unit, message, body, PersonId(message["person_id"]))
    history.set_edited(unit.tx, message["id"], at)
    if message["side"] == "dentist" and (
        voided or drafts.waiting_job(unit.tx, case_id) is not None or drafts.asked_of(unit.tx, message["id"])
    ):
        drafts.look_again(unit.tx, case_id, unit.now + unit.rules.draft_pause)
    if message["state"] == "void":  # it never went and is not slipped in now, but sent again only when asked for
        notices.to_sender(unit, message, say("relay.edited_void", no=message["no"]))
        return
    target = seats.of_case(unit.tx, case_id, relay.OTHER[message["side"]])
    if target is not None:
        in_place = _edit_copies(unit, message, target, restating.shown(body))
        if in_place:
            shouting.correction(unit, {**message, "version": version}, before, restating.shown(body), target)
        else:
            restating.say_again(unit, {**message, "version": version, "body_sealed": sealed}, target, before)
    keeping.changed(unit, message)
    author = seats.get(unit.tx, message["seat_id"])
    if author is not None and target is not None:
        asides.edited(unit, author, target, body)
    if author is not None:
        identifiers.look(unit, author, message["id"], body, before)


def reword(unit: Unit, message: Row, body: RichText) -> None:
    """A line that says what somebody tapped says something else now: its copies change in place and disturb nobody."""
    if message["state"] == "withdrawn" or relay.body_of(unit, message) == body:
        return
    new_version(unit, message, body, PersonId(message["person_id"]))
    target = seats.of_case(unit.tx, message["case_id"], relay.OTHER[message["side"]])
    if target is not None:
        _edit_copies(unit, message, target, body)


def new_version(unit: Unit, message: Row, body: RichText, by: PersonId) -> tuple[int, bytes]:
    """Keep what a message says now; its former words stay on record."""
    version, text = int(message["version"]) + 1, body.to_json()
    sealed = unit.seal(message["case_id"], "message", "body_sealed", message["id"], text.encode(), version)
    messages.set_body(unit.tx, message["id"], version, sealed, unit.now)
    unit.audit(
        message["case_id"],
        f"person:{by}",
        "message.edited",
        message=message["id"],
        no=message["no"],
        version=version,
        hash=unit.hash("content", text),
    )
    return version, sealed


def _edit_copies(unit: Unit, message: Row, target: Row, body: RichText) -> bool:
    """One piece before and after: the copy is edited in place; False where the correction has to be said anew."""
    lane = notices.lane_of_seat(unit, target)
    rows = [
        row
        for row in deliveries.of_message(unit.tx, message["id"])
        if row["lane_id"] == lane and row["kind"] == "post" and row["state"] != "void"
    ]
    author = seats.get(unit.tx, message["seat_id"])
    assert author is not None
    heading = headings.of(message, author, target)
    case_id, epoch = CaseId(message["case_id"]), int(target["case_epoch"])
    footer = relay.footer_of(message, say("relay.edited"))
    post = Post(body=body, heading=heading, footer=footer, notice=_notice(author, target))
    spoken = [row for row in rows if row["words"]]
    if len(spoken) == 1 and (shown := bundles.edited(unit, lane, spoken[0], post)) is not None:
        outbox.enqueue(unit, lane, Edit(shown, DeliveryId(spoken[0]["id"])), case_id=case_id, epoch=epoch)
        history.set_quotes(unit.tx, spoken[0]["id"], ())  # what it answers is quoted above it no more
        return True
    return False


def deleted(unit: Unit, event: MessageDeleted, person_id: PersonId) -> bool | Problem:
    """The sender deleted their own message on their platform; a Problem if that counts no more."""
    place = event.origin.place
    message = messages.at(unit.tx, place.platform, place.workspace, place.chat, event.message_id)
    if message is None or message["person_id"] != person_id or message["role"] != "source":
        return False
    return refusal(unit, message) or withdraw(unit, message)


def withdraw(unit: Unit, message: Row, *, tell_author: bool = True) -> bool:
    """Take a message back: undelivered parts are stopped, copies removed, both sides told. False if it was already."""
    case_id = CaseId(message["case_id"])
    lanes.lock_case(unit.tx, case_id)  # what is about to leave has left when this is read, or does not leave
    now = messages.get(unit.tx, message["id"])
    if now is None or now["state"] == "withdrawn":
        return False
    message = {**message, **now}
    shown = False
    standing: list[Row] = []
    told = deliveries.corrections(unit.tx, case_id, message["id"])
    for row in deliveries.of_message(unit.tx, message["id"]) + told:
        if row["kind"] != "post":
            continue
        if row["state"] in ("queued", "failed"):  # it is certain that its last try did nothing
            deliveries.mark_void(unit.tx, row["id"], unit.now, "withdrawn")
            shown = shown or bool(row["repeated"])
        elif row["state"] in ("sent", "sending", "uncertain"):
            standing.append(row)
    shown = shown or bool(standing)
    removing.take_away(unit, message, standing, trace=tell_author)
    removing.unquote(unit, message)
    messages.set_state(unit.tx, message["id"], "withdrawn", unit.now)
    draft_stops.moved_on(unit, case_id)
    answers.question_withdrawn(unit, message)
    photo_series.recount(unit, case_id)
    urgency.withdrawn(unit, message)
    keeping.changed(unit, message)
    unit.audit(case_id, f"person:{message['person_id']}", "message.withdrawn", message=message["id"], no=message["no"])
    if tell_author:
        key = "relay.withdrawn.shown" if shown else "relay.withdrawn.unseen"
        notices.to_sender(unit, message, say(key, no=message["no"]))
    target = seats.of_case(unit.tx, case_id, relay.OTHER[message["side"]])
    author = seats.get(unit.tx, message["seat_id"])
    if shown and target is not None and author is not None:
        notices.to_seat(unit, target, say("relay.withdrawn.told", name=author["person_name"], no=message["no"]))
    unit.wake("outbox")
    return True


def resend(unit: Unit, message: Row) -> bool:
    """Send a failed or void message again, under the case's present parties; False if it needs none."""
    if message["state"] not in ("failed", "void"):
        return False
    for row in deliveries.of_message(unit.tx, message["id"]):
        if row["state"] == "failed":
            deliveries.mark_void(unit.tx, row["id"], unit.now, "sent again")
    messages.set_state(unit.tx, message["id"], "waiting", unit.now)
    messages.set_told(unit.tx, message["id"], "resent")
    unit.audit(
        message["case_id"], f"person:{message['person_id']}", "message.resent", message=message["id"], no=message["no"]
    )
    return relay.pass_on(unit, message, late=True)


def _notice(author: Row, target: Row) -> str:
    return say("notice.message", name=short_name(author["person_name"]), ref=target["ref"])
