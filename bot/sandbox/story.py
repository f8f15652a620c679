"""Stories that the sandbox can play: people in their chats, the real service between them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.stage import Stage
from bot.sandbox.transcript import LEFT, RIGHT, Transcript
from bot.services.unit import Unit
from prompts.wording import say
from storage import audit, cases, checkins, messages

Story = Callable[[Stage, Transcript], Awaitable[None]]
BEGINS = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))
"""A Monday, thirteen weeks before the wedding."""
SECOND = 1_000_000
PATIENCE = 30.0
"""Seconds for whatever comes next; a busy machine is no reason to stop."""


async def wedding(stage: Stage, show: Transcript) -> None:
    """A case from the first question to the first check-in, with a restart in the middle."""
    await stage.move_clock_to(round(BEGINS.timestamp()) * SECOND)
    show.heads(say("sandbox.wedding.left"), say("sandbox.wedding.right"))
    dentist = stage.dentist
    await show.narrate(say("sandbox.wedding.joins"))
    await dentist.start()
    await dentist.sees("Welcome", timeout=PATIENCE)
    await show.settle()
    await _intake(stage, show)
    ref = await _takes(stage, show)
    await _question(stage, show, ref)
    await _restart(stage, show, ref)
    await _check_in(stage, show, ref)
    show.end()
    await show.narrate(await stage.do(lambda unit: _record(unit, ref)))


async def _intake(stage: Stage, show: Transcript) -> None:
    dentist = stage.dentist
    await show.narrate(say("sandbox.wedding.intake"))
    for asked, answer in (
        ("", "/new"),
        ("What shall we call this patient?", "AB"),
        ("What does the patient want?", "I want the gaps closed before my wedding"),
        ("Is there a date", "in 13 weeks"),
        ("What happens on that date?", "Wedding"),
    ):
        if asked:
            await dentist.sees(asked, timeout=PATIENCE)
        await show.settle()
        await dentist.says(answer)
    await _taps(stage, show, "Yes, the patient has agreed")
    await dentist.sees("Is this right?", timeout=PATIENCE)


async def _takes(stage: Stage, show: Transcript) -> str:
    """The specialist is asked and takes the case; its reference."""
    johal = stage.specialist
    await show.narrate(say("sandbox.wedding.offer"))
    await _taps(stage, show, "Send")
    await stage.dentist.sees("is open and a specialist is being asked", timeout=PATIENCE)
    offer = await johal.sees("asks for a specialist", timeout=PATIENCE)
    await _presses(stage, show, "Accept")
    await johal.sees_channel("case-patel", timeout=PATIENCE)
    await stage.dentist.sees("has taken", timeout=PATIENCE)
    found = re.search(r"C-\w+", offer.shown)
    assert found is not None
    return found[0]


async def _question(stage: Stage, show: Transcript, ref: str) -> None:
    dentist, johal = stage.dentist, stage.specialist
    await show.narrate(say("sandbox.wedding.question"))
    topic = await dentist.sees_topic(ref, timeout=PATIENCE)
    await dentist.says("The new aligner, number 9, will not seat fully at UL2. What should I do?", topic=topic)
    await johal.sees("will not seat fully at UL2", timeout=PATIENCE)
    await johal.sees("not sent", timeout=PATIENCE)
    await show.narrate(say("sandbox.wedding.draft"))
    await _presses(stage, show, "Approve and send")
    await dentist.sees("use chewies", timeout=PATIENCE)
    await show.settle()
    await johal.says("Back to 8 for now, 22 h a day, and a photo on Friday please.", "case-patel")
    await dentist.sees("a photo on Friday", timeout=PATIENCE)


async def _restart(stage: Stage, show: Transcript, ref: str) -> None:
    await show.narrate(say("sandbox.wedding.stopped"))
    await stage.down()
    dentist = stage.dentist
    topic = await dentist.sees_topic(ref, timeout=PATIENCE)
    await dentist.says("Back on 8 since this morning, it seats. Photo on Friday.", topic=topic)
    await show.narrate(say("sandbox.wedding.started"))
    await stage.up()
    await stage.specialist.sees("it seats. Photo on Friday", timeout=PATIENCE)


async def _check_in(stage: Stage, show: Transcript, ref: str) -> None:
    dentist = stage.dentist
    await show.settle()
    due = await stage.do(lambda unit: checkins.next_due(unit.tx))
    assert due is not None
    await show.narrate(say("sandbox.wedding.later"))
    await stage.move_clock_to(due + SECOND)
    await dentist.sees("Check-in:", timeout=PATIENCE)
    await _taps(stage, show, "Fitting well")
    await stage.specialist.sees("the aligners fit well", timeout=PATIENCE)
    await show.settle()
    await dentist.says("/status", topic=await dentist.sees_topic(ref, timeout=PATIENCE))
    await dentist.sees("#1 (")


async def _taps(stage: Stage, show: Transcript, label: str) -> None:
    await stage.telegram.truth.until(lambda: stage.dentist.button(label), PATIENCE)
    await show.act(LEFT, say("sandbox.taps", label=label))
    await stage.dentist.presses(label)


async def _presses(stage: Stage, show: Transcript, label: str) -> None:
    await stage.slack.truth.until(lambda: stage.specialist.button(label), PATIENCE)
    await show.act(RIGHT, say("sandbox.taps", label=label))
    if not await stage.specialist.presses(label):
        raise AssertionError(stage.specialist.warnings[-1])


def _record(unit: Unit, ref: str) -> str:
    """What is on record at the end."""
    case = cases.by_ref(unit.tx, ref)
    assert case is not None
    said = messages.recent(unit.tx, case["id"], 100)
    broken = audit.verify(unit.tx, case["id"])
    return say(
        "sandbox.record.intact" if broken is None else "sandbox.record.broken",
        ref=ref,
        said=len(said),
        delivered=sum(row["state"] == "delivered" for row in said),
        entries=audit.length(unit.tx, case["id"]),
    )


STORIES: Mapping[str, Story] = {"wedding": wedding}
"""By the name of `--script`."""
