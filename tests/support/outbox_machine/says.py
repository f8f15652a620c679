"""The half of the outbox machine in which people say, change and take back, and the service has lines of its own."""

from __future__ import annotations

import itertools
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bot.domain.addresses import Account, Place
from bot.domain.events import FileKind, InboundFile, MessageEdited, MessageReceived, Origin
from bot.domain.filetypes import PDF
from bot.domain.ids import CaseId, DeliveryId, LaneId
from bot.domain.outbound import Delete, Edit, Pin, Post
from bot.domain.richtext import plain
from bot.services import corrections, notices, outbox, relay, settle
from bot.services.unit import Unit
from storage import messages, seats
from tests.support.fence.deeds import ANY, deed, pick, vars_of
from tests.support.outbox_machine.play import Play
from tests.support.outbox_machine.world import CASES, Stage

Row = dict[str, Any]
CASE = st.sampled_from(sorted(CASES))
SIDE = st.sampled_from(("dentist", "specialist"))
TEXT = st.sampled_from(("", "", "", "long"))
LATELY = st.integers(0, 5)
THEMES = ("", "say", "send", "trouble", "time", "people")
LONG = "Sentence of a long plan. " * 260


def has_said(self: Any) -> bool:
    """Something was said."""
    return bool(self.said)


class Says(RuleBasedStateMachine):
    """`steps` counts what was done over all runs, for the budget of planted faults."""

    stage: ClassVar[Stage]
    steps: ClassVar[int] = 0
    settles: ClassVar[bool] = False
    """Whether every run ends with platforms that work and everything sent."""

    @initialize(theme=st.sampled_from(THEMES))
    def begin(self, theme: str) -> None:
        """A copy of the world; what belongs to the theme happens more often."""
        self.play = Play(self.stage)
        self.said: list[int] = []
        self.lines: list[tuple[LaneId, DeliveryId]] = []
        self.numbers = itertools.count(1)
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
        Says.steps += 1
        method(**data.draw(method.deed.params))

    def seat(self, case: CaseId, side: str) -> Row | None:
        """A living seat."""
        found: Row | None = self.play.run(self.play.desk.units.look(lambda unit: seats.of_case(unit.tx, case, side)))
        return found

    # ---------------------------------------------------------------------------------------------------- what is said

    @deed("say", 6, case=CASE, side=SIDE, text=TEXT, file=st.sampled_from((False, False, False, True)))
    def say(self, case: CaseId, side: str, text: str, file: bool) -> None:
        number = next(self.numbers)
        files = (InboundFile(f"f{number}", "plan.pdf", FileKind.DOCUMENT, "application/pdf", 1000),) if file else ()

        def receive(unit: Unit) -> int | None:
            seat = seats.of_case(unit.tx, case, side)
            if seat is None or seat["state"] != "open":
                return None
            body = plain(f"Words {number}. {LONG if text else ''}".strip())
            return relay.receive(unit, seat, MessageReceived(_origin(seat), f"in{number}", body, files=files))

        made = self.play.do(receive)
        if made is not None:
            self.said.append(made)

    @deed("say", 2, n=ANY, good=st.sampled_from((True, True, False)))
    def file_comes(self, n: int, good: bool) -> None:
        rows = self.play.desk.rows("SELECT id FROM attachment WHERE state = 'to_fetch' ORDER BY id")
        if rows and good:
            self.stored(int(pick(rows, n)["id"]))
        elif rows:
            self.play.do(lambda unit: relay.refuse_file(unit, int(pick(rows, n)["id"]), "failed", state="failed"))

    def stored(self, attachment: int) -> None:
        """A file is in the blob store."""
        self.play.do(lambda unit: relay.file_stored(unit, attachment, PDF, blob="b", sha256="0" * 64, size=1000))

    @deed("say", 2, case=CASE, side=SIDE, pin=st.booleans(), epoch=st.booleans())
    def a_line_of_the_service(self, case: CaseId, side: str, pin: bool, epoch: bool) -> None:
        number = next(self.numbers)

        def post(unit: Unit) -> tuple[LaneId, DeliveryId] | None:
            seat = seats.of_case(unit.tx, case, side)
            if seat is None:
                return None
            lane = notices.lane_of_seat(unit, seat)
            at = int(seat["case_epoch"]) if epoch else 0
            made = outbox.post_text(unit, lane, plain(f"Line {number}"), case_id=case, epoch=at, pin=pin, card="t")
            return lane, made[0]

        made = self.play.do(post)
        if made is not None:
            self.lines.append(made)

    @deed("say", 2, when=lambda self: self.lines, n=LATELY, what=st.sampled_from(("edit", "card", "delete", "pin")))
    def a_line_is_changed(self, n: int, what: str) -> None:
        lane, target = pick(self.lines, n)
        post = Post(plain(f"Changed {next(self.numbers)}"))
        kinds = {
            "edit": Edit(post, target),
            "card": Edit(post, card="t"),
            "delete": Delete(target),
            "pin": Pin(target),
        }
        self.play.do(lambda unit: outbox.enqueue(unit, lane, kinds[what]))

    @deed("say", 3, when=has_said, n=LATELY, text=TEXT)
    def edit(self, n: int, text: str) -> None:
        number, message = next(self.numbers), pick(self.said, n)

        def change(unit: Unit) -> None:
            row, source = messages.get(unit.tx, message), messages.settling(unit.tx, message, 0)
            assert row is not None
            assert source is not None
            seat = seats.get(unit.tx, row["seat_id"])
            assert seat is not None
            body = plain(f"Better words {number}. {LONG if text else ''}".strip())
            corrections.edit(unit, MessageEdited(_origin(seat), source["native_id"], body), row["person_id"])

        self.play.do(change)

    @deed("say", 4, when=has_said, n=LATELY)
    def take_back(self, n: int) -> None:
        message = pick(self.said, n)
        rows = self.play.oracle.of_message(message)
        tags = {f"{row['id']:x}" for row in rows}
        open_ = any(one.tag in tags and one.kind == "post" for one in self.play.under_way)
        if not open_ and not any(self.play.oracle.shows(row) for row in rows):
            self.play.oracle.unseen.add(message)

        def withdraw(unit: Unit) -> None:
            row = messages.get(unit.tx, message)
            assert row is not None
            corrections.withdraw(unit, row)

        self.play.do(withdraw)

    @deed("say", 2, when=has_said, n=LATELY)
    def send_again(self, n: int) -> None:
        def again(unit: Unit) -> None:
            row = messages.get(unit.tx, pick(self.said, n))
            assert row is not None
            if corrections.refusal(unit, row) is None:
                corrections.resend(unit, row)

        self.play.do(again)

    @deed("send", 2, n=ANY)
    def retry_a_dead_letter(self, n: int) -> None:
        dead = self.play.desk.rows("SELECT id FROM delivery WHERE state = 'failed' ORDER BY id")
        if dead:
            self.play.do(lambda unit: settle.retry(unit, pick(dead, n)["id"]))


def _origin(seat: Row) -> Origin:
    place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    return Origin(place, Account(seat["platform"], seat["workspace"], seat["user_ref"]), int(seat["created_at"]))
