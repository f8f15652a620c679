"""A script played as a transcript: both screens in order, the narration across them, and what is on record."""

from __future__ import annotations

from bot.sandbox.hands import REFUSALS, Hands
from bot.sandbox.people import BY_HANDLE
from bot.sandbox.script import Script, Step
from bot.sandbox.stage import Stage
from bot.sandbox.transcript import LEFT, RIGHT, Transcript
from bot.sandbox.troubles import Troubles
from bot.services.unit import Unit
from prompts.wording import say
from storage import audit, cases, messages

PRESSED = frozenset({"presses", "chooses", "shortcut"})
"""What leaves no message of its own."""


async def play(stage: Stage, script: Script, show: Transcript) -> None:
    """All of it; AssertionError names the step that did not come true."""
    hands = Hands(stage, Troubles(stage))
    show.heads(say("sandbox.head.left"), say("sandbox.head.right"))
    for step in script.steps:
        if step.verb == "note":
            await show.narrate(str(step.value))
            continue
        if not step.verb.startswith("sees"):
            await show.settle()
        if step.verb in PRESSED:
            await show.act(_side(step), say("sandbox.taps", label=str(step.value)))
        try:
            await hands.do(step)
        except REFUSALS as error:
            why = str(error).partition("\n")[0] or type(error).__name__
            raise AssertionError(say("sandbox.script.fault", line=step.line, why=why)) from error
    await show.settle()
    show.end()
    for line in await stage.look(on_record):
        await show.narrate(line)


def _side(step: Step) -> int:
    return LEFT if BY_HANDLE[step.who].platform == "telegram" else RIGHT


def on_record(unit: Unit) -> list[str]:
    """A line a case: what is on record at the end."""
    return [_record(unit, row["ref"]) for row in cases.overview(unit.tx, closed=True)]


def _record(unit: Unit, ref: str) -> str:
    case = cases.by_ref(unit.tx, ref)
    assert case is not None
    said = messages.recent(unit.tx, case["id"], 1000)
    broken = audit.verify(unit.tx, case["id"])
    return say(
        "sandbox.record.intact" if broken is None else "sandbox.record.broken",
        ref=ref,
        said=len(said),
        delivered=sum(row["state"] == "delivered" for row in said),
        entries=audit.length(unit.tx, case["id"]),
    )
