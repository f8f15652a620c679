"""Opening a case from the intake's answers, and what becomes of it while its dentist is not confirmed yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain import redflags
from bot.domain.codec import dump
from bot.domain.forms import NONE, Answer
from bot.domain.ids import AccountId, CaseId, PersonId
from bot.domain.intake import INTAKE
from bot.domain.references import make_reference
from bot.domain.richtext import plain
from bot.services import assignment, deadlines, notices, outbox, rooms
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases

Row = dict[str, Any]


def open_case(unit: Unit, account: Row, answers: Mapping[str, Answer]) -> CaseId:
    """Make a case from a full, checked form. `account` is its dentist's, with the person's fields.

    From an account that is only claimed it is kept and waits; else its room opens and a specialist is looked for.
    """
    asked = [one.name for one in INTAKE.fields if INTAKE.applies(one, answers)]
    kept = {name: answers[name] for name in asked if name in answers}
    event = kept.get("event_date")
    waits = account["state"] != "active"
    case_id = CaseId(unit.new_id())
    ref = _file(unit, case_id, account, kept, event_on=None if event in (None, NONE) else str(event), waits=waits)
    body = dump(kept, dict[str, Any])
    cases.set_intake(unit.tx, case_id, unit.seal(case_id, "case_file", "intake_sealed", case_id, body))
    unit.audit(
        case_id,
        f"person:{account['person_id']}",
        "case.opened",
        ref=ref,
        account=account["id"],
        intake=unit.hash("content", body.decode()),
        consent=unit.hash("wording", say("intake.field.consent.help")),  # what exactly was attested, and by whom
        waits=waits,
    )
    if waits:
        _tell(unit, account, say("intake.kept", ref=ref, checker=assignment.coordinator_name(unit)))
    else:
        _begin(unit, case_id, PersonId(account["person_id"]))
        _tell(unit, account, say("intake.made", ref=ref))
    if redflags.found(str(kept.get("complaint") or "")):
        _tell(unit, account, say("relay.emergency"))
    return case_id


def let_go(unit: Unit, account_id: AccountId) -> int:
    """The account is confirmed: its waiting cases begin; how many."""
    rows = cases.waiting_for(unit.tx, account_id)
    for case in rows:
        cases.set_state(unit.tx, case["id"], "unassigned", unit.now)
        unit.audit(case["id"], "service", "case.let_go", account=account_id)
        _begin(unit, CaseId(case["id"]), PersonId(case["dentist_id"]))
    return len(rows)


def drop(unit: Unit, account_id: AccountId) -> int:
    """The claim was refused: what it asked for is closed unread and its answers are not kept; how many."""
    rows = cases.waiting_for(unit.tx, account_id)
    for case in rows:
        cases.set_intake(unit.tx, case["id"], None)
        cases.set_state(unit.tx, case["id"], "closed", unit.now)
        unit.audit(case["id"], "service", "case.dropped", account=account_id)
    return len(rows)


def _begin(unit: Unit, case_id: CaseId, dentist_id: PersonId) -> None:
    """The dentist has a room to write in from now on; what they say there waits for the specialist."""
    rooms.take_seat(unit, case_id, "dentist", dentist_id)
    deadlines.tell_at_intake(unit, case_id)
    assignment.assign(unit, case_id)


def _file(
    unit: Unit, case_id: CaseId, account: Row, answers: Mapping[str, Answer], *, event_on: str | None, waits: bool
) -> str:
    """The case's row, under a reference nobody had yet."""
    existing = cases.count(unit.tx)
    while True:
        ref = make_reference(lambda below: int(unit.hash("reference", unit.token()), 16) % below, existing)
        if cases.add(
            unit.tx,
            id=case_id,
            ref=ref,
            practice_id=account["practice_id"],
            dentist_id=account["person_id"],
            account_id=account["id"],
            state="waiting" if waits else "unassigned",
            urgency=str(answers.get("urgency") or "routine"),
            event_on=event_on,
            now=unit.now,
        ):
            return ref


def _tell(unit: Unit, account: Row, text: str) -> None:
    lane = notices.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])
    outbox.post_text(unit, lane, plain(text), notice=say("notice.service"))
