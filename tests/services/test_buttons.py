"""Buttons under abuse: forged, foreign, expired, pressed twice, pressed at once, pressed after the parties changed."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.addresses import Account
from bot.domain.ids import CaseId, PersonId
from bot.domain.outbound import Button
from bot.domain.problems import Problem
from bot.domain.rules import DAY
from bot.services import buttons, people
from bot.services.buttons import Pressed
from bot.services.unit import Unit, random_token
from prompts.wording import say
from storage import cases
from tests.support.casework import JOHAL, PATEL, SHAH, Casework

STRANGER = Account("telegram", "", "700088")


async def made(desk: Casework, **more: object) -> Button:
    """A button of Dr Johal."""
    given = {"person_id": JOHAL, "label": "Go", "data": {"n": 1}, **more}
    return await desk.do(lambda unit: buttons.make(unit, "test.go", **given))  # type: ignore[arg-type]


async def pressed(
    desk: Casework, button: Button | str, by: PersonId | None = JOHAL, sender: Account | None = None
) -> Pressed | str:
    """What a press gives: the press, or the key of the line that refuses it."""
    token = button if isinstance(button, str) else button.token
    found = await desk.do(lambda unit: buttons.press(unit, token, by, sender))
    if isinstance(found, Problem):
        assert say(found.key, **found.values)
        return found.key
    return found


def test_a_nonce_has_128_bits() -> None:
    assert len(random_token()) == 22
    assert random_token() != random_token()


async def test_it_counts_once(desk: Casework) -> None:
    button = await made(desk)
    first = await pressed(desk, button)
    assert isinstance(first, Pressed)
    assert (first.action, first.data, first.person_id) == ("test.go", {"n": 1}, JOHAL)
    assert await pressed(desk, button) == "button.used"


async def test_only_the_hash_is_kept(desk: Casework) -> None:
    button = await made(desk)
    (row,) = await desk.rows("SELECT * FROM button")
    assert button.token not in str(row)


@pytest.mark.parametrize("token", ["", "forged", "token-1'; --", "x" * 64, "токен"])
async def test_forged(desk: Casework, token: str) -> None:
    await made(desk)
    assert await pressed(desk, token) == "button.gone"


async def test_foreign(desk: Casework) -> None:
    button = await made(desk)
    assert await pressed(desk, button, SHAH) == "button.foreign"
    assert await pressed(desk, button, None, STRANGER) == "button.foreign"
    assert isinstance(await pressed(desk, button), Pressed)  # and it was not used up by them


async def test_expired(desk: Casework) -> None:
    button = await made(desk, life=DAY)
    desk.clock.advance(DAY)
    assert await pressed(desk, button) == "button.expired"


async def test_replayed_after_the_parties_changed(desk: Casework) -> None:
    case = await desk.open_case()
    button = await made(desk, case_id=case, case_epoch=1)
    unbound = await made(desk, case_id=case)
    await desk.do(lambda unit: cases.raise_epoch(unit.tx, case))
    assert await pressed(desk, button) == "button.changed"
    assert isinstance(await pressed(desk, unbound), Pressed)


async def test_a_seats_button_is_for_whoever_sits_there_until_the_parties_change(desk: Casework) -> None:
    case = await desk.open_case()
    seat = await desk.seat(case, "specialist")

    def both(unit: Unit) -> tuple[Button, Button]:
        bound = buttons.for_seat(unit, seat, "test.go", "Go", once=False)
        return bound, buttons.for_seat(unit, seat, "test.go", "Go", lasting=True)

    bound, lasting = await desk.do(both)
    assert await pressed(desk, bound, PATEL) == "button.foreign"
    first = await pressed(desk, bound)
    assert isinstance(first, Pressed)
    assert (first.person_id, first.case_id) == (JOHAL, case)
    await desk.do(lambda unit: cases.raise_epoch(unit.tx, case))
    assert await pressed(desk, bound) == "button.changed"
    assert isinstance(await pressed(desk, lasting), Pressed)


async def test_a_group_is_used_up_together(desk: Casework) -> None:
    yes, no = await made(desk, group="g"), await made(desk, group="g")
    other = await made(desk, group="h")
    assert isinstance(await pressed(desk, yes), Pressed)
    assert await pressed(desk, no) == "button.used"
    assert isinstance(await pressed(desk, other), Pressed)


async def test_some_may_be_pressed_again(desk: Casework) -> None:
    button = await made(desk, once=False)
    for _ in range(3):
        assert isinstance(await pressed(desk, button), Pressed)


async def test_two_presses_at_once_act_once(desk: Casework) -> None:
    button = await made(desk)
    found = await asyncio.gather(*(pressed(desk, button) for _ in range(20)))
    assert sum(isinstance(one, Pressed) for one in found) == 1
    assert {one for one in found if isinstance(one, str)} == {"button.used"}


async def test_of_a_group_pressed_at_once_one_wins(desk: Casework) -> None:
    group = [await made(desk, group="g") for _ in range(6)]
    found = await asyncio.gather(*(pressed(desk, button) for button in group * 3))
    assert sum(isinstance(one, Pressed) for one in found) == 1


async def test_a_press_and_a_change_of_parties_never_both_count(desk: Casework) -> None:
    for number in range(2, 8):
        case = await desk.open_case(number)
        button = await made(desk, case_id=case, case_epoch=1)

        def move(case: CaseId = case) -> object:
            return desk.do(lambda unit: cases.raise_epoch(unit.tx, case))

        press, _ = await asyncio.gather(pressed(desk, button), move())  # type: ignore[call-overload]
        assert isinstance(press, Pressed) or press == "button.changed"


async def test_for_an_account_that_is_nobody_yet(desk: Casework) -> None:
    button = await made(desk, person_id=None, account=STRANGER)
    assert await pressed(desk, button, PATEL) == "button.foreign"
    assert await pressed(desk, button, None, Account("telegram", "", "700089")) == "button.foreign"
    assert isinstance(await pressed(desk, button, None, STRANGER), Pressed)


async def test_a_button_is_always_somebodys(desk: Casework) -> None:
    with pytest.raises(ValueError, match="one person"):
        await made(desk, person_id=None)


async def test_nothing_of_somebody_on_hold_works(desk: Casework) -> None:
    before = await made(desk)
    await desk.do(lambda unit: people.lock(unit, "johal", "test"))
    after = await made(desk)
    assert await pressed(desk, before) in ("button.locked", "button.used")
    assert await pressed(desk, after) == "button.locked"
    await desk.do(lambda unit: people.unlock(unit, "johal", "test"))
    assert await pressed(desk, before) == "button.used"  # a void button stays void
    assert isinstance(await pressed(desk, after), Pressed)
