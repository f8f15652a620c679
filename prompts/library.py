"""The FAQ library's starting set: `prompts/faq/<id>.md`, YAML front matter and the answer below it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.faq import Entry, Policy, Source

_FENCE = "---\n"


class LibraryError(Exception):
    """The library holds a faulty file; the text has one line a fault."""


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    ref: str
    url: str = ""
    checked: bool


class _Front(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    title: str
    version: int
    policy: Policy
    questions: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    ask_first: tuple[str, ...] = ()
    sources: tuple[_Source, ...]


@cache
def load() -> tuple[Entry, ...]:
    """The entries shipped with the program, checked once."""
    return read(files("prompts") / "faq")


def read(folder: Traversable) -> tuple[Entry, ...]:
    """All entries of a folder by file name; LibraryError lists every fault found."""
    entries: list[Entry] = []
    faults: list[str] = []
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".md"):
            continue
        try:
            entry = parse(file.read_text(encoding="utf-8"))
        except (ValueError, yaml.YAMLError) as error:
            faults.append(f"{file.name}: {_brief(error)}")
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
    """What is searched: every question, title with keywords, and answer, each with its entry's id."""
    return [
        (entry.id, row)
        for entry in entries
        for row in (*entry.questions, f"{entry.title} {' '.join(entry.keywords)}", entry.answer)
    ]


def parse(text: str) -> Entry:
    """One entry from its file's text. Raises ValueError or a YAML error."""
    if not text.startswith(_FENCE) or f"\n{_FENCE}" not in text[4:]:
        raise ValueError("begins with front matter between two lines of ---")
    head, _, answer = text[4:].partition(f"\n{_FENCE}")
    front = _Front.model_validate(yaml.safe_load(head))
    if not answer.strip():
        raise ValueError("has no answer below its front matter")
    if not front.questions:
        raise ValueError("has no question")
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
    )


def _brief(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
    return str(error).partition("\n")[0]
