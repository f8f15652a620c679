"""Recall and precision of the identifier guard, by kind: `python -m benchmarks.identifiers [--misses]`.

Sets are never mixed: the development messages and questions (`../shared`, if it is there) and the three parts of our
own sentences. docs/identifier-guard.md says which of them the rules were written for.
A finding is right if it overlaps a marked stretch of its kind. "found" counts stretches touched, "whole" those covered.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.domain.identifier_types import Kind
from bot.domain.identifiers import find

TODAY = date(2025, 6, 1)
"""The messages' own present."""
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
OWN = Path(__file__).with_name("identifier_sentences.txt")
OWN_PARTS = ("own", "kept back", "in a hurry")
KINDS = {
    "N": Kind.NAME, "PK": Kind.NAME, "D": Kind.BIRTH_DATE, "DOB": Kind.BIRTH_DATE, "H": Kind.NHS_NUMBER,
    "NHS": Kind.NHS_NUMBER, "T": Kind.PHONE, "PHONE": Kind.PHONE, "E": Kind.EMAIL, "EMAIL": Kind.EMAIL,
    "A": Kind.ADDRESS, "ADDR": Kind.ADDRESS, "C": Kind.POSTCODE, "PC": Kind.POSTCODE,
}  # fmt: skip
NEUTRAL = frozenset({"P", "PU"})
"""Other people's names: right to find, right to leave."""
_MARK = re.compile(r"\{([A-Z])\|([^}]*)\}")
Marked = tuple[int, int, str]


@dataclass
class Count:
    """One kind's figures."""

    marked: int = 0
    found: int = 0
    whole: int = 0
    right: int = 0
    wrong: int = 0


@dataclass
class Result:
    """What came of one set."""

    by_kind: dict[Kind, Count] = field(default_factory=lambda: {kind: Count() for kind in Kind})
    sentences: int = 0
    clean: int = 0
    alarms: int = 0
    """Sentences with nothing marked, and those among them in which something was found."""
    others: int = 0
    others_found: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> Count:
        """All kinds together."""
        every = self.by_kind.values()
        return Count(*(sum(getattr(one, name) for one in every) for name in Count.__dataclass_fields__))


def own(part: str) -> Iterator[tuple[str, list[Marked]]]:
    """Our own sentences of one part, without the marks."""
    here = OWN_PARTS[0]
    for line in OWN.read_text(encoding="utf-8").splitlines():
        if line.startswith("--- "):
            here = line.removeprefix("--- ")
        elif line and not line.startswith("#") and here == part:
            yield unmark(line)


def unmark(line: str) -> tuple[str, list[Marked]]:
    """A sentence and what stands in it."""
    text, marks, position = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[position : mark.start()]
        marks.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        position = mark.end()
    return text + line[position:], marks


def shared_messages() -> Iterator[tuple[str, list[Marked]]]:
    """The development messages."""
    data = json.loads((SHARED / "identifier_messages_dev.json").read_text(encoding="utf-8"))
    for message in data["messages"]:
        yield message["text"], [(one["start"], one["end"], one["type"]) for one in message["entities"]]


def shared_questions() -> Iterator[tuple[str, list[Marked]]]:
    """The development questions: nothing in them points at anybody."""
    for line in (SHARED / "questions_dev.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["question"], []


def measure(sentences: Iterable[tuple[str, list[Marked]]]) -> Result:
    """Look at every sentence by itself, with nothing known of a case."""
    result = Result()
    for text, marks in sentences:
        result.sentences += 1
        findings = find(text, TODAY)
        wanted = [(start, end, KINDS[kind]) for start, end, kind in marks if kind in KINDS]
        for start, end, kind in wanted:
            count = result.by_kind[kind]
            hits = [one for one in findings if one.kind is kind and one.start < end and start < one.end]
            covered = {at for one in findings for at in range(one.start, one.end)}
            count.marked += 1
            count.found += bool(hits)
            count.whole += all(at in covered or not text[at].isalnum() for at in range(start, end))
            if not hits:
                result.notes.append(f"missed {kind}: {text[start:end]!r} in {text!r}")
        for one in findings:
            neutral = any(kind in NEUTRAL and one.start < end and start < one.end for start, end, kind in marks)
            good = any(kind is one.kind and one.start < end and start < one.end for start, end, kind in wanted)
            result.by_kind[one.kind].right += good
            if not good and not neutral:
                result.by_kind[one.kind].wrong += 1
                result.notes.append(f"wrong {one.kind}: {text[one.start : one.end]!r} in {text!r}")
        for start, end, label in marks:
            if label in NEUTRAL:
                result.others += 1
                result.others_found += any(one.start < end and start < one.end for one in findings)
        if not wanted and not any(kind in NEUTRAL for _, _, kind in marks):
            result.clean += 1
            result.alarms += bool(findings)
    return result


def sets() -> dict[str, Result]:
    """Every set that is here, by name."""
    found = {part: measure(own(part)) for part in OWN_PARTS}
    if SHARED.is_dir():
        found["development"] = measure(shared_messages())
        found["questions"] = measure(shared_questions())
    return found


def report(title: str, result: Result) -> str:
    """The figures of one set, one line a kind."""
    lines = [f"{title}: {result.sentences} sentences, false alarms in {result.alarms} of {result.clean} clean ones"]
    rows = [(kind.value, count) for kind, count in result.by_kind.items()]
    for name, count in [*rows, ("all", result.total)]:
        if count.marked or count.wrong:
            recall = f"{count.found / count.marked:.2f}" if count.marked else "–"
            whole = f"{count.whole / count.marked:.2f}" if count.marked else "–"
            precision = f"{count.right / (count.right + count.wrong):.2f}" if count.right + count.wrong else "–"
            lines.append(
                f"  {name:<11} {count.marked:>3} marked  recall {recall} (whole {whole})  precision {precision}"
            )
    if result.others:
        lines.append(f"  names of others found: {result.others_found} of {result.others}")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Print every set; with --misses what went wrong, too."""
    for name, result in sets().items():
        print(report(name, result))
        if "--misses" in arguments:
            print("".join(f"    {note}\n" for note in result.notes), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
