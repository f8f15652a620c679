"""Arriving: an invitation used, Start pressed, or somebody nobody knows. Nothing an unknown account writes is kept."""

from __future__ import annotations

from typing import Any

from bot.domain.addresses import Account
from bot.domain.events import ButtonPressed, CommandReceived, HomeOpened, InboundEvent, MessageReceived, ShortcutInvoked
from bot.domain.outbound import Button, Page, Reply, Section, Toast
from bot.domain.problems import Problem
from bot.domain.richtext import plain
from bot.domain.rules import MINUTE
from bot.services import assignment, buttons, invites, notices, outbox, settle
from bot.services.buttons import Pressed
from bot.services.invites import Outcome
from bot.services.unit import Unit
from handlers import messages
from handlers.answers import answer
from prompts.wording import say
from storage import people, settings

Row = dict[str, Any]


def link(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/case link CODE`, or Start with or without a code."""
    sender, code = event.origin.sender, event.args.strip()
    assert sender is not None
    if person is None:
        return _use(unit, event, sender, code) if code else unknown(unit, event)
    settle.reachable_again(unit, sender)
    if person["locked"]:
        return answer(unit, event.origin, person, say("link.locked"))
    if person["state"] == "claimed":
        return answer(unit, event.origin, person, say("link.being_checked"))
    if code:
        return answer(unit, event.origin, person, say("link.already", name=person["name"]))
    return answer(unit, event.origin, person, invites.welcome(unit, person))


def unknown(unit: Unit, event: InboundEvent) -> Reply | None:
    """Somebody who is not in the roster, or whose claim was refused: one kind answer an hour, and nothing else."""
    sender = event.origin.sender
    assert sender is not None
    if isinstance(event, ButtonPressed):
        return _pressed(unit, event, sender)
    if isinstance(event, HomeOpened):
        return Page((Section(plain(say("link.unknown"))),))
    if not isinstance(event, MessageReceived | CommandReceived | ShortcutInvoked):
        return None
    if not event.origin.direct and not isinstance(event, CommandReceived):
        messages.intruder(unit, event.origin)
        return None
    mark = buttons.account_hash(unit, sender)
    if not settings.answer_stranger(unit.tx, mark, unit.now, unit.rules.unknown_quiet):
        return Toast(say("link.unknown")) if event.origin.live else None
    button = buttons.make(
        unit, "link.new_account", person_id=None, account=sender, label=say("link.button.new_account")
    )
    _tell(unit, sender, say("link.unknown"), button)
    return None


def ask_new(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Ask the coordinators for a new invitation. They learn whose it was; whoever presses does not."""
    sender = event.origin.sender
    assert sender is not None
    person = people.get(unit.tx, pressed.data["person"]) if "person" in pressed.data else None
    subject = person["handle"] if person is not None else invites.stranger_name(sender)
    notices.alert(unit, "invite_wanted", subject)
    return _thank(unit, event, sender, say("link.asked"))


def new_account(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Somebody says they are a Chairside dentist with another account: the coordinators may know who."""
    sender = event.origin.sender
    assert sender is not None
    notices.alert(unit, "new_account", invites.stranger_name(sender))
    return _thank(unit, event, sender, say("link.known_now"))


def _use(unit: Unit, event: CommandReceived, sender: Account, code: str) -> Reply | None:
    claim = invites.claim(unit, sender, code)
    match claim.outcome:
        case Outcome.CLAIMED:
            assert claim.account is not None
            checker = assignment.coordinator_name(unit)
            rows = [say("link.claimed", checker=checker)]
            if claim.account["role"] == "dentist":
                slash = unit.capabilities[sender.platform].command_prefix
                rows.append(say("link.claimed_dentist", command=f"{slash}new"))
            _tell(unit, sender, "\n".join(rows))
        case Outcome.BOUND:
            _tell(unit, sender, say("link.being_checked"))
        case Outcome.LOCKED:
            _tell(unit, sender, say("link.closed"))
        case Outcome.BAD:
            return _bad(unit, event, sender, code)
    return None


def _bad(unit: Unit, event: CommandReceived, sender: Account, code: str) -> Reply | None:
    """Used, out of time or never made: which of them is not said, nor whose it was."""
    mark = unit.hash("bad_invite", sender.platform, sender.workspace, sender.user)
    if not settings.answer_stranger(unit.tx, mark, unit.now, MINUTE):
        return Toast(say("link.bad")) if event.origin.live else None
    person_id = invites.wanted(unit, code)
    button = buttons.make(
        unit,
        "link.ask_new",
        person_id=None,
        account=sender,
        label=say("link.button.ask_new"),
        data={} if person_id is None else {"person": person_id},
    )
    _tell(unit, sender, say("link.bad"), button)
    return None


def _pressed(unit: Unit, event: ButtonPressed, sender: Account) -> Reply | None:
    pressed = buttons.press(unit, event.token, None, sender)
    if isinstance(pressed, Problem):
        return Toast(say(pressed.key, **pressed.values)) if event.origin.live else None
    handler = BUTTONS.get(pressed.action)
    return None if handler is None else handler(unit, event, pressed)


def _thank(unit: Unit, event: ButtonPressed, sender: Account, text: str) -> Reply | None:
    if event.origin.live:
        return Toast(text)
    _tell(unit, sender, text)
    return None


def _tell(unit: Unit, sender: Account, text: str, *row: Button) -> None:
    lane = notices.lane_of_account(unit, sender.platform, sender.workspace, sender.user)
    outbox.post_text(unit, lane, plain(text), notice=say("notice.service"), buttons=(row,) if row else ())


BUTTONS = {"link.ask_new": ask_new, "link.new_account": new_account}
