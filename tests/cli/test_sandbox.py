"""`chairside sandbox`: the page until it is told to stop, or a whole case as a transcript; nothing is left."""

from __future__ import annotations

import re
import signal

import aiohttp

from tests.support.console import Console

STORY = (
    "Welcome to Chairside, Dr Asha Patel",
    "What shall we call this patient?",
    "Is this right?",
    "of Riverside Dental asks",
    "» Accept",
    "#case-patel-",
    "What you type here goes to Dr Asha Patel on",
    "very unlikely to be met",
    "» Release",
    "» Patient told",
    "» Approve",
    "Dr Asha Patel has approved version 1",
    "▸ /timeline",
    "» Complete",
    "Check-in: the records are complete.",
    "» It seats",
    "Check-in: aligner 1 seats.",
    "» Does not seat",
    "Seat test 1 of 6.",
    "Gap: 1 to 2 mm",
    "» I have it",
    "▸ I have your seat test. Leave 7 out",
    "▸ The new aligner, number 7, does not seat",
    "🕊 delivered",
    "Draft 1 for #6, not sent",
    "» Edit",
    "» Approve and send",
    "Dr Amar Johal · specialist · #7",
    "Library answer, edited and checked for this case",
    "Chairside is killed.",
    "It is started again.",
    "Dr Asha Patel · dentist · #8",
    "Predicted finish: was 8 June 2027",
    "refinement 1",
    "#1 (16 Mar 12:45): delivered",
    "8 messages, 8 delivered",
    "the chain is intact",
)


async def test_it_plays_a_whole_case(console: Console) -> None:
    service = await console.start(
        "sandbox",
        "--headless",
        "--script",
        "week-six",
        env={"SLACK_BOT_TOKEN": "xoxb-not-to-be-used", "CHAIRSIDE_HTTP": "x"},
    )
    assert await service.ended(100.0) == 0, service.output

    at = 0
    for line in STORY:
        found = service.output.find(line, at)
        assert found >= 0, f"{line!r} is missing, or out of order, in:\n{service.output}"
        at = found
    assert "[info" not in service.output
    assert "Traceback" not in service.output
    assert max(map(len, service.output.splitlines())) <= 101
    assert not list(console.folder.iterdir())  # nothing is left behind


async def test_it_serves_the_page_until_ctrl_c(console: Console) -> None:
    service = await console.start("sandbox")
    url = (await service.says(r"sandbox: (http://127\.0\.0\.1:\d+/)"))[1]
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        assert "Chairside" in await answer.text()
    second = await console.start("sandbox", "--port", url.rsplit(":", 1)[1].strip("/"))
    assert (await second.ended(), "is in use" in second.output) == (2, True)
    service.process.send_signal(signal.SIGINT)
    assert await service.ended() == 0, service.output
    assert re.fullmatch(r"Chairside's sandbox: \S+\nOpen that address .*\n", service.output)
    assert not list(console.folder.iterdir())


def test_a_script_of_ones_own_and_what_is_wrong_with_it(console: Console) -> None:
    mine = console.folder / "report.yaml"
    mine.write_text("steps:\n  - {who: patel, starts: ''}\n  - {who: patel, sees: Welcome}\n", encoding="utf-8")
    assert "Welcome to Chairside, Dr Asha Patel" in console.ok("sandbox", "--headless", "--script", str(mine))
    mine.write_text("steps:\n  - {who: patel, sees_room: AB}\n  - {who: nobody, says: hello}\n", encoding="utf-8")
    result = console.run("sandbox", "--headless", "--script", str(mine))
    assert (result.exit_code, result.stderr.startswith("line 3: who is one of")) == (2, True)


def test_a_step_that_does_not_come_true_stops_it(console: Console) -> None:
    mine = console.folder / "report.yaml"
    mine.write_text("steps:\n  - note: It begins.\n  - {who: patel, says: hello}\n", encoding="utf-8")
    result = console.run("sandbox", "--headless", "--script", str(mine))
    assert result.exit_code == 1
    assert "line 3: Asha has not pressed Start" in result.stderr


def test_only_stories_that_exist(console: Console) -> None:
    result = console.run("sandbox", "--script", "other")
    assert result.exit_code == 2
    assert "week-six" in result.stderr
