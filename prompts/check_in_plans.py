"""Check-in plans from `prompts/check_ins/*.toml`, validated once at start."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.check_ins import OPENED, Answer, Asking, CheckInStep, Level, Question
from bot.domain.timeline import MilestoneKind

_ID = r"^[a-z][a-z0-9_]*$"
_MOST = 5
"""Questions of one check-in; a script may have one more."""


class PlanError(Exception):
    """A plan is faulty; the text names the file and what would be right."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=_ID)


class _Choice(_Part):
    label: str = Field(min_length=1, max_length=60)
    line: str = Field(min_length=1, max_length=200)
    level: Level = Level.NONE
    red_with_event: bool = False
    bad: bool = False
    ends: bool = False
    then: str = ""
    moves: bool = False
    complaint: bool = False
    notes: Literal["", "set_came", "set_waited_for"] = ""
    behind: int | None = Field(default=None, ge=-5, le=5)
    hours: tuple[float, float] | None = None
    ipr_done: tuple[float, float] | None = None


class _Question(_Part):
    text: str = Field(min_length=1, max_length=300)
    brief: str = Field(min_length=1, max_length=60)
    asking: Asking = Asking.ONE
    choice: list[_Choice] = Field(min_length=2, max_length=8)


class _Step(_Part):
    name: str = Field(min_length=1, max_length=60)
    who: Literal["dentist", "specialist"] = "dentist"
    anchor: str = ""
    days: int = Field(default=0, ge=-365, le=400)
    working_days: int = Field(default=0, ge=0, le=60)
    aligners: int = Field(default=0, ge=-10, le=0)
    lasts: int = Field(default=14, ge=1, le=60)
    without_plan: bool = False
    measures: bool = False
    tells: Literal["", "set_late"] = ""
    card: str = ""
    question: list[_Question] = Field(default_factory=list, max_length=_MOST + 1)


class _Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")
    step: list[_Step] = Field(min_length=1)


@cache
def load() -> Mapping[str, CheckInStep]:
    """Every step by its id, scripts too."""
    return read(files("prompts") / "check_ins")


def planned() -> tuple[CheckInStep, ...]:
    """The steps that a case's dates bring about."""
    return tuple(step for step in load().values() if step.anchor)


def read(folder: Traversable) -> dict[str, CheckInStep]:
    """Every step of a folder's plans; PlanError on the first fault."""
    steps: dict[str, CheckInStep] = {}
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".toml"):
            continue
        try:
            plan = _Plan.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise PlanError(f"{file.name}: {where}: {first['msg']}") from None
        except ValueError as error:
            raise PlanError(f"{file.name}: {' '.join(str(error).split())}") from None
        for one in plan.step:
            step = _step(one)
            fault = "it is there twice" if step.id in steps else next(_faults(step), "")
            if fault:
                raise PlanError(f"{file.name}: {step.id}: {fault}")
            steps[step.id] = step
    if not steps:
        raise PlanError("no check-in plan found")
    for step in steps.values():
        for question in step.questions:
            for choice in question.choices:
                if choice.then and (choice.then not in steps or steps[choice.then].anchor):
                    raise PlanError(f"{step.id}: {choice.id} leads to {choice.then!r}, which is no script")
    return steps


def _faults(step: CheckInStep) -> Iterator[str]:
    """What is wrong with a step by itself."""
    anchors = {OPENED, *MilestoneKind}
    if step.anchor and step.anchor not in anchors:
        yield f"anchor {step.anchor!r} is none of {', '.join(sorted(anchors))}"
    if sum(map(bool, (step.days, step.working_days, step.aligners))) > 1:
        yield "give one of days, working_days and aligners"
    if step.without_plan and step.anchor != OPENED:
        yield f"without_plan needs the anchor {OPENED!r}"
    if step.anchor and len(step.questions) > _MOST:
        yield f"at most {_MOST} questions"
    if bool(step.questions) == bool(step.tells):
        yield "give questions, or what it tells"
    ids = [question.id for question in step.questions]
    if len(set(ids)) < len(ids):
        yield "two questions have the same id"
    for question in step.questions:
        choices = [choice.id for choice in question.choices]
        if len(set(choices)) < len(choices):
            yield f"two choices of {question.id} have the same id"
        if question.asking is Asking.SEVERAL and not any(choice.ends for choice in question.choices):
            yield f"no choice ends {question.id}"
        for choice in question.choices:
            for low, high in (span for span in (choice.hours, choice.ipr_done) if span is not None):
                if not 0 <= low <= high:
                    yield f"{choice.id} of {question.id} reports from {low:g} to {high:g}"
            if choice.red_with_event and choice.level is not Level.SAME_DAY:
                yield f"{choice.id} of {question.id} pages with a red deadline, so its level is same_day"


def _step(one: _Step) -> CheckInStep:
    questions = tuple(
        Question(
            question.id,
            question.text,
            question.brief,
            tuple(Answer(**choice.model_dump()) for choice in question.choice),
            question.asking,
        )
        for question in one.question
    )
    return CheckInStep(**{**one.model_dump(exclude={"question"}), "questions": questions})
