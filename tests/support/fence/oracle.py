"""The judge of the fence: which words may stand before whose eyes, decided from who said them where.

Every text a person writes carries a canary, `zq0001`; the patient of each case is called by one, `zp0001`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.domain.addresses import Account
from prompts.wording import say
from tests.support.fence.facts import LIVING, Facts
from tests.support.fence.house import House, Show
from tests.support.fence.world import BY_ACCOUNT, OPS, Person, patient

Row = dict[str, Any]
WORD = re.compile(r"zq\d{4}")
PATIENT = re.compile(r"zp(\d{4})")
REF = re.compile(r"C-[2-9A-Z]{4}")
LIST = say("desk.hello", name="").removeprefix(", ")
CHOICE = re.compile(re.escape(say("wrong.which", no=0)).replace("0", r"\d+", 1))
NEXT = re.compile(re.escape(say("desk.next", case="C-7K3F")).replace("C\\-7K3F", REF.pattern))
NUMBER = re.compile(r"#\d")
OTHER = {"dentist": "specialist", "specialist": "dentist"}


class Breach(AssertionError):
    """Somebody read what was not for them, or something counted that must not."""


@dataclass
class Canary:
    """One text: who wrote it and what may be done with it.

    `state`: said (in `case`, by `side`, under `epoch`), held, note, draft, or never (taken back unseen, refused, note).
    """

    word: str
    author: int
    state: str
    case: int | None = None
    side: str = ""
    epoch: int = 0
    message: int | None = None
    exact: str = ""
    """An approved draft stands there byte for byte."""
    was_held: bool = False
    recalled: bool = False
    """Taken back after it was seen: it is never sent again."""
    seen_by: set[int] = field(default_factory=set)
    on_card: set[int] = field(default_factory=set)
    """Who has it before them on a draft's card."""

    def take_back(self) -> None:
        """Its author wants it seen no more."""
        self.recalled, self.state = (True, self.state) if self.seen_by else (False, "never")


@dataclass
class Tenure:
    """A person's time in a case, by the ids of deliveries made meanwhile: after `start`, up to `end`."""

    start: int
    end: int | None = None

    def covers(self, delivery: int) -> bool:
        """Whether a delivery was queued in this time."""
        return self.start < delivery and (self.end is None or delivery <= self.end)


class Oracle:
    """Watches one practice."""

    def __init__(self, houses: dict[str, House], facts: Facts) -> None:
        self.houses = houses
        self.canaries: dict[str, Canary] = {}
        self.by_held: dict[int, Canary] = {}
        self.tenures: dict[tuple[int, int], list[Tenure]] = {}
        self._gone: set[int] = {key for key, row in facts.seats.items() if row["state"] not in LIVING}
        self._seen = {name: len(house.shows) for name, house in houses.items()}
        self.facts = facts
        self._seat_people(facts, 0, 0)

    def canary(self, author: int, state: str = "never", **more: Any) -> Canary:
        """A new one, which nobody may read until something says so."""
        made = Canary(f"zq{len(self.canaries):04}", author, state, **more)
        self.canaries[made.word] = made
        return made

    def of_message(self, message: int) -> list[Canary]:
        """The texts a message had, one for each version."""
        return [one for one in self.canaries.values() if one.message == message]

    # ------------------------------------------------------------------------------------------------- what is so

    def move_on(self, facts: Facts) -> None:
        """Take in what a step did to the parties, and hold the seats against them."""
        self._seat_people(facts, self.facts.top, facts.top)
        for key, seat in facts.seats.items():
            if seat["state"] not in LIVING:
                self._gone.add(key)
            elif key in self._gone:
                raise Breach(f"seat {seat} was left and lives again")
            elif facts.party(seat["case_id"], seat["side"]) != seat["person_id"]:
                raise Breach(f"seat {seat} is not its person's: {facts.cases[seat['case_id']]}")
        self.facts = facts

    def _seat_people(self, facts: Facts, before: int, after: int) -> None:
        now = {(facts.party(case, side), case) for case in facts.cases for side in OTHER}
        for key, times in self.tenures.items():
            if key not in now and times[-1].end is None:
                times[-1].end = after
        for person, case in now:
            if person is None:
                continue
            times = self.tenures.setdefault((person, case), [])
            if not times or times[-1].end is not None:
                times.append(Tenure(before))

    # ------------------------------------------------------------------------------------------ what is to be read

    def fresh(self) -> list[Show]:
        """What was shown since the last look."""
        shows = []
        for name, house in self.houses.items():
            shows += house.shows[self._seen[name] :]
            self._seen[name] = len(house.shows)
        return shows

    def judge(self, shows: Iterable[Show], deliveries: dict[int, Row]) -> None:
        """Raise a Breach for the first thing that somebody must not read. `deliveries` by id."""
        for show in shows:
            try:
                self._judge(show, deliveries.get(int(show.tag or "0", 16)))
            except Breach as breach:
                raise Breach(f"{breach}\n  {show}\n  {deliveries.get(int(show.tag or '0', 16))}") from None

    def _judge(self, show: Show, row: Row | None) -> None:
        if len(show.readers) != 1:
            raise Breach("somebody else reads along")
        (user,) = show.readers
        reader = BY_ACCOUNT.get(Account(show.place.platform, show.place.workspace, user))
        room = self._room(show)
        if reader is None:
            if WORD.search(show.words) or PATIENT.search(show.words) or REF.search(show.words):
                raise Breach("a stranger reads of a case")
            return
        if reader.id in self.facts.locked and show.kind != "toast" and not _says_they_are_on_hold(show):
            raise Breach("somebody on hold is written to")
        if WORD.search(show.notice) or PATIENT.search(show.notice):
            raise Breach("a lock screen shows what is said")
        for word in WORD.findall(show.words):
            self._words(self.canaries[word], show, reader, room)
        for number in PATIENT.findall(show.words):
            self._patient(int(number), show, reader, room)
        self._names(show, reader, room)
        if row is not None and show.kind == "post":
            self._delivery(show, row, reader, room)

    def _room(self, show: Show) -> int | None:
        """The case whose room a place is; None for a private chat."""
        made = self.houses[show.place.platform].room_at(show.place)
        if made is None:
            return None
        ref = "C-" + made.name.rpartition("-")[2].upper()
        return self.facts.refs[ref]

    def _words(self, one: Canary, show: Show, reader: Person, room: int | None) -> None:
        if one.was_held and reader.id == one.author and room is None and show.message is None:
            return  # "For which case is …?", in their own private chat
        if one.state in ("never", "note", "held"):
            raise Breach(f"nobody may read {one}")
        case = one.case
        assert case is not None
        if room is not None and room != case:
            raise Breach(f"in another case's room: {one}")
        if room is None and self.facts.cases[case]["ref"] not in show.words:
            raise Breach(f"a line in a shared chat names no case: {one}")
        if show.message is None and reader.id in one.on_card and one.state != "never":
            return  # a draft's card again, for who has seen it
        side = self.facts.side(case, reader.id)
        if side is None:
            raise Breach(f"the reader has no seat in the case: {one}")
        if one.state == "draft":
            if side != "specialist" or show.message is not None:
                raise Breach(f"a draft that nobody approved: {one}")
            one.on_card.add(reader.id)
            return
        stands = one.side == "dentist" or one.epoch == self.facts.cases[case]["epoch"]
        if show.message is None and reader.id == one.author:
            return  # their own words, in the right case
        if show.message is not None:
            if side == one.side and one.word in show.heading and not one.recalled:
                return  # what an answer quotes, as it does not stand in this room
            if side == one.side:
                raise Breach(f"relayed to the side that said it: {one}")
            if not stands or one.recalled:
                raise Breach(f"said to former parties, or taken back: {one}")
            if one.exact and one.exact != show.text:
                raise Breach(f"not what was approved: {one}")
            if one.exact and "repeat" not in show.footer and reader.id in one.seen_by and show.kind == "post":
                raise Breach(f"an approved draft twice: {one}")
        elif not self._was_seen(one) and not (stands and side != one.side):
            raise Breach(f"repeated to others before it was delivered: {one}")
        one.seen_by.add(reader.id)

    def _was_seen(self, one: Canary) -> bool:
        """Whether the other side has had this message, in whatever version."""
        return bool(one.seen_by) or any(version.seen_by for version in self.of_message(one.message or 0))

    def _patient(self, number: int, show: Show, reader: Person, room: int | None) -> None:
        case = 1001 + number
        if (reader.id, case) not in self.tenures:
            raise Breach(f"the reader never had a seat in {case}")
        if room not in (None, case) and not lists(show):
            raise Breach(f"the patient of {case} in another case's room")
        assert patient(number) in show.words

    def _names(self, show: Show, reader: Person, room: int | None) -> None:
        refs = set(REF.findall(show.words))
        for ref in refs:
            case = self.facts.refs[ref]
            if reader.id != OPS.id and (reader.id, case) not in self.tenures:
                raise Breach(f"{ref} is no case of the reader's")
            if room not in (None, case) and not lists(show):
                raise Breach(f"{ref} in another case's room")
        if room is None and not refs and show.kind != "toast" and NUMBER.search(show.words):
            raise Breach("a message's number in a chat of several cases, and no case")

    def _delivery(self, show: Show, row: Row, reader: Person, room: int | None) -> None:
        case = row["case_id"]
        if case is None:
            if room is not None:
                raise Breach("a line of no case in a case's room")
            return
        if room not in (None, case):
            raise Breach("a line of another case's lane")
        if room is None and self.facts.cases[case]["ref"] not in show.words:
            raise Breach("a line in a shared chat names no case")
        times = self.tenures.get((reader.id, case), [])
        tells = WORD.search(show.words) or PATIENT.search(show.words) or row["message_id"] is not None
        tells = tells and not lists(show)
        if not times or (tells and not any(time.covers(row["id"]) for time in times)):
            raise Breach("queued when its reader had no seat in the case")
        if row["case_epoch"] not in (0, self.facts.cases[case]["epoch"]):
            raise Breach("of an older epoch")
        if row["message_id"] is not None:
            message = self.facts.messages[row["message_id"]]
            if self.facts.party(message["case_id"], OTHER[message["side"]]) != reader.id or message["case_id"] != case:
                raise Breach(f"a message shown to somebody who is not the other side: {message}")


def lists(show: Show) -> bool:
    """A list of the reader's own cases: to look at, to choose the right one from, or the one that waits next."""
    return LIST in show.text.partition("\n")[0] or bool(CHOICE.match(show.text) or NEXT.fullmatch(show.text))


def _says_they_are_on_hold(show: Show) -> bool:
    """The one line that reaches somebody on hold, and nothing with it."""
    said = (show.kind, show.heading, show.text, show.buttons)
    return said == ("post", "", say("link.locked"), ()) and show.footer in ("", say("relay.repeat"))
