"""What an approved answer gives to the library: only by a second look, never with a patient, gone with its case."""

from __future__ import annotations

import pytest

from bot.domain.events import ButtonPressed, FormSubmitted
from bot.domain.faq import Policy
from bot.domain.outbound import FormErrors, OpenForm, Reply
from bot.drafting.retrieval import Library
from bot.ports.drafter import Verdict
from bot.services import faq_erasure, faq_library, faq_overview
from bot.workers.drafts import DraftWorker
from prompts import library
from prompts.wording import say
from tests.support.casework import SHAH, Casework
from tests.support.draft_desk import ENTRIES, Always, DraftDesk

ASKED = "How many hours a day should she wear them? Sarah Whitcombe is on 07700 900142."
WORN = "Would a Sunday at a festival be a catastrophe?"
OWN = "Ask them to sip plain water through a straw, and to keep the trays out of hot drinks."
LOOKED = {"looked": "yes"}


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(library.load(), lambda: None))


async def approved(room: DraftDesk, text: str = ASKED, edit: str = "") -> None:
    """A question is answered from the library, in the specialist's words where they are given."""
    await room.asks(text)
    await room.ticks()
    if edit:
        await room.edits(edit)
        await room.ticks()
    await room.presses("Approve and send")


async def looks_again(room: DraftDesk, label: str) -> OpenForm:
    """The action of its own: a window with the words as they are proposed."""
    outcome = room.cards[-1]
    token = outcome.buttons[outcome.labels.index(label)]
    opened = await room.happens(ButtonPressed(await room.origin(), token))
    assert isinstance(opened, OpenForm)
    return opened


async def sends(room: DraftDesk, form: OpenForm, **values: str) -> Reply | None:
    return await room.happens(FormSubmitted(await room.origin(), form.token, {**LOOKED, **values}))


async def keeps(room: DraftDesk, question: str) -> None:
    form = await looks_again(room, "Keep the question for the library")
    assert await sends(room, form, question=question) is None


async def suggested(room: DraftDesk, text: str) -> list[str]:
    """What the library brings after whoever drafts heard of its changes."""
    await DraftWorker(room.desk.units, room.drafter).refresh()
    found = room.drafter.suggest(text)
    return [one.entry.id for one in found.candidates] if found.verdict is Verdict.DRAFT else []


async def test_a_question_becomes_a_phrasing_by_a_second_look(room: DraftDesk) -> None:
    assert await suggested(room, WORN) == []
    await approved(room)
    assert await room.desk.rows("SELECT id FROM faq_phrasing") == []  # approving keeps nothing
    form = await looks_again(room, "Keep the question for the library")
    (proposed,) = [one.initial for one in form.fields if one.name == "question"]
    assert "How many hours a day should she wear them?" in proposed
    assert "Whitcombe" not in proposed
    assert "07700" not in proposed
    for bad in (f"{WORN} Ask Sarah Whitcombe.", f"{WORN} (C-7K01)", "Sarah, again?"):
        refused = await sends(room, form, question=bad)
        assert isinstance(refused, FormErrors), bad
        assert say("learn.points_at_patient") in refused.errors.values()
    urgent = await sends(room, form, question="What if her face is swollen?")
    assert isinstance(urgent, FormErrors)
    assert say("learn.problem.person") in urgent.errors.values()
    unlooked = await room.happens(FormSubmitted(await room.origin(), form.token, {"question": WORN}))
    assert isinstance(unlooked, FormErrors)
    assert await room.desk.rows("SELECT id FROM faq_phrasing") == []
    assert await sends(room, form, question=WORN) is None
    assert (await suggested(room, WORN))[0] == "wear_hours"
    (row,) = await room.desk.rows("SELECT * FROM faq_phrasing")
    (draft,) = await room.desk.rows("SELECT id FROM draft")
    assert (row["entry_id"], row["case_id"], row["draft_id"]) == ("wear_hours", room.case, draft["id"])
    assert b"Sunday" not in bytes(row["words_sealed"])
    (trail,) = await room.desk.rows("SELECT details FROM audit_entry WHERE action = 'answer.learned'")
    assert '"kind":"phrasing"' in trail["details"]
    again = await room.happens(FormSubmitted(await room.origin(), form.token, {**LOOKED, "question": WORN}))
    assert again is not None  # the same window does nothing twice
    assert len(await room.desk.rows("SELECT id FROM faq_phrasing")) == 1


async def test_it_is_taken_out_again(room: DraftDesk) -> None:
    await approved(room)
    await keeps(room, WORN)
    line = room.desk.platforms["slack"].shown[-1]
    assert "questions like it now bring" in line.text
    await room.happens(ButtonPressed(await room.origin(), line.buttons[0]))
    assert await suggested(room, WORN) == []
    assert await room.desk.rows("SELECT id FROM faq_phrasing WHERE words_sealed IS NOT NULL") == []


async def test_an_edit_of_the_entry_keeps_its_phrasings_apart(room: DraftDesk) -> None:
    await approved(room)
    await keeps(room, WORN)
    account = {"person_id": 2, "role": "specialist"}
    same = {"title": "same", "questions": "same", "answer": "Twenty-two hours."}
    made = await room.desk.do(lambda unit: faq_library.edit(unit, account, "wear_hours", same))
    assert not isinstance(made, type(None))
    rows = await room.desk.rows("SELECT entry FROM faq_entry")
    assert not any("Sunday" in row["entry"] for row in rows)
    assert (await suggested(room, WORN))[0] == "wear_hours"


async def test_an_edited_answer_becomes_an_entry(room: DraftDesk) -> None:
    await approved(room, edit=OWN)
    form = await looks_again(room, "Make it a library entry")
    initial = {one.name: one.initial for one in form.fields}
    assert initial["answer"] == OWN
    named = await sends(room, form, title="Drinks", question="What may she drink?", answer=f"{OWN} Dr Patel knows.")
    assert isinstance(named, FormErrors)
    urgent = await sends(room, form, title="A swollen face", question="May she have tea?", answer=OWN)
    assert isinstance(urgent, FormErrors)
    assert say("learn.problem.person") in urgent.errors.values()
    assert await sends(room, form, title="Hot drinks", question="May they have hot tea?\nCoffee?", answer=OWN) is None
    entries = await room.desk.units.look(faq_library.entries)
    (made,) = [one for one in entries if one.title == "Hot drinks"]
    assert (made.answer, made.questions) == (OWN, ("May they have hot tea?", "Coffee?"))
    assert (made.sources, made.policy) == ((), Policy.DRAFT)
    (row,) = await room.desk.rows("SELECT * FROM faq_entry")
    assert (row["case_id"], row["entry"]) == (room.case, "")
    assert (await suggested(room, "May they have hot tea?"))[0] == made.id


async def test_only_the_specialist_of_the_case_may(room: DraftDesk) -> None:
    await approved(room)
    outcome = room.cards[-1]
    token = outcome.buttons[outcome.labels.index("Keep the question for the library")]
    assert not isinstance(await room.happens(ButtonPressed(await room.origin(person=SHAH), token)), OpenForm)
    await room.desk.reassign(room.case, SHAH)
    await room.desk.settle()
    assert not isinstance(await room.happens(ButtonPressed(await room.origin(), token)), OpenForm)


async def test_a_case_that_is_erased_takes_all_of_it_along(room: DraftDesk) -> None:
    await approved(room)
    await keeps(room, WORN)
    await approved(room, edit=OWN)
    form = await looks_again(room, "Make it a library entry")
    assert await sends(room, form, title="Hot drinks", question="May they have hot tea?", answer=OWN) is None
    (learned,) = [one.id for one in await room.desk.units.look(faq_library.entries) if one.title == "Hot drinks"]
    account = {"person_id": 2, "role": "specialist"}
    changed = {"title": "same", "questions": "same", "answer": f"{OWN} Slowly."}
    await room.desk.do(lambda unit: faq_library.edit(unit, account, learned, changed))
    rows = await room.desk.rows("SELECT entry, case_id FROM faq_entry ORDER BY version")
    assert [(row["entry"], row["case_id"]) for row in rows] == [("", room.case)] * 2  # a later version is sealed, too
    assert (await suggested(room, "May they have hot tea?"))[0] == learned

    other = await room.desk.open_case(2)
    await room.desk.settle()
    elsewhere = DraftDesk(room.desk, room.drafter, other)
    await elsewhere.asks("May they have hot tea?")
    assert f"{OWN} Slowly." in elsewhere.cards[-1].text
    press = ButtonPressed(await elsewhere.origin(), elsewhere.token("Approve and send"))

    assert await room.desk.do(lambda unit: faq_erasure.withdraw(unit, room.case)) == 3
    await room.desk.settle()
    assert "has left the library" in elsewhere.cards[-1].text
    await elsewhere.happens(press)
    await elsewhere.asks("Are you there?")
    assert elsewhere.arrived == []
    assert not any(f"{OWN} Slowly." in one.text for one in elsewhere.cards)
    assert await suggested(room, WORN) == []
    assert learned not in await suggested(room, "May they have hot tea?")
    assert learned not in [one.id for one in await room.desk.units.look(faq_library.entries)]
    left = "SELECT id FROM {} WHERE {} IS NOT NULL"
    assert await room.desk.rows(left.format("faq_entry", "entry_sealed")) == []
    assert await room.desk.rows(left.format("faq_phrasing", "words_sealed")) == []
    assert await room.desk.do(lambda unit: faq_erasure.withdraw(unit, room.case)) == 0


@pytest.mark.parametrize("ended", ["erased", "retired"])
async def test_what_has_left_the_library_is_no_other_answer_any_more(room: DraftDesk, ended: str) -> None:
    await approved(room, edit=OWN)
    form = await looks_again(room, "Make it a library entry")
    assert await sends(room, form, title="Hot drinks", question="May they have hot tea?", answer=OWN) is None
    (learned,) = [one for one in await room.desk.units.look(faq_library.entries) if one.title == "Hot drinks"]
    other = await room.desk.open_case(2)
    await room.desk.settle()
    elsewhere = DraftDesk(room.desk, Always(*ENTRIES[:2], learned), other)
    await elsewhere.asks("May they have hot tea?")
    await elsewhere.presses("Other answers")
    assert OWN in elsewhere.cards[-1].text
    use = ButtonPressed(await elsewhere.origin(), elsewhere.token("Use 3"))
    if ended == "erased":
        await room.desk.do(lambda unit: faq_erasure.withdraw(unit, room.case))
        await room.desk.settle()
        assert OWN not in elsewhere.cards[-1].text  # before anybody presses anything
    else:
        account = {"person_id": 2, "role": "specialist"}
        await room.desk.do(lambda unit: faq_library.retire(unit, account, learned.id, learned.version))
    await elsewhere.happens(use)
    expected = {"erased": "has fresh buttons", "retired": "That answer has left the library."}[ended]
    assert expected in elsewhere.toasts[-1]
    assert OWN not in elsewhere.cards[-1].text
    if ended == "erased":
        await elsewhere.presses("Other answers")
    assert [label for label in elsewhere.cards[-1].labels if label.startswith("Use")] == ["Use 1", "Use 2"]
    await elsewhere.presses("Use 2")
    await elsewhere.presses("Approve and send")
    assert elsewhere.arrived[-1].startswith(ENTRIES[1].answer)


async def test_a_card_made_from_a_retired_entry_is_not_approved(room: DraftDesk) -> None:
    await approved(room, edit=OWN)
    form = await looks_again(room, "Make it a library entry")
    assert await sends(room, form, title="Hot drinks", question="May they have hot tea?", answer=OWN) is None
    (learned,) = [one for one in await room.desk.units.look(faq_library.entries) if one.title == "Hot drinks"]
    sent, room.drafter = len(room.arrived), Always(learned)
    await room.asks("May they have hot tea?")
    account = {"person_id": 2, "role": "specialist"}
    await room.desk.do(lambda unit: faq_library.retire(unit, account, learned.id, learned.version))
    await room.presses("Approve and send")
    assert len(room.arrived) == sent
    assert "has left the library" in room.toasts[-1]
    await room.looks()
    assert "has left the library" in room.cards[-1].text
    assert room.cards[-1].labels == ()


async def test_a_case_whose_key_is_gone_leaves_nothing_to_read(room: DraftDesk) -> None:
    await approved(room)
    await keeps(room, WORN)
    await approved(room, edit=OWN)
    form = await looks_again(room, "Make it a library entry")
    assert await sends(room, form, title="Hot drinks", question="May they have hot tea?", answer=OWN) is None
    whole = await room.desk.units.look(faq_overview.standing)
    assert any(WORN in one for one in whole["entries"])
    assert (whole["retired"], whole["closed"]) == ([], [])
    await room.desk.do(lambda unit: unit.tx.execute("DELETE FROM case_key WHERE case_id = 1001"))
    room.desk.units.sealer.forget(room.case)
    assert not any(one.phrasings for one in await room.desk.units.look(faq_library.entries))
    left = await room.desk.units.look(faq_overview.standing)
    assert [one for one in left["closed"] if one.startswith("chat-")] == left["closed"] != []
    assert not any("hot tea" in one for one in left["entries"])
