"""The plan through the router: the form as one page, what is wrong at its field, buttons for one version."""

from __future__ import annotations

from bot.domain.addresses import Place
from bot.domain.outbound import FormErrors, OpenForm, Toast
from tests.handlers.helpers import opened
from tests.support.front import Chat, Front

GOOD: dict[str, str | tuple[str, ...]] = {
    "aligners": "12",
    "days_per_aligner": "10",
    "ipr": "aligner 4: 13-12 0.2 mm per contact",
}


async def room_of(front: Front, side: str) -> Place:
    (row,) = await front.rows(f"SELECT platform, workspace, chat, topic FROM seat WHERE side = '{side}'")
    return Place(row["platform"], row["workspace"], row["chat"], row["topic"])


async def form(front: Front, chat: Chat) -> OpenForm:
    shown = await chat.command("plan", live=True, place=await room_of(front, "specialist"))
    assert isinstance(shown, OpenForm)
    return shown


async def test_the_form_is_one_page_and_what_is_wrong_stands_at_its_field(front: Front) -> None:
    await opened(front)
    await front.work.settle()
    page = await form(front, front.johal)
    assert [field.name for field in page.fields if not field.optional] == ["aligners", "days_per_aligner"]
    assert len([field for field in page.fields if field.name not in ("ipr", "document")]) == 6
    bad = await front.johal.submits(page.token, {**GOOD, "ipr": "aligner 4: 13-12 0.2 mm", "aligners": "many"})
    assert isinstance(bad, FormErrors)
    assert set(bad.errors) == {"aligners", "ipr"}
    assert "per contact or per surface" in bad.errors["ipr"]
    assert await front.one("SELECT COUNT(*) FROM plan_version") == 0
    assert await front.johal.submits(page.token, GOOD) is None
    assert await front.one("SELECT COUNT(*) FROM plan_version") == 1
    assert isinstance(await front.johal.submits(page.token, GOOD), Toast)  # it counts once


async def test_a_change_of_unit_is_said_in_the_window(front: Front) -> None:
    await opened(front)
    await front.work.settle()
    page = await form(front, front.johal)
    assert await front.johal.submits(page.token, GOOD) is None
    await front.johal.command("plan", place=await room_of(front, "specialist"))
    page2 = await front.johal.presses("New version", live=True)
    assert isinstance(page2, OpenForm)
    before = {field.name: field.initial for field in page2.fields}
    assert before["aligners"] == "12/12"
    assert before["ipr"] == "aligner 4: UR3-UR2 (13-12) 0.2 mm per contact"
    other = await front.johal.submits(page2.token, {**GOOD, "ipr": "aligner 4: 13-12 0.1 mm per surface"})
    assert isinstance(other, FormErrors)
    assert "A change of unit is not taken" in other.errors["ipr"]


async def test_an_older_version_cannot_be_approved(front: Front) -> None:
    await opened(front)
    await front.work.settle()
    page = await form(front, front.johal)
    assert await front.johal.submits(page.token, GOOD) is None
    old = await front.patel.button("Approve")
    await front.johal.command("plan", place=await room_of(front, "specialist"))
    page2 = await front.johal.presses("New version", live=True)
    assert isinstance(page2, OpenForm)
    assert await front.johal.submits(page2.token, {**GOOD, "aligners": "14"}) is None
    await front.patel.press(old.token)
    assert await front.one("SELECT COUNT(*) FROM plan_version WHERE state = 'approved'") == 0
    await front.patel.presses("Approve")
    assert await front.one("SELECT version FROM plan_version WHERE state = 'approved'") == 2


async def test_only_who_has_a_seat_fills_it_in(front: Front) -> None:
    await opened(front)
    await front.work.settle()
    page = await form(front, front.johal)
    foreign = await front.shah.submits(page.token, GOOD)
    assert isinstance(foreign, Toast)
    assert await front.one("SELECT COUNT(*) FROM plan_version") == 0
