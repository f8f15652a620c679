"""Forewarnings of a case: the specialist decides on each, the dentist acknowledges, and a red one holds up approval."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.codec import dump
from bot.domain.ids import CaseId
from bot.domain.problems import Problem
from bot.domain.rules import HOUR
from bot.services import forewarnings, plans, reflow
from bot.services.unit import Unit
from storage import cases
from tests.services import test_plans
from tests.services.test_plans import TODAY, a_case
from tests.support.casework import JOHAL, PATEL, SHAH, Casework

Row = dict[str, Any]
WEDDING = TODAY + timedelta(days=91)


async def submit(desk: Casework, case: CaseId, movements: str = "rotation 13 20°", **more: str) -> None:
    assert isinstance(await test_plans.submit(desk, case, movements=movements, **more), int)


async def standing(desk: Casework, case: CaseId) -> dict[str, Row]:
    rows = await desk.rows("SELECT * FROM forewarning WHERE state <> 'superseded'")
    return {row["rule"]: row for row in rows if row["case_id"] == case}


async def approve(desk: Casework, case: CaseId, version: int = 1) -> Problem | None:
    seat = await desk.seat(case, "specialist")
    return await desk.do(lambda unit: plans.approve(unit, case, version, seat))


async def decide(desk: Casework, row: Row, *, release: bool, text: str = "") -> Problem | None:
    done = await desk.do(lambda unit: forewarnings.decide(unit, row["id"], JOHAL, release=release, text=text))
    await desk.settle()
    return done


async def read(desk: Casework, row: Row, *, told: bool = False) -> Problem | None:
    done = await desk.do(lambda unit: forewarnings.acknowledge(unit, row["id"], PATEL, told=told))
    await desk.settle()
    return done


def shown(desk: Casework, platform: str) -> str:
    return "\n".join(one.text for one in desk.platforms[platform].shown)


async def test_the_specialist_sees_them_first_with_figure_and_source(desk: Casework) -> None:
    case = await a_case(desk, WEDDING)
    await submit(desk, case)
    rows = await standing(desk, case)
    assert {rule: row["severity"] for rule, row in rows.items()} == {
        "rot_canine": "red",
        "deadline": "red",
        "interval": "amber",
    }
    assert "35.8% of plan" in shown(desk, "slack")
    assert "Kravitz, Angle Orthod 2008 (53 canines)" in shown(desk, "slack")
    assert "Because: rotation UR3 (13), 20°." in shown(desk, "slack")
    assert "35.8% of plan" not in shown(desk, "telegram")


async def test_red_ones_hold_up_approval_until_they_are_acknowledged(desk: Casework) -> None:
    case = await a_case(desk, WEDDING)
    await submit(desk, case)
    assert await approve(desk, case) == Problem.of("forewarning.problem.undecided", n=2, version=1)
    rows = await standing(desk, case)
    assert await decide(desk, rows["rot_canine"], release=True) is None
    assert await decide(desk, rows["deadline"], release=True) is None
    assert "Dr Amar Johal asks you to know this" in shown(desk, "telegram")
    assert await approve(desk, case) == Problem.of("forewarning.problem.unread", n=2, version=1)
    assert await read(desk, rows["rot_canine"]) is None
    assert await read(desk, rows["deadline"], told=True) is None
    assert await approve(desk, case) is None
    after = await standing(desk, case)
    assert (after["rot_canine"]["state"], after["deadline"]["state"]) == ("acknowledged", "told")
    assert after["deadline"]["acknowledged_at"]
    assert after["deadline"]["told_at"]
    assert await read(desk, rows["rot_canine"], told=True) is None  # told later
    assert "has told the patient about “Canine derotation”" in shown(desk, "slack")


async def test_what_is_withheld_is_never_shown_to_the_dentist_and_holds_up_nothing(desk: Casework) -> None:
    case = await a_case(desk, WEDDING)
    await submit(desk, case)
    for row in (await standing(desk, case)).values():
        assert await decide(desk, row, release=False) is None
    assert await approve(desk, case) is None
    assert "forewarning" not in shown(desk, "telegram").lower()


async def test_own_words_keep_the_unit(desk: Casework) -> None:
    case = await a_case(desk)
    await submit(desk, case, ipr="aligner 4: 13-12 0.6 mm per contact")
    row = (await standing(desk, case))["ipr_contact"]
    refused = await decide(desk, row, release=True, text="Please keep this below 0.5 mm.")
    assert refused == Problem.of("forewarning.problem.unit")
    assert await decide(desk, row, release=True, text="Please stay below 0.5 mm per contact here.") is None
    assert "Please stay below 0.5 mm per contact here." in shown(desk, "telegram")
    assert "Sarig, AJO-DO 2015" in shown(desk, "telegram")
    (kept,) = [one for one in await desk.rows("SELECT words_sealed FROM forewarning") if one["words_sealed"]][:1]
    assert b"contact" not in bytes(kept["words_sealed"])


async def test_each_decides_only_what_is_theirs(desk: Casework) -> None:
    case = await a_case(desk, WEDDING)
    await submit(desk, case)
    row = (await standing(desk, case))["rot_canine"]
    for other in (PATEL, SHAH):
        wrong = await desk.do(lambda unit, by=other: forewarnings.decide(unit, row["id"], by, release=True))  # type: ignore[misc]
        assert wrong == Problem.of("button.stale")
    early = await read(desk, row)
    assert early == Problem.of("button.used")  # nothing is released yet
    assert await decide(desk, row, release=True) is None
    assert await decide(desk, row, release=False) == Problem.of("button.used")
    wrong = await desk.do(lambda unit: forewarnings.acknowledge(unit, row["id"], JOHAL, told=False))
    assert wrong == Problem.of("button.stale")


async def test_the_next_version_asks_only_what_is_new(desk: Casework) -> None:
    case = await a_case(desk, WEDDING)
    await submit(desk, case)
    rows = await standing(desk, case)
    for row in rows.values():
        assert await decide(desk, row, release=True) is None
        assert await read(desk, row) is None
    await submit(desk, case, movements="rotation 13 12°; extrusion 11 1 mm")
    after = await standing(desk, case)
    assert {rule: (row["severity"], row["state"]) for rule, row in after.items()} == {
        "deadline": ("red", "acknowledged"),  # as it was
        "interval": ("amber", "asked"),
        "rot_canine": ("amber", "asked"),  # another amount is another warning
        "extrusion": ("amber", "asked"),
    }
    assert after["rot_canine"]["version"] == 2
    assert await approve(desk, case, 2) is None  # amber ones hold up nothing


async def test_a_successor_is_asked_anew(desk: Casework) -> None:
    case = await a_case(desk, WEDDING)
    await submit(desk, case)
    row = (await standing(desk, case))["rot_canine"]
    await desk.reassign(case, SHAH)
    await desk.settle()
    seat = await desk.seat(case, "specialist")
    assert await desk.do(lambda unit: forewarnings.show_open(unit, seat)) == 3
    assert await desk.do(lambda unit: forewarnings.decide(unit, row["id"], SHAH, release=True)) is None


async def test_what_is_known_before_any_plan_sets_rules_off(desk: Casework) -> None:
    case = await a_case(desk, TODAY + timedelta(days=56))
    await known(desk, case, overbite=6.0, history=["previous_ortho"], aligners={"upper": 26, "lower": 20})
    assert await review(desk, case) == 4
    rows = await standing(desk, case)
    assert {rule: row["severity"] for rule, row in rows.items()} == {
        "deadline": "red",  # a fit and a refinement's lead alone reach to it
        "deep_bite": "amber",
        "prior_ortho": "amber",
        "aligner_count": "amber",
    }
    assert {row["version"] for row in rows.values()} == {0}
    assert "Because: overbite 6 mm." in shown(desk, "slack")
    assert "23 July 2026 at the earliest, whatever the plan; wanted by 23 July 2026" in shown(desk, "slack")
    assert await review(desk, case) == 0  # nothing new, nothing asked


async def test_a_reflow_that_turns_amber_or_red_is_never_silent(desk: Casework) -> None:
    case = await a_case(desk, TODAY + timedelta(days=120))
    desk.clock.advance(14 * HOUR)  # the next morning
    await submit(desk, case, movements="")
    assert (await standing(desk, case))["deadline"]["severity"] == "amber"
    amber = (await standing(desk, case))["deadline"]
    assert await decide(desk, amber, release=False) is None
    await desk.do(lambda unit: reflow.move_event(unit, case, PATEL, TODAY + timedelta(days=95)))
    await desk.settle()
    red = (await standing(desk, case))["deadline"]
    assert (red["severity"], red["state"]) == ("red", "asked")
    heard = [one for one in desk.platforms["slack"].shown if not one.silent]
    assert any("now very unlikely to be met (red)" in one.text for one in heard)
    assert any("Forewarning (red): The wanted date" in one.text for one in heard)
    assert await approve(desk, case) == Problem.of("forewarning.problem.undecided", n=1, version=1)
    await desk.do(lambda unit: reflow.move_event(unit, case, PATEL, None))
    await desk.settle()
    assert "deadline" not in await standing(desk, case)
    assert "This does not hold any more." in shown(desk, "slack")
    assert await approve(desk, case) is None


async def test_by_night_and_when_amber_the_digest_has_a_line(desk: Casework) -> None:
    case = await a_case(desk, TODAY + timedelta(days=120))
    await submit(desk, case, movements="rotation 13 20°; extrusion 11 1 mm")
    assert all(one.silent for one in desk.platforms["slack"].shown if "Forewarning" in one.text)
    assert await lines(desk, JOHAL) == {"forewarning.line", "plan.line", "timeline.line"}
    rows = await standing(desk, case)
    for rule in ("rot_canine", "deadline", "interval"):
        assert await decide(desk, rows[rule], release=False) is None
    assert "forewarning.line" in await lines(desk, JOHAL)
    assert await decide(desk, rows["extrusion"], release=True) is None
    assert "forewarning.line" not in await lines(desk, JOHAL)  # nothing is left to decide
    assert "forewarning.line" in await lines(desk, PATEL)
    assert await read(desk, rows["extrusion"]) is None
    assert await lines(desk, PATEL) == set()


async def known(desk: Casework, case: CaseId, **answers: Any) -> None:
    """What the intake said."""

    def keep(unit: Unit) -> None:
        body = dump(answers, dict[str, Any])
        cases.set_intake(unit.tx, case, unit.seal(case, "case_file", "intake_sealed", case, body))

    await desk.do(keep)


async def review(desk: Casework, case: CaseId) -> int:
    asked = await desk.do(lambda unit: forewarnings.review(unit, case, JOHAL))
    await desk.settle()
    return asked


async def lines(desk: Casework, person: int) -> set[str]:
    """What waits for somebody's digest."""
    rows = await desk.rows(f"SELECT line FROM reminder WHERE person_id = {person} AND state = 'waiting'")
    return {row["line"] for row in rows}
