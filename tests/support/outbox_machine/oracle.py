"""What the outbox promises, held against what the platforms saw: nothing lost, doubled, overtaken or told wrongly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.services.claims import Claim
from prompts.wording import say
from tests.support.outbox_machine.gate import Call, Gate, Shown

Row = dict[str, Any]
SETTLED = ("sent", "void", "failed")
REPEAT = say("relay.repeat")
GAP = re.compile(re.escape(say("relay.gap", no=0)).replace("0", r"(\d+)"))
UNSEEN = re.compile(re.escape(say("relay.withdrawn.unseen", no=0)).replace("0", r"(\d+)"))
DELIVERY = "SELECT d.*, l.platform, l.seat_id FROM delivery d JOIN lane l ON l.id = d.lane_id ORDER BY d.id"


class Breach(AssertionError):
    """A promise was broken."""


@dataclass(frozen=True)
class Facts:
    """The rows that matter, by id."""

    deliveries: dict[int, Row]
    messages: dict[int, Row]
    lanes: dict[int, Row]
    seats: dict[int, Row]
    epochs: dict[int, int]


class Oracle:
    """It sees each request as it leaves, each message as it appears, and all rows after every step."""

    def __init__(self, rows: Callable[[str], list[Row]], gates: dict[str, Gate]) -> None:
        self.rows = rows
        self.gates = gates
        self.wrong: list[str] = []
        self.newest: dict[int, int] = {}
        """Lane to the place of the newest delivery shown in it."""
        self.fences: dict[int, int] = {}
        self.unseen: set[int] = set()
        """Messages that were withdrawn before anybody could see them."""
        self.waits: dict[tuple[str, str], tuple[int, int]] = {}
        """Chat to when it said 429, and until when."""
        self.claims: dict[tuple[int, int], int] = {}
        self.facts = self._facts()
        self._first = max(self.facts.deliveries)
        """Deliveries up to this one were made with the world, on other platforms."""

    def _facts(self) -> Facts:
        def by(sql: str, key: str = "id") -> dict[int, Row]:
            return {
                int(row[key]): {name: value for name, value in row.items() if not name.endswith("_sealed")}
                for row in self.rows(sql)
            }

        return Facts(
            by(DELIVERY),
            by("SELECT * FROM message ORDER BY id"),
            by("SELECT * FROM lane"),
            by("SELECT * FROM seat"),
            {row["id"]: row["epoch"] for row in self.rows("SELECT id, epoch FROM case_file")},
        )

    def tell(self, what: str) -> None:
        """Something is wrong; said at the next look, since the product catches what is raised inside it."""
        self.wrong.append(what)

    # --------------------------------------------------------------------------------------------- as things happen

    def claimed(self, claim: Claim, held: Iterable[Claim]) -> None:
        """A claim was committed."""
        if claim.fence <= self.fences.get(claim.lane, 0):
            self.tell(f"the fence of {claim} is not new")
        if any((one.lane, one.fence) == (claim.lane, claim.fence) for one in held):
            self.tell(f"two hold {claim}")
        self.fences[claim.lane] = claim.fence
        lane = self.rows(f"SELECT * FROM lane WHERE id = {claim.lane}")[0]
        if lane["paused"]:
            self.tell(f"claimed, though it is paused: {lane}")

    def told_to_wait(self, claim: Claim, call: Call, now: int, seconds: float) -> None:
        """A platform said 429 for a chat, to whoever still holds the lane; a chat not known yet is nobody's."""
        if claim.place is None or self.fences[claim.lane] != claim.fence:
            return
        self.waits[claim.owner.platform, call.target.place.chat] = (now, now + round(seconds * 1_000_000))

    def leaves(self, claim: Claim, call: Call, now: int) -> None:
        """A request that changes what people see is about to leave."""
        self.facts = self._facts()
        row = self.facts.deliveries[claim.delivery or 0]
        chat = (claim.owner.platform, call.target.place.chat)
        said, until = self.waits.get(chat, (0, 0))
        if self.claims.setdefault((claim.lane, claim.fence), now) >= said and now < until:
            self.tell(f"a request to {chat} although it was told to wait, {now - said} of {until - said}: {claim}")
        if row["state"] != "sending":
            self.tell(f"leaves before its state says so: {row}")
        if row["case_epoch"] and row["case_epoch"] != self.facts.epochs[row["case_id"]]:
            self.tell(f"leaves for parties of the past: {row}")
        message = self.facts.messages.get(row["message_id"] or 0)
        if call.kind == "post" and message is not None and message["state"] == "withdrawn":
            self.tell(f"leaves after it was withdrawn: {row}")
        if row["seat_id"] is not None:
            seat = self.facts.seats[row["seat_id"]]
            place = call.target.place
            if (seat["chat"], seat["topic"]) != (place.chat, place.topic) or not place.chat:
                self.tell(f"leaves for {place}, which is not the place of {seat}")
        if call.kind == "post" and call.post is not None and call.post.with_files and not call.post.carried:
            self.tell(f"leaves without its file: {row}")

    def seen(self, one: Shown) -> None:
        """A message appears in front of somebody."""
        row = self.rows(f"SELECT d.*, l.platform FROM delivery d JOIN lane l ON l.id = d.lane_id "
                        f"WHERE d.id = {int(one.tag, 16)}")[0]  # fmt: skip
        gate = self.gates[row["platform"]]
        before = [it for it in gate.shown if it is not one and it.tag == one.tag]
        if before and gate.capabilities.can_find:
            self.tell(f"shown twice where one could have asked: {row}")
        if before and REPEAT not in one.post.footer:
            self.tell(f"shown again, and does not say so: {row}")
        if row["seq"] < self.newest.get(row["lane_id"], 0):
            self.tell(f"shown after what was queued after it: {row}")
        self.newest[row["lane_id"]] = max(row["seq"], self.newest.get(row["lane_id"], 0))
        if row["message_id"] in self.unseen:
            self.tell(f"shown, though it was withdrawn unseen: {row}")
        if row["message_id"] is not None:
            self._no_silent_gap(row, one)
        elif (no := UNSEEN.search(one.post.body.text)) is not None:
            self._truly_unseen(row, int(no[1]))

    def _no_silent_gap(self, row: Row, one: Shown) -> None:
        former = self.rows(
            f"""SELECT d.state, d.late, m.no FROM delivery d JOIN message m ON m.id = d.message_id
                WHERE d.lane_id = {row["lane_id"]} AND d.seq < {row["seq"]} AND d.kind = 'post'
                  AND (d.state IN ('sent', 'failed')) ORDER BY d.seq DESC LIMIT 1"""
        )
        if former and former[0]["state"] == "failed" and GAP.search(one.post.heading) is None:
            self.tell(f"follows a message that was lost, and does not say so: {row}")

    def _truly_unseen(self, row: Row, no: int) -> None:
        for message in self.facts.messages.values():
            told_of = (message["case_id"], message["no"]) == (row["case_id"], no)
            if told_of and any(self.shows(it) for it in self.of_message(message["id"])):
                self.tell(f"nobody is said to have seen it, and somebody has: {message}")

    # ------------------------------------------------------------------------------------------------ how things are

    def shows(self, delivery: Row) -> list[Shown]:
        """Every copy of a delivery that ever appeared."""
        return [one for one in self.gates[delivery["platform"]].shown if one.tag == f"{delivery['id']:x}"]

    def of_message(self, message: int) -> list[Row]:
        """A message's deliveries, oldest first."""
        return [row for row in self.facts.deliveries.values() if row["message_id"] == message]

    def look(self, under_way: list[Call]) -> None:
        """Raise the first thing that is wrong."""
        before, self.facts = self.facts, self._facts()
        pending = {int(one.tag, 16) for one in under_way}
        for row in self.facts.deliveries.values():
            self._delivery(row, before.deliveries.get(row["id"]), row["id"] in pending)
        for lane in self.facts.lanes.values():
            self._lane(lane)
        for message in self.facts.messages.values():
            self._message(message)
        if self.wrong:
            raise Breach(self.wrong[0])

    def _delivery(self, row: Row, before: Row | None, pending: bool) -> None:
        was = before["state"] if before is not None else ""
        if was != row["state"] and (was in ("sent", "void") or (was == "failed" and row["state"] != "void")):
            self.tell(f"was {was}, and is not any more: {row}")
        if row["state"] == "void" and not row["error"]:
            self.tell(f"void for no reason: {row}")
        if row["kind"] != "post" or row["id"] <= self._first:
            return
        shown = bool(self.shows(row))
        if row["state"] == "sent" and not shown:
            self.tell(f"is said to be sent, and nobody has it: {row}")
        denied = row["state"] in ("queued", "failed") or (
            row["state"] == "void" and not row["error"].endswith("maybe_sent")
        )
        if denied and was != "failed" and not row["repeated"] and (shown or pending):
            self.tell(f"is said not to be sent, and somebody has it or will: {row}")

    def _lane(self, lane: Row) -> None:
        rows = [row for row in self.facts.deliveries.values() if row["lane_id"] == lane["id"]]
        if any(row["seq"] < lane["head_seq"] and row["state"] not in SETTLED for row in rows):
            self.tell(f"went past what is not settled: {lane}")
        waits = [row for row in rows if row["state"] not in SETTLED]
        if waits and not lane["paused"] and lane["ready_at"] is None:
            self.tell(f"nobody will ever look at it again: {lane}")

    def _message(self, message: Row) -> None:
        rows = self.of_message(message["id"])
        states = {row["state"] for row in rows}
        doubtful = any(row["state"] == "void" and row["error"].endswith("maybe_sent") for row in rows)
        open_ = states - set(SETTLED)
        state = message["state"]
        if state == "delivered":
            last = [row for row in rows if row["lane_id"] == rows[-1]["lane_id"]]
            wrong = {row["state"] for row in last} & {"queued", "sending", "uncertain", "failed"} or not any(
                row["state"] == "sent" for row in last
            )
        elif state == "waiting":
            wrong = not open_
        elif state == "uncertain":
            wrong = not open_ and not doubtful
        elif state == "failed":
            wrong = "failed" not in states and states != {"void"} and bool(rows)
        elif state == "void":
            wrong = bool(open_) or states == {"sent"}
        else:
            wrong = any(row["state"] == "queued" and not row["attempts"] for row in rows)
        if wrong:
            raise Breach(f"a message's state does not say what its deliveries do: {message} {rows}")
        if state in ("failed", "void") and not message["told"]:
            raise Breach(f"its sender was not told: {message}")

    # ---------------------------------------------------------------------------------------------------- at the end

    def at_rest(self) -> None:
        """Everything works and time has passed: each delivery has ended, and each is what people were told."""
        self.look([])
        for lane in self.facts.lanes.values():
            if not lane["paused"] and lane["head_seq"] <= lane["tail_seq"]:
                raise Breach(f"not everything went: {lane}")
        for row in self.facts.deliveries.values():
            lane = self.facts.lanes[row["lane_id"]]
            if row["state"] not in SETTLED and not lane["paused"]:
                raise Breach(f"neither sent nor given up: {row}")
            if row["state"] == "failed" and not self.rows("SELECT id FROM incident WHERE kind = 'dead_letter'"):
                raise Breach(f"parked, and no coordinator knows: {row}")
        for message in self.facts.messages.values():
            self._at_rest(message)

    def _at_rest(self, message: Row) -> None:
        rows = self.of_message(message["id"])
        if any(self.facts.lanes[row["lane_id"]]["paused"] for row in rows):
            return
        if message["state"] == "waiting":
            raise Breach(f"waits for nothing: {message} {rows}")
        if message["state"] == "delivered":
            for row in rows:
                if row["lane_id"] == rows[-1]["lane_id"] and row["state"] == "sent" and not self.shows(row):
                    raise Breach(f"is said to have arrived: {row}")
        if message["state"] == "withdrawn":
            for row in rows:
                seat = self.facts.seats[row["seat_id"]]
                refused = any(
                    one["lane_id"] == row["lane_id"] and one["kind"] in ("delete", "edit") and one["state"] != "sent"
                    for one in self.facts.deliveries.values()
                )
                here = (seat["chat"], seat["topic"]) == (row["chat"], row["topic"]) and seat["state"] == "open"
                standing = any(one.native == row["native_id"] and one.says_it for one in self.shows(row))
                if row["state"] == "sent" and here and standing and not refused:
                    raise Breach(f"withdrawn, and it still stands there: {row}")
