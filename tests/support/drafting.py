"""What scenarios do with a draft's card, whichever app it stands in."""

from __future__ import annotations

from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import eventually

UNTICKED = "☐"


def labels(side: Side) -> list[str]:
    """Every button in sight in a room, card by card."""
    if isinstance(side, SlackSide):
        return side.person.labels(side.room)
    assert isinstance(side, TelegramSide)
    shown = side.person.messages(side.room)
    return [button.label for one in shown for row in one.buttons for button in row]


async def ticks(side: Side) -> None:
    """Tick the facts of the newest card, one after the other."""
    await eventually(lambda: _boxes(side) == 2)
    for left in (1, 0):
        await side.presses(UNTICKED)
        await eventually(lambda wanted=left: _boxes(side) == wanted)


def _boxes(side: Side) -> int:
    return sum(label.startswith(UNTICKED) for label in labels(side))
