"""What is done with a message: moved (the only way in which words pass between cases), marked urgent, kept, found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.domain.addresses import Place
from bot.domain.events import CommandReceived, InboundEvent, ShortcutInvoked
from tests.support.fence.facts import Facts
from tests.support.fence.house import Made
from tests.support.fence.oracle import CHOICE, Breach
from tests.support.fence.world import BY_ACCOUNT, Person

if TYPE_CHECKING:
    from tests.support.fence.play import Play, Typed

Row = dict[str, Any]


def asks(play: Play, typed: Typed, by: Person, how: str) -> list[tuple[Any, Any]]:
    """Somebody says that a message is in the wrong case; the buttons that this brought up."""
    origin = play.origin(by, typed.place)
    event: InboundEvent = CommandReceived(origin, "wrong", "", reply_to=typed.native)
    if how == "shortcut":
        event = ShortcutInvoked(origin, "wrong", typed.native)
    known = len(play.asked)
    play.happens(event)
    play.turns(4)
    return [one for one in play.asked[known:] if CHOICE.match(one[0].text)]


def marks_urgent(play: Play, typed: Typed, by: Person, how: str) -> None:
    """Somebody says that a message is urgent: only for its author is anybody asked."""
    origin = play.origin(by, typed.place)
    event: InboundEvent = CommandReceived(origin, "urgent", "", reply_to=typed.native)
    if how == "shortcut":
        event = ShortcutInvoked(origin, "urgent", typed.native)
    known = play.practice.rows("SELECT id FROM urgent")
    play.happens(event)
    made = [row for row in play.practice.rows("SELECT id, asker_id FROM urgent") if {"id": row["id"]} not in known]
    if made and (made[0]["asker_id"] != by.id or by.id != typed.person.id):
        raise Breach(f"{by.handle} marked what {typed.person.handle} said")


def keeps(play: Play, typed: Typed, by: Person, how: str) -> None:
    """Somebody wants a message on the card of its case: the cards are held against what their readers may read."""
    origin = play.origin(by, typed.place)
    event: InboundEvent = CommandReceived(origin, "keep", "", reply_to=typed.native)
    if how == "shortcut":
        event = ShortcutInvoked(origin, "keep", typed.native)
    play.happens(event)


def looks_for(play: Play, who: Person, place: Place, word: str) -> None:
    """Somebody looks for words, which may stand in another case."""
    play.happens(CommandReceived(play.origin(who, place), "find", word))


def moved(play: Play, data: Row, label: str, who: Person, before: Facts, said: list[Row]) -> None:
    """A press on a case: the author's own words leave the one case and are in the other, or nothing has happened."""
    message, old = data["message"], before.messages[data["message"]]
    withdrawn = play.facts.messages[message]["state"] == "withdrawn" != old["state"]
    if not said and not withdrawn:
        return
    named = next((case for ref, case in before.refs.items() if ref in label), None)
    side = before.side(named, who.id) if named is not None else None
    mine = old["person_id"] == who.id and before.side(old["case_id"], who.id) == old["side"]
    if not withdrawn or not mine or side is None or [(row["case_id"], row["side"]) for row in said] != [(named, side)]:
        raise Breach(f"{old} was to be moved to {named} by {who.handle}, and was taken as {said}")
    *former, last = play.oracle.of_message(message)
    for one in former:
        one.take_back()
    last.seen_by, last.recalled = set(), False
    play.is_said(last, said[0])
    gone = [one for one in play.typed if one.canary is last or one.canary in former]
    play.first_said_in |= {(one.place, one.native): old["case_id"] for one in gone}
    play.typed = [one for one in play.typed if one not in gone]


def answers_across(play: Play, rooms: Sequence[Made], n: int) -> None:
    """In one topic somebody answers what was typed in another of the same chat."""
    pairs = [
        (room, one.native)
        for room in rooms
        for one in play.typed
        if room.place != one.place == replace(room.place, topic=one.place.topic)
    ]
    if pairs:
        room, native = pairs[n % len(pairs)]
        play.says(BY_ACCOUNT[room.owner], room.place, reply_to=native)
