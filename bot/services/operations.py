"""What an operator may do from the command line, by name with JSON arguments: the running process does it when there is
one, else the command itself. Both go through these two tables, so both mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.dates import spoken
from bot.domain.ids import SERVICE, CaseId, PersonId
from bot.domain.leave import moments, read_days
from bot.domain.localtime import local_day
from bot.domain.problems import Problem
from bot.domain.references import parse_reference
from bot.services import (
    faq_overview,
    handovers,
    invites,
    overview,
    people,
    reporting,
    roster_file,
    rosters,
    settle,
    stuck,
    unlinking,
)
from bot.services.declined import Declined
from bot.services.unit import Unit
from prompts.wording import say
from storage import deliveries, inbox, incidents, losses, settings
from storage.engine.base import Tx

Row = dict[str, Any]
Args = Mapping[str, Any]
BY = "cli"
"""The actor these use cases are audited under."""


# --- reading -----------------------------------------------------------------------------------------------------


def _case(tx: Tx, now: int, args: Args) -> Row:
    ref = parse_reference(_text(args, "ref"))
    found = overview.one_case(tx, ref) if ref is not None else None
    if found is None:
        raise Declined(say("handover.problem.no_case", ref=ref or _text(args, "ref")[:20] or "?"))
    return found


READS: Mapping[str, Callable[[Tx, int, Args], Any]] = {
    "people": lambda tx, now, args: overview.everybody(tx, now),
    "cases": lambda tx, now, args: overview.every_case(tx, closed=bool(args.get("closed"))),
    "case": _case,
    "outbox": lambda tx, now, args: overview.outbox(tx, dead=bool(args.get("dead"))),
    "losses": lambda tx, now, args: losses.totals(tx),
    "report": lambda tx, now, args: reporting.figures(tx, now),
    "facts": lambda tx, now, args: overview.facts(tx),
}
"""Use cases that change nothing: `(tx, now, args)` to something JSON can say."""


# --- changing ----------------------------------------------------------------------------------------------------


def _apply(unit: Unit, args: Args) -> Row:
    """`text` is the whole roster file, `timezone` that of entries which name none."""
    roster = roster_file.read_roster(_text(args, "text"), _text(args, "timezone"))
    if isinstance(roster, tuple):
        raise Declined(*(say("cli.fault", line=fault.line, message=fault.message) for fault in roster))
    applied = rosters.apply(unit, roster, BY)
    if isinstance(applied, tuple):
        lines = (_line_of(_text(args, "text"), str(problem.values["handle"])) for problem in applied)
        raise Declined(
            *(
                say("cli.fault", line=line, message=_words(problem))
                for line, problem in zip(lines, applied, strict=True)
            )
        )
    return {
        "added": applied.added,
        "changed": applied.changed,
        "unlisted": applied.unlisted,
        "bound": applied.bound,
        "left": applied.left,
        "people": len(roster.people),
    }


def _line_of(text: str, handle: str) -> int:
    """Where a roster file names this person, counted from 1."""
    named = re.compile(rf"""\bid["']?\s*:\s*["']?{re.escape(handle)}\b(?!-)""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if named.search(line)), 1)


def _invite(unit: Unit, args: Args) -> Row:
    person = _person(unit, args)
    code = invites.create(unit, PersonId(person["id"]), BY)
    return {
        "handle": person["handle"],
        "name": person["name"],
        "code": code,
        "link": invites.deep_link(unit, code),
        "until": overview.moment(unit.now + unit.rules.invite_life),
    }


def _capacity(unit: Unit, args: Args) -> Row:
    _settle(people.set_capacity(unit, _text(args, "handle"), _number(args, "capacity"), BY))
    return {"handle": _person(unit, args)["handle"], "capacity": _number(args, "capacity")}


def _away(unit: Unit, args: Args) -> Row:
    """`first` and `last` are days as people write them, on the person's own calendar."""
    person = _person(unit, args)
    zone = ZoneInfo(person["timezone"])
    days = read_days(f"{_text(args, 'first')} to {_text(args, 'last')}", local_day(unit.now, zone))
    if isinstance(days, Problem):
        raise Declined(_words(days))
    starts_at, ends_at = moments(days, zone)
    _settle(people.set_away(unit, PersonId(person["id"]), starts_at, ends_at, _text(args, "cover"), BY))
    return {"name": person["name"], "first": spoken(days[0]), "last": spoken(days[1])}


def _back(unit: Unit, args: Args) -> Row:
    person = _person(unit, args)
    return {"name": person["name"], "dropped": people.back(unit, PersonId(person["id"]), BY)}


def _lock(unit: Unit, args: Args) -> Row:
    return {"name": _settled(people.lock(unit, _text(args, "handle"), BY))["name"]}


def _unlock(unit: Unit, args: Args) -> Row:
    return {"name": _settled(people.unlock(unit, _text(args, "handle"), BY))["name"]}


def _unlink(unit: Unit, args: Args) -> Row:
    return _settled(unlinking.unlink(unit, _text(args, "handle"), _text(args, "account"), BY))


def _assign(unit: Unit, args: Args) -> Row:
    case = _settled(handovers.find_case(unit, _text(args, "ref")))
    successor = _person(unit, args)
    _settle(handovers.hand_over(unit, CaseId(case["id"]), successor, BY))
    return {"ref": case["ref"], "name": successor["name"]}


def _retry(unit: Unit, args: Args) -> Row:
    """A dead delivery goes once more, at the end of its lane; a parked update is handled anew."""
    wanted = _number(args, "id")
    if settle.retry(unit, wanted):
        if not deliveries.count_failed(unit.tx):
            incidents.close_kind(unit.tx, "dead_letter", unit.now)
        return {"kind": "delivery"}
    if inbox.requeue(unit.tx, wanted):
        unit.audit(SERVICE, BY, "inbox.retried", inbox=wanted)
        if not inbox.dead(unit.tx):
            incidents.close_kind(unit.tx, "inbox_parked", unit.now)
        return {"kind": "inbox"}
    raise Declined(say("cli.outbox.unknown", id=str(wanted)))


def _telegram_named(unit: Unit, args: Args) -> Row:
    settings.put(unit.tx, invites.TELEGRAM_NAME, _text(args, "name"), unit.now)
    return {}


def _stuck(unit: Unit, args: Args) -> Row:
    """What needs a hand, and how many open cases each specialist has. It changes nothing, but needs the diaries."""
    return {
        "stuck": [
            {"what": one.what, "subject": one.subject, "since": overview.moment(one.since)}
            for one in stuck.listing(unit)
        ],
        "load": reporting.load(unit.tx, unit.now),
    }


WRITES: Mapping[str, Callable[[Unit, Args], Any]] = {
    "roster.apply": _apply,
    "roster.invite": _invite,
    "roster.capacity": _capacity,
    "roster.away": _away,
    "roster.back": _back,
    "roster.lock": _lock,
    "roster.unlock": _unlock,
    "roster.unlink": _unlink,
    "case.assign": _assign,
    "outbox.retry": _retry,
    "stuck": _stuck,
    "library": lambda unit, args: faq_overview.standing(unit),
    "telegram.named": _telegram_named,
}
"""Use cases that change something, each in one unit; Declined undoes it whole."""


# --- arguments ---------------------------------------------------------------------------------------------------


def _person(unit: Unit, args: Args) -> Row:
    return _settled(people.find(unit, _text(args, "handle")))


def _settled(found: Row | Problem) -> Row:
    if isinstance(found, Problem):
        raise Declined(_words(found))
    return found


def _settle(problem: Problem | None) -> None:
    if problem is not None:
        raise Declined(_words(problem))


def _words(problem: Problem) -> str:
    return say(problem.key, **problem.values)


def _text(args: Args, name: str) -> str:
    value = args.get(name)
    if not isinstance(value, str):
        raise Declined(say("cli.odd_argument", name=name))
    return value


def _number(args: Args, name: str) -> int:
    value = args.get(name)
    if not isinstance(value, int):
        raise Declined(say("cli.odd_argument", name=name))
    return value
