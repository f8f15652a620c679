"""The intake form as one page: opened at once, mended in place, opened again after a restart."""

from __future__ import annotations

import pytest

from bot.domain.outbound import FormErrors, OpenForm, Toast, Widget
from tests.support.front import INTAKE, Chat, Front


@pytest.fixture
async def dentist(front: Front) -> Chat:
    """Dr Patel with a Slack account as well."""
    await front.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
               VALUES (51, 1, 'slack', 'T0001', 'U0001', 'active', 0)"""
        )
    )
    return front.slack("U0001")


async def opened(chat: Chat) -> OpenForm:
    form = await chat.command("new", live=True)
    assert isinstance(form, OpenForm)
    return form


async def test_the_form_opens_at_once_with_every_field(dentist: Chat) -> None:
    form = await opened(dentist)
    fields = {field.name: field for field in form.fields}
    assert [name for name, field in fields.items() if not field.optional] == [
        "pseudonym",
        "complaint",
        "event_date",
        "consent",
    ]
    assert fields["event_date"].widget is Widget.TEXT  # "none" is an answer too
    assert fields["consent"].widget is Widget.TICK
    assert fields["history"].widget is Widget.CHOICES
    assert len(form.title) <= 24
    assert len(form.token) <= 48


async def test_a_good_form_makes_a_case_and_counts_once(front: Front, dentist: Chat) -> None:
    form = await opened(dentist)
    assert await dentist.submits(form.token, dict(INTAKE)) is None
    again = await dentist.submits(form.token, dict(INTAKE))
    assert isinstance(again, Toast)
    assert "settled" in again.text
    (case,) = await front.rows("SELECT * FROM case_file")
    assert case["state"] == "offered"


async def test_every_mistake_is_said_at_its_field_and_then_mended(front: Front, dentist: Chat) -> None:
    form = await opened(dentist)
    bad = {**INTAKE, "event_date": "someday", "consent": "", "teeth": "UL9", "days_per_aligner": "100"}
    answer = await dentist.submits(form.token, bad)
    assert isinstance(answer, FormErrors)
    assert set(answer.errors) == {"event_date", "consent", "teeth", "days_per_aligner"}
    assert "from 3 to 42" in answer.errors["days_per_aligner"]
    assert await front.one("SELECT COUNT(*) FROM case_file") == 0
    assert await dentist.submits(form.token, dict(INTAKE)) is None
    assert await front.one("SELECT COUNT(*) FROM case_file") == 1


async def test_a_name_like_pseudonym_is_kept_when_sent_again_unchanged(front: Front, dentist: Chat) -> None:
    form = await opened(dentist)
    named = {**INTAKE, "pseudonym": "Jane Smith"}
    answer = await dentist.submits(form.token, named)
    assert isinstance(answer, FormErrors)
    assert "once more as it is" in answer.errors["pseudonym"]
    other = await dentist.submits(form.token, {**INTAKE, "pseudonym": "John Brown"})
    assert isinstance(other, FormErrors)  # another name is another question
    assert await dentist.submits(form.token, {**INTAKE, "pseudonym": "John Brown"}) is None
    assert await front.one("SELECT COUNT(*) FROM case_file") == 1
    assert await front.one("SELECT COUNT(*) FROM form_session WHERE state = 'asking'") == 0


async def test_after_a_restart_a_button_opens_the_form_with_what_was_typed(front: Front, dentist: Chat) -> None:
    # The trigger is gone: nothing can open now, so a message with a button comes instead.
    assert await dentist.command("new", live=False) is None
    form = await dentist.presses("Open the form", live=True)
    assert isinstance(form, OpenForm)
    assert await dentist.submits(form.token, {**INTAKE, "event_date": "someday"}, live=False) is None
    told = await dentist.last()
    assert "not sent yet" in told.text
    assert "Date to be ready for" in told.text
    again = await dentist.presses("Open the form", live=True)
    assert isinstance(again, OpenForm)
    initial = {field.name: field.initial for field in again.fields}
    assert initial["complaint"] == INTAKE["complaint"]
    assert await dentist.submits(again.token, dict(INTAKE)) is None
    assert await front.one("SELECT COUNT(*) FROM case_file") == 1


async def test_a_press_that_comes_too_late_brings_a_fresh_button(dentist: Chat) -> None:
    await dentist.command("new", live=False)
    first = (await dentist.button("Open the form")).token
    await dentist.press(first, live=False)
    assert (await dentist.button("Open the form")).token != first


async def test_a_form_token_is_its_owners_alone(front: Front, dentist: Chat) -> None:
    form = await opened(dentist)
    answer = await front.shah.submits(form.token, dict(INTAKE))
    assert isinstance(answer, Toast)
    assert "somebody else" in answer.text
    assert isinstance(await dentist.submits("forged", dict(INTAKE)), Toast)
    assert await front.one("SELECT COUNT(*) FROM case_file") == 0


async def test_what_was_typed_is_sealed(front: Front, dentist: Chat) -> None:
    form = await opened(dentist)
    await dentist.submits(form.token, {**INTAKE, "event_date": "someday"})
    (row,) = await front.rows("SELECT answers_sealed FROM form_session")
    assert b"wedding" not in bytes(row["answers_sealed"]).lower()
