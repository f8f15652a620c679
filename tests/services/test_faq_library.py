"""The library as specialists change it: versions that win by id, nothing of a patient, nothing never drafted."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.faq import Entry, Source
from bot.domain.problems import Problem
from bot.drafting.retrieval import Library
from bot.ports.drafter import Verdict
from bot.services import faq_library
from bot.services.unit import Unit
from bot.workers.drafts import DraftWorker
from prompts import library
from tests.support.casework import JOHAL, Casework

ACCOUNT = {"person_id": JOHAL, "role": "specialist"}
QUESTION = "How many hours a day should the patient wear the aligners?"
ANSWER = "Twenty-two hours a day, and count the meals."
SAME = {"title": "same", "questions": "Same", "answer": ANSWER, "ask_first": None, "sources": None, "policy": None}
SHIPPED = {entry.id: entry for entry in library.load()}


async def edited(desk: Casework, entry_id: str, **answers: Any) -> Entry | Problem:
    return await desk.do(lambda unit: faq_library.edit(unit, ACCOUNT, entry_id, {**SAME, **answers}))


async def held(desk: Casework) -> dict[str, Entry]:
    return {entry.id: entry for entry in await desk.units.look(faq_library.entries)}


async def test_the_files_are_the_starting_set(desk: Casework) -> None:
    assert await held(desk) == SHIPPED


async def test_the_newest_version_wins_and_the_others_stay(desk: Casework) -> None:
    await edited(desk, "wear_hours")
    await edited(desk, "wear_hours", answer="Twenty hours.", questions="How long?\nHow often?")
    now = (await held(desk))["wear_hours"]
    before = SHIPPED["wear_hours"]
    assert (now.version, now.answer, now.title) == (before.version + 2, "Twenty hours.", before.title)
    assert now.questions == ("How long?", "How often?")
    rows = await desk.rows("SELECT version FROM faq_entry ORDER BY version")
    assert [row["version"] for row in rows] == [before.version + 1, before.version + 2]
    trail = await desk.rows("SELECT details FROM audit_entry WHERE action = 'faq.edited' ORDER BY seq")
    assert ['"entry":"wear_hours"' in row["details"] for row in trail] == [True, True]
    assert not any("Twenty" in row["details"] for row in trail)


async def test_a_changed_answer_loses_its_checked_sources_and_new_ones_have_none(desk: Casework) -> None:
    checked = next(entry for entry in SHIPPED.values() if entry.policy == "draft" and entry.sources[0].checked)
    kept = await edited(desk, checked.id, answer="same")
    assert isinstance(kept, Entry)
    assert kept.sources == checked.sources
    more = faq_library.source_line(checked.sources[0]) + "\nA new study https://example.org/a"
    kept = await edited(desk, checked.id, answer="same", sources=more)
    assert isinstance(kept, Entry)
    assert kept.sources == (checked.sources[0], Source("A new study", "https://example.org/a", False))
    changed = await edited(desk, checked.id)
    assert isinstance(changed, Entry)
    assert not any(one.checked for one in changed.sources)


async def test_a_new_entry_is_found_and_none_empties_a_list(desk: Casework) -> None:
    made = await edited(desk, "", title="Sports", questions="Do they play in aligners?", ask_first="none")
    assert isinstance(made, Entry)
    assert (made.version, made.ask_first, made.policy) == (1, (), "draft")
    assert (await held(desk))[made.id] == made


@pytest.mark.parametrize(
    ("entry_id", "answers", "key"),
    [
        ("", {}, "nothing_before"),
        ("wear_hours", {"questions": "none"}, "no_question"),
        ("wear_hours", {"patient_words": "Ask Sarah Whitcombe on 07700 900142."}, "points_at_patient"),
        ("x_pain", {}, "never_drafted"),
        ("no_such", {}, "gone"),
        ("wear_hours", {"answer": "As for Sarah Whitcombe, on 07700 900142."}, "points_at_patient"),
        ("wear_hours", {"sources": "Ask on 07700 900142"}, "points_at_patient"),
    ],
)
async def test_what_is_refused_and_leaves_nothing(
    desk: Casework, entry_id: str, answers: dict[str, Any], key: str
) -> None:
    refused = await edited(desk, entry_id, **answers)
    assert refused == Problem.of(f"library.problem.{key}")
    assert await desk.rows("SELECT id FROM faq_entry") == []


@pytest.mark.parametrize("entry_id", ["", "wear_hours"])
@pytest.mark.parametrize("place", ["title", "questions"])
async def test_what_a_person_must_answer_cannot_become_a_question(desk: Casework, entry_id: str, place: str) -> None:
    urgent = "Her face is swollen, what now?"
    given = {"title": "Wear", "questions": QUESTION, place: f"{QUESTION}\n{urgent}" if place == "questions" else urgent}
    assert await edited(desk, entry_id, **given) == Problem.of("library.problem.person", words=urgent)
    assert await desk.rows("SELECT id FROM faq_entry") == []
    answered = {**given, place: QUESTION, "answer": "Swelling or a fever is seen the same day."}
    assert isinstance(await edited(desk, entry_id, **answered), Entry)  # an answer may speak of it


async def test_words_for_the_patient_are_kept_changed_and_taken_out(desk: Casework) -> None:
    for given, stands in (("Wear them, please.", "Wear them, please."), ("same", "Wear them, please."), ("none", "")):
        made = await edited(desk, "wear_hours", patient_words=given)
        assert isinstance(made, Entry)
        assert made.patient_words == stands
    long = await edited(desk, "wear_hours", answer="a " * 1000, patient_words="b " * 450)
    assert long == Problem.of("library.problem.too_long", most=2400, length=2898)


async def test_retired_is_not_drafted_from_until_it_is_used_again(desk: Casework) -> None:
    version = SHIPPED["wear_hours"].version

    def retire(unit: Unit, seen: int) -> object:
        return faq_library.retire(unit, ACCOUNT, "wear_hours", seen)

    assert isinstance(await desk.do(lambda unit: retire(unit, version)), Entry)
    assert "wear_hours" not in await held(desk)
    assert await desk.do(lambda unit: retire(unit, version)) == Problem.of("library.problem.changed")
    back = await desk.do(lambda unit: faq_library.restore(unit, ACCOUNT, "wear_hours", version + 1))
    assert isinstance(back, Entry)
    assert (await held(desk))["wear_hours"].answer == SHIPPED["wear_hours"].answer
    assert len(await desk.rows("SELECT seq FROM audit_entry WHERE action = 'faq.retired'")) == 1
    never = await desk.do(lambda unit: faq_library.retire(unit, ACCOUNT, "x_pain", SHIPPED["x_pain"].version))
    assert never == Problem.of("library.problem.never_drafted")


async def test_every_draftable_entry_that_ships_can_be_saved_as_it_is(desk: Casework) -> None:
    for entry in SHIPPED.values():
        if entry.policy != "never_auto":
            made = await edited(desk, entry.id, answer="same")
            assert isinstance(made, Entry), (entry.id, made)


async def test_the_worker_tells_the_drafter_of_a_new_version_once(desk: Casework) -> None:
    drafter = Library(library.load(), model=lambda: None)
    worker = DraftWorker(desk.units, drafter)
    before = drafter.suggest(QUESTION)
    assert before.verdict is Verdict.DRAFT
    assert before.candidates[0].entry.answer == SHIPPED["wear_hours"].answer
    await edited(desk, "wear_hours")
    await worker.refresh()
    assert drafter.suggest(QUESTION).candidates[0].entry.answer == ANSWER
    shelf = drafter._shelf
    await worker.refresh()
    assert drafter._shelf is shelf
