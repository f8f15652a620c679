"""The outbox machine: people talk, workers overlap and die, platforms fail in every way, and the promises hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from bot.domain.addresses import Account, Place
from bot.domain.errors import NotSent, Reason, Refused
from bot.domain.events import (
    Origin,
    RoomChange,
    RoomChanged,
)
from bot.domain.ids import CaseId, PersonId
from bot.services import handovers, settle
from bot.services.unit import Unit
from handlers import room_changes
from storage import cases, people
from tests.support.casework import JOHAL, SHAH
from tests.support.fence.deeds import ANY, deed, pick
from tests.support.outbox_machine.gate import (
    REQUEST,
    Call,
    answered,
    busy,
    dropped,
    given_up,
    lost,
    refused_with,
)
from tests.support.outbox_machine.says import CASE, SIDE, Says
from tests.support.outbox_machine.world import CASES

Row = dict[str, Any]
Fate = Callable[[Call], None]
REASONS = tuple(reason for reason in Reason if reason is not Reason.MIGRATED)
FATES: tuple[tuple[str, Fate], ...] = (
    *[("done", answered)] * 12,
    *[("done, answer lost", lost)] * 4,
    *[("not done, no answer", dropped)] * 3,
    *[("given up, done later", given_up)] * 4,
    *[("not sent", refused_with(NotSent("down")))] * 2,
    ("not sent, in 30 s", refused_with(NotSent("down", 30.0))),
    *[("429", refused_with(busy(20.0)))] * 2,
    *[("ours", refused_with(ValueError("ours")))] * 2,
    *[("bad content", refused_with(Refused(Reason.BAD_CONTENT)))] * 3,
    *[(reason.value, refused_with(Refused(reason))) for reason in REASONS],
)
FATE = st.sampled_from(range(len(FATES))).map(lambda n: FATES[n])
DOUBT = st.sampled_from((lost, dropped, given_up))
WORKER = st.sampled_from(("A", "B", "C"))
BITS = st.integers(0, 255)
SECONDS = st.sampled_from((1, 3, 20, 46, 130, 400))


def has_hands(self: Any) -> bool:
    """Some request waits for its answer."""
    return bool(self.play.hands)


class Outbox(Says):
    """Everything else that happens: claims, answers, deaths, time, and what befalls people and rooms."""

    def teardown(self) -> None:
        """Let everything go out, then look at it all."""
        if not hasattr(self, "play"):
            return
        if self.settles and self.play.sound:
            self.everything_works()
        self.play.end(settle=self.settles)

    def everything_works(self) -> None:
        """Nobody blocks, no stranger is anywhere, and every file is there."""
        for gate in self.play.gates.values():
            gate.strangers.clear()
            gate.blocked.clear()
        for row in self.play.desk.rows("SELECT id FROM attachment WHERE state = 'to_fetch' ORDER BY id"):
            self.stored(int(row["id"]))
        self.set_right()

    # -------------------------------------------------------------------------------------------------------- to send

    @deed("send", 9, worker=WORKER, limit=st.sampled_from((1, 2, 8)))
    def claim(self, worker: str, limit: int) -> None:
        self.play.claim(worker, limit)

    @deed("send", 14, when=has_hands, n=ANY, fate=FATE)
    def answer(self, n: int, fate: tuple[str, Fate]) -> None:
        self.play.answer(pick(self.play.hands, n), fate[1])

    @deed("send", 3, worker=WORKER)
    def all_goes_well(self, worker: str) -> None:
        self.play.turn(worker)

    @deed("trouble", 4, case=CASE, side=SIDE, fate=DOUBT, then=st.sampled_from(("", "withdraw", "later", "goes")))
    def a_send_is_in_doubt(self, case: CaseId, side: str, fate: Fate, then: str) -> None:
        self.all_goes_well("A")
        self.say(case, side, "", False)
        self.play.claim("A", 8)
        for hand in list(self.play.hands):
            self.play.answer(hand, fate)
        if then == "withdraw" and self.said:
            self.take_back(0)
        self.play.pass_time(50_000_000 if then == "later" else 2_000_000, 255)
        self.all_goes_well("B")
        self.play.pass_time(REQUEST, 255)

    @deed("trouble", 3, case=CASE, side=SIDE, fate=FATE, seconds=st.sampled_from((2, 130)), well=st.booleans())
    def a_worker_is_slow(self, case: CaseId, side: str, fate: tuple[str, Fate], seconds: int, well: bool) -> None:
        self.say(case, side, "", False)
        self.say(case, side, "", False)
        self.play.claim("C", 8)
        slow = [hand for hand in self.play.hands if hand.worker == "C"]
        self.play.pass_time(seconds * 1_000_000, 0)
        if well:
            self.all_goes_well("B")
        else:
            self.play.claim("B", 8)
        for hand in slow:
            if hand in self.play.hands:
                self.play.answer(hand, fate[1])

    @deed("trouble", 2, side=SIDE)
    def a_chat_is_told_to_wait(self, side: str) -> None:
        for case in sorted(CASES):
            self.say(case, side, "", False)
        self.play.claim("A", 1)
        for hand in [hand for hand in self.play.hands if hand.worker == "A"]:
            self.play.answer(hand, refused_with(busy(20.0)))
        self.play.pass_time(3_000_000, 0)
        self.all_goes_well("B")

    @deed("trouble", 2, case=CASE, side=SIDE)
    def one_is_lost_for_good(self, case: CaseId, side: str) -> None:
        self.all_goes_well("A")
        self.say(case, side, "", False)
        self.play.claim("A", 8)
        for hand in list(self.play.hands):
            self.play.answer(hand, refused_with(Refused(Reason.BAD_CONTENT)))
        self.say(case, side, "", False)
        self.all_goes_well("B")

    @deed("trouble", 3, when=has_hands, n=ANY, effects=BITS)
    def a_worker_dies(self, n: int, effects: int) -> None:
        self.play.crash(pick(self.play.hands, n).worker, effects)

    @deed("time", 7, seconds=SECONDS, effects=BITS)
    def time_passes(self, seconds: int, effects: int) -> None:
        self.play.pass_time(seconds * 1_000_000, effects)

    @deed("time", 1, seconds=st.sampled_from((100, 3_600)))
    def the_clock_is_put_back(self, seconds: int) -> None:
        self.play.put_back(seconds * 1_000_000)

    # ---------------------------------------------------------------------------------------------------- what befalls

    @deed("trouble", 1, case=CASE, side=SIDE)
    def somebody_blocks_the_bot(self, case: CaseId, side: str) -> None:
        seat = self.seat(case, side)
        if seat is not None:
            self.play.gates[seat["platform"]].blocked.add(seat["user_ref"])

    @deed("trouble", 1, case=CASE)
    def a_stranger_joins(self, case: CaseId) -> None:
        seat = self.seat(case, "specialist")
        if seat is not None and seat["chat"]:
            self.play.gates[seat["platform"]].strangers.add(seat["chat"])

    @deed("trouble", 2)
    def trouble_is_over(self) -> None:
        for gate in self.play.gates.values():
            gate.strangers.clear()
            gate.blocked.clear()
        self.set_right()

    def set_right(self) -> None:
        """Everybody lets the bot write, and every held room is right again, as their platforms report it."""

        def right(unit: Unit) -> None:
            for row in unit.tx.all("SELECT platform, workspace, user_ref FROM account ORDER BY id"):
                settle.reachable_again(unit, Account(row["platform"], row["workspace"], row["user_ref"]))
            for row in unit.tx.all("SELECT * FROM seat WHERE state = 'held' ORDER BY id"):
                place = Place(row["platform"], row["workspace"], row["chat"], row["topic"])
                room_changes.changed(unit, RoomChanged(Origin(place, None, unit.now), RoomChange.UNARCHIVED))

        self.play.do(right)

    @deed("people", 3, case=CASE, to=st.sampled_from((JOHAL, SHAH)))
    def the_case_moves_on(self, case: CaseId, to: PersonId) -> None:
        def move(unit: Unit) -> None:
            row, successor = cases.get(unit.tx, case), people.get(unit.tx, to)
            assert row is not None
            assert successor is not None
            if handovers.hindrance(unit, row, successor) is None:
                handovers.move(unit, row, successor, "service")

        self.play.do(move)
