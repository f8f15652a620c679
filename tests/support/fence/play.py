"""What people do in a practice, each with what it is meant to come to."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.addresses import Account, Place
from bot.domain.events import (
    ButtonPressed,
    CommandReceived,
    InboundEvent,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ShortcutInvoked,
)
from bot.domain.richtext import plain
from tests.support.fence.asked import Asked
from tests.support.fence.facts import Facts
from tests.support.fence.house import Show
from tests.support.fence.moves import moved
from tests.support.fence.oracle import Breach, Canary
from tests.support.fence.world import BY_ACCOUNT, Person, Stage

Row = dict[str, Any]


@dataclass(frozen=True)
class Typed:
    """A message as it stands on its author's side."""

    person: Person
    place: Place
    native: str
    canary: Canary


class Play(Asked):
    """One run: people talk, and what they say is canaries."""

    def __init__(self, stage: Stage, world: int) -> None:
        super().__init__(stage, world)
        self.typed: list[Typed] = []
        self.first_said_in: dict[tuple[Place, str], int] = {}
        """The case of what stands on its author's side but says nothing any more: moved, or edited once withdrawn."""

    # ------------------------------------------------------------------------------------------------------ to say

    def meant(self, who: Person, place: Place, reply_to: str | None = None) -> tuple[str, int | None]:
        """What words typed here are: `said` in a case, `held` until their author says, or `never` to go anywhere."""
        facts = self.facts
        if who.id in facts.locked:
            return "never", None
        room = self.house(place).room_at(place)
        if room is not None:
            case = self.case_at(room)
            mine = room.owner == who.account and facts.side(case, who.id) is not None
            return ("said", case) if mine else ("never", None)
        own = facts.cases_of(who.id)
        answered = self.case_of(place, reply_to)
        if answered is not None:  # it names a case: no other may be guessed
            return ("said", answered) if answered in own else ("never", None)
        if not own:
            return "never", None
        seat = facts.seat(own[0], who.id)
        alone = len(own) == 1 and seat is not None and seat["shared"] == 1 and seat["chat"] == place.chat
        return ("said", own[0]) if alone else ("held", None)

    def case_of(self, place: Place, native: str | None) -> int | None:
        """The case of what stands in a place under a number, as its reader knows it."""
        if native is None:
            return None
        here = [one for one in self.typed if replace(one.place, topic="") == replace(place, topic="")]
        own = next((one for one in here if one.native == native), None)  # a topic's line may be answered beside it
        if own is not None and own.canary.case is not None:
            return own.canary.case
        if (place, native) in self.first_said_in:
            return self.first_said_in[place, native]
        if own is not None:
            return None
        show = self.house(place).standing.get((place.workspace, place.chat, native))
        if show is None:
            return None
        room = self.house(place).room_at(show.place)
        if room is not None:
            return self.case_at(room)
        return next((case for ref, case in self.facts.refs.items() if ref in show.words), None)

    def says(self, who: Person, place: Place, before: str = "", reply_to: str | None = None) -> Canary:
        """Somebody types something new; `before` stands in front of it."""
        state, case = self.meant(who, place, reply_to)
        if state == "said" and before:
            state = "note"
        quoted = self.house(place).room_at(place) is None  # to its author alone, in a question or a form
        canary = self.oracle.canary(who.id, was_held=quoted)
        native = self.house(place).number(place)
        event = MessageReceived(self.origin(who, place), native, plain(f"{before}How is {canary.word}?"), reply_to)
        former = self.happens(event)
        self.taken(canary, former, state, case)
        self.typed.append(Typed(who, place, native, canary))
        return canary

    def taken(self, canary: Canary, former: Facts, state: str, case: int | None) -> None:
        """Hold what became of somebody's words against what they were meant to be."""
        said = [row for key, row in self.facts.messages.items() if key not in former.messages]
        held = [key for key in self.facts.held if key not in former.held]
        if said:
            side = former.side(case, canary.author) if case is not None else None
            if state != "said" or [(row["case_id"], row["side"]) for row in said] != [(case, side)]:
                raise Breach(f"{canary} was meant to be {state} in {case}, and was taken as {said}")
            self.is_said(canary, said[0])
        elif held:
            over = any(row["person_id"] == canary.author for row in former.seats.values())  # it may be opened again
            if canary.author in former.locked or not (former.cases_of(canary.author) or over):
                raise Breach(f"{canary} was kept from somebody with no case")
            canary.state, canary.case = ("note" if state == "note" else "held"), case
            canary.was_held = True  # a note too, where the room was not known
            self.oracle.by_held[held[0]] = canary
        else:  # an answer to a draft's card is a draft itself
            for draft in [key for key in self.facts.drafts if key not in former.drafts]:
                if state != "said" or case is None or former.side(case, canary.author) != "specialist":
                    raise Breach(f"{canary} was meant to be {state} in {case}, and was taken as a draft")
                canary.state, canary.case, canary.side = "draft", case, "specialist"
                self.drafted[draft] = canary
                self.stamps[draft] = self.facts.stamp(case)

    def edits(self, typed: Typed) -> None:
        """Somebody changes what they typed, wherever it stands."""
        former, who = typed.canary, typed.person
        facts = self.facts
        message = facts.messages.get(former.message or 0)
        mine = former.case is not None and facts.side(former.case, who.id) == former.side
        counts = message is not None and message["state"] != "withdrawn" and mine and who.id not in facts.locked
        canary = self.oracle.canary(who.id, was_held=former.was_held)
        if former.state in ("held", "note") and who.id not in facts.locked:
            canary.state, canary.case = former.state, former.case
            for held, one in self.oracle.by_held.items():
                if one is former:
                    self.oracle.by_held[held] = canary
        if counts:
            assert message is not None
            self.is_said(canary, message)
        elif message is not None:
            self.first_said_in[typed.place, typed.native] = message["case_id"]
        place = typed.place
        self.happens(MessageEdited(self.origin(who, place), typed.native, plain(f"Or is it {canary.word}?")))
        self.typed[self.typed.index(typed)] = Typed(who, place, typed.native, canary)

    def takes_back(self, typed: Typed, how: str) -> None:
        """Somebody takes words back: by number, by a bare reply, by shortcut, or by deleting them on Slack."""
        who, place, canary = typed.person, typed.place, typed.canary
        message = self.facts.messages.get(canary.message or 0)
        origin = self.origin(who, place)
        event: InboundEvent = CommandReceived(origin, "withdraw", "", reply_to=typed.native)
        if how == "number" and message is not None:
            event = CommandReceived(origin, "withdraw", f"{message['no']}", reply_to=typed.native)
        elif how == "shortcut":
            event = ShortcutInvoked(origin, "withdraw", typed.native)
        elif how == "delete" and place.platform == "slack":
            event = MessageDeleted(origin, typed.native)
            if canary.state == "held" and who.id not in self.facts.locked:
                canary.state = "never"
        before = self.happens(event)
        for key, row in self.facts.messages.items():
            if row["state"] == "withdrawn" != before.messages[key]["state"]:
                for one in self.oracle.of_message(key):
                    one.take_back()

    def sends_again(self, typed: Typed, bare: bool) -> None:
        """`/resend`: only who holds the seat may, and it goes to the present parties."""
        who, canary = typed.person, typed.canary
        message = self.facts.messages.get(canary.message or 0)
        if message is None:
            return
        args = "" if bare else f"{message['no']}"
        before = self.happens(CommandReceived(self.origin(who, typed.place), "resend", args, reply_to=typed.native))
        if self.facts.messages[message["id"]]["state"] == before.messages[message["id"]]["state"]:
            return
        if canary.case is None or before.side(canary.case, who.id) != canary.side or who.id in before.locked:
            raise Breach(f"somebody without the seat has sent {canary} again")
        for one in self.oracle.of_message(message["id"]):
            one.epoch = self.facts.cases[canary.case]["epoch"]

    # ---------------------------------------------------------------------------------------------------- to press

    def presses(self, who: Person | Account, show: Show, token: str, *, live: bool = False) -> None:
        """Somebody presses a button, theirs or not, good or not."""
        row = self.button(token)
        reader = BY_ACCOUNT.get(who) if isinstance(who, Account) else who
        event = ButtonPressed(self.origin(who, show.place, live=live), token)
        before = self.happens(event)
        void = (
            row is None
            or reader is None
            or row["person_id"] != reader.id
            or reader.id in before.locked
            or row["used_at"] is not None
            or row["expires_at"] <= self.practice.clock.now() - 1_000
            or row["case_epoch"] not in (0, row["epoch_now"])
        )
        if void and before.core != self.facts.core:
            raise Breach(f"a press that must do nothing did something: {reader} {row}")
        if not void:
            assert row is not None
            assert reader is not None
            label = next((one.label for one in show.buttons if one.token == token), "")
            self._pressed(row, json.loads(row["data"]), label, reader, before)

    def button(self, token: str) -> Row | None:
        """What is known of a button."""
        mark = self.practice.units.sealer.keyed_hash("button", token)
        found = self.practice.rows(
            f"SELECT b.*, c.epoch AS epoch_now FROM button b LEFT JOIN case_file c ON c.id = b.case_id "
            f"WHERE b.token_hash = '{mark}'"
        )
        return found[0] if found else None

    def _pressed(self, row: Row, data: Row, label: str, who: Person, before: Facts) -> None:
        said = [one for key, one in self.facts.messages.items() if key not in before.messages]
        if "held" in data:
            self._settled(row, data["held"], label, who, before, said)
        elif "draft" in data:
            self.approved(data["draft"], who, before, said)
        elif row["action"] == "wrong.case":
            moved(self, data, label, who, before, said)
        elif said:
            side = before.side(said[0]["case_id"], who.id)
            if (said[0]["case_id"], said[0]["side"]) != (row["case_id"], side):
                raise Breach(f"a press of {who.handle} speaks for another: {said}")

    def _settled(self, row: Row, held: int, label: str, who: Person, before: Facts, said: list[Row]) -> None:
        canary = self.oracle.by_held.get(held)
        if canary is None:  # deleted by its author meanwhile
            return
        after = self.facts.held[held]["state"]
        if after == "sent":
            named = next((case for ref, case in before.refs.items() if ref in label), canary.case)
            facts = before
            if row["action"] == "case.reopen":  # with it the case opens again
                named, facts = row["case_id"], self.facts
            side = facts.side(named, who.id) if named is not None else None
            if [(one["case_id"], one["side"]) for one in said] != [(named, side)] or canary.author != who.id:
                raise Breach(f"{canary} was meant for {named} and was taken as {said}")
            if canary.state != "never":
                self.is_said(canary, said[0])
        elif after == "discarded":
            canary.state = "never"
        elif after == "kept":
            canary.state = "note"
