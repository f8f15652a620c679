"""The part of a message that a reply picks out: carried only where it is of the same case and stands."""

from __future__ import annotations

from bot.domain.ids import MessageId
from bot.services import corrections
from storage import messages
from tests.support.casework import Casework

LINE = "About these words: “UR5”"
TOLD = "What you answer or quote from another chat"


async def native_of(desk: Casework, message: MessageId) -> str:
    """A message as its own author knows it."""
    rows = await desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {message} AND role = 'source'")
    return str(rows[0]["native_id"])


def shown(desk: Casework) -> list[str]:
    return [one.text for one in desk.platforms["slack"].shown if not one.deleted]


def told(desk: Casework) -> int:
    return sum(TOLD in one.text for one in desk.platforms["telegram"].shown)


async def test_a_part_of_another_case_does_not_come_along_and_is_told_once(desk: Casework) -> None:
    other = await desk.open_case(2)
    case = await desk.open_case(1)
    await desk.settle()
    elsewhere = await native_of(desk, await desk.says(other, "dentist", "UL4 or UR5?"))
    for text in ("Only this one?", "And this?"):
        await desk.says(case, "dentist", text, reply_to=elsewhere, quoted="UR5")
    await desk.says(case, "dentist", "Or that?", elsewhere=True)
    await desk.settle()
    assert not [text for text in shown(desk) if LINE in text]
    assert "And this?" in shown(desk)
    assert told(desk) == 1
    (loss,) = await desk.rows("SELECT times FROM loss WHERE kind = 'reply_elsewhere'")
    assert loss["times"] == 3


async def test_a_part_of_the_same_case_goes_but_not_of_what_was_withdrawn(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    parent = await desk.says(case, "dentist", "UL4 or UR5?")
    native = await native_of(desk, parent)
    await desk.says(case, "dentist", "Only this one?", reply_to=native, quoted="UR5")
    await desk.settle()
    assert f"Only this one?\n{LINE}" in shown(desk)
    assert told(desk) == 0
    row = await desk.units.look(lambda unit: messages.get(unit.tx, parent))
    assert row is not None
    assert await desk.do(lambda unit: corrections.withdraw(unit, row))
    await desk.says(case, "dentist", "And this?", reply_to=native, quoted="UR5")
    await desk.settle()
    assert "And this?" in shown(desk)
    assert told(desk) == 1
