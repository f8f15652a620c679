"""Words for any case: what in them points at a patient, and the same words without it."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from bot.domain import identifiers as rules
from bot.domain.identifier_redaction import redact
from bot.domain.identifier_types import Kind
from bot.domain.ids import CaseId
from bot.domain.localtime import local_day
from bot.domain.richtext import plain
from bot.services import identifiers, intake_answers
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases
from storage import identifiers as kept

UTC = ZoneInfo("UTC")


def points_at_patient(unit: Unit, words: str, cited: str = "", case_id: CaseId | None = None) -> bool:
    """Whether words hold a name, number, date or address, or anything that the vault of their case knows.

    Nobody may be named in them; in what is `cited` authors may.
    """
    today = local_day(unit.now, UTC)  # it only bounds dates of birth
    found = [
        *rules.find(words, today),
        *(one for one in rules.find(cited, today) if one.kind is not Kind.NAME),  # a source names its authors
    ]
    return bool(found) or (case_id is not None and _of_the_case(unit, case_id, words))


def general(unit: Unit, case_id: CaseId, words: str) -> str:
    """Words of a case with neutral ones in place of what points at its patient: a start, to be read by a person."""
    body, today = plain(words), local_day(unit.now, UTC)
    found = [*identifiers.findings(unit, case_id, body, today)]
    shown = redact(body, found, {kind: say(f"identifiers.word.{kind}") for kind in Kind}).text
    for known in _marks(unit, case_id):
        shown = re.sub(rf"\b{re.escape(known)}\b", say("identifiers.word.name"), shown)
    return shown


def _of_the_case(unit: Unit, case_id: CaseId, words: str) -> bool:
    if identifiers.findings(unit, case_id, plain(words), local_day(unit.now, UTC)):
        return True
    return any(re.search(rf"\b{re.escape(known)}\b", words) for known in _marks(unit, case_id))


def _marks(unit: Unit, case_id: CaseId) -> list[str]:
    """What the case is known by: its reference, the patient's pseudonym, the surnames of its dentists."""
    case = cases.get(unit.tx, case_id)
    if case is None:
        return []
    pseudonym = str(intake_answers.of_case(unit, case).get("pseudonym") or "").strip()
    people = [name.split()[-1] for name in kept.people(unit.tx, case_id) if name.startswith("Dr ")]
    return [str(case["ref"]), *([pseudonym] if len(pseudonym) > 1 else []), *people]
