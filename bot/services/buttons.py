"""Buttons and form tokens: a nonce bound to one person, one case's parties and, mostly, one press."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from bot.domain.addresses import Account
from bot.domain.ids import CaseId, PersonId
from bot.domain.outbound import Button, ButtonStyle
from bot.domain.problems import Problem
from bot.services.unit import Unit, to_json
from storage import buttons

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press that counts. `person_id` is None only for a button made for an account that is not in the roster."""

    row: Row
    data: Mapping[str, Any]

    @property
    def action(self) -> str:
        """What was pressed: "offer.accept"."""
        return str(self.row["action"])

    @property
    def person_id(self) -> PersonId | None:
        """Who pressed it."""
        return None if self.row["person_id"] is None else PersonId(self.row["person_id"])

    @property
    def case_id(self) -> CaseId | None:
        """The case it is about."""
        return None if self.row["case_id"] is None else CaseId(self.row["case_id"])


class Limits(TypedDict, total=False):
    """How far a button of a case goes: see `make`. A `lasting` one stays good when the case's parties change."""

    data: Mapping[str, Any]
    group: str
    once: bool
    life: int
    lasting: bool


def for_seat(
    unit: Unit,
    seat: Row,
    action: str,
    label: str,
    style: ButtonStyle = ButtonStyle.PLAIN,
    **limits: Unpack[Limits],
) -> Button:
    """A button of a case for whoever sits in a seat; `seat` is a row of `storage.seats`."""
    return Button(label, seat_token(unit, seat, action, **limits), style)


def seat_token(unit: Unit, seat: Row, action: str, **limits: Unpack[Limits]) -> str:
    """What a button for a seat's person carries, alone."""
    return _of_case(unit, seat["person_id"], seat["case_id"], seat["case_epoch"], action, limits)


def for_case(
    unit: Unit,
    case: Row,
    person_id: PersonId,
    action: str,
    label: str,
    style: ButtonStyle = ButtonStyle.PLAIN,
    **limits: Unpack[Limits],
) -> Button:
    """A button of a case for somebody who may have no seat in it; `case` is a row of `storage.cases`."""
    return Button(label, _of_case(unit, person_id, case["id"], case["epoch"], action, limits), style)


def _of_case(unit: Unit, person_id: int, case_id: int, epoch: int, action: str, limits: Limits) -> str:
    return make_token(
        unit,
        action,
        person_id=PersonId(person_id),
        case_id=CaseId(case_id),
        case_epoch=0 if limits.get("lasting") else int(epoch),
        data=limits.get("data"),
        group=limits.get("group", ""),
        once=limits.get("once", True),
        life=limits.get("life"),
    )


def make(
    unit: Unit,
    action: str,
    *,
    person_id: PersonId | None,
    label: str,
    case_id: CaseId | None = None,
    case_epoch: int = 0,
    data: Mapping[str, Any] | None = None,
    group: str = "",
    once: bool = True,
    life: int | None = None,
    style: ButtonStyle = ButtonStyle.PLAIN,
    account: Account | None = None,
) -> Button:
    """A button only `person_id` may press (or `account`, for somebody unknown).

    With a `case_epoch` it is void once the case's parties change; pressing one of a `group` uses up the whole group.
    `data` holds ids and choices, never content. `life` in µs.
    """
    token = make_token(
        unit,
        action,
        person_id=person_id,
        case_id=case_id,
        case_epoch=case_epoch,
        data=data,
        group=group,
        once=once,
        life=life,
        account=account,
    )
    return Button(label, token, style)


def make_token(
    unit: Unit,
    action: str,
    *,
    person_id: PersonId | None,
    case_id: CaseId | None = None,
    case_epoch: int = 0,
    data: Mapping[str, Any] | None = None,
    group: str = "",
    once: bool = True,
    life: int | None = None,
    account: Account | None = None,
) -> str:
    """The nonce alone, as a native form carries it; 22 characters."""
    if (person_id is None) == (account is None):
        raise ValueError("a button is for one person, or for one account")
    token = unit.token()
    buttons.add(
        unit.tx,
        token_hash=_hash(unit, token),
        action=action,
        person_id=person_id,
        account_hash="" if account is None else account_hash(unit, account),
        case_id=case_id,
        case_epoch=case_epoch,
        data=to_json(dict(data or {})),
        group=group,
        once=once,
        now=unit.now,
        expires_at=unit.now + (unit.rules.button_life if life is None else life),
    )
    return token


def look(unit: Unit, token: str, presser: PersonId | None, sender: Account | None = None) -> Pressed | Problem:
    """What a press would do, without using the button up; a Problem says in one line why it does nothing."""
    row = buttons.get(unit.tx, _hash(unit, token))
    if row is None:
        return Problem.of("button.gone")
    if not _is_theirs(unit, row, presser, sender):
        unit.audit(row["case_id"] or 0, f"person:{presser or 0}", "button.foreign", action=row["action"])
        return Problem.of("button.foreign")
    if row["person_locked"]:
        return Problem.of("button.locked")
    if row["case_epoch"] and row["case_epoch"] != row["epoch_now"]:
        return Problem.of("button.changed")
    if row["used_at"] is not None:
        return Problem.of("button.used")
    if row["expires_at"] <= unit.now:
        return Problem.of("button.expired")
    return Pressed(row, json.loads(row["data"]))


def former(unit: Unit, token: str, presser: PersonId | None, sender: Account | None = None) -> Pressed | None:
    """What a button that may do nothing any more was for; None if it is nobody's any more, or was never theirs."""
    row = buttons.get(unit.tx, _hash(unit, token))
    if row is None or not _is_theirs(unit, row, presser, sender) or row["person_locked"]:
        return None
    return Pressed(row, json.loads(row["data"]))


def by_link(unit: Unit, token: str, action: str) -> Pressed | Problem:
    """What stands behind a link that is a credential by itself: who has it speaks for the person it was made for."""
    row = buttons.get(unit.tx, _hash(unit, token))
    if row is None or row["action"] != action or row["person_id"] is None:
        return Problem.of("button.gone")
    return look(unit, token, PersonId(row["person_id"]))


def press(unit: Unit, token: str, presser: PersonId | None, sender: Account | None = None) -> Pressed | Problem:
    """Press a button: it counts once, and uses up its group. `sender` tells who an unknown presser is."""
    found = look(unit, token, presser, sender)
    if isinstance(found, Pressed) and found.row["once"]:
        use_up(unit, found)
    return found


def use_up(unit: Unit, pressed: Pressed) -> None:
    """Nothing of the button or its group works any more; for form tokens, once the form was good."""
    buttons.use(unit.tx, pressed.row["token_hash"], pressed.row["grp"], unit.now)


def void_group(unit: Unit, group: str) -> int:
    """What the buttons of a group asked is settled some other way."""
    return buttons.void_group(unit.tx, group, unit.now)


def account_hash(unit: Unit, account: Account) -> str:
    """An account as a keyed hash: for people who are not in the roster, of whom nothing else is kept."""
    return unit.hash("account", account.platform, account.workspace, account.user)


def _is_theirs(unit: Unit, row: Row, presser: PersonId | None, sender: Account | None) -> bool:
    if row["person_id"] is not None:
        return presser is not None and int(row["person_id"]) == presser
    return sender is not None and str(row["account_hash"]) == account_hash(unit, sender)


def _hash(unit: Unit, token: str) -> str:
    return unit.hash("button", token)
