"""Interproximal reduction as planned, contact by contact. Every figure says whether it is per contact or per surface.

A contact has two surfaces: 0.2 mm per surface is 0.4 mm per contact. Which one is meant is never assumed, and never
changes unseen from one version of a plan to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.movements import Per, Unit
from bot.domain.movements_text import read_movements
from bot.domain.problems import Problem, clip
from bot.domain.teeth import palmer, position

MOST_LINES = 60
_FIGURE = r"(?P<mm>\d+(?:[.,]\d+)?|[.,]\d+)\s?mm\b"
_PER = re.compile(r"(?:\b(?:per|each|every|a)\s+|/\s?)(contact|surface)s?\b", re.IGNORECASE)
_STAGE = re.compile(
    r"(?:before\s+|at\s+)?(?:(?:aligner|stage|step|tray)\s*#?\s*(\d{1,2})|(\d{1,2})\s*(?=[:|\t;)]))[\s:|;)\-–,]*",
    re.IGNORECASE,
)
_TIED = re.compile(
    _FIGURE + r"(?:(?!\d)[^.;\n]){0,24}?(?:\b(?:per|each|every|a)\s+|/\s?)(?P<per>contact|surface)\b", re.I
)
_ANY = re.compile(_FIGURE, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IprRow:
    """So much at one contact, before an aligner of the set is put in. `mm` is for what `per` says."""

    aligner: int
    contact: tuple[int, int]
    mm: float
    per: Per

    @property
    def per_contact(self) -> float:
        """The same per contact, which has two surfaces."""
        return self.mm * 2 if self.per is Per.SURFACE else self.mm

    @property
    def anterior(self) -> bool:
        """Both teeth are incisors or canines."""
        return all(position(tooth) <= 3 for tooth in self.contact)


def read_ipr(text: str) -> tuple[IprRow, ...] | Problem:
    """A pasted table, a line each: "aligner 4: 13-12, 12-11 0.2 mm per contact".

    A line without an aligner belongs to the last one named, or to aligner 1; a line that names no contact but says
    "per contact" or "per surface" is the heading of those below it.
    """
    rows: list[IprRow] = []
    aligner, heading = 1, None
    written = [line.strip() for line in text.replace("\t", " | ").splitlines() if line.strip()]
    if len(written) > MOST_LINES:
        return Problem.of("form.problem.ipr_lines", most=MOST_LINES)
    for line in written:
        stage = _STAGE.match(line)
        if stage:
            aligner = int(stage[1] or stage[2])
            if not 1 <= aligner <= 99:
                return Problem.of("form.problem.ipr_line", line=clip(line))
        rest = line[stage.end() :] if stage else line
        said = {Per(found.lower()) for found in _PER.findall(rest)}
        if len(said) > 1:
            return Problem.of("form.problem.ipr_line", line=clip(line))
        if not re.search(r"\d", rest):
            heading = said.pop() if said else heading
            continue
        per = said.pop() if said else heading
        if per is None:
            return Problem.of("form.problem.ipr_per", line=clip(line))
        found = _contacts(_PER.sub(" ", rest), aligner, per)
        if found is None:
            return Problem.of("form.problem.ipr_line", line=clip(line))
        rows += found
    if not rows:
        return Problem.of("form.problem.ipr_line", line=clip(text))
    if len({row.per for row in rows}) > 1:
        return Problem.of("form.problem.ipr_mixed")
    return tuple(rows)


def _contacts(words: str, aligner: int, per: Per) -> list[IprRow] | None:
    words = " ".join(words.replace("|", " ").replace("IPR", " ").split()).strip(" ,:")
    plan = read_movements(f"IPR {words}")
    if plan.rest or not plan.movements:
        return None
    rows = []
    for one in plan.movements:
        if one.amount is None or one.amount_to is not None or one.unit is not Unit.MM or not one.contacts:
            return None
        if not 0 < one.amount <= 2 or one.bound:
            return None
        rows += [IprRow(aligner, contact, one.amount, per) for contact in one.contacts]
    return rows


def unit_of(rows: Iterable[IprRow]) -> Per | None:
    """What a table's figures are per; None for an empty one."""
    return next((row.per for row in rows), None)


def row_words(row: IprRow) -> str:
    """ "aligner 4: UR3-UR2 (13-12) 0.2 mm per contact"."""
    first, second = row.contact
    where = f"{palmer(first)}-{palmer(second)} ({first}-{second})"
    return f"aligner {row.aligner}: {where} {row.mm:g} mm per {row.per}"


def figures(words: str) -> frozenset[tuple[float, str]]:
    """Each amount in mm that says what it is per, as (mm, "contact" or "surface")."""
    return frozenset((_number(found["mm"]), found["per"].lower()) for found in _TIED.finditer(words))


def changed_unit(words: str, original: str) -> bool:
    """Whether a wording gives an amount of enamel without its unit, or another one than the original gives."""
    tied = figures(words)
    bare = {_number(found["mm"]) for found in _ANY.finditer(words)} - {mm for mm, _ in tied}
    return bool(bare) or not tied <= figures(original)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def rows_to_json(rows: Iterable[IprRow]) -> list[dict[str, object]]:
    """As kept in a form's answers."""
    return [{"aligner": row.aligner, "contact": list(row.contact), "mm": row.mm, "per": row.per.value} for row in rows]


def rows_from_json(kept: object) -> tuple[IprRow, ...]:
    """What `rows_to_json` kept; nothing for an answer that was skipped."""
    if not isinstance(kept, dict):
        return ()
    return tuple(
        IprRow(int(one["aligner"]), (int(one["contact"][0]), int(one["contact"][1])), float(one["mm"]), Per(one["per"]))
        for one in kept["rows"]
    )
