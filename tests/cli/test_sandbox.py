"""`chairside sandbox`: a whole case from nothing, offline, with no noise, as both sides really see it."""

from __future__ import annotations

import time

from tests.support.console import Console

STORY = (
    "Welcome to Chairside, Dr Asha Patel",
    "What shall we call this patient?",
    "Is this right?",
    "of Riverside Dental asks",
    "» Accept",
    "#case-patel-",
    "What you type here goes to Dr Asha Patel on",
    "▸ The new aligner, number 9, will not seat",
    "🕊 delivered",
    "Draft 1 for #1, not sent",
    "» Approve and send",
    "Dr Amar Johal · specialist · #2",
    "▸ Back to 8 for now",
    "✉ delivered",
    "The service is stopped.",
    "It is started again.",
    "Dr Asha Patel · dentist · #4",
    "Check-in: How are the aligners fitting?",
    "» Fitting well",
    "Check-in: the aligners fit well.",
    "#1 (15 Mar 10:0",
    "5 messages, 5 delivered",
    "the chain is intact",
)


async def test_it_plays_a_whole_case(console: Console) -> None:
    began = time.monotonic()
    service = await console.start("sandbox", env={"SLACK_BOT_TOKEN": "xoxb-not-to-be-used", "CHAIRSIDE_HTTP": "x"})
    assert await service.ended(30.0) == 0, service.output
    assert time.monotonic() - began < 30

    at = 0
    for line in STORY:
        found = service.output.find(line, at)
        assert found >= 0, f"{line!r} is missing, or out of order, in:\n{service.output}"
        at = found
    assert "[info" not in service.output
    assert "Traceback" not in service.output
    assert max(map(len, service.output.splitlines())) <= 101
    assert not list(console.folder.iterdir())  # nothing is left behind


def test_only_stories_that_exist(console: Console) -> None:
    result = console.run("sandbox", "--script", "other")
    assert result.exit_code == 2
    assert "wedding" in result.stderr
