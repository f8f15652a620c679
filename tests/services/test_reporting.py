"""The report: every figure from rows that are there, over both databases, and charts of what was counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.rules import DAY, HOUR, SECOND
from bot.services import report_charts, reporting
from bot.workers.aside import charts
from storage.engine.base import Engine
from storage.sealing import Sealer
from tests.support.casework import Casework, casework

Row = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def work(engine: Engine, sealer: Sealer) -> Casework:
    return await casework(engine, sealer)


async def figures(work: Casework) -> Row:
    return await work.units.look(lambda unit: reporting.figures(unit.tx, unit.now))


async def test_nothing_counted_is_no_figure_and_no_chart_but_of_load(work: Casework) -> None:
    found = await figures(work)
    assert found["cases"]["refinements_per_case"] is None
    assert found["replies"] == {"counted": 0, "median_hours": None, "p90_hours": None, "by_month": []}
    assert found["check_ins"]["answered_share"] is None
    assert found["drafts"]["acceptance"] is None
    assert list(report_charts.panels(found)) == ["load"]


async def test_the_first_open_question_counts_until_the_next_answer(work: Casework) -> None:
    one, two = await work.open_case(1), await work.open_case(2)
    for case, side, hours in (
        (one, "specialist", 0),  # nothing asked yet
        (one, "dentist", 1),
        (one, "dentist", 2),  # belongs to the same question
        (one, "specialist", 5),  # 4 h
        (one, "specialist", 6),  # nothing open
        (one, "dentist", 7),  # never answered
        (two, "dentist", 0),
        (two, "specialist", 2),  # 2 h
    ):
        await work.says(case, side, "zq-canary", at=work.clock.now() + hours * HOUR)
    found = await figures(work)
    assert found["replies"]["counted"] == 2
    assert found["replies"]["median_hours"] == pytest.approx(3.0, abs=0.01)
    assert found["replies"]["p90_hours"] == pytest.approx(4.0, abs=0.01)
    assert "canary" not in str(found)


async def test_refinements_against_the_usual_number(work: Casework) -> None:
    one, _two = await work.open_case(1), await work.open_case(2)
    for no, kind in ((1, "refinement"), (2, "refinement"), (3, "refinement"), (4, "mid_course")):
        await refine(work, one, no, kind)
    found = (await figures(work))["cases"]
    assert (found["refinements_per_case"], found["refinements_usual"]) == (1.5, 2.5)
    assert found["by_refinements"] == {"0": 1, "3": 1}
    assert found["mid_course_corrections"] == 1
    assert found["by_state"] == {"open": 2}


async def refine(work: Casework, case: int, no: int, kind: str) -> None:
    await work.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO refinement(id, case_id, no, kind, reason, asked_by, scan_on, lead_days, first_message, state,
                                      asked_at)
               VALUES (:id, :case, :no, :kind, 'fit', 1, '2027-06-01', 14, 1, 'asked', 0)""",
            {"id": 900 + no, "case": case, "no": no, "kind": kind},
        )
    )


async def test_check_ins_by_month_and_what_became_of_drafts(work: Casework) -> None:
    case = await work.open_case()
    message = await work.says(case, "dentist", "Does it fit?")
    now = work.clock.now()
    for number, (asked, answered) in enumerate([(now, now + HOUR), (now, None), (now + 40 * DAY, now + 41 * DAY)]):
        await check_in(work, case, number, asked, answered)
    await check_in(work, case, 9, None, None)  # not asked yet
    ends = (
        ("approved", 0, 5, 1, 1),
        ("replaced", 0, 9, 2, 2),
        ("approved", 7, 30, 3, 2),  # the second revision of the same card
        ("dismissed", 0, 10, 4, 4),
        ("void", 0, None, 5, 5),
        ("open", 0, None, 6, 6),
        ("answering", 0, 20, 7, 7),
        ("approved", 4, 5, 8, 8),  # a fact of the case was brought up to date
        ("approved", 0, 5, 9, 9),
    )
    origins = {3: "edited", 9: "typed"}
    for no, (state, distance, dwell, id_, root) in enumerate(ends, 1):
        await draft(work, case, message, no, state, distance, dwell, id_, root, origins.get(id_, "library"))
    found = await figures(work)
    asked = found["check_ins"]
    assert (asked["asked"], asked["answered"], asked["answered_share"]) == (3, 2, 0.667)
    assert [(one["asked"], one["answered"]) for one in asked["by_month"]] == [(2, 1), (1, 1)]
    assert found["drafts"] == {
        "offered": 6,
        "approved_as_shown": 2,
        "approved_edited": 1,
        "dismissed": 1,
        "answered_otherwise": 1,
        "void": 1,
        "own_replies": 1,
        "acceptance": 0.6,
        "median_words_changed": 7,
        "median_dwell_seconds": 10.0,
    }
    said = report_charts.words(found)
    assert "3 check-ins were asked, 67 % answered." in said
    assert any(line.startswith("6 drafts: 60 % of those looked at were sent, 1 after a change") for line in said)
    panels = report_charts.panels(found)
    assert list(panels) == ["refinements", "check_ins", "drafts", "load"]
    for one in (*([panel] for panel in panels.values()), list(panels.values())):
        assert charts.drawn(one).startswith(PNG)


async def check_in(work: Casework, case: int, number: int, asked: int | None, answered: int | None) -> None:
    state = "planned" if asked is None else "asked" if answered is None else "answered"
    await work.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO check_in(id, case_id, person_id, step, occurrence, due_at, local_rule, state, asked_at,
                                    answered_at)
               VALUES (:id, :case, 1, 'fit', :n, :due, '', :state, CAST(:asked AS BIGINT),
                       CAST(:answered AS BIGINT))""",
            {
                "id": 800 + number,
                "case": case,
                "n": 50 + number,
                "due": asked or 0,
                "state": state,
                "asked": asked,
                "answered": answered,
            },
        )
    )


async def draft(
    work: Casework,
    case: int,
    message: int,
    no: int,
    state: str,
    distance: int,
    dwell: int | None,
    id_: int,
    root: int,
    origin: str,
) -> None:
    await work.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO draft(id, case_id, no, question_id, question_version, recipient_id, specialist_id,
                                 case_epoch, topic, text_sealed, text_hash, state, made_at, root_id, distance, dwell,
                                 origin)
               VALUES (:id, :case, :no, :message, 1, 1, 2, 1, 'fit', :text, '', :state, 0, :root, :distance,
                       CAST(:dwell AS BIGINT), :origin)""",
            {
                "id": 700 + id_,
                "case": case,
                "no": no,
                "message": message,
                "text": b"",
                "state": state,
                "root": 700 + root,
                "distance": distance,
                "origin": origin,
                "dwell": None if dwell is None else dwell * SECOND,
            },
        )
    )


async def test_load_against_capacity_and_nobody_else_by_name(work: Casework) -> None:
    await work.open_case()
    found = await figures(work)
    assert {"handle": "johal", "name": "Dr Amar Johal", "open": 1, "capacity": 25, "away": False} in found["load"]
    assert "patel" not in str(found).casefold()
    assert "Dr Amar Johal: 1 of 25" in report_charts.words(found)


def test_a_chart_of_many_months_stays_small(tmp_path: Path) -> None:
    months = [
        {"month": f"2027-{number:02}", "counted": 3, "median_hours": number / 2, "p90_hours": number * 2.0}
        for number in range(1, 13)
    ]
    panel = report_charts.panels(
        {
            "cases": {"by_refinements": {}, "refinements_usual": 2.5},
            "replies": {"by_month": months * 3},
            "check_ins": {"by_month": []},
            "drafts": {"offered": 0},
            "load": [],
        }
    )
    assert list(panel) == ["replies"]
    assert len(panel["replies"]["labels"]) == 12
    assert len(charts.drawn(list(panel.values()))) < 200_000
