"""Asking a model to reword an answer: only where the case's dentist agreed, within the day's budget, all of it kept.

The request holds library text and structured facts of the case; it is sealed beside the audit entry that names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.domain.outbound import Button, ButtonStyle
from bot.domain.problems import Problem
from bot.domain.rules import DAY
from bot.ports.drafter import Suggestion, Verdict
from bot.ports.writer import Brief, Topic, Writer, Written
from bot.services import buttons, case_facts, draft_stops, notices
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, model_calls, seats

Row = dict[str, Any]
MOST_REPLY = 20_000
"""Characters of a reply that are kept."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request that may leave: its record is committed."""

    id: int
    case_id: int
    brief: Brief
    payload: str


def prepare(unit: Unit, job: Row, suggestion: Suggestion, writer: Writer) -> Request | None:
    """Commit that a model is about to be asked; None where it may not be."""
    case = cases.get(unit.tx, job["case_id"])
    if suggestion.verdict is not Verdict.DRAFT or case is None or case["state"] != "open":
        return None
    if draft_stops.standing(unit, case["id"]):
        return None
    if not _agreed(unit, case) or model_calls.since(unit.tx, unit.now - DAY) >= unit.rules.model_daily:
        return None
    facts = case_facts.of_case(unit, case)
    first = suggestion.candidates[0].entry
    known, _ = case_facts.fitting(facts, first.ask_first, first.answer)
    brief = Brief(
        tuple(Topic(one.entry.title, one.entry.questions[0], one.entry.answer) for one in suggestion.candidates),
        tuple(case_facts.line(one) for one in known),
    )
    payload, call = writer.payload(brief), unit.new_id()
    model_calls.add(
        unit.tx,
        id=call,
        case_id=case["id"],
        job_id=job["id"],
        model=writer.model,
        payload=unit.seal(case["id"], "model_call", "payload_sealed", call, payload.encode()),
        now=unit.now,
    )
    name = re.sub(r"[^!-~]", "_", writer.model)[:100]
    unit.audit(case["id"], "service", "model.asked", call=call, model=name, hash=unit.hash("content", payload))
    return Request(call, case["id"], brief, payload)


def settle(unit: Unit, request: Request, written: Written) -> None:
    """Keep what came of it."""
    reply = written.reply[:MOST_REPLY]
    model_calls.settle(
        unit.tx,
        request.id,
        outcome=written.outcome.value,
        why=written.why[:60],
        reply=unit.seal(request.case_id, "model_call", "reply_sealed", request.id, reply.encode("utf-8", "replace")),
        milliseconds=written.milliseconds,
    )
    unit.audit(
        request.case_id,
        "service",
        "model.answered",
        call=request.id,
        outcome=written.outcome.value,
        why=written.why[:60],
        ms=written.milliseconds,
        hash=unit.hash("content", reply),
    )


def answer(unit: Unit, case_id: CaseId, person_id: PersonId, *, agrees: bool) -> Problem | None:
    """The dentist says whether a model may be asked in this case; they may say otherwise later."""
    seat = seats.of_case(unit.tx, case_id, "dentist")
    if seat is None or seat["person_id"] != person_id:
        return Problem.of("button.stale")
    state = "given" if agrees else "refused"
    model_calls.set_consent(unit.tx, case_id, person_id, state, unit.now)
    unit.audit(case_id, f"person:{person_id}", "model.consent", state=state)
    notices.to_seat(unit, seat, say(f"model.said.{state}"), silent=True)
    return None


def ask(unit: Unit, seat: Row) -> None:
    """Ask a case's dentist whether a model may be asked in it."""

    def button(action: str, label: str, style: ButtonStyle) -> Button:
        return buttons.for_seat(unit, seat, action, label, style, group=f"model:{seat['case_id']}", once=False)

    row = (
        button("model.agree", say("model.button.agree"), ButtonStyle.PRIMARY),
        button("model.refuse", say("model.button.refuse"), ButtonStyle.PLAIN),
    )
    notices.to_seat(unit, seat, say("model.ask"), buttons=(row,), silent=True)


def _agreed(unit: Unit, case: Row) -> bool:
    """The present dentist's own word; who was never asked is asked now, once, without a sound."""
    row = model_calls.consent(unit.tx, case["id"])
    if row is not None and row["person_id"] == case["dentist_id"]:
        return bool(row["state"] == "given")
    seat = seats.of_case(unit.tx, case["id"], "dentist")
    if seat is not None:
        model_calls.set_consent(unit.tx, case["id"], case["dentist_id"], "asked", unit.now)
        unit.audit(case["id"], "service", "model.consent", state="asked")
        ask(unit, seat)
    return False
