"""The FAQ library as it stands: the shipped files, under the newest version of what specialists changed from chat.

Its words are for any case: they are scanned for what points at a patient before they are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import redflags
from bot.domain.codec import dump, load
from bot.domain.drafts import TEXT_MOST, length
from bot.domain.faq import Entry, Policy, Source, figures_beyond
from bot.domain.ids import SERVICE, CaseId, DraftId
from bot.domain.localtime import local_day
from bot.domain.problems import Problem
from bot.services import generality
from bot.services.unit import Unit
from prompts import library
from storage import drafts, faq_entries, faq_phrasings, people
from storage.errors import Corrupt, KeyGone

Row = dict[str, Any]
SAME = "same"
"""An answer of the form that keeps what the entry has."""
NONE = "none"
"""An answer of the form that leaves a list empty."""


def entries(unit: Unit) -> tuple[Entry, ...]:
    """What is searched and drafted from: no retired entry, and of each other its newest version."""
    return tuple(entry for entry, active in standing(unit).values() if active)


def retired(unit: Unit) -> tuple[Entry, ...]:
    """What was retired and can be used again."""
    return tuple(entry for entry, active in standing(unit).values() if not active)


def current(unit: Unit, entry_id: str) -> Entry | None:
    """The newest version of an entry, retired or not."""
    found = standing(unit).get(entry_id)
    return None if found is None else found[0]


def edit(unit: Unit, account: Row, entry_id: str, answers: Mapping[str, Any]) -> Entry | Problem:
    """Keep the checked answers of the form as the next version of an entry, or as a new one where the id is empty."""
    before = current(unit, entry_id) if entry_id else None
    problem = objection(unit, entry_id, answers)
    if problem is not None:
        return problem
    made = _made(before, entry_id or f"chat-{unit.new_id()}", answers)
    return _kept_anew(unit, _keep(unit, account, made, "active", "faq.edited"))


def objection(unit: Unit, entry_id: str, answers: Mapping[str, Any]) -> Problem | None:
    """Why the answers cannot become an entry: it is never drafted, a person must answer, or it shows a patient."""
    problem = hindrance(unit, entry_id)
    if problem is not None:
        return problem
    before = current(unit, entry_id) if entry_id else None
    if before is None and any(_is(answers.get(name), SAME) for name in ("title", "questions", "answer")):
        return Problem.of("library.problem.nothing_before")
    made = _made(before, entry_id, answers)
    if not made.questions:
        return Problem.of("library.problem.no_question")
    found = length(made.answer, made.patient_words)
    if found > TEXT_MOST:
        return Problem.of("library.problem.too_long", most=TEXT_MOST, length=found)
    words = "\n".join((made.title, *made.questions, made.answer, made.patient_words, *made.ask_first))
    cited = "\n".join(one.ref for one in made.sources)
    made_from = faq_entries.origin(unit.tx, entry_id)
    case_id = None if made_from is None else CaseId(made_from["case_id"])
    found = generality.points_at_patient(unit, words, cited, case_id)
    if found:
        return Problem.of("library.problem.points_at_patient")
    beyond = figures_beyond(made.patient_words, made.answer)
    if beyond:
        return Problem.of("library.problem.patient_figure", figure=beyond[0])
    urgent = next((one for one in (made.title, *made.questions) if redflags.found(one)), None)
    return None if urgent is None else Problem.of("library.problem.person", words=urgent)


def hindrance(unit: Unit, entry_id: str) -> Problem | None:
    """Why an entry cannot be changed from chat; a new one always can be made."""
    if not entry_id:
        return None
    entry = current(unit, entry_id)
    if entry is None:
        return Problem.of("library.problem.gone")
    return Problem.of("library.problem.never_drafted") if entry.policy is Policy.NEVER_AUTO else None


def learn(unit: Unit, account: Row, entry: Entry, case_id: CaseId, draft_id: DraftId) -> Entry | Problem:
    """Keep an entry that was made from an answer approved in a case: it goes when that case is erased."""
    return _keep(unit, account, entry, "active", "faq.learned", (case_id, draft_id))


def mark(unit: Unit, account: Row, entry_id: str, version: int, place: int, *, checked: bool) -> Entry | Problem:
    """A source was looked up, or was not after all: the entry's next version says so, by whom and when."""
    problem = hindrance(unit, entry_id)
    before = current(unit, entry_id)
    if problem is not None:
        return problem
    if before is None or before.version != version or not 0 <= place < len(before.sources):
        return Problem.of("library.problem.changed")
    person = people.get(unit.tx, account["person_id"])
    assert person is not None
    by, on = (str(person["name"]), local_day(unit.now, ZoneInfo(person["timezone"]))) if checked else ("", None)
    sources = list(before.sources)
    sources[place] = replace(sources[place], checked=checked, by=by, on=on)
    made = replace(before, version=version + 1, sources=tuple(sources))
    return _keep(unit, account, made, "active", "faq.source_checked" if checked else "faq.source_unchecked")


def retire(unit: Unit, account: Row, entry_id: str, version: int) -> Entry | Problem:
    """Nothing is drafted from it any more; its versions stay on record."""
    return _switch(unit, account, entry_id, version, "retired", "faq.retired")


def restore(unit: Unit, account: Row, entry_id: str, version: int) -> Entry | Problem:
    """A retired entry is drafted from again."""
    return _switch(unit, account, entry_id, version, "active", "faq.edited")


def _switch(unit: Unit, account: Row, entry_id: str, version: int, state: str, action: str) -> Entry | Problem:
    problem = hindrance(unit, entry_id)
    if problem is not None:
        return problem
    before = current(unit, entry_id)
    if before is None or before.version != version:
        return Problem.of("library.problem.changed")
    return _kept_anew(unit, _keep(unit, account, replace(before, version=version + 1), state, action))


def _kept_anew(unit: Unit, made: Entry | Problem) -> Entry | Problem:
    """No open draft holds that was made from an older version: its card comes anew."""
    if isinstance(made, Entry):
        drafts.outdate_topic(unit.tx, made.id, unit.now)
    return made


def _keep(
    unit: Unit, account: Row, entry: Entry, state: str, action: str, origin: tuple[int, int] | None = None
) -> Entry | Problem:
    before = faq_entries.origin(unit.tx, entry.id)
    if before is not None:
        origin = (before["case_id"], before["draft_id"])
    words = dump(replace(entry, phrasings=()))
    kept = faq_entries.add(
        unit.tx,
        id=entry.id,
        version=entry.version,
        state=state,
        entry="" if origin else words.decode(),
        person_id=account["person_id"],
        now=unit.now,
        case_id=origin and origin[0],
        draft_id=origin and origin[1],
        sealed=_seal(unit, origin[0], entry, words) if origin else None,
    )
    if not kept:
        return Problem.of("library.problem.changed")
    unit.audit(SERVICE, f"person:{account['person_id']}", action, entry=entry.id, version=entry.version)
    unit.wake("drafts")
    return entry


def standing(unit: Unit) -> dict[str, tuple[Entry, bool]]:
    """Every entry by id with whether it is in use. What ships as never drafted stays that, whatever chat made of it."""
    found = {entry.id: (entry, True) for entry in library.load()}
    for row in faq_entries.newest(unit.tx):
        shipped = found.get(row["id"])
        if shipped is None or shipped[0].policy is not Policy.NEVER_AUTO:
            entry = opened(unit, row)
            if entry is not None:
                found[row["id"]] = (entry, row["state"] == "active")
    for row in faq_phrasings.active(unit.tx):
        entry, active = found.get(row["entry_id"], (None, False))
        words = None if entry is None or entry.policy is Policy.NEVER_AUTO else phrasing_words(unit, row)
        if entry is not None and words is not None:
            found[entry.id] = (replace(entry, phrasings=(*entry.phrasings, words)), active)
    return found


def phrasing_words(unit: Unit, row: Row) -> str | None:
    """What a phrasing says; None once the case it comes from cannot be opened any more."""
    try:
        return unit.unseal(row["case_id"], "faq_phrasing", "words_sealed", row["id"], row["words_sealed"]).decode()
    except (Corrupt, KeyGone):
        return None


def _seal(unit: Unit, case_id: int, entry: Entry, words: bytes) -> bytes:
    return unit.seal(case_id, "faq_entry", "entry_sealed", entry.id, words, entry.version)


def opened(unit: Unit, row: Row) -> Entry | None:
    """A version as it was kept; None where it went with the case it came from."""
    if row["case_id"] is None:
        return load(Entry, row["entry"].encode())
    if row["entry_sealed"] is None:
        return None
    try:
        place = ("faq_entry", "entry_sealed", row["id"])
        return load(Entry, unit.unseal(row["case_id"], *place, row["entry_sealed"], int(row["version"])))
    except (Corrupt, KeyGone):
        return None


def _made(before: Entry | None, entry_id: str, answers: Mapping[str, Any]) -> Entry:
    """The next version: what is "same" or left out stays as it was. A changed answer needs its sources checked anew."""
    old = before or Entry(entry_id, "", 0, Policy.DRAFT, (), (), (), (), "")
    answer = _text(answers.get("answer"), old.answer)
    known = {source_line(one): one for one in old.sources}
    lines = _lines(answers.get("sources"), known)
    return replace(
        old,
        title=_text(answers.get("title"), old.title),
        version=old.version + 1,
        policy=Policy(answers.get("policy") or old.policy),
        questions=_lines(answers.get("questions"), old.questions),
        ask_first=_lines(answers.get("ask_first"), old.ask_first),
        sources=tuple(
            one if answer == old.answer else replace(one, checked=False, by="", on=None)
            for one in (known.get(line) or _source(line) for line in lines)
        ),
        answer=answer,
        patient_words=_text(answers.get("patient_words"), old.patient_words, emptied=True),
    )


def source_line(source: Source) -> str:
    """A source as it is typed: its reference and, where there is one, its address."""
    return f"{source.ref} {source.url}".strip()


def _source(line: str) -> Source:
    ref, _, url = line.rpartition(" ")
    return Source(ref.strip(), url) if ref and url.startswith(("https://", "http://", "doi:")) else Source(line)


def _text(given: object, before: str, *, emptied: bool = False) -> str:
    if given is None or _is(given, SAME):
        return before
    return "" if emptied and _is(given, NONE) else str(given).strip()


def _lines(given: object, before: Iterable[str]) -> tuple[str, ...]:
    if given is None or _is(given, SAME):
        return tuple(before)
    return () if _is(given, NONE) else tuple(line.strip() for line in str(given).splitlines() if line.strip())


def _is(given: object, word: str) -> bool:
    return str(given or "").strip().lower().rstrip(".") == word
