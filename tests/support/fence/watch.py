"""One run under watch: a practice on a stage, and the oracle, which looks at everything after each step."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.domain.addresses import Account, Place
from bot.domain.events import (
    InboundEvent,
    Origin,
)
from bot.domain.outbound import Button, Reply, Toast
from bot.services.unit import Unit
from storage import audit
from storage.errors import Corrupt
from tests.support.fence.facts import Facts, look
from tests.support.fence.house import House, Made, Show
from tests.support.fence.oracle import WORD, Breach, Oracle
from tests.support.fence.world import BY_ACCOUNT, Person, Practice, Stage
from tests.support.platforms import Killed

T = TypeVar("T")
Row = dict[str, Any]
OPEN = "('queued', 'sending', 'uncertain')"
SEALED = (
    ("message", "body_sealed", "version"),
    ("delivery", "payload_sealed", "1"),
    ("note", "body_sealed", "1"),
    ("draft", "text_sealed", "rev"),
    ("seat", "room_title_sealed", "1"),
)


class Watch:
    """One run: a practice, and the oracle over it."""

    def __init__(self, stage: Stage, world: int) -> None:
        self.stage = stage
        self.practice: Practice = stage.practice(world)
        self.houses = self.practice.houses
        self.oracle = Oracle(self.houses, look(self.practice.rows))
        self.asked: list[tuple[Show, Button]] = []
        """Every button shown, the newest last."""
        self.steps = 0
        self.sound = True
        """Nothing was found yet."""
        self._remember([show for house in self.houses.values() for show in house.shows])

    @property
    def facts(self) -> Facts:
        """How things stood when the last step ended."""
        return self.oracle.facts

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end."""
        return self.stage.run(work)

    def house(self, place: Place) -> House:
        """The platform of a place."""
        return self.houses[place.platform]

    def end(self, *, settle: bool) -> None:
        """Look once more, at the chains and the seals too, and close; `settle` lets everything go out before."""
        try:
            if self.sound and settle:
                self._settle()
            if self.sound:
                self.look_again(chains=True)
                self.run(self.practice.do(_keep_apart))
        finally:
            self.stage.close(self.practice)

    def _settle(self) -> None:
        """Everything works again, and what can go goes; then what is said to have arrived has, and nothing else."""
        for house in self.houses.values():
            house.down = False
            house.fates.clear()
        for _ in range(12):
            self.turns(8)
            self.practice.clock.advance(20_000_000)
        told = {one.message for one in self.oracle.canaries.values() if one.seen_by}
        busy = {row["lane_id"] for row in self.practice.rows(f"SELECT lane_id FROM delivery WHERE state IN {OPEN}")}
        for key, row in self.facts.messages.items():
            if row["state"] == "delivered" and self.oracle.of_message(key) and key not in told:
                raise Breach(f"{row} is said to have arrived, and nobody has seen it")
            if row["state"] == "withdrawn":
                self._gone(key, busy)

    def _gone(self, message: int, busy: set[int]) -> None:
        """No copy of a withdrawn message stands in a room that still takes what we do."""
        copies = self.practice.rows(
            f"""SELECT d.native_id, d.lane_id, s.chat, s.workspace, s.platform FROM delivery d
                JOIN lane l ON l.id = d.lane_id JOIN seat s ON s.id = l.seat_id
                WHERE d.state = 'sent' AND d.kind = 'post' AND s.state = 'open'
                  AND s.chat = d.chat AND s.topic = d.topic
                  AND (d.message_id = {message} OR d.card = 'correction:{message}')"""
        )
        for copy in copies:
            standing = self.houses[copy["platform"]].standing
            show = standing.get((copy["workspace"], copy["chat"], copy["native_id"]))
            if copy["lane_id"] not in busy and show is not None and WORD.search(show.words):
                raise Breach(f"withdrawn, and it still stands there: {copy}")

    def case_at(self, room: Made) -> int:
        """The case a room was made for, as its name says."""
        return self.facts.refs["C-" + room.name.rpartition("-")[2].upper()]

    def has_left(self, room: Made) -> bool:
        """Whether a room is that of somebody who has no seat in its case any more."""
        return self.facts.side(self.case_at(room), BY_ACCOUNT[room.owner].id) is None

    # ---------------------------------------------------------------------------------------------------- one step

    def look_again(self, *, chains: bool = False) -> Facts:
        """Judge what was shown meanwhile, then take in how things stand; returns how they stood before."""
        self.sound = False
        shows = self.oracle.fresh()
        before = self.facts
        self.oracle.judge(shows, self._deliveries(shows))
        self.oracle.move_on(look(self.practice.rows))
        self._remember(shows)
        self.steps += 1
        if chains or self.steps % 8 == 0:
            self.run(self.practice.do(_verify))
        self.sound = True
        return before

    def _remember(self, shows: list[Show]) -> None:
        self.asked += [(show, button) for show in shows for button in show.buttons]

    def _deliveries(self, shows: list[Show]) -> dict[int, Row]:
        ids = ", ".join(str(int(show.tag, 16)) for show in shows if show.tag)
        query = f"SELECT id, case_id, case_epoch, message_id, kind, state, repeated FROM delivery WHERE id IN ({ids})"
        return {int(row["id"]): row for row in self.practice.rows(query)} if ids else {}

    def do(self, work: Callable[[Unit], T]) -> T:
        """One unit of work, and a look."""
        made = self.run(self.practice.do(work))
        self.look_again()
        return made

    def happens(self, event: InboundEvent) -> Facts:
        """An event through the router, and a look; returns how things stood before."""
        reply = self.run(self.practice.handle(event))
        self.practice.clock.advance(1_000)
        if isinstance(reply, Toast) and event.origin.sender is not None:
            self._toast(event.origin, reply)
        return self.look_again()

    def _toast(self, origin: Origin, reply: Reply) -> None:
        assert isinstance(reply, Toast)
        assert origin.sender is not None
        self.house(origin.place).shows.append(
            Show("toast", origin.place, frozenset({origin.sender.user}), text=reply.text)
        )

    def origin(self, who: Person | Account, place: Place, *, live: bool = False) -> Origin:
        """As the platform would report something somebody does."""
        account = who.account if isinstance(who, Person) else who
        direct = place.chat.removeprefix("D") == account.user and not place.topic
        return Origin(place, account, self.practice.clock.now(), live=live, direct=direct)

    # ---------------------------------------------------------------------------------------------------- the bot

    def turns(self, most: int) -> None:
        """The outbox sends; it may die."""
        for _ in range(most):
            try:
                wait = self.run(self.practice.worker.turn())
            except Killed:
                self.practice.restart()
                break
            if wait is None or wait > 3:
                break
            self.practice.clock.advance(max(int(wait * 1_000_000), 1_000))
        self.look_again()


def _verify(unit: Unit) -> None:
    for row in unit.tx.all("SELECT case_id FROM audit_head"):
        found = audit.verify(unit.tx, row["case_id"])
        if found is not None:
            raise Breach(f"the audit chain of {row['case_id']} breaks at {found}")


def _keep_apart(unit: Unit) -> None:
    """What is sealed for one case opens for that case and as no other."""
    known = [row["id"] for row in unit.tx.all("SELECT id FROM case_file ORDER BY id")]
    for table, column, version in SEALED:
        query = f"SELECT id, case_id, {version} AS version, {column} AS sealed FROM {table} WHERE {column} IS NOT NULL"
        for row in unit.tx.all(query):
            if row["case_id"] is None:
                continue
            other = known[(known.index(row["case_id"]) + 1) % len(known)]
            unit.unseal(row["case_id"], table, column, row["id"], row["sealed"], int(row["version"]))
            try:
                unit.unseal(other, table, column, row["id"], row["sealed"], int(row["version"]))
            except Corrupt:
                continue
            raise Breach(f"{table} {row['id']} of {row['case_id']} opens as {other}")
