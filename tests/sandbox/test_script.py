"""Scripts: what can be said in one, and what is said back when it cannot be played."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.script import ScriptError, known, load, parse


def faults(text: str) -> list[str]:
    with pytest.raises(ScriptError) as caught:
        parse(text)
    return caught.value.faults


def test_the_stories_that_come_along_can_be_read() -> None:
    assert "week-six" in known()
    for name in known():
        script = load(name)
        assert script.title
        assert len(script.steps) > 10


def test_a_step_knows_its_line_who_does_it_and_where() -> None:
    script = parse("title: A report\nsteps:\n  - note: Monday.\n\n  - {who: patel, says: It hurts, in: AB}\n")
    assert script.title == "A report"
    assert [(step.line, step.who, step.verb, step.value, step.place) for step in script.steps] == [
        (3, "", "note", "Monday.", ""),
        (5, "patel", "says", "It hurts", "AB"),
    ]


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("{who: nobody, says: hello}", "who is one of patel"),
        ("{who: patel}", "exactly one of"),
        ("{who: patel, says: a, presses: b}", "exactly one of"),
        ("{who: patel, says: a, loudly: yes}", "knows no loudly"),
        ("{who: patel, edits: a}", "edits needs to beside it"),
        ("{who: patel, says: 5}", "followed by words"),
        ("{clock: soon}", "clock is +1 hour"),
        ("{trouble: telegram off}", "trouble is one of"),
        ("hello", "a step is written as"),
    ],
)
def test_every_fault_is_said_with_its_line(step: str, why: str) -> None:
    (line,) = faults(f"title: x\nsteps:\n  - note: fine\n  - {step}\n")
    assert line.startswith("line 4: ")
    assert why in line


@pytest.mark.parametrize("text", ["", "steps: []", "just words", "title: x"])
def test_without_steps_there_is_nothing_to_play(text: str) -> None:
    assert "needs a list called steps" in faults(text)[0]


def test_what_is_no_yaml_is_said_with_its_line() -> None:
    assert faults('steps:\n  - {note: "open}\n')[0].startswith("line ")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    mine = tmp_path / "report.yaml"
    mine.write_text("steps:\n  - {who: patel, starts: ''}\n", encoding="utf-8")
    assert load(str(mine)).steps[0].verb == "starts"
    with pytest.raises(ScriptError, match="There is no story"):
        load("week-seven")
    with pytest.raises(ScriptError, match="cannot be read"):
        load(str(tmp_path / "none.yaml"))
