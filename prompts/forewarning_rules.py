"""Forewarning rules from `prompts/forewarnings/*.toml`, validated once at start."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.faq import Source
from bot.domain.forewarnings import Rule, Trigger
from bot.domain.ipr import changed_unit
from bot.domain.teeth import TEETH

_KEYS = frozenset(field.name for field in fields(Trigger))


class RulesError(Exception):
    """A rule is faulty; the text names the file and what would be right."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Source(_Model):
    ref: str = Field(min_length=4)
    url: str = ""
    checked: bool


class _Rule(_Model):
    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: str = Field(min_length=3, max_length=60)
    text: str = Field(min_length=10, max_length=600)
    when: tuple[Trigger, ...] = Field(min_length=1)
    source: tuple[_Source, ...] = ()
    enamel: bool = False


class _File(_Model):
    rule: tuple[_Rule, ...] = Field(min_length=1)


@cache
def load() -> dict[str, Rule]:
    """Every rule by its id."""
    return read(files("prompts") / "forewarnings")


def read(folder: Traversable) -> dict[str, Rule]:
    """Every rule of a folder; RulesError on the first fault."""
    rules: dict[str, Rule] = {}
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".toml"):
            continue
        try:
            raw = tomllib.loads(file.read_text(encoding="utf-8"))
            found = _File.model_validate(raw)
        except ValueError as error:
            raise RulesError(f"{file.name}: {' '.join(str(error).split())}") from None
        unknown = {key for one in raw["rule"] for trigger in one["when"] for key in trigger} - _KEYS
        if unknown:  # of a dataclass nobody else says so
            raise RulesError(f"{file.name}: a trigger has no {', '.join(sorted(unknown))}")
        for one in found.rule:
            if one.id in rules:
                raise RulesError(f"{file.name}: {one.id} is there twice")
            fault = _fault(one)
            if fault:
                raise RulesError(f"{file.name}: {one.id}: {fault}")
            rules[one.id] = Rule(
                one.id,
                one.title,
                " ".join(one.text.split()),
                one.when,
                tuple(Source(source.ref, source.url, source.checked) for source in one.source),
                one.enamel,
            )
    if not rules:
        raise RulesError("no forewarning rules found")
    return rules


def _fault(rule: _Rule) -> str:
    for trigger in rule.when:
        if trigger == Trigger(severity=trigger.severity):
            return "a trigger says what sets it off"
        if not set(trigger.teeth) <= TEETH:
            return "teeth are FDI numbers"
        if (trigger.at_least is not None or trigger.above is not None) and trigger.unit is None:
            return "an amount has a unit"
        if (trigger.contact_front or trigger.contact_back or trigger.surface) and not rule.enamel:
            return "a ceiling of enamel is a rule with enamel = true"
    if rule.enamel and changed_unit(rule.text, rule.text):
        return "each amount of enamel says per contact or per surface"
    return ""
