"""What a case asks of a specialist, as words of the roster's `expertise`: read off the intake, for matching only."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.forms import Answer
from bot.domain.movements import MovementKind, plan_from_json

_BY_MOVEMENT = {
    MovementKind.ROTATION: "rotations",
    MovementKind.EXTRUSION: "extrusion",
    MovementKind.EXPANSION: "expansion",
    MovementKind.OPEN_BITE: "open-bite",
    MovementKind.OVERBITE: "deep-bite",
    MovementKind.OVERJET: "overjet",
    MovementKind.EXTRACTION: "extractions",
    MovementKind.SPACE_CLOSURE: "spacing",
    MovementKind.DISTALISATION: "distalisation",
    MovementKind.TORQUE: "torque",
}
_BY_HISTORY = {
    "perio": "perio",
    "trauma": "trauma",
    "previous_ortho": "relapse",
    "short_roots": "resorption",
    "under_18": "under-18",
}
_BY_WORDS = (
    ("spacing", r"gaps?|spac(?:e|es|ing)|diastemas?"),
    ("crowding", r"crowd(?:ed|ing)|crooked|overlap\w*"),
    ("rotations", r"rotat\w+|twisted"),
    ("open-bite", r"open[\s-]?bite"),
    ("deep-bite", r"deep[\s-]?bite|overbite"),
    ("overjet", r"overjet|stick(?:s|ing)? out|goofy|protrud\w+"),
    ("relapse", r"relapse\w*|moved back|braces before"),
)

DEEP_BITE = 5
"""mm of overbite from which a bite is called deep; below 0 it is open."""

EXPERTISE = frozenset({*_BY_MOVEMENT.values(), *_BY_HISTORY.values(), *(tag for tag, _ in _BY_WORDS)})
"""The words that can be asked for; a roster may hold others, which never match."""


def wanted_expertise(answers: Mapping[str, Answer]) -> frozenset[str]:
    """From the answers of the intake form: planned movements, overbite, history, age, and the patient's own words."""
    wanted: set[str] = set()
    words = [str(answers.get("complaint") or "")]
    if answers.get("movements"):
        plan = plan_from_json(answers["movements"])
        wanted.update(_BY_MOVEMENT[m.kind] for m in plan.movements if m.kind in _BY_MOVEMENT)
        words.extend(plan.rest)
    history = answers.get("history")
    ticks = history if isinstance(history, list) else []
    wanted.update(_BY_HISTORY[str(tick)] for tick in ticks if str(tick) in _BY_HISTORY)
    if answers.get("age_band") == "under_18":
        wanted.add(_BY_HISTORY["under_18"])
    overbite = answers.get("overbite")
    if isinstance(overbite, int | float) and not 0 <= overbite < DEEP_BITE:
        wanted.add(_BY_MOVEMENT[MovementKind.OPEN_BITE if overbite < 0 else MovementKind.OVERBITE])
    text = " ".join(words).lower()
    wanted.update(tag for tag, pattern in _BY_WORDS if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", text))
    return frozenset(wanted)
