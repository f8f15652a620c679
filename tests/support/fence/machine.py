"""The fence machine: many people, many cases, everything that can happen, and no word ever in the wrong place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from bot.domain.addresses import Account
from bot.domain.events import CommandReceived, MessageReceived, ReachabilityChanged, RoomChange, RoomChanged
from bot.domain.ids import CaseId, PersonId
from bot.domain.richtext import plain
from bot.services import budget, checkins, closing, handovers, holding, people, settle, urgency
from bot.services.unit import Unit
from tests.support.fence.deeds import ANY, FATES, deed, pick
from tests.support.fence.moves import asks, keeps, looks_for, marks_urgent
from tests.support.fence.talk import (
    LATELY,
    MOSTLY,
    RECENT,
    SELDOM,
    TALKERS,
    Talk,
    has_rooms,
    has_typed,
    topic,
)
from tests.support.fence.world import BY_ACCOUNT, OPS, PEOPLE, REFS, STRANGERS, Person, patient

PLATFORM = st.sampled_from(("slack", "telegram"))
AFTERWARDS = st.sampled_from(("", "edit", "say"))
MINUTES = (1, 3, 6, 130)
WRONG = st.sampled_from(("bare", "shortcut"))


def has_space(self: Talk) -> bool:
    """One more case may be opened."""
    return self.play.practice.opened < len(REFS) and len(self.open_cases) < 6


class Fence(Talk):
    """Everything else that happens: drafts, new parties, lost rooms, strangers, and a sender that fails."""

    # -------------------------------------------------------------------------------------------- drafts, check-ins

    @deed("press", 6, when=has_rooms, n=ANY, answer=MOSTLY, meanwhile=SELDOM, by=ANY, theirs=MOSTLY)
    def dentist_asks_and_a_draft_is_made(self, n: int, answer: bool, meanwhile: bool, by: int, theirs: bool) -> None:
        rooms = [room for room in self.rooms if BY_ACCOUNT[room.owner].role == "dentist"]
        if not rooms:
            return
        room = pick(rooms, n)
        canary = self.play.says(BY_ACCOUNT[room.owner], room.place)
        self.play.turns(3)
        self.play.drafts()
        self.play.turns(3)
        if meanwhile:
            self.play.says(BY_ACCOUNT[room.owner], room.place)
        asked = [one for one in self.play.asked if canary.word in one[0].words and topic(one[1]) == "draft"]
        if answer and asked:
            show, button = asked[-1]
            reader = BY_ACCOUNT[Account(show.place.platform, show.place.workspace, min(show.readers))]
            self.play.presses(reader if theirs else pick(PEOPLE, by), show, button.token)
        self.deliver(1)

    @deed("talk", 1, much=st.integers(0, 1))
    def drafts_are_made_late(self, much: int) -> None:
        self.play.drafts()
        self.deliver(much)

    @deed("press", 2, when=has_rooms, n=ANY, number=st.integers(1, 3))
    def approve_by_number(self, n: int, number: int) -> None:
        room, who = self.room_of(n)
        before = self.play.happens(CommandReceived(self.play.origin(who, room.place), "approve", str(number)))
        said = [row for key, row in self.play.facts.messages.items() if key not in before.messages]
        for draft in before.drafts:
            self.play.approved(draft, who, before, said)
        self.deliver(1)

    @deed("press", 2, n=ANY)
    def check_ins_fall_due(self, n: int) -> None:
        case = pick(self.open_cases, n) if self.open_cases else 0

        def ask(unit: Unit) -> None:
            unit.tx.execute(
                """UPDATE check_in SET due_at = :now, ready_at = :now, wished = 1
                   WHERE state = 'planned' AND case_id = :case""",
                {"now": unit.now, "case": case},
            )
            for person in checkins.claim(unit, 100):
                checkins.ask(unit, person)

        with (
            pytest.MonkeyPatch.context() as patch
        ):  # it may be night: whether anybody may be disturbed is not the fence's
            patch.setattr(budget, "admit", lambda unit, *_, **__: budget.Admission(budget.When.NOW, unit.now))
            self.play.do(ask)
        self.deliver(1)

    @deed("talk", 4, when=has_typed, n=LATELY, how=WRONG, which=LATELY, by=ANY, theirs=MOSTLY)
    def put_into_the_right_case(self, n: int, how: str, which: int, by: int, theirs: bool) -> None:
        typed = self.said(n)
        asked = asks(self.play, typed, typed.person if theirs else pick(PEOPLE, by), how)
        if asked:
            show, button = pick(asked, which)
            self.play.presses(typed.person if which else pick(PEOPLE, by), show, button.token)
        self.deliver(1)

    @deed("talk", 2, when=has_typed, n=LATELY, how=WRONG, by=ANY, theirs=MOSTLY, much=st.integers(0, 1))
    def mark_urgent(self, n: int, how: str, by: int, theirs: bool, much: int) -> None:
        typed = self.said(n)
        marks_urgent(self.play, typed, typed.person if theirs else pick(PEOPLE, by), how)
        self.deliver(much)

    @deed("talk", 2, when=has_typed, n=LATELY, how=WRONG, by=ANY, theirs=MOSTLY, much=st.integers(0, 2))
    def keep_and_find(self, n: int, how: str, by: int, theirs: bool, much: int) -> None:
        typed = self.said(n)
        keeps(self.play, typed, typed.person if theirs else pick(PEOPLE, by), how)
        self.deliver(much)
        for room in self.rooms[-RECENT:]:
            looks_for(self.play, BY_ACCOUNT[room.owner], room.place, typed.canary.word)
        self.deliver(1)

    # -------------------------------------------------------------------------------------------------- the parties

    @deed("parties", 3, n=ANY, who=st.sampled_from(TALKERS), much=st.integers(0, 1))
    def assign(self, n: int, who: Person, much: int) -> None:
        ref = self.play.facts.cases[pick(sorted(self.play.facts.cases), n)]["ref"]
        self.command_of_ops("assign", f"{ref} {who.handle}")
        self.deliver(much)

    @deed("parties", 5, when=has_rooms, n=ANY, who=st.sampled_from(TALKERS), much=st.integers(0, 1), then=AFTERWARDS)
    def say_and_hand_over(self, n: int, who: Person, much: int, then: str) -> None:
        room, author = self.room_of(n)
        self.play.says(author, room.place)
        said = self.play.typed[-1]
        self.play.turns(2 * much)
        self.command_of_ops("assign", f"{self.play.facts.cases[self.play.case_at(room)]['ref']} {who.handle}")
        if then == "edit":
            self.play.edits(said)
        elif then == "say":
            self.play.says(author, room.place)
        self.deliver(1)

    @deed("parties", 2, n=ANY, who=st.sampled_from(TALKERS), hours=st.integers(1, 3))
    def cover(self, n: int, who: Person, hours: int) -> None:
        if not self.open_cases:
            return
        case = CaseId(pick(self.open_cases, n))

        def begin(unit: Unit) -> None:
            successor = people.find(unit, who.handle)
            assert isinstance(successor, dict)
            until = unit.now + hours * 3_600_000_000
            handovers.cover(unit, case, successor, unit.now, until, f"person:{OPS.id}", OPS.id)

        self.play.do(begin)
        self.deliver(0)

    @deed("parties", 2, who=st.sampled_from(TALKERS))
    def lock(self, who: Person) -> None:
        if who.id in self.play.facts.locked:
            self.play.do(lambda unit: people.unlock(unit, who.handle, f"person:{OPS.id}"))
        else:
            self.command_of_ops("lock", who.handle)
        self.deliver(1)

    def command_of_ops(self, name: str, args: str) -> None:
        """The coordinator types a command."""
        self.play.happens(CommandReceived(self.play.origin(OPS, OPS.direct), name, args))

    @deed("parties", 1, when=lambda self: len(self.open_cases) > 2, n=ANY, much=st.integers(0, 1))
    def close(self, n: int, much: int) -> None:
        case = pick(self.open_cases, n)
        by = self.play.facts.party(case, "dentist")
        self.play.do(lambda unit: closing.close(unit, CaseId(case), PersonId(by or 0)))
        self.deliver(much)

    @deed("parties", 1, when=has_space, dentist=st.sampled_from((1, 5, 6, 7)), specialist=st.sampled_from((2, 4, 8, 9)))
    def open_case(self, dentist: int, specialist: int) -> None:
        practice = self.play.practice
        if {dentist, specialist} & self.play.facts.locked:
            return
        self.play.run(practice.open_case(dentist, specialist, patient(practice.opened)))
        self.play.look_again()
        self.deliver(0)

    # ------------------------------------------------------------------------------------- what befalls rooms, people

    @deed("rooms", 3, n=ANY, who=ANY, told=st.booleans())
    def somebody_joins(self, n: int, who: int, told: bool) -> None:
        rooms = [room for room in self.rooms if room.place.platform == "slack"]
        if not rooms:
            return
        room = pick(rooms, n)
        others = [one.account for one in PEOPLE if one.account.workspace == room.place.workspace] + [STRANGERS[1]]
        account = pick(others, who)
        members = self.play.house(room.place).members[room.place.workspace, room.place.chat]
        change = RoomChange.MEMBER_JOINED
        if account.user in members and account != room.owner:
            members.discard(account.user)
            change = RoomChange.MEMBER_LEFT
        else:
            members.add(account.user)
        if told:
            self.play.happens(RoomChanged(self.play.origin(account, room.place), change, account))
        self.deliver(1)

    @deed("rooms", 2, when=has_rooms, n=ANY, who=ANY)
    def write_where_one_has_no_seat(self, n: int, who: int) -> None:
        room = pick(self.rooms, n)
        writers: list[Any] = [one for one in TALKERS if one.account != room.owner] + list(STRANGERS)
        writer = pick(writers, who)
        canary = self.play.oracle.canary(0)
        native = self.play.house(room.place).number(room.place)
        before = self.play.happens(
            MessageReceived(self.play.origin(writer, room.place), native, plain(f"How is {canary.word}?"))
        )
        self.play.taken(canary, before, "never", None)
        self.deliver(1)

    @deed("rooms", 1, who=st.sampled_from(STRANGERS))
    def strangers_write(self, who: Account) -> None:
        canary = self.play.oracle.canary(0)
        direct = next(one for one in PEOPLE if one.account.platform == who.platform).direct
        chat = who.user if who.platform == "telegram" else f"D{who.user}"
        place = type(direct)(who.platform, who.workspace, chat)
        before = self.play.happens(MessageReceived(self.play.origin(who, place), "1", plain(canary.word)))
        self.play.taken(canary, before, "never", None)
        self.deliver(1)

    @deed("rooms", 2, when=has_rooms, n=ANY, told=st.booleans())
    def room_is_lost(self, n: int, told: bool) -> None:
        room, who = self.room_of(n)
        self.play.house(room.place).lose(room)
        if told and room.place.platform == "slack":
            self.play.happens(RoomChanged(self.play.origin(who, room.place), RoomChange.ARCHIVED))
        self.deliver(1)

    @deed("rooms", 1, who=st.sampled_from([one for one in TALKERS if one.account.platform == "telegram"]))
    def topics_are_switched(self, who: Person) -> None:
        house = self.play.houses["telegram"]
        if who.account.user in house.without_topics:
            house.without_topics.discard(who.account.user)
        else:
            house.without_topics.add(who.account.user)
            for room in house.made:
                if room.owner == who.account:
                    house.lose(room)
        self.deliver(0)

    @deed("rooms", 1, who=st.sampled_from(TALKERS))
    def block_the_bot(self, who: Person) -> None:
        self.play.happens(ReachabilityChanged(self.play.origin(who, who.direct), False))
        self.deliver(0)

    # --------------------------------------------------------------------------------------------------- the machine

    @deed("machine", 3, much=st.integers(1, 6))
    def outbox_runs(self, much: int) -> None:
        self.deliver(much)

    @deed("machine", 3, platform=PLATFORM, fate=st.integers(0, len(FATES) - 1), much=st.integers(0, 1))
    def fate(self, platform: str, fate: int, much: int) -> None:
        fates = self.play.houses[platform].fates
        if len(fates) < 2:  # nothing fails for long
            fates.append(FATES[fate])
        self.deliver(much)

    @deed("machine", 2, platform=PLATFORM)
    def platform_goes_or_comes(self, platform: str) -> None:
        house = self.play.houses[platform]
        house.down = not house.down
        self.deliver(1)

    @deed("machine", 2, minutes=st.sampled_from(MINUTES))
    def time_passes(self, minutes: int) -> None:
        self.play.practice.clock.advance(minutes * 60_000_000)
        self.play.do(holding.ask_again)
        self.play.do(handovers.run_due)
        self.play.do(urgency.run_due)
        self.deliver(1)

    @deed("machine", 1, n=ANY)
    def dead_letters_are_retried(self, n: int) -> None:
        dead = self.play.practice.rows("SELECT id FROM delivery WHERE state = 'failed' ORDER BY id")
        if dead:
            self.play.do(lambda unit: settle.retry(unit, pick(dead, n)["id"]))
        self.deliver(1)
