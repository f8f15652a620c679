"""Scripts: what people do and see, as data; the format is described in docs/sandbox.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import yaml

from bot.sandbox.people import BY_HANDLE
from bot.sandbox.troubles import KINDS, STATES
from prompts.wording import say

ALONE: Final = ("note", "clock", "trouble")
"""Steps that nobody in particular does."""
DEEDS: Final = (
    *("starts", "says", "edits", "deletes", "reacts", "sends", "presses", "chooses", "fills", "shortcut", "home"),
    *("sees", "sees_room", "sees_no"),
)
"""What somebody does, or waits to see."""
BESIDES: Final = frozenset({"in", "on", "to", "option", "caption"})
SPAN: Final = re.compile(r"\+(\d+) (hour|day|week)s?")
NEXT: Final = ("next", "next check-in")
SUFFIX: Final = ".yaml"
_FOLDER: Final = files("bot.sandbox") / "stories"


class ScriptError(Exception):
    """A script that cannot be played: one line a fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens; `who` is empty for what nobody in particular does."""

    line: int
    verb: str
    value: Any
    who: str = ""
    besides: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The room it happens in, as words of its name; empty for the private chat or anywhere."""
        return str(self.besides.get("in", ""))


@dataclass(frozen=True, slots=True)
class Script:
    """A title and what happens, in order."""

    title: str
    steps: tuple[Step, ...]


def known() -> list[str]:
    """The names of the stories that come with Chairside."""
    return sorted(one.name.removesuffix(SUFFIX) for one in _FOLDER.iterdir() if one.name.endswith(SUFFIX))


def load(name: str) -> Script:
    """A story by its name, else a script file by its path. Raises ScriptError."""
    if name in known():
        return parse((_FOLDER / f"{name}{SUFFIX}").read_text(encoding="utf-8"))
    path = Path(name)
    if not path.suffix and not path.exists():
        raise ScriptError([say("sandbox.script.unknown", name=name, known=known())])
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ScriptError([say("sandbox.script.unreadable", name=name)]) from None
    return parse(text)


def parse(text: str) -> Script:
    """A script's YAML. Raises ScriptError with every fault and its line."""
    try:
        root = yaml.compose(text, yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ScriptError([say("sandbox.script.yaml", line=mark.line + 1 if mark else 1)]) from None
    if not isinstance(data, dict) or not isinstance(data.get("steps"), list) or not data["steps"]:
        raise ScriptError([say("sandbox.script.no_steps")])
    rows = _rows(root)
    steps, faults = [], []
    for node, given in zip(rows, data["steps"], strict=True):
        line = node.start_mark.line + 1
        step = _step(line, given)
        if isinstance(step, str):
            faults.append(say("sandbox.script.fault", line=line, why=step))
        else:
            steps.append(step)
    if faults:
        raise ScriptError(faults)
    return Script(str(data.get("title", "")), tuple(steps))


def _rows(root: yaml.Node | None) -> list[yaml.Node]:
    """The nodes of the steps, which know their lines."""
    entries = root.value if isinstance(root, yaml.MappingNode) else []
    return next(list(value.value) for key, value in entries if key.value == "steps")


def _step(line: int, given: Any) -> Step | str:
    """The step, or what is wrong with it."""
    if not isinstance(given, dict):
        return say("sandbox.script.not_a_step")
    verbs = [key for key in given if key in (*ALONE, *DEEDS)]
    if len(verbs) != 1:
        return say("sandbox.script.one_verb", verbs=[*ALONE, *DEEDS])
    verb = verbs[0]
    besides = {str(key): value for key, value in given.items() if key not in (verb, "who")}
    if set(besides) - BESIDES:
        return say("sandbox.script.unknown_key", keys=sorted(set(besides) - BESIDES))
    who = str(given.get("who", ""))
    if verb in ALONE:
        wrong = _alone(verb, given[verb])
        return wrong or Step(line, verb, given[verb])
    if who not in BY_HANDLE:
        return say("sandbox.script.who", known=list(BY_HANDLE))
    for needed in {"edits": ("to",), "reacts": ("on",), "chooses": ("option",), "shortcut": ("on",)}.get(verb, ()):
        if needed not in besides:
            return say("sandbox.script.needs", verb=verb, key=needed)
    if not isinstance(given[verb], dict if verb == "fills" else str):
        return say("sandbox.script.value", verb=verb)
    return Step(line, verb, given[verb], who, besides)


def _alone(verb: str, value: Any) -> str | None:
    if verb == "trouble":
        kind, _, state = str(value).rpartition(" ")
        return None if kind in KINDS and state in STATES else say("sandbox.script.trouble", known=list(KINDS))
    if verb == "clock":
        text = str(value)
        return None if text in NEXT or SPAN.fullmatch(text) or _moment(text) else say("sandbox.script.clock")
    return None if isinstance(value, str) else say("sandbox.script.value", verb=verb)


def _moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
