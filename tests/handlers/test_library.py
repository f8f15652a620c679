"""`/library`: who may use it, the window in Slack, and the same questions one by one in Telegram."""

from __future__ import annotations

from bot.domain.outbound import FormErrors, OpenForm, Toast
from bot.services import draft_sources, faq_library
from bot.services.unit import Unit
from prompts import library
from prompts.wording import say
from tests.support.front import Chat, Front

ANSWER = "Twenty-two hours a day, and count the meals."
SHIPPED = {entry.id: entry for entry in library.load()}


def answer_of(unit: Unit, entry_id: str) -> str | None:
    entry = next((one for one in faq_library.entries(unit) if one.id == entry_id), None)
    return None if entry is None else entry.answer


async def on_telegram(front: Front) -> Chat:
    await front.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
               VALUES (62, 2, 'telegram', '', '700002', 'active', 0)"""
        )
    )
    return front.telegram("700002")


async def test_only_a_specialist_may(front: Front) -> None:
    for chat in (front.patel, front.sam):
        assert await chat.command("library", live=True) == Toast(say("case.not_for_you"))


async def test_what_is_never_drafted_has_no_buttons(front: Front) -> None:
    await front.johal.command("library", SHIPPED["x_pain"].title)
    shown = await front.johal.last()
    assert "never drafted: it calls you" in shown.text
    assert "New entry" in shown.labels
    assert not any("1" in label for label in shown.labels)


async def test_an_edit_in_a_window_opens_filled_in_and_says_what_to_mend(front: Front) -> None:
    entry = SHIPPED["wear_hours"]
    await front.johal.command("library", entry.title)
    opened = await front.johal.presses("Edit 1", live=True)
    assert isinstance(opened, OpenForm)
    values = {one.name: one.initial for one in opened.fields}
    assert values["answer"] == entry.answer
    bad = {**values, "answer": "As for Sarah Whitcombe, on 07700 900142."}
    refused = await front.johal.submits(opened.token, bad)
    assert isinstance(refused, FormErrors)
    assert list(refused.errors.values()) == [say("library.problem.points_at_patient")]
    assert await front.johal.submits(opened.token, {**values, "answer": ANSWER}) is None
    assert f"version {entry.version + 1}. The next draft uses it." in (await front.johal.last()).text
    assert await front.do(lambda unit: answer_of(unit, "wear_hours")) == ANSWER
    stale = await front.johal.presses("Edit 1", live=True)  # the list shows what was there before
    assert isinstance(stale, Toast | None)
    assert say("library.problem.changed") in (stale.text if stale else await front.johal.texts())


async def test_a_window_that_comes_too_late_gives_its_words_back(front: Front) -> None:
    await front.johal.command("library", SHIPPED["wear_hours"].title)
    mine = await front.johal.presses("Edit 1", live=True)
    other = await front.johal.presses("Edit 1", live=True)
    assert isinstance(mine, OpenForm)
    assert isinstance(other, OpenForm)
    values = {one.name: one.initial for one in mine.fields}
    assert await front.johal.submits(other.token, {**values, "answer": ANSWER}) is None
    assert await front.johal.submits(mine.token, {**values, "answer": "Twenty hours, mostly."}) is None
    back = (await front.johal.last()).text
    assert back.startswith(say("library.problem.changed"))
    assert "Twenty hours, mostly." in back
    assert await front.do(lambda unit: answer_of(unit, "wear_hours")) == ANSWER


async def test_words_for_the_patient_hold_no_figure_of_their_own(front: Front) -> None:
    await front.johal.command("library", SHIPPED["wear_hours"].title)
    opened = await front.johal.presses("Edit 1", live=True)
    assert isinstance(opened, OpenForm)
    values = {one.name: one.initial for one in opened.fields}
    refused = await front.johal.submits(
        opened.token, {**values, "answer": "20 hours.", "patient_words": "20 or 99 hours."}
    )
    assert isinstance(refused, FormErrors)
    assert "say 99, and the answer does not" in next(iter(refused.errors.values()))


async def test_retire_and_use_again(front: Front) -> None:
    await front.johal.command("library", SHIPPED["wear_hours"].title)
    await front.johal.presses("Retire 1")
    assert await front.do(lambda unit: answer_of(unit, "wear_hours")) is None
    await front.johal.presses("Use it again")
    assert await front.do(lambda unit: answer_of(unit, "wear_hours")) == SHIPPED["wear_hours"].answer


async def test_question_by_question(front: Front) -> None:
    johal = await on_telegram(front)
    await johal.command("library", "no-such-word")
    await johal.presses("New entry")
    for words in ("Brass instruments", "May they play the trumpet?", ANSWER):
        await johal.types(words)
    await johal.presses("Send")
    assert "Saved: “Brass instruments”, version 1" in await johal.texts() + await front.johal.texts()
    await johal.command("library", "trumpet")
    assert "1. Brass instruments (version 1)" in (await johal.last()).text
    await johal.presses("Edit 1")
    for words in ("same", "same", "Yes, without them."):
        await johal.types(words)
    await johal.presses("Send")
    await johal.command("library", "trumpet")
    assert "1. Brass instruments (version 2)" in (await johal.last()).text


async def test_a_source_is_looked_up_by_somebody_on_a_day(front: Front) -> None:
    entry = SHIPPED["not_seating"]
    open_ = next(place for place, one in enumerate(entry.sources, 1) if not one.checked)
    await front.johal.command("library", entry.title)
    await front.johal.presses("Sources 1")
    shown = (await front.johal.last()).text
    assert "Nobody has looked it up; it is not shown." in shown
    assert "Looked up before it came to us." in shown
    await front.johal.presses(f"I have looked up {open_}")
    assert "Looked up by Dr Amar Johal on" in (await front.johal.last()).text
    (made,) = [one for one in await front.do(faq_library.entries) if one.id == entry.id]
    assert made.version == entry.version + 1
    assert made.answer == entry.answer
    assert made.sources[open_ - 1].checked
    assert made.sources[open_ - 1].on is not None
    assert draft_sources.option_of(made, "strong").sources == tuple(one.ref for one in made.sources)
    trail = await front.do(lambda unit: unit.tx.all("SELECT action FROM audit_entry WHERE action LIKE 'faq.source%'"))
    assert [row["action"] for row in trail] == ["faq.source_checked"]

    await front.johal.presses(f"{open_} is not looked up")
    (made,) = [one for one in await front.do(faq_library.entries) if one.id == entry.id]
    assert made.sources == entry.sources
    stale = await front.johal.presses("Sources 1", live=True)  # the list shows the version before
    assert say("library.problem.changed") in (stale.text if isinstance(stale, Toast) else await front.johal.texts())


async def test_retired_entries_are_listed_and_taken_back(front: Front) -> None:
    title = SHIPPED["wear_hours"].title
    await front.johal.command("library", "retired")
    assert (await front.johal.last()).text == say("library.none_retired")
    await front.johal.command("library", title)
    await front.johal.presses("Retire 1")
    await front.johal.command("library", "aligner")
    assert "1 is retired: “library retired” lists them." in (await front.johal.last()).text
    await front.johal.command("library", "retired zebra")
    assert (await front.johal.last()).text == say("library.none_retired")
    await front.johal.command("library", "retired hours")
    assert title in (await front.johal.last()).text
    await front.johal.presses("Use 1 again")
    assert await front.do(lambda unit: answer_of(unit, "wear_hours")) == SHIPPED["wear_hours"].answer
