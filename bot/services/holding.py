"""Text that waits for its sender's word: which case, or note or message. Never guessed, never retyped."""

from __future__ import annotations

from typing import Any

from bot.domain import redflags
from bot.domain.addresses import Account
from bot.domain.codec import dump, load
from bot.domain.events import MessageDeleted, MessageEdited, MessageReceived, Origin
from bot.domain.ids import SERVICE, CaseId, HeldId, PersonId
from bot.domain.outbound import Button
from bot.services import albums, buttons, notices, relay, reopening, rooms
from bot.services.unit import Unit
from prompts.wording import say
from storage import held, notes, seats

Row = dict[str, Any]
MOST_CASES = 12


def ask_which_case(unit: Unit, person_id: PersonId, event: MessageReceived) -> HeldId:
    """Keep a message and ask its sender which of their cases it is for."""
    held_id = _keep(unit, person_id, "which_case", None, event)
    _question(unit, person_id, held_id, event)
    return held_id


def ask_note(unit: Unit, seat: Row, event: MessageReceived) -> HeldId:
    """Keep what looks like a note and ask: private, or for the other side?"""
    person_id = PersonId(seat["person_id"])
    held_id = _keep(unit, person_id, "note", CaseId(seat["case_id"]), event)
    other = seats.of_case(unit.tx, seat["case_id"], relay.OTHER[seat["side"]])
    name = other["person_name"] if other is not None else say("held.other_side")
    row = (
        _button(unit, "held.keep", person_id, held_id, say("held.button.keep")),
        _button(unit, "held.send", person_id, held_id, say("held.button.send", name=name)),
    )
    body = say("held.note", name=name)
    notices.to_seat(unit, seat, _with_flag(event, body), buttons=(row,))
    return held_id


def ask_reopen(unit: Unit, person_id: PersonId, event: MessageReceived, over: list[Row]) -> HeldId:
    """Keep what somebody wrote to cases that are over, and offer to open one of them again with it."""
    held_id = _keep(unit, person_id, "closed_case", CaseId(over[0]["id"]) if len(over) == 1 else None, event)
    reopening.question(unit, person_id, held_id, event, over)
    return held_id


def keep_unconfirmed(unit: Unit, person_id: PersonId, event: MessageReceived) -> HeldId:
    """Keep what a person says while the coordinator checks who they are."""
    return _keep(unit, person_id, "unconfirmed", None, event)


def sender_of(unit: Unit, row: Row) -> Account | None:
    """The account a kept message came from."""
    return _event(unit, row).origin.sender


def release_unconfirmed(unit: Unit, person_id: PersonId, sender: Account) -> int:
    """An account is confirmed: ask, for each message kept from it, which case it is for; how many there were."""
    kept = held.of_person(unit.tx, person_id, "unconfirmed")
    rows = [row for row in kept if sender_of(unit, row) == sender]
    for row in rows:
        held.set_why(unit.tx, row["id"], "which_case", unit.now + unit.rules.held_ask_again)
        _question(unit, person_id, HeldId(row["id"]), _event(unit, row))
    return len(rows)


def send(unit: Unit, held_id: int, case_id: CaseId, person_id: PersonId) -> bool:
    """Pass a kept message on, unchanged, into one of its sender's open cases; False if it is settled already."""
    row = held.get(unit.tx, held_id)
    seat = next((s for s in seats.of_person(unit.tx, person_id) if s["case_id"] == case_id), None)
    if row is None or row["state"] != "held" or row["person_id"] != person_id or seat is None:
        return False
    event = _event(unit, row)
    held.settle(unit.tx, held_id, "sent", case_id)
    relay.receive(unit, seat, event)
    return True


def keep_private(unit: Unit, held_id: int, case_id: CaseId, person_id: PersonId) -> bool:
    """Turn a kept message into a private note of the case."""
    row = held.get(unit.tx, held_id)
    if row is None or row["state"] != "held" or row["person_id"] != person_id:
        return False
    write_note(unit, case_id, person_id, _event(unit, row).body.text)
    held.settle(unit.tx, held_id, "kept", case_id)
    return True


def discard(unit: Unit, held_id: int, person_id: PersonId) -> bool:
    """Throw a kept message away, unread by anybody."""
    row = held.get(unit.tx, held_id)
    if row is None or row["state"] != "held" or row["person_id"] != person_id:
        return False
    held.settle(unit.tx, held_id, "discarded", None)
    unit.audit(SERVICE, f"person:{person_id}", "held.discarded", held=held_id)
    return True


def edited(unit: Unit, event: MessageEdited, person_id: PersonId) -> bool:
    """The sender changed a message that is still held: what they send later is what stands there now."""
    row = _kept_from(unit, event.origin, event.message_id, person_id)
    if row is None:
        return False
    changed = albums.rewritten(_event(unit, row), event)
    held.set_event(unit.tx, row["id"], unit.seal(SERVICE, "held", "event_sealed", row["id"], dump(changed)))
    unit.audit(row["case_id"] or SERVICE, f"person:{person_id}", "held.edited", held=row["id"])
    return True


def deleted(unit: Unit, event: MessageDeleted, person_id: PersonId) -> bool:
    """The sender deleted a message that is still held: nothing of it is sent any more."""
    row = _kept_from(unit, event.origin, event.message_id, person_id)
    if row is None:
        return False
    buttons.void_group(unit, f"held:{row['id']}")
    return discard(unit, row["id"], person_id)


def _kept_from(unit: Unit, origin: Origin, native: str, person_id: PersonId) -> Row | None:
    for row in held.open_of_person(unit.tx, person_id):
        kept = _event(unit, row)
        if kept.origin.place == origin.place and native in kept.natives:
            return row
    return None


def write_note(unit: Unit, case_id: CaseId, person_id: PersonId, text: str) -> None:
    """A private note: never relayed, in the record, and a subject access request can reach it."""
    note = unit.new_id()
    sealed = unit.seal(case_id, "note", "body_sealed", note, text.encode())
    notes.add(unit.tx, note, case_id, person_id, sealed, unit.now)
    unit.audit(case_id, f"person:{person_id}", "note.written", note=note, hash=unit.hash("content", text))


def case_of(unit: Unit, held_id: int) -> CaseId | None:
    """The case a held message was written in, if it was."""
    row = held.get(unit.tx, held_id)
    return None if row is None or row["case_id"] is None else CaseId(row["case_id"])


def ask_later(unit: Unit, held_id: int) -> None:
    """Ask again once the person has had time to start a new case."""
    held.set_why(unit.tx, held_id, "which_case", unit.now + unit.rules.held_ask_again)
    unit.wake("scheduler")


def ask_again(unit: Unit, limit: int = 50) -> int:
    """Ask once more about what is still held; how many were asked about."""
    rows = held.due(unit.tx, unit.now, limit)
    for row in rows:
        held.asked_again(unit.tx, row["id"])
        person_id = PersonId(row["person_id"])
        if row["why"] == "which_case":
            _question(unit, person_id, HeldId(row["id"]), _event(unit, row))
        elif row["why"] == "closed_case":
            reopening.question(unit, person_id, HeldId(row["id"]), _event(unit, row), reopening.of(unit, row))
        elif row["case_id"] is not None:
            _ask_note_again(unit, row, person_id)
    return len(rows)


def _ask_note_again(unit: Unit, row: Row, person_id: PersonId) -> None:
    seat = next((s for s in seats.of_person(unit.tx, person_id) if s["case_id"] == row["case_id"]), None)
    if seat is None:
        return
    pair = (
        _button(unit, "held.keep", person_id, HeldId(row["id"]), say("held.button.keep")),
        _button(unit, "held.send", person_id, HeldId(row["id"]), say("held.button.send_it")),
    )
    notices.to_seat(unit, seat, say("held.note_again"), buttons=(pair,))


def _question(unit: Unit, person_id: PersonId, held_id: HeldId, event: MessageReceived) -> None:
    rows: list[tuple[Button, ...]] = [
        (_button(unit, "held.case", person_id, held_id, rooms.line_for(unit, seat), case_id=CaseId(seat["case_id"])),)
        for seat in seats.of_person(unit.tx, person_id)[:MOST_CASES]
    ]
    rows.append(
        (
            _button(unit, "held.new", person_id, held_id, say("held.button.new")),
            _button(unit, "held.discard", person_id, held_id, say("held.button.discard")),
        )
    )
    quoted = event.body.first_line(80).text or say("held.a_file")
    body = _with_flag(event, say("held.which_case", quoted=quoted))
    notices.to_place_of(unit, person_id, event.origin, body, buttons=tuple(rows))


def _with_flag(event: MessageReceived, body: str) -> str:
    """A red flag shows the emergency wording at once, held or not."""
    return f"{say('relay.emergency')}\n\n{body}" if redflags.found(event.body.text) else body


def _button(
    unit: Unit, action: str, person_id: PersonId, held_id: HeldId, label: str, case_id: CaseId | None = None
) -> Button:
    return buttons.make(
        unit,
        action,
        person_id=person_id,
        label=label,
        case_id=case_id,
        data={"held": held_id, **({"case": case_id} if case_id is not None else {})},
        group=f"held:{held_id}",
    )


def _keep(unit: Unit, person_id: PersonId, why: str, case_id: CaseId | None, event: MessageReceived) -> HeldId:
    held_id = HeldId(unit.new_id())
    held.add(
        unit.tx,
        id=held_id,
        person_id=person_id,
        why=why,
        case_id=case_id,
        event=unit.seal(SERVICE, "held", "event_sealed", held_id, dump(event)),
        now=unit.now,
        ask_again_at=None if why == "unconfirmed" else unit.now + unit.rules.held_ask_again,
    )
    unit.audit(case_id or SERVICE, f"person:{person_id}", "message.held", held=held_id, why=why)
    unit.wake("scheduler")
    return held_id


def _event(unit: Unit, row: Row) -> MessageReceived:
    sealed = unit.unseal(SERVICE, "held", "event_sealed", row["id"], row["event_sealed"])
    return load(MessageReceived, sealed)
