"""`/case stuck`: what needs a hand, by reason and age, with one button each; void once it is no longer true."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.ids import CaseId, PersonId
from bot.domain.names import short_name
from bot.domain.outbound import Button, Reply, Toast
from bot.domain.problems import Problem
from bot.domain.richtext import plain
from bot.services import ages, buttons, handovers, notices, outbox, people, stuck, unsticking
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.coordinator import show_invite, which_claim
from prompts.wording import say

Row = dict[str, Any]
SHOWN = 15
"""Stuck things listed at once: each has a row of its own below the list."""


def list_stuck(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/case stuck`: the list stands in the coordinator's own chat, wherever they asked for it."""
    assert person is not None
    found = stuck.listing(unit)
    if not found:
        return answer(unit, event.origin, person, say("coordinator.nothing_stuck"))
    rows = [say("coordinator.stuck", n=len(found))]
    rows += [f"{no}. {line(unit, one)}" for no, one in enumerate(found[:SHOWN], 1)]
    if len(found) > SHOWN:
        rows.append(say("coordinator.more", n=len(found) - SHOWN))
    below = tuple((button(unit, person, no, one),) for no, one in enumerate(found[:SHOWN], 1))
    _in_own_chat(unit, person, "\n".join(rows), below)
    return Toast(say("coordinator.stuck_there", n=len(found))) if event.origin.live else None


def step(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """A button of the list: its one step, if it is still true."""
    person = who(unit, event.origin)
    what, subject = str(pressed.data["what"]), str(pressed.data["subject"])
    if person["role"] != "coordinator" or not unsticking.still(unit, what, subject):
        return answer(unit, event.origin, person, say("coordinator.settled"))
    unsticking.record(unit, what, subject, PersonId(person["person_id"]))
    text = _take(unit, person, what, subject)
    return None if text is None else answer(unit, event.origin, person, text)


def assign(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The specialist was chosen: the case is theirs."""
    person = who(unit, event.origin)
    case, chosen = unsticking.case_of(unit, str(pressed.data["ref"])), people.find(unit, str(pressed.data["handle"]))
    if person["role"] != "coordinator" or case is None or case["state"] != "unassigned" or isinstance(chosen, Problem):
        return answer(unit, event.origin, person, say("coordinator.settled"))
    problem = handovers.hand_over(unit, CaseId(case["id"]), chosen, f"person:{person['person_id']}")
    if problem is not None:
        return answer(unit, event.origin, person, say(problem.key, **problem.values))
    return answer(unit, event.origin, person, say("coordinator.assigned", ref=case["ref"], name=chosen["name"]))


def _take(unit: Unit, person: Row, what: str, subject: str) -> str | None:
    """Do the step; what to answer, None where a message of its own says it."""
    match unsticking.step_for(what):
        case "assign":
            return _choose(unit, person, subject)
        case "confirm":
            return _confirm(unit, person, what, subject)
        case "invite":
            guest = people.find(unit, subject)
            if isinstance(guest, Problem):
                return say(guest.key, **guest.values)
            show_invite(unit, person, guest)
            return None
        case "again":
            return say("coordinator.sent_again", n=unsticking.send_again(unit, subject))
        case "remind":
            name = unsticking.remind(unit, what, subject)
            return say("coordinator.reminded", name=name) if name else say("coordinator.nobody_there")
        case "handle":
            return say("coordinator.handled_again", n=unsticking.handle_again(unit, subject))
        case "anew" | "look" as how:
            unsticking.look_again(unit, subject, anew=how == "anew")
            return say(f"coordinator.room.{how}", ref=subject)
        case _:
            unsticking.seen_to(unit, what, subject)
            return say("coordinator.seen_to")


def _choose(unit: Unit, person: Row, ref: str) -> str | None:
    case = unsticking.case_of(unit, ref)
    found = [] if case is None else unsticking.choices(unit, case)
    if case is None or not found:
        return say("coordinator.nobody_there")
    rows = tuple(
        (
            buttons.for_case(
                unit,
                case,
                PersonId(person["person_id"]),
                "stuck.assign",
                say(
                    "coordinator.choice", name=short_name(row["name"]), load=int(row["load"]), most=int(row["capacity"])
                ),
                data={"ref": ref, "handle": row["handle"]},
                group=f"stuck.assign:{case['id']}",
            ),
        )
        for row in found
    )
    _in_own_chat(unit, person, say("coordinator.who_takes", ref=ref), rows)
    return None


def _confirm(unit: Unit, person: Row, what: str, subject: str) -> str | None:
    claims = unsticking.claims_of(unit, what, subject)
    if len(claims) > 1:
        which_claim(unit, person, claims)
        return None
    if not claims or not unsticking.confirm(unit, claims[0], PersonId(person["person_id"])):
        return say("coordinator.settled")
    return say("coordinator.confirmed", name=claims[0]["name"])


def button(unit: Unit, person: Row, no: int, one: stuck.Stuck) -> Button:
    """The one step of a stuck thing, for this coordinator."""
    return buttons.make(
        unit,
        "stuck.step",
        person_id=PersonId(person["person_id"]),
        label=f"{no}. {say(f'coordinator.step.{unsticking.step_for(one.what)}')}",
        data={"what": one.what, "subject": one.subject},
    )


def line(unit: Unit, one: stuck.Stuck) -> str:
    """ "no specialist · C-7K3F · 3 h" """
    what = say(f"coordinator.what.{one.what}")
    return say("coordinator.line", what=what, subject=one.subject, age=ages.words(unit.now - one.since))


def _in_own_chat(unit: Unit, person: Row, text: str, rows: tuple[tuple[Button, ...], ...]) -> None:
    lane = notices.lane_of_account(unit, person["platform"], person["workspace"], person["user_ref"])
    outbox.post_text(unit, lane, plain(text), notice=say("notice.service"), buttons=rows)


COMMANDS = {"stuck": list_stuck}
BUTTONS = {"stuck.step": step, "stuck.assign": assign}
