"""The coordinator's desk: who joins, who has which case. Never a word of what is said in one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.dates import spoken
from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.ids import AccountId, CaseId, PersonId
from bot.domain.leave import moments, read_days
from bot.domain.localtime import local_day
from bot.domain.outbound import ButtonStyle, Reply
from bot.domain.problems import Problem
from bot.domain.references import parse_reference
from bot.domain.richtext import plain
from bot.services import buttons, handovers, invites, notices, outbox, people
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say
from storage import accounts

Row = dict[str, Any]


def assign(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/case assign REF HANDLE`: this specialist has the case from now on."""
    assert person is not None
    ref, words = _reference(event.args)
    if not ref or not words:
        return answer(unit, event.origin, person, say("coordinator.usage_assign"))
    case, successor = handovers.find_case(unit, ref), people.find(unit, words[0])
    for found in (case, successor):
        if isinstance(found, Problem):
            return _problem(unit, event, person, found)
    assert isinstance(case, dict)
    assert isinstance(successor, dict)
    problem = handovers.hand_over(unit, CaseId(case["id"]), successor, _actor(person))
    if problem is not None:
        return _problem(unit, event, person, problem)
    return answer(unit, event.origin, person, say("coordinator.assigned", ref=case["ref"], name=successor["name"]))


def cover(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/case cover REF HANDLE [FROM TO]`: for a time, or for good; the handle's role says which seat."""
    assert person is not None
    ref, words = _reference(event.args)
    if not ref or not words:
        return answer(unit, event.origin, person, say("coordinator.usage_cover"))
    if len(words) == 1:
        return assign(unit, event, person)
    case, successor = handovers.find_case(unit, ref), people.find(unit, words[0])
    for found in (case, successor):
        if isinstance(found, Problem):
            return _problem(unit, event, person, found)
    assert isinstance(case, dict)
    assert isinstance(successor, dict)
    zone = ZoneInfo(successor["timezone"])
    days = read_days(" ".join(words[1:]), local_day(unit.now, zone))
    if isinstance(days, Problem):
        return _problem(unit, event, person, days)
    starts_at, ends_at = moments(days, zone)
    problem = handovers.cover(
        unit, CaseId(case["id"]), successor, starts_at, ends_at, _actor(person), PersonId(person["person_id"])
    )
    if problem is not None:
        return _problem(unit, event, person, problem)
    text = say(
        "coordinator.covered",
        ref=case["ref"],
        name=successor["name"],
        start=spoken(days[0]),
        end=spoken(days[1]),
    )
    return answer(unit, event.origin, person, text)


def invite(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/case invite HANDLE`: a one-use code, shown in the coordinator's own chat and nowhere else."""
    assert person is not None
    guest = _named(unit, event)
    if isinstance(guest, Problem):
        return _problem(unit, event, person, guest)
    show_invite(unit, person, guest)
    return None


def show_invite(unit: Unit, person: Row, guest: Row) -> None:
    """A new code for somebody, in the coordinator's own chat."""
    code = invites.create(unit, PersonId(guest["id"]), _actor(person))
    until = datetime.fromtimestamp((unit.now + unit.rules.invite_life) / 1_000_000, ZoneInfo(person["timezone"]))
    rows = [
        say(
            "coordinator.invite.made",
            name=guest["name"],
            handle=guest["handle"],
            until=f"{until:%a} {until.day} {until:%b %H:%M}",
        )
    ]
    url = invites.deep_link(unit, code)
    if url is not None:
        rows.append(say("coordinator.invite.telegram", link=url))
    else:
        rows.append(say("coordinator.invite.telegram_code", code=code))
    rows.append(say("coordinator.invite.slack", code=code))
    labels = [
        unit.capabilities[row["platform"]].label
        for row in accounts.of_person(unit.tx, guest["id"])
        if row["state"] == "active"
    ]
    if labels:
        rows.append(say("coordinator.invite.active", platforms=labels))
    lane = notices.lane_of_account(unit, person["platform"], person["workspace"], person["user_ref"])
    outbox.post_text(unit, lane, plain("\n".join(rows)), notice=say("notice.service"))


def confirm(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/case confirm HANDLE`: the account that claims to be this person is theirs."""
    assert person is not None
    guest = _named(unit, event)
    if isinstance(guest, Problem):
        return _problem(unit, event, person, guest)
    claims = [row for row in accounts.claimed(unit.tx) if row["person_id"] == guest["id"]]
    if not claims:
        return answer(unit, event.origin, person, say("coordinator.no_claim", name=guest["name"]))
    if len(claims) == 1:
        invites.confirm(unit, AccountId(claims[0]["id"]), PersonId(person["person_id"]))
        return answer(unit, event.origin, person, say("coordinator.confirmed", name=guest["name"]))
    which_claim(unit, person, claims)
    return None


def which_claim(unit: Unit, person: Row, claims: list[Row]) -> None:
    """Ask the coordinator which of several accounts is this person's."""
    rows = tuple(
        (
            buttons.make(
                unit,
                "claim.confirm",
                person_id=PersonId(person["person_id"]),
                label=f"{unit.capabilities[row['platform']].label} {row['user_ref']}",
                data={"account": row["id"]},
                style=ButtonStyle.PRIMARY,
            ),
        )
        for row in claims
    )
    notices.to_person(
        unit, PersonId(person["person_id"]), say("coordinator.which_claim", name=claims[0]["name"]), buttons=rows
    )


def confirm_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Confirm]"""
    account = invites.confirm(unit, AccountId(pressed.data["account"]), _presser(pressed))
    text = say("coordinator.settled") if account is None else say("coordinator.confirmed", name=account["name"])
    return answer(unit, event.origin, who(unit, event.origin), text)


def refuse_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Refuse]"""
    account = invites.refuse(unit, AccountId(pressed.data["account"]), _presser(pressed))
    text = say("coordinator.settled" if account is None else "coordinator.refused")
    return answer(unit, event.origin, who(unit, event.origin), text)


def lock(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/case lock HANDLE`: everything to and from this person stops at once."""
    assert person is not None
    found = _named(unit, event)
    if isinstance(found, dict) and found["id"] == person["person_id"]:
        return answer(unit, event.origin, person, say("coordinator.lock_self"))
    locked = people.lock(unit, event.args, _actor(person)) if isinstance(found, dict) else found
    if isinstance(locked, Problem):
        return _problem(unit, event, person, locked)
    text = say("coordinator.locked", name=locked["name"], handle=locked["handle"])
    return answer(unit, event.origin, person, text)


def _reference(args: str) -> tuple[str, list[str]]:
    """The case reference at the start, blanks in it or not, and the words after it."""
    words = args.split()
    for length in (1, 2):
        ref = parse_reference(" ".join(words[:length]))
        if ref is not None and len(words) >= length:
            return ref, words[length:]
    return (words[0], words[1:]) if len(words) > 1 else ("", words)


def _named(unit: Unit, event: CommandReceived) -> Row | Problem:
    return people.find(unit, event.args) if event.args.strip() else Problem.of("coordinator.usage_handle")


def _problem(unit: Unit, event: CommandReceived, person: Row, problem: Problem) -> Reply | None:
    return answer(unit, event.origin, person, say(problem.key, **problem.values))


def _actor(person: Row) -> str:
    return f"person:{person['person_id']}"


def _presser(pressed: Pressed) -> PersonId:
    assert pressed.person_id is not None
    return pressed.person_id


COMMANDS = {
    "assign": assign,
    "cover": cover,
    "invite": invite,
    "confirm": confirm,
    "lock": lock,
}
BUTTONS = {"claim.confirm": confirm_pressed, "claim.refuse": refuse_pressed}
