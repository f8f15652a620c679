"""The FAQ library's starting set: `prompts/faq/<id>.md`, YAML front matter and the answer below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, NoReturn

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.domain.drafts import TEXT_MOST, length
from bot.domain.faq import PATIENT_MOST, Entry, Policy, Source, figures_beyond
from prompts.wording import say

_FENCE = "---\n"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


class LibraryError(Exception):
    """The library holds a faulty file; the text has one line a fault."""


def _day(value: object) -> date:
    """A day as YAML reads it or as written; never a moment, and never a number that would be taken for seconds."""
    if isinstance(value, str) and _ISO.match(value):
        return date.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("not a day")


_Words = Annotated[str, Field(pattern=r"\S")]


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    ref: _Words
    url: str = ""
    checked: bool


class _Front(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")
    title: _Words
    version: int = Field(ge=1)
    policy: Policy
    questions: tuple[_Words, ...] = Field(min_length=1)
    keywords: tuple[_Words, ...] = ()
    ask_first: tuple[_Words, ...] = ()
    sources: tuple[_Source, ...]
    owner: _Words | None = None
    review_by: Annotated[date, BeforeValidator(_day)] | None = None
    patient_words: Annotated[str, Field(pattern=r"\S", max_length=PATIENT_MOST)] | None = None


def folder() -> Traversable:
    """Where the entries are that come with the program."""
    return files("prompts") / "faq"


@cache
def load() -> tuple[Entry, ...]:
    """The entries shipped with the program, checked once."""
    return read(folder())


def read(folder: Traversable) -> tuple[Entry, ...]:
    """All entries of a folder by file name; LibraryError lists every fault found."""
    entries: list[Entry] = []
    faults: list[str] = []
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".md"):
            continue
        try:
            entry = parse(file.read_bytes())
        except LibraryError as error:
            faults += [f"{file.name}: {line}" for line in str(error).splitlines()]
            continue
        if f"{entry.id}.md" != file.name:
            faults.append(f"{file.name}: the id is {entry.id}; file and id go together")
        entries.append(entry)
    if not entries and not faults:
        faults.append("no entries found")
    if faults:
        raise LibraryError("\n".join(faults))
    return tuple(entries)


def rows(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """What is searched: every question and phrasing, title with keywords, and answer, each with its entry's id."""
    return [
        (entry.id, row)
        for entry in entries
        for row in (*entry.questions, *entry.phrasings, f"{entry.title} {' '.join(entry.keywords)}", entry.answer)
    ]


def parse(data: bytes) -> Entry:
    """One entry from its file; LibraryError has one line a fault, each with what would be right."""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        _refuse(say("faq.fault.coding"))
    if not text.startswith(_FENCE) or f"\n{_FENCE}" not in text[4:]:
        _refuse(say("faq.fault.fence"))
    head, _, answer = text[4:].partition(f"\n{_FENCE}")
    empty = [] if answer.strip() else [say("faq.fault.answer")]
    try:
        front = _Front.model_validate(yaml.safe_load(head))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        _refuse(say("faq.fault.yaml", line=2 if mark is None else mark.line + 2), *empty)
    except RecursionError:
        _refuse(say("faq.fault.deep"), *empty)
    except ValidationError as error:
        _refuse(*dict.fromkeys(_wrong(error)), *empty)
    except ValueError:  # YAML takes 2027-02-30 for a date before it looks at the calendar
        _refuse(say("faq.fault.date"), *empty)
    found = length(answer.strip(), (front.patient_words or "").strip())
    long = [say("faq.fault.long", most=TEXT_MOST, length=found)] if found > TEXT_MOST else []
    faults = [*empty, *long, *_wrong_for_patients(front, answer)]
    if faults:
        _refuse(*faults)
    return Entry(
        id=front.id,
        title=front.title,
        version=front.version,
        policy=front.policy,
        questions=front.questions,
        keywords=front.keywords,
        ask_first=front.ask_first,
        sources=tuple(Source(source.ref, source.url, source.checked) for source in front.sources),
        answer=answer.strip(),
        owner=front.owner or "",
        review_by=front.review_by,
        patient_words=(front.patient_words or "").strip(),
    )


def _refuse(*faults: str) -> NoReturn:
    raise LibraryError("\n".join(faults)) from None


def _wrong_for_patients(front: _Front, answer: str) -> Iterator[str]:
    """Nothing is handed to a patient without a person's approval, nor a figure that the answer does not hold."""
    if front.patient_words is None:
        return
    if front.policy is Policy.NEVER_AUTO:
        yield say("faq.fault.patient_policy")
    for figure in figures_beyond(front.patient_words, answer):
        yield say("faq.fault.patient_figure", figure=figure)


def _wrong(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        where = fault["loc"]
        if not where:
            yield say("faq.fault.front")
        elif fault["type"] == "extra_forbidden":
            known = (_Source if len(where) > 1 else _Front).model_fields
            yield say("faq.fault.unknown", field=" ".join(str(where[-1]).split()), fields=list(known))
        else:
            yield say(f"faq.right.{where[0]}") if where[0] in _Front.model_fields else say("faq.fault.front")
