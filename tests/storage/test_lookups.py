"""What is looked up with every message, press or tick is found by an index: no growing table is ever read whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from storage import (
    accounts,
    attachments,
    buttons,
    card_replies,
    cases,
    checkins,
    courses,
    covers,
    deliveries,
    drafts,
    drawings,
    forewarnings,
    forms,
    held,
    identifiers,
    inbox,
    lanes,
    messages,
    notices,
    offers,
    plans,
    seats,
)
from storage.engine.base import Engine, Tx

GROWING = {
    "attachment", "audit_entry", "button", "card_reply", "case_file", "check_in", "delivery", "draft", "draft_job",
    "forewarning", "held", "identifier_hint", "lane", "message", "message_part", "message_version", "note", "offer",
    "plan_version", "seat", "seat_cover", "seen", "timeline_change", "drawing",
}  # fmt: skip
ALIASES = {"a": "", "c": "case_file", "d": "delivery", "l": "lane", "m": "message", "p": "", "s": "seat"}
"""Of a, accounts, and p, people or parts: the plan names an alias only. Parts are looked up by their key."""

OPEN_WORK = {
    "attachment_ready", "check_in_due", "delivery_failed", "draft_job_new", "draft_open", "held_ask", "lane_ready",
    "message_waiting", "offer_one", "seat_cover_due", "seat_probe",
    "drawing_asked",
}  # fmt: skip
"""Indexes of what is still to be done, which stay short."""

LOOKUPS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (accounts.find, {"platform": "slack", "workspace": "T0001", "user": "U0002"}),
    (accounts.of_person, {"person_id": 1}),
    (attachments.lease_due, {"now": 5, "until": 9, "limit": 3}),
    (attachments.of_message, {"message_id": 1}),
    (attachments.unowned, {"blobs": ["a", "b"]}),
    (buttons.get, {"token_hash": "x"}),
    (buttons.use, {"token_hash": "x", "group": "g", "now": 5}),
    (buttons.void_case, {"case_id": 1, "below_epoch": 2, "now": 5}),
    (buttons.void_group, {"group": "g", "now": 5}),
    (card_replies.at, {"place": ("slack", "T0001", "C1"), "native_id": "1.2"}),
    (card_replies.later, {"case_id": 1, "draft_id": 5}),
    (card_replies.newest, {"case_id": 1}),
    (buttons.void_person, {"person_id": 1, "now": 5}),
    (cases.by_ref, {"ref": "C-7K3F"}),
    (checkins.next_due, {}),
    (courses.changes, {"case_id": 1}),
    (courses.get, {"case_id": 1}),
    (drawings.take, {"now": 5, "until": 9}),
    (drawings.waits, {"blob": "x"}),
    (forewarnings.standing, {"case_id": 1}),
    (plans.all_of, {"case_id": 1}),
    (plans.newest, {"case_id": 1}),
    (covers.due, {"now": 5, "limit": 5}),
    (covers.next_due, {}),
    (deliveries.clear_payloads, {"before": 5, "limit": 5}),
    (deliveries.corrections, {"case_id": 1, "message_id": 1}),
    (deliveries.count_failed, {}),
    (deliveries.head, {"lane_id": 1, "seq": 1}),
    (deliveries.listing, {"dead_only": True, "limit": 10}),
    (deliveries.newest_card, {"lane_id": 1, "card": "case"}),
    (deliveries.of_message, {"message_id": 1}),
    (deliveries.void_open, {"now": 5, "reason": "x", "lane_id": 1, "below_epoch": 2}),
    (drafts.due_jobs, {"now": 5, "until": 9, "limit": 3}),
    (drafts.next_job, {}),
    (drafts.offered, {"case_id": 1}),
    (drafts.waiting_job, {"case_id": 1}),
    (drafts.all_open, {}),
    (drafts.void_open, {"case_id": 1, "now": 5}),
    (forms.asking, {"person_id": 1, "form": "intake", "platform": "telegram", "chat": "1"}),
    (held.due, {"now": 5, "limit": 5}),
    (held.next_due, {}),
    (held.of_person, {"person_id": 1, "why": "note"}),
    (identifiers.open_of_message, {"message_id": 1}),
    (identifiers.people, {"case_id": 1}),
    (inbox.done, {"inbox_id": 1}),
    (lanes.lock_case, {"case_id": 1}),
    (lanes.next_ready, {}),
    (lanes.of_seat, {"seat_id": 1}),
    (lanes.of_user, {"platform": "slack", "workspace": "T0001", "user": "U0002"}),
    (messages.at, {"platform": "slack", "workspace": "T0001", "chat": "C1", "native_id": "1"}),
    (messages.by_no, {"case_id": 1, "no": 1}),
    (messages.delivery_at, {"platform": "slack", "workspace": "T0001", "chat": "C1", "native_id": "1"}),
    (messages.newest, {"case_id": 1, "side": "dentist"}),
    (messages.parts, {"message_id": 1, "seat_id": 1}),
    (messages.recent, {"case_id": 1, "limit": 8}),
    (messages.delivered, {"message_id": 1, "delivery_id": 1, "now": 5}),
    (messages.settling, {"message_id": 1, "delivery_id": 1}),
    (messages.undelivered, {"case_id": 1, "side": "dentist"}),
    (notices.last_wrote, {"person_id": 1}),
    (offers.next_due, {}),
    (offers.open_of_case, {"case_id": 1}),
    (offers.open_of_person, {"person_id": 1}),
    (seats.at_place, {"platform": "slack", "workspace": "T0001", "chat": "C1", "topic": ""}),
    (seats.living, {"case_id": 1}),
    (seats.of_case, {"case_id": 1, "side": "dentist"}),
    (seats.of_person, {"person_id": 1}),
    (seats.take_probes, {"now": 5, "until": 9, "limit": 3}),
]


class Planned:
    """A transaction that notes how each statement would be carried out."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.plans: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def _note(self, sql: str, params: Any) -> None:
        self.plans += [row["detail"] for row in self._tx.all(f"EXPLAIN QUERY PLAN {sql}", params)]

    def execute(self, sql: str, params: Any = None) -> int:
        self._note(sql, params)
        return self._tx.execute(sql, params)

    def all(self, sql: str, params: Any = None) -> Any:
        self._note(sql, params)
        return self._tx.all(sql, params)

    def one(self, sql: str, params: Any = None) -> Any:
        self._note(sql, params)
        return self._tx.one(sql, params)

    def kept(self, sql: str, params: Any) -> Any:
        self._note(sql, params)
        return self._tx.kept(sql, params)


def whole(plan: str) -> bool:
    """It reads a whole growing table, or a whole index that is not one of open work alone."""
    words = plan.split()
    if words[0] != "SCAN" or words[-1] in OPEN_WORK:
        return False
    return ALIASES.get(words[1], words[1]) in GROWING


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("query", "given"), LOOKUPS, ids=lambda one: getattr(one, "__qualname__", ""))
async def test_nothing_is_read_whole(engine: Engine, query: Callable[..., Any], given: dict[str, Any]) -> None:
    def look(tx: Tx) -> list[str]:
        planned = Planned(tx)
        query(planned, **given)
        return planned.plans

    plans = await engine.write(look)
    assert plans
    assert [plan for plan in plans if whole(plan)] == []
