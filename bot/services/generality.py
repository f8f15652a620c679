"""Words for any case: what in them points at a patient, and the same words without it."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain import identifiers as rules
from bot.domain.dates import written
from bot.domain.forms import NONE
from bot.domain.identifier_redaction import redact
from bot.domain.identifier_types import Kind
from bot.domain.identifier_words import ordinary
from bot.domain.ids import CaseId
from bot.domain.localtime import local_day
from bot.domain.richtext import plain
from bot.services import identifiers, intake_answers
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, people
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
    for known, word in _marks(unit, case_id):
        shown = known.sub(word.replace("\\", r"\\"), shown)
    return shown


def _of_the_case(unit: Unit, case_id: CaseId, words: str) -> bool:
    if identifiers.findings(unit, case_id, plain(words), local_day(unit.now, UTC)):
        return True
    return any(known.search(words) for known, _ in _marks(unit, case_id))


def _marks(unit: Unit, case_id: CaseId) -> list[tuple[re.Pattern[str], str]]:
    """What the case is known by, and a word in its place: reference, pseudonym, dentists, practice, event date."""
    case = cases.get(unit.tx, case_id)
    if case is None:
        return []
    intake, somebody = intake_answers.of_case(unit, case), say("identifiers.word.name")
    pseudonym = str(intake.get("pseudonym") or "").strip()
    surnames = [name.split()[-1] for name in kept.people(unit.tx, case_id) if name.startswith("Dr ")]
    exact = [one for one in (pseudonym, *surnames) if len(one) > 1]
    practice = people.practice(unit.tx, case["practice_id"]) if case["practice_id"] is not None else None
    loose = [str(case["ref"]), *([] if practice is None else [str(practice["name"])])]
    loose += [one for one in exact if len(one) > 3 and not ordinary(one.lower())]
    event = str(case["event_on"] or intake.get("event_date") or "")
    dates = [written(date.fromisoformat(event))] if event and event != NONE else []
    return [
        *((_mark(one), somebody) for one in exact),
        *((_mark(one, re.IGNORECASE), somebody) for one in loose),
        *((re.compile(one, re.IGNORECASE), say("learn.date")) for one in dates),
    ]


def _mark(words: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words.split())) + r"(?!\w)", flags)
