"""Move: take one's own side of a case to another app, by command or button."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.ids import SeatId
from bot.domain.outbound import Reply
from bot.domain.references import parse_reference
from bot.services import buttons, moving, notices
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.places import find_seat
from prompts.wording import say
from storage import seats

Row = dict[str, Any]


def typed(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/case move telegram`, in the case's room or with its reference; without an app the person is asked."""
    assert person is not None
    words = event.args.split()
    names = {name for name, one in unit.capabilities.items() for word in words if word.lower() in (name, one.label)}
    seat = _seat(unit, event, person, words)
    if seat is None:
        slash = unit.capabilities[event.origin.place.platform].command_prefix
        elsewhere = next(one.label for name, one in unit.capabilities.items() if name != event.origin.place.platform)
        example = f"{slash}move {elsewhere.lower()} C-7K3F"
        return answer(unit, event.origin, person, say("move.how", command=f"{slash}move", example=example))
    accounts = moving.destinations(unit, seat)
    if seat["platform"] in names:
        label = unit.capabilities[seat["platform"]].label
        return answer(unit, event.origin, person, say("move.problem.there", ref=seat["ref"], platform=label))
    wanted = [account for account in accounts if account["platform"] in names]
    if not accounts or (names and not wanted):
        return answer(unit, event.origin, person, say("move.nowhere"))
    if not names:
        _ask(unit, seat, accounts)
        return None
    return _move(unit, event, person, seat, wanted[0])


def pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The app was chosen."""
    person = who(unit, event.origin)
    own = seats.of_person(unit.tx, pressed.person_id or 0)
    seat = next((one for one in own if one["id"] == pressed.data["seat"]), None)
    accounts = [] if seat is None else moving.destinations(unit, seat)
    account = next((one for one in accounts if one["id"] == pressed.data["account"]), None)
    if seat is None or account is None:
        return answer(unit, event.origin, person, say("button.stale"))
    return _move(unit, event, person, seat, account)


def _seat(unit: Unit, event: CommandReceived, person: Row, words: list[str]) -> Row | None:
    """The seat meant: by reference, else of the room it was typed in, else the only one."""
    own = seats.of_person(unit.tx, person["person_id"])
    refs = [ref for word in words if (ref := parse_reference(word)) is not None]
    if refs:
        return next((seat for seat in own if seat["ref"] == refs[0]), None)
    found = find_seat(unit, event.origin, person, event.reply_to)
    return found.seat


def _ask(unit: Unit, seat: Row, accounts: list[Row]) -> None:
    row = tuple(
        buttons.for_seat(
            unit,
            seat,
            "case.move",
            say("move.button", platform=unit.capabilities[account["platform"]].label),
            data={"seat": seat["id"], "account": account["id"]},
            group=f"move:{seat['id']}",
        )
        for account in accounts
    )
    notices.to_seat(unit, seat, say("move.which", ref=seat["ref"]), buttons=(row,))


def _move(unit: Unit, event: CommandReceived | ButtonPressed, person: Row, seat: Row, account: Row) -> Reply | None:
    problem = moving.move(unit, SeatId(seat["id"]), account["id"])
    if problem is not None:
        return answer(unit, event.origin, person, say(problem.key, **problem.values))
    if not event.origin.live:
        return None  # the old room's last line says it
    label = unit.capabilities[account["platform"]].label
    return answer(unit, event.origin, person, say("move.done", ref=seat["ref"], platform=label))


COMMANDS = {"move": typed}
BUTTONS = {"case.move": pressed}
