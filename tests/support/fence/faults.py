"""Faults to plant in the product: each takes one guard away, as a careless change might."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.addresses import Account, Place
from bot.domain.ids import CaseId
from bot.services import buttons, corrections, dispatch, drafts, holding, parcels, relay, replies, wrong_case
from bot.services.heads import Heads
from bot.services.unit import Unit
from handlers import messages as talk
from handlers import places, router
from handlers.places import Found
from storage import deliveries, lanes, messages, seats
from storage import drafts as draft_rows
from tests.support.fence.house import House

Row = dict[str, Any]
Plant = Callable[[pytest.MonkeyPatch], None]


def destination_from_the_event(patch: pytest.MonkeyPatch) -> None:
    """What was said goes to where it was said, not to the other seat."""
    send = dispatch._send

    def astray(unit: Unit, buckets: Any, heads: Heads, lane: Row, seat: Row | None, row: Row) -> Any:
        claim = send(unit, buckets, heads, lane, seat, row)
        source = messages.settling(unit.tx, row["message_id"], row["id"]) if row["message_id"] is not None else None
        if claim is None or source is None or source["native_id"] is None:
            return claim
        author = seats.get(unit.tx, source["seat_id"])
        assert author is not None
        place = Place(author["platform"], author["workspace"], source["chat"], author["topic"])
        owner = Account(author["platform"], author["workspace"], author["user_ref"])
        return dataclasses.replace(claim, place=place, owner=owner) if claim.place is not None else claim

    patch.setattr(dispatch, "_send", astray)


def no_epoch_check(patch: pytest.MonkeyPatch) -> None:
    """What was queued for former parties goes all the same."""
    stale = parcels.stale
    patch.setattr(parcels, "stale", lambda row, seat: stale({**row, "case_epoch": 0}, seat))
    patch.setattr(deliveries, "void_open", lambda *args, **more: [])


def any_sender_in_a_room(patch: pytest.MonkeyPatch) -> None:
    """Whoever writes in a room is taken for the person whose room it is."""
    in_room = places._in_room

    def careless(unit: Unit, origin: Any, person: Row) -> Found:
        found = in_room(unit, origin, person)
        if found.why != "intruder":
            return found
        place = origin.place
        rows = seats.at_place(unit.tx, place.platform, place.workspace, place.chat, place.topic)
        return next((Found(seat) for seat in rows if seat["state"] in ("opening", "open", "held")), found)

    patch.setattr(places, "_in_room", careless)


def held_to_the_first_case(patch: pytest.MonkeyPatch) -> None:
    """A held message goes to the sender's first case, whichever they name."""
    send = holding.send

    def first(unit: Unit, held_id: int, case_id: CaseId, person_id: Any) -> bool:
        own = seats.of_person(unit.tx, person_id)
        return send(unit, held_id, CaseId(own[0]["case_id"]) if own else case_id, person_id)

    patch.setattr(holding, "send", first)


def any_presser(patch: pytest.MonkeyPatch) -> None:
    """A button works for whoever presses it."""
    patch.setattr(buttons, "_is_theirs", lambda *args: True)


def drafts_hold_for_ever(patch: pytest.MonkeyPatch) -> None:
    """A draft may be approved after newer messages."""
    patch.setattr(draft_rows, "void_open", lambda *args: [])
    patch.setattr(drafts, "_still_newest", lambda *args: True)


def no_heading_in_shared_chats(patch: pytest.MonkeyPatch) -> None:
    """Where one chat holds several cases, lines do not say which they are of."""
    dress = dispatch._dress

    def bare(unit: Unit, lane: Row, seat: Row | None, row: Row, post: Any, *, repeat: bool) -> Any:
        return dress(unit, lane, None if seat is None else {**seat, "shared": 0}, row, post, repeat=repeat)

    patch.setattr(dispatch, "_dress", bare)


def leavers_are_heard(patch: pytest.MonkeyPatch) -> None:
    """Words typed in a room whose seat is being left still count."""
    in_room = places._in_room

    def late(unit: Unit, origin: Any, person: Row) -> Found:
        place = origin.place
        rows = seats.at_place(unit.tx, place.platform, place.workspace, place.chat, place.topic)
        mine = [
            row for row in rows if row["state"] in ("leaving", "closed") and row["person_id"] == person["person_id"]
        ]
        return Found(mine[0]) if mine else in_room(unit, origin, person)

    patch.setattr(places, "_in_room", late)


def holds_are_for_what_comes_in(patch: pytest.MonkeyPatch) -> None:
    """Somebody on hold is not heard, but still written to."""
    pause, seat_of = lanes.pause, Heads.seat

    def unlocked(heads: Heads, lane: Row) -> Row | None:
        row = seat_of(heads, lane)
        return None if row is None else {**row, "person_locked": 0}

    patch.setattr(lanes, "pause", lambda tx, lane, why: None if why == "locked" else pause(tx, lane, why))
    patch.setattr(Heads, "seat", unlocked)
    patch.setattr(dispatch, "_on_hold", lambda *args: False)


def notes_are_said(patch: pytest.MonkeyPatch) -> None:
    """Nothing looks like a note."""
    patch.setattr(talk, "_NOTE", re.compile(r"(?!)"))


def members_are_trusted(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks who is in a room before a send."""

    async def trusting(self: House, target: Any) -> None:
        return None

    patch.setattr(House, "check_members", trusting)


def numbers_of_any_chat(patch: pytest.MonkeyPatch) -> None:
    """A reply names its message by number alone, in whatever chat that stands."""

    def anywhere(tx: Any, platform: str, workspace: str, chat: str, native: str) -> Row | None:
        return tx.one(
            """SELECT m.*, p.seat_id AS part_seat_id, p.role, p.part
               FROM message_part p JOIN message m ON m.id = p.message_id WHERE p.native_id = :n ORDER BY m.id DESC""",
            {"n": native},
        )

    patch.setattr(messages, "at", anywhere)


def withdrawn_goes_out(patch: pytest.MonkeyPatch) -> None:
    """What is taken back before it was sent is sent."""
    void = deliveries.mark_void
    patch.setattr(
        deliveries, "mark_void", lambda tx, id_, now, why: None if why == "withdrawn" else void(tx, id_, now, why)
    )
    patch.setattr(parcels, "taken_back", lambda *args: False)  # the second guard, at the last moment


def leavers_may_correct(patch: pytest.MonkeyPatch) -> None:
    """Who has left a seat still edits what they once said there."""
    patch.setattr(corrections, "refusal", lambda *args: None)


def drafts_change_before_they_go(patch: pytest.MonkeyPatch) -> None:
    """What is approved is tidied up before it is sent."""
    rich = drafts.rich
    patch.setattr(drafts, "rich", lambda text, sheet: rich(text.replace("Library answer, checked", "Checked"), sheet))


def drafts_need_no_approval(patch: pytest.MonkeyPatch) -> None:
    """A draft is shown to the side that asked."""
    lane = drafts.notices.lane_of_seat

    def offered(unit: Unit, question: Row, *more: Any) -> Any:
        other = seats.of_case(unit.tx, question["case_id"], "dentist")
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(drafts.notices, "lane_of_seat", lambda unit, seat: lane(unit, other or seat))
            return offer(unit, question, *more)

    offer = drafts.offer
    patch.setattr(drafts, "offer", offered)


def people_on_hold_are_heard(patch: pytest.MonkeyPatch) -> None:
    """Somebody on hold still speaks."""
    known = router._known

    def free(unit: Unit, sender: Account) -> Row | None:
        row = known(unit, sender)
        return None if row is None else {**row, "locked": 0}

    patch.setattr(router, "_known", free)


def pass_on_to_the_author(patch: pytest.MonkeyPatch) -> None:
    """The two sides are mixed up in the answers to check-ins."""
    pass_on = relay.pass_on

    def mixed(unit: Unit, message: Row, **more: Any) -> bool:
        if message["kind"] != "check_in":
            return pass_on(unit, message, **more)
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(relay, "OTHER", {"dentist": "dentist", "specialist": "specialist"})
            return pass_on(unit, message, **more)

    patch.setattr(relay, "pass_on", mixed)


def moved_by_anybody(patch: pytest.MonkeyPatch) -> None:
    """Whoever comes upon a message may put it into a case of theirs."""
    patch.setattr(wrong_case, "_fixed", lambda *args: None)


def moved_and_left_standing(patch: pytest.MonkeyPatch) -> None:
    """What was in the wrong case is said in the right one as well."""
    patch.setattr(wrong_case.corrections, "withdraw", lambda *args, **more: True)


def one_case_left_is_guessed(patch: pytest.MonkeyPatch) -> None:
    """What answers a line of a closed case is for the one that is still open."""
    find = places.find_seat

    def guess(unit: Unit, origin: Any, person: Row, reply_to: str | None) -> Found:
        found = find(unit, origin, person, reply_to)
        return find(unit, origin, person, None) if origin.direct and found.seat is None else found

    patch.setattr(talk, "find_seat", guess)


def quotes_of_any_case(patch: pytest.MonkeyPatch) -> None:
    """A reply across rooms quotes what it answers, whatever case that is of."""

    def careless(unit: Unit, case_id: CaseId, place: Place, native: str) -> Any:
        row = messages.at(unit.tx, place.platform, place.workspace, place.chat, native)
        return None if row is None else row["id"]

    patch.setattr(replies, "named", careless)


PLANTS: tuple[Plant, ...] = (
    one_case_left_is_guessed,
    quotes_of_any_case,
    moved_by_anybody,
    moved_and_left_standing,
    destination_from_the_event,
    no_epoch_check,
    any_sender_in_a_room,
    held_to_the_first_case,
    any_presser,
    drafts_hold_for_ever,
    no_heading_in_shared_chats,
    leavers_are_heard,
    holds_are_for_what_comes_in,
    notes_are_said,
    members_are_trusted,
    numbers_of_any_chat,
    withdrawn_goes_out,
    leavers_may_correct,
    drafts_change_before_they_go,
    drafts_need_no_approval,
    people_on_hold_are_heard,
    pass_on_to_the_author,
)
QUICK: tuple[Plant, ...] = PLANTS
