"""When a message was sent is said only where the platform delivered it late: our clock is no platform's."""

from __future__ import annotations

import pytest

from bot.domain.richtext import plain
from bot.domain.rules import SECOND
from bot.services import redaction, relay
from bot.services.unit import Unit
from storage import seats
from tests.support.casework import PATEL, Casework


def headings(desk: Casework, text: str) -> list[str]:
    return [one.heading for one in desk.platforms["slack"].shown if one.text == text and not one.deleted]


async def test_what_follows_a_redacted_message_is_not_said_to_be_late(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await desk.says(case, "dentist", "Her mobile is 07700 900142.")
    desk.clock.advance(10 * SECOND)
    (hint,) = await desk.rows("SELECT id FROM identifier_hint")
    assert await desk.do(lambda unit: redaction.send_redacted(unit, hint["id"], PATEL)) is None
    await desk.says(case, "dentist", "And UL4 lags.", at=desk.clock.now() - SECOND)  # in whole seconds, or a little off
    await desk.settle()
    assert headings(desk, "And UL4 lags.") == ["Dr Asha Patel · dentist · #3"]


async def test_what_follows_a_file_brought_by_a_link_is_not_said_to_be_late(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()

    def brought(unit: Unit) -> None:
        seat = seats.of_case(unit.tx, case, "dentist")
        assert seat is not None
        relay.record(unit, seat, plain("The scan"), kind="file", said_at=unit.now)

    await desk.do(brought)
    await desk.says(case, "dentist", "And UL4 lags.", at=desk.clock.now() - SECOND)
    await desk.settle()
    assert headings(desk, "And UL4 lags.") == ["Dr Asha Patel · dentist · #2"]


@pytest.mark.parametrize("late", [False, True])
async def test_what_the_platform_delivers_late_says_when_it_was_sent(desk: Casework, late: bool) -> None:
    case = await desk.open_case()
    await desk.settle()
    await desk.says(case, "dentist", "UL4 lags.")
    at = desk.clock.now() + (-60 * SECOND if late else SECOND)
    await desk.says(case, "dentist", "It was fine yesterday.", at=at)
    await desk.settle()
    (heading,) = headings(desk, "It was fine yesterday.")
    assert ("sent " in heading) is late
