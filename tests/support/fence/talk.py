"""The half of the fence machine in which people talk and press."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bot.domain.addresses import Account
from bot.domain.events import CommandReceived
from bot.domain.ids import PersonId
from bot.domain.outbound import Button
from prompts import check_in_plans
from prompts.wording import say
from tests.support.fence import moves
from tests.support.fence.deeds import ANY, deed, pick, vars_of
from tests.support.fence.house import Made, Show
from tests.support.fence.oracle import REF
from tests.support.fence.play import Play, Typed
from tests.support.fence.world import BY_ACCOUNT, BY_ID, PEOPLE, STRANGERS, WORLDS, Person, Stage

RECENT = 12
TALKERS = tuple(one for one in PEOPLE if one.role != "coordinator")
LATELY = st.integers(0, 5)
LOOKS = st.sampled_from(("note: ", " /", "Private : "))
ASKS = st.sampled_from(("status", "list", "help", "close"))
HOW = st.sampled_from(("number", "bare", "shortcut", "delete"))
MOSTLY = st.sampled_from((True, True, True, False))
SELDOM = st.sampled_from((False, False, False, True))
CARD = frozenset({say("card.button.status"), say("card.button.close")})
URGENT = frozenset({say("urgent.button.have_it"), say("urgent.button.not_urgent")})
CHECK_IN = frozenset(
    choice.label
    for step in check_in_plans.load().values()
    for question in step.questions
    for choice in question.choices
)
THEMES = ("", "talk", "press", "parties", "rooms", "machine")


def has_rooms(self: Any) -> bool:
    """Some room still stands."""
    return bool(self.rooms)


def has_typed(self: Any) -> bool:
    """Somebody has said something."""
    return bool(self.play.typed)


def has_asked(self: Any) -> bool:
    """Some button stands somewhere."""
    return bool(self.play.asked)


def topic(button: Button) -> str:
    """What a button is about, by what it says."""
    if button.label in CARD:
        return "card"
    if button.label == say("draft.button.approve"):
        return "draft"
    if button.label in CHECK_IN:
        return "check-in"
    if button.label in URGENT:
        return "urgent"
    return "held" if REF.search(button.label) or button.label.startswith(say("held.button.send", name="")) else ""


class Talk(RuleBasedStateMachine):
    """`steps` counts what was done over all runs, for the budget of planted faults."""

    stage: ClassVar[Stage]
    steps: ClassVar[int] = 0
    settles: ClassVar[bool] = False
    """Whether every run ends with a platform that works and everything sent."""

    @initialize(world=st.integers(0, len(WORLDS) - 1), theme=st.sampled_from(THEMES))
    def begin(self, world: int, theme: str) -> None:
        """A copy of a world with its rooms open; what belongs to the theme happens more often."""
        self.play = Play(self.stage, world)
        deeds = {name: one.deed for name, one in vars_of(type(self)).items() if hasattr(one, "deed")}
        self.menu = [
            (name, one) for name, one in deeds.items() for _ in range(one.weight * (3 if one.theme == theme else 1))
        ]

    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        """The next thing that happens."""
        menu = [name for name, one in self.menu if one.when(self)]
        name = data.draw(st.sampled_from(menu), label="deed")
        method = getattr(self, name)
        method(**data.draw(method.deed.params))

    def teardown(self) -> None:
        """Let everything go out, then look at it all."""
        if hasattr(self, "play"):
            self.play.end(settle=self.settles)

    # ------------------------------------------------------------------------------------------------- to choose

    @property
    def rooms(self) -> list[Made]:
        """Every room that still stands, on all platforms."""
        return [room for house in self.play.houses.values() for room in house.made if not room.gone]

    @property
    def open_cases(self) -> list[int]:
        """Cases that are not closed."""
        return [case for case, row in self.play.facts.cases.items() if row["state"] == "open"]

    def room_of(self, n: int) -> tuple[Made, Person]:
        """A room, and whose it is."""
        room = pick(self.rooms, n)
        return room, BY_ACCOUNT[room.owner]

    def deliver(self, much: int) -> None:
        """Most things are looked at soon after they happen."""
        Talk.steps += 1
        if much:
            self.play.turns(4 * much)

    # ---------------------------------------------------------------------------------------------------- to talk

    @deed("talk", 6, when=has_rooms, n=ANY, much=st.integers(0, 2))
    def say_in_room(self, n: int, much: int) -> None:
        room, who = self.room_of(n)
        self.play.says(who, room.place)
        self.deliver(much)

    @deed("talk", 2, n=ANY, much=st.integers(0, 2))
    def say_in_private_chat(self, n: int, much: int) -> None:
        who = pick(TALKERS, n)
        self.play.says(who, who.direct)
        self.deliver(much)

    @deed("talk", 2, when=has_rooms, n=ANY, before=LOOKS, much=st.integers(0, 2))
    def say_what_looks_like_a_note(self, n: int, before: str, much: int) -> None:
        room, who = self.room_of(n)
        self.play.says(who, room.place, before)
        self.deliver(much)

    @deed("talk", 5, n=ANY, to=ANY, much=st.integers(0, 2))
    def reply_in_private_chat(self, n: int, to: int, much: int) -> None:
        who = pick([one for one in TALKERS if not one.topics], n)
        chat = who.direct
        own = [one.native for one in self.play.typed if one.place == chat]
        numbers = sorted(
            {
                native
                for ws, where, native in self.play.house(chat).standing
                if (ws, where) == (chat.workspace, chat.chat)
            }
            | set(own)
        )
        if numbers:
            self.play.says(who, chat, reply_to=pick(numbers, to))
        self.deliver(much)

    @deed("talk", 2, when=has_typed, n=ANY, much=st.integers(0, 2))
    def reply_across_rooms(self, n: int, much: int) -> None:
        moves.answers_across(self.play, self.rooms, n)
        self.deliver(much)

    @deed("talk", 1, when=has_rooms, n=ANY)
    def write_a_note(self, n: int) -> None:
        room, who = self.room_of(n)
        canary = self.play.oracle.canary(who.id, "note")
        self.play.happens(CommandReceived(self.play.origin(who, room.place), "note", canary.word))
        self.deliver(1)

    @deed("talk", 1, when=has_rooms, n=ANY, who=st.sampled_from(TALKERS), name=ASKS)
    def ask(self, n: int, who: Person, name: str) -> None:
        room = pick(self.rooms, n)
        own = room.owner == who.account
        place = room.place if own else who.direct
        self.play.happens(CommandReceived(self.play.origin(who, place), name, ""))
        self.deliver(1)

    @deed("talk", 3, when=has_typed, n=LATELY, much=st.integers(0, 2))
    def edit(self, n: int, much: int) -> None:
        self.play.edits(self.said(n))
        self.deliver(much)

    @deed("talk", 2, when=has_typed, n=LATELY, how=HOW, much=st.integers(0, 2))
    def take_back(self, n: int, how: str, much: int) -> None:
        self.play.takes_back(self.said(n), how)
        self.deliver(much)

    @deed("talk", 3, when=has_rooms, n=ANY, how=HOW)
    def say_and_take_back(self, n: int, how: str) -> None:
        room, who = self.room_of(n)
        self.play.says(who, room.place)
        self.play.takes_back(self.play.typed[-1], how)
        self.deliver(2)

    @deed("parties", 3, n=ANY, words=st.booleans())
    def go_on_where_one_has_left(self, n: int, words: bool) -> None:
        """Words in a room of a case one has no seat in any more, or an edit of what one said there."""
        play = self.play
        left = [
            one for one in play.typed if one.canary.case and play.facts.side(one.canary.case, one.person.id) is None
        ]
        rooms = [room for house in play.houses.values() for room in house.made if play.has_left(room)]
        if words and rooms:
            room = pick(rooms, n)
            play.says(BY_ACCOUNT[room.owner], room.place)
        elif left:
            play.edits(pick(left, n))
        self.deliver(1)

    @deed("parties", 2, when=lambda self: self.play.facts.locked, n=ANY, where=ANY)
    def write_while_on_hold(self, n: int, where: int) -> None:
        who = BY_ID[PersonId(pick(sorted(self.play.facts.locked), n))]
        places = [room.place for room in self.rooms if room.owner == who.account] + [who.direct]
        self.play.says(who, pick(places, where))
        self.deliver(1)

    @deed("talk", 1, when=has_typed, n=LATELY, bare=st.booleans())
    def send_again(self, n: int, bare: bool) -> None:
        self.play.sends_again(self.said(n), bare)
        self.deliver(1)

    def said(self, n: int) -> Typed:
        """Something somebody typed, from among the newest."""
        return pick(self.play.typed[-RECENT:], n)

    # --------------------------------------------------------------------------------------------------- to press

    def button(self, n: int, card: bool) -> tuple[Show, Button]:
        """A button of the newest questions, or of the cards."""
        asked = [one for one in self.play.asked if (topic(one[1]) == "card") == card]
        return pick(asked[-RECENT:] or self.play.asked, n)

    @deed("press", 2, when=has_asked, n=LATELY, card=SELDOM, live=st.booleans(), much=st.integers(0, 2))
    def press(self, n: int, card: bool, live: bool, much: int) -> None:
        show, button = self.button(n, card)
        account = Account(show.place.platform, show.place.workspace, min(show.readers))
        self.play.presses(account, show, button.token, live=live)
        self.deliver(much)

    @deed("press", 3, n=LATELY, about=st.sampled_from(("draft", "held", "check-in", "urgent")), live=st.booleans())
    def answer_a_question(self, n: int, about: str, live: bool) -> None:
        asked = [one for one in self.play.asked if topic(one[1]) == about]
        if asked:
            show, button = pick(asked[-RECENT:], n)
            account = Account(show.place.platform, show.place.workspace, min(show.readers))
            self.play.presses(account, show, button.token, live=live)
        self.deliver(2)

    @deed("press", 5, n=ANY, which=LATELY, by=ANY, theirs=MOSTLY)
    def say_in_private_chat_and_choose(self, n: int, which: int, by: int, theirs: bool) -> None:
        people = [one for one in TALKERS if len(self.play.facts.cases_of(one.id)) > 1]
        if not people:
            return
        who = pick(people, n)
        canary = self.play.says(who, who.direct)
        self.play.turns(4)
        asked = [one for one in self.play.asked if canary.word in one[0].words and topic(one[1]) == "held"]
        if asked:
            show, button = pick(asked, which)
            self.play.presses(who if theirs else pick(PEOPLE, by), show, button.token)
        self.deliver(1)

    @deed("press", 3, when=has_asked, n=LATELY, card=SELDOM, who=ANY, much=st.integers(0, 2))
    def press_what_is_not_theirs(self, n: int, card: bool, who: int, much: int) -> None:
        show, button = self.button(n, card)
        pressers: list[Person | Account] = [*PEOPLE, *STRANGERS]
        self.play.presses(pick(pressers, who), show, button.token)
        self.deliver(much)

    @deed("press", 1, when=has_asked, n=LATELY, who=st.sampled_from(TALKERS))
    def press_a_forged_button(self, n: int, who: Person) -> None:
        show, button = self.button(n, False)
        self.play.presses(who, show, button.token[:-1] + "x")
        self.deliver(0)
