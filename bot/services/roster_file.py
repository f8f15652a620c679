"""Reads a roster file (YAML). What is wrong is said with its line, everything at once, and then nothing is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from bot.domain.addresses import Account
from bot.domain.hours import WorkingHours
from bot.domain.people import Role
from bot.domain.problems import Problem, clip
from bot.domain.roster import USUAL_CAPACITY, Roster, RosterPerson, RosterPractice
from bot.domain.turns import read_targets
from bot.services import calendars
from prompts.wording import say

_HANDLE = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
_TAG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_SLACK = re.compile(r"([TE][A-Z0-9]{2,20})/([UW][A-Z0-9]{2,20})\Z")
_TELEGRAM = re.compile(r"[1-9][0-9]{0,15}\Z")
_GDC = re.compile(r"[0-9]{4,7}\Z")
_PRACTICE_KEYS = ("name", "timezone", "country", "region", "targets")
_PERSON_KEYS = (
    "id", "name", "role", "practice", "slack", "telegram", "prefers", "capacity", "expertise", "hours", "timezone",
    "gdc", "cover",
)  # fmt: skip
_LONGEST = 80
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend: line in the file (from 1) and what would be right."""

    line: int
    message: str


def read_roster(text: str, default_timezone: str = "Europe/London") -> Roster | tuple[Fault, ...]:
    """The whole file, or every fault found in it, by line."""
    return _Reading(default_timezone).read(text)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One practice or person as written: the nodes by key, and the line it begins on."""

    line: int
    nodes: Mapping[str, yaml.Node]

    def line_of(self, key: str) -> int:
        return _line(self.nodes[key]) if key in self.nodes else self.line


class _Reading:
    """Collects faults while it reads."""

    def __init__(self, default_timezone: str) -> None:
        self._timezone = default_timezone
        self._faults: list[Fault] = []

    def read(self, text: str) -> Roster | tuple[Fault, ...]:
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            return (Fault(line, say("roster_file.yaml", problem=clip(error.problem or "", 80))),)
        except yaml.YAMLError:
            return (Fault(1, say("roster_file.characters")),)
        if root is None:
            return (Fault(1, say("roster_file.empty")),)
        top = self._mapping(root, ("practices", "people"))
        if top is None:
            return tuple(self._faults)
        practices = list(self._each(top, "practices", _PRACTICE_KEYS, self._practice))
        known = {practice.name: practice for practice, _ in practices}
        self._unique([(practice.name, entry.line_of("name")) for practice, entry in practices], "name")
        people = list(self._each(top, "people", _PERSON_KEYS, lambda entry: self._person(entry, known)))
        if not people and not self._faults:
            self._fault(top.line, say("roster_file.nobody"))
        self._unique([(person.handle, entry.line_of("id")) for person, entry in people], "id")
        self._accounts(people)
        self._covers(people)
        if self._faults:
            return tuple(sorted(set(self._faults)))
        return Roster(tuple(practice for practice, _ in practices), tuple(person for person, _ in people))

    # -- entries

    def _practice(self, entry: _Entry) -> RosterPractice:
        country = self._text(entry, "country") or "GB"
        if not re.fullmatch(r"[A-Z]{2}", country):
            self._fault(entry.line_of("country"), say("roster_file.country", value=clip(country)))
        region = self._text(entry, "region")
        if not re.fullmatch(r"(?:[A-Z0-9-]{1,8})?", region) or not calendars.knows_region(country, region):
            self._fault(entry.line_of("region"), say("roster_file.region", value=clip(region)))
        targets = self._text(entry, "targets")
        wrong = read_targets(targets)
        if isinstance(wrong, Problem):
            self._fault(entry.line_of("targets"), say(wrong.key, **wrong.values))
        return RosterPractice(self._needed(entry, "name"), self._zone(entry, self._timezone), country, region, targets)

    def _person(self, entry: _Entry, practices: Mapping[str, RosterPractice]) -> RosterPerson:
        handle = self._needed(entry, "id")
        if handle and not _HANDLE.match(handle):
            self._fault(entry.line_of("id"), say("roster_file.handle", value=clip(handle)))
        name = self._needed(entry, "name")
        if len(name) > _LONGEST:
            self._fault(entry.line_of("name"), say("roster_file.long_name", limit=_LONGEST))
        role = self._role(entry)
        practice = self._text(entry, "practice")
        if practice and practice not in practices:
            self._fault(entry.line_of("practice"), say("roster_file.no_practice", value=clip(practice)))
        if role is Role.DENTIST and not practice:
            self._fault(entry.line, say("roster_file.dentist_practice"))
        home = practices[practice].timezone if practice in practices else self._timezone
        hours = self._text(entry, "hours")
        wrong = WorkingHours.parse(hours) if hours else None
        if isinstance(wrong, Problem):
            self._fault(entry.line_of("hours"), say(wrong.key, **wrong.values))
        gdc = self._text(entry, "gdc")
        if gdc and not _GDC.match(gdc):
            self._fault(entry.line_of("gdc"), say("roster_file.gdc", value=clip(gdc)))
        person = RosterPerson(
            handle=handle,
            name=name,
            role=role or Role.DENTIST,
            timezone=self._zone(entry, home),
            practice=practice,
            accounts=tuple(self._own_accounts(entry)),
            prefers=self._text(entry, "prefers"),
            capacity=self._capacity(entry, role),
            expertise=self._expertise(entry, role),
            hours=hours,
            gdc=gdc,
            cover=self._text(entry, "cover"),
        )
        return self._preferring(entry, person)

    def _role(self, entry: _Entry) -> Role | None:
        value = self._needed(entry, "role")
        if value in set(Role):
            return Role(value)
        if value:
            self._fault(entry.line_of("role"), say("roster_file.role", value=clip(value), roles=list(Role)))
        return None

    def _own_accounts(self, entry: _Entry) -> Iterator[Account]:
        if slack := self._text(entry, "slack"):
            if found := _SLACK.match(slack):
                yield Account("slack", found[1], found[2])
            else:
                self._fault(entry.line_of("slack"), say("roster_file.slack", value=clip(slack)))
        if telegram := self._text(entry, "telegram"):
            if _TELEGRAM.match(telegram):
                yield Account("telegram", "", telegram)
            else:
                self._fault(entry.line_of("telegram"), say("roster_file.telegram", value=clip(telegram)))

    def _preferring(self, entry: _Entry, person: RosterPerson) -> RosterPerson:
        platforms = [account.platform for account in person.accounts]
        if person.role is Role.COORDINATOR and platforms == ["telegram"]:
            self._fault(entry.line_of("telegram"), say("roster_file.coordinator_slack"))
        if not person.prefers:
            return person
        if person.prefers not in ("slack", "telegram") or (platforms and person.prefers not in platforms):
            self._fault(entry.line_of("prefers"), say("roster_file.prefers", value=clip(person.prefers)))
        preferred_first = sorted(person.accounts, key=lambda account: account.platform != person.prefers)
        return replace(person, accounts=tuple(preferred_first))

    def _capacity(self, entry: _Entry, role: Role | None) -> int:
        value = self._text(entry, "capacity")
        if value and role in (Role.DENTIST, Role.COORDINATOR):
            self._fault(entry.line_of("capacity"), say("roster_file.specialist_only", key="capacity"))
        if not value:
            return USUAL_CAPACITY if role is Role.SPECIALIST else 0
        if not re.fullmatch(r"[0-9]{1,3}", value):
            self._fault(entry.line_of("capacity"), say("roster_file.capacity", value=clip(value)))
            return 0
        return int(value)

    def _expertise(self, entry: _Entry, role: Role | None) -> tuple[str, ...]:
        node = entry.nodes.get("expertise")
        if node is None:
            return ()
        if role in (Role.DENTIST, Role.COORDINATOR):
            self._fault(_line(node), say("roster_file.specialist_only", key="expertise"))
        words: list[str] = []
        for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            word = item.value if isinstance(item, yaml.ScalarNode) else ""
            if not _TAG.match(word):
                self._fault(_line(item), say("roster_file.expertise", value=clip(word)))
            words.append(word)
        return tuple(dict.fromkeys(words))

    # -- across entries

    def _unique(self, values: list[tuple[str, int]], key: str) -> None:
        seen: dict[str, int] = {}
        for value, line in values:
            if value and value in seen:
                first = seen[value]
                self._fault(line, say("roster_file.twice", key=key, value=clip(value), line=first))
            seen.setdefault(value, line)

    def _accounts(self, people: list[tuple[RosterPerson, _Entry]]) -> None:
        for platform in ("slack", "telegram"):
            used = [
                (f"{account.workspace}/{account.user}".lstrip("/"), entry.line_of(platform))
                for person, entry in people
                for account in person.accounts
                if account.platform == platform
            ]
            self._unique(used, platform)

    def _covers(self, people: list[tuple[RosterPerson, _Entry]]) -> None:
        by_handle = {person.handle: person for person, _ in people}
        for person, entry in people:
            if not person.cover:
                continue
            cover = by_handle.get(person.cover)
            if cover is None or cover.handle == person.handle or cover.role is not person.role:
                message = say("roster_file.cover", value=clip(person.cover), role=person.role)
                self._fault(entry.line_of("cover"), message)
            elif person.role is Role.DENTIST and cover.practice != person.practice:
                self._fault(entry.line_of("cover"), say("roster_file.cover_practice", value=person.cover))

    # -- nodes

    def _each(
        self, top: _Entry, key: str, allowed: tuple[str, ...], read: Callable[[_Entry], _T]
    ) -> Iterator[tuple[_T, _Entry]]:
        node = top.nodes.get(key)
        if node is None or _is_null(node):
            return
        if not isinstance(node, yaml.SequenceNode):
            self._fault(_line(node), say("roster_file.not_list", key=key))
            return
        for item in node.value:
            entry = self._mapping(item, allowed)
            if entry is not None:
                yield read(entry), entry

    def _mapping(self, node: yaml.Node, allowed: tuple[str, ...]) -> _Entry | None:
        if not isinstance(node, yaml.MappingNode):
            self._fault(_line(node), say("roster_file.not_mapping", keys=list(allowed)))
            return None
        nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in allowed:
                self._fault(_line(key), say("roster_file.unknown_key", key=clip(name), keys=list(allowed)))
            elif name in nodes:
                self._fault(_line(key), say("roster_file.repeated_key", key=name))
            else:
                nodes[name] = value
        return _Entry(_line(node), nodes)

    def _text(self, entry: _Entry, key: str) -> str:
        node = entry.nodes.get(key)
        if node is None or _is_null(node):
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self._fault(_line(node), say("roster_file.not_text", key=key))
            return ""
        return " ".join(str(node.value).split())

    def _needed(self, entry: _Entry, key: str) -> str:
        value = self._text(entry, key)
        if not value and (key not in entry.nodes or isinstance(entry.nodes[key], yaml.ScalarNode)):
            self._fault(entry.line_of(key), say("roster_file.missing", key=key))
        return value

    def _zone(self, entry: _Entry, default: str) -> str:
        name = self._text(entry, "timezone") or default
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._fault(entry.line_of("timezone"), say("roster_file.timezone", value=clip(name)))
        return name

    def _fault(self, line: int, message: str) -> None:
        self._faults.append(Fault(line, message))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _is_null(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:null"
