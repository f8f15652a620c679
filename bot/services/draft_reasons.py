"""Why a draft is not sent, in words that are true of it as it stands: of a press, a typed number, a window, a card."""

from __future__ import annotations

from typing import Any

from bot.domain.case_states import OVER
from bot.domain.drafts import Origin
from bot.domain.problems import Problem
from bot.services import complaints, draft_cards, draft_sources, draft_stops
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, drafts, messages

Row = dict[str, Any]
FATES = {"delivered": "sent", "withdrawn": "taken_back", "failed": "failed", "void": "held", "uncertain": "uncertain"}
"""What an approved answer's message came to; anything else is still under way."""


def why(unit: Unit, draft: Row | None, presser: int | None = None) -> Problem:
    """Why nothing is sent from a draft's card now, the first reason that holds; `presser` is who asked."""
    if draft is None:
        return Problem.of("draft.none")
    no, state = int(draft["no"]), draft["state"]
    if presser is not None and draft["specialist_id"] != presser:
        return Problem.of("draft.why.foreign")
    if state == "approved":
        return _approved(unit, draft)
    if state in ("dismissed", "answering"):
        return Problem.of(f"draft.why.{state}", no=no)
    if state == "withdrawn":
        return Problem.of("draft.gone", no=no)
    return of_case(unit, draft["case_id"], no) or _overtaken(unit, draft)


def said(unit: Unit, draft: Row) -> str:
    """The same as a line of its card."""
    problem = why(unit, draft)
    return say(problem.key, **problem.values)


def why_not_again(unit: Unit, draft: Row) -> Problem:
    """Why an approved answer that did not arrive is not sent once more."""
    return of_case(unit, draft["case_id"], int(draft["no"])) or _barred(unit, draft) or _approved(unit, draft)


def of_reply(unit: Unit, case: Row) -> Problem:
    """Why no card is made of a reply's words."""
    if case["state"] in OVER:
        return Problem.of("draft.reply.closed")
    if complaints.stops(unit, case["id"]):
        return Problem.of("draft.reply.complaint")
    flag = draft_stops.flag(unit, case["id"])
    return Problem.of("draft.reply.not_now") if flag is None else Problem.of("draft.reply.stopped", flag=flag)


def of_case(unit: Unit, case_id: int, no: int) -> Problem | None:
    """What stops every draft of a case, said of draft `no`; None if nothing does."""
    case = cases.get(unit.tx, case_id)
    if case is None or case["state"] in OVER:
        return Problem.of("draft.why.closed", no=no)
    if complaints.stops(unit, case_id):
        return Problem.of("draft.why.complaint", no=no)
    flag = draft_stops.flag(unit, case_id)
    return None if flag is None else Problem.of("draft.why.stopped", no=no, flag=flag)


def _approved(unit: Unit, draft: Row) -> Problem:
    message = None if draft["sent_message_id"] is None else messages.get(unit.tx, draft["sent_message_id"])
    if message is None:
        return Problem.of("draft.none")
    fate = FATES.get(message["state"], "under_way")
    return Problem.of(f"draft.approved_already.{fate}", no=draft["no"], sent=message["no"])


def _barred(unit: Unit, draft: Row) -> Problem | None:
    """It is for somebody, or for a question, that is not there any more."""
    no, case, question = (
        int(draft["no"]),
        cases.get(unit.tx, draft["case_id"]),
        messages.get(unit.tx, draft["question_id"]),
    )
    if case is None or question is None:
        return Problem.of("draft.none")
    if draft["case_epoch"] != case["epoch"] or draft["specialist_id"] != case["specialist_id"]:
        return Problem.of("draft.why.handed_over", no=no)
    if question["state"] == "withdrawn":
        return Problem.of("draft.why.question_withdrawn", no=no, question=question["no"])
    return None


def _overtaken(unit: Unit, draft: Row) -> Problem:
    """The case goes on, and something else stands in the way of this draft."""
    no, case, question = (
        int(draft["no"]),
        cases.get(unit.tx, draft["case_id"]),
        messages.get(unit.tx, draft["question_id"]),
    )
    newest = drafts.newest(unit.tx, draft["case_id"])
    barred = _barred(unit, draft)
    if barred is not None or case is None or question is None or newest is None:
        return barred or Problem.of("draft.none")
    if int(newest["no"]) > no:
        return Problem.of("draft.why.replaced", no=no, newer=newest["no"])
    if question["version"] != draft["question_version"]:
        return Problem.of("draft.why.question_edited", no=no, question=question["no"])
    if int(case["last_no"]) > int(draft["upto_no"]):
        return Problem.of("draft.why.newer_message", no=no, newest=case["last_no"])
    sheet, origin = draft_cards.sheet_of(unit, draft), Origin(draft["origin"])
    if draft_sources.gone(unit, sheet, origin):
        return Problem.of("draft.gone", no=no)
    if draft_sources.changed(unit, sheet):
        return Problem.of("draft.why.entry_changed", no=no)
    return Problem.of("draft.why.card_changed" if draft["state"] == "open" else "draft.why.changed", no=no)
