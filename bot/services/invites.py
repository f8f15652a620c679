"""Invites: a one-use code binds an account to a person, once a coordinator has confirmed that it is them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.addresses import Account
from bot.domain.ids import SERVICE, AccountId, InviteId, PersonId
from bot.domain.outbound import ButtonStyle
from bot.domain.richtext import plain
from bot.domain.rules import DAY
from bot.services import buttons, holding, notices, openings, outbox
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, held, invites, people, settings

Row = dict[str, Any]
CLOCK_SKEW = DAY
"""An invite made further in the future than this was made by a wrong clock and would outlive its day: refused."""
TELEGRAM_NAME = "telegram.username"
"""The setting that holds the Telegram bot's user name, without "@"; the program writes it at start."""


class Outcome(StrEnum):
    """What became of a code."""

    CLAIMED = "claimed"
    BAD = "bad"  # unknown, used, expired: the claimant is told no more than that
    BOUND = "bound"  # this account is somebody's already
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim's outcome, with its account when there is one."""

    outcome: Outcome
    account: Row | None = None


def create(unit: Unit, person_id: PersonId, by: str) -> str:
    """A new code for one person, good once and for `rules.invite_life`; unused older ones end here. 128 bits."""
    person = people.get(unit.tx, person_id)
    assert person is not None
    code = unit.token()
    invites.withdraw(unit.tx, person_id, unit.now)
    invite = InviteId(unit.new_id())
    invites.add(unit.tx, invite, person_id, _hash(unit, code), unit.now, unit.now + unit.rules.invite_life)
    unit.audit(SERVICE, by, "invite.made", invite=invite, person=person_id)
    notices.resolved(unit, "invite_wanted", person["handle"])
    return code


def deep_link(unit: Unit, code: str) -> str | None:
    """The Telegram link that presses Start with the code; None while the bot's name is not known."""
    name = settings.get(unit.tx, TELEGRAM_NAME)
    return None if name is None else f"https://t.me/{name}?start={code}"


def claim(unit: Unit, sender: Account, code: str) -> Claim:
    """Use a code. Of any number of claims at once one wins; the account then waits for a coordinator."""
    known = accounts.find(unit.tx, sender.platform, sender.workspace, sender.user)
    if known is not None and known["state"] in ("active", "claimed"):
        return Claim(Outcome.BOUND, known)
    invite = invites.take(unit.tx, _hash(unit, code.strip()), unit.now, CLOCK_SKEW)
    if invite is None:
        unit.audit(SERVICE, "unknown", "invite.refused", account=buttons.account_hash(unit, sender))
        return Claim(Outcome.BAD)
    person = people.get(unit.tx, invite["person_id"])
    assert person is not None
    if person["locked"] or not person["listed"]:
        unit.audit(SERVICE, "unknown", "invite.refused", invite=invite["id"], person=person["id"])
        return Claim(Outcome.LOCKED)
    account_id = accounts.claim(
        unit.tx, unit.new_id(), person["id"], sender.platform, sender.workspace, sender.user, unit.now
    )
    if account_id is None:
        return Claim(Outcome.BOUND, accounts.find(unit.tx, sender.platform, sender.workspace, sender.user))
    invites.set_account(unit.tx, invite["id"], account_id)
    account = accounts.get(unit.tx, account_id)
    assert account is not None
    unit.audit(SERVICE, f"person:{person['id']}", "account.claimed", account=account_id, invite=invite["id"])
    notices.resolved(unit, "new_account", stranger_name(sender))
    _ask_coordinators(unit, account)
    return Claim(Outcome.CLAIMED, account)


def wanted(unit: Unit, code: str) -> int | None:
    """The person a code was made for, good or not: for the coordinators' eyes only."""
    row = invites.find(unit.tx, _hash(unit, code.strip()))
    return None if row is None else int(row["person_id"])


def confirm(unit: Unit, account_id: AccountId, by: PersonId) -> Row | None:
    """A coordinator knows that it is them: the account counts and what waited goes. None if it waits no more."""
    if not accounts.settle_claim(unit.tx, account_id, "active", by):
        return None
    account = accounts.get(unit.tx, account_id)
    assert account is not None
    unit.audit(SERVICE, f"person:{by}", "account.confirmed", account=account_id, person=account["person_id"])
    settled(unit, account)
    return account


def settled(unit: Unit, account: Row) -> None:
    """An account counts from now on: its person is welcomed and what waited for it goes."""
    buttons.void_group(unit, _group(account["id"]))
    _tell(unit, account, welcome(unit, account))
    person_id = PersonId(account["person_id"])
    openings.let_go(unit, AccountId(account["id"]))
    holding.release_unconfirmed(unit, person_id, sender_of(account))
    notices.resolved(unit, "unreachable", account["handle"])


def refuse(unit: Unit, account_id: AccountId, by: PersonId) -> Row | None:
    """It is not them: nothing of what this account wrote is kept. None if it waits no more."""
    if not accounts.settle_claim(unit.tx, account_id, "refused", by):
        return None
    account = accounts.get(unit.tx, account_id)
    assert account is not None
    unit.audit(SERVICE, f"person:{by}", "account.refused", account=account_id, person=account["person_id"])
    buttons.void_group(unit, _group(account_id))
    openings.drop(unit, account_id)
    for row in held.of_person(unit.tx, account["person_id"], "unconfirmed"):
        if holding.sender_of(unit, row) == sender_of(account):
            holding.discard(unit, row["id"], PersonId(account["person_id"]))
    _tell(unit, account, say("link.refused"))
    return account


def welcome(unit: Unit, account: Row) -> str:
    """The four lines somebody reads once they are known."""
    role = str(account["role"])
    slash = unit.capabilities[account["platform"]].command_prefix
    return "\n".join(
        [
            say(f"link.welcome.{role}", name=account["name"]),
            say("link.welcome.stored"),
            say("link.welcome.never"),
            say("link.welcome.help", command=f"{slash}help"),
        ]
    )


def sender_of(account: Row) -> Account:
    """An account row as the platform names it."""
    return Account(account["platform"], account["workspace"], account["user_ref"])


def stranger_name(sender: Account) -> str:
    """An unknown account as the coordinators see it: its platform and id, for want of a name."""
    return ":".join(filter(None, (sender.platform, sender.workspace, sender.user)))


def _ask_coordinators(unit: Unit, account: Row) -> None:
    label = unit.capabilities[account["platform"]].label
    body = say(
        "people.claim",
        name=account["name"],
        handle=account["handle"],
        platform=label,
        user=account["user_ref"],
    )
    group = _group(account["id"])
    for row in accounts.coordinators(unit.tx):
        coordinator = PersonId(row["id"])
        if accounts.reach(unit.tx, coordinator) is None or coordinator == account["person_id"]:
            continue
        data = {"account": account["id"]}
        pair = (
            buttons.make(
                unit,
                "claim.confirm",
                person_id=coordinator,
                label=say("button.confirm"),
                data=data,
                group=group,
                style=ButtonStyle.PRIMARY,
            ),
            buttons.make(
                unit,
                "claim.refuse",
                person_id=coordinator,
                label=say("button.refuse"),
                data=data,
                group=group,
                style=ButtonStyle.DANGER,
            ),
        )
        notices.to_person(unit, coordinator, body, buttons=(pair,))


def _tell(unit: Unit, account: Row, text: str) -> None:
    lane = notices.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])
    outbox.post_text(unit, lane, plain(text), notice=say("notice.service"))


def _group(account_id: int) -> str:
    return f"claim:{account_id}"


def _hash(unit: Unit, code: str) -> str:
    return unit.hash("invite", code)
