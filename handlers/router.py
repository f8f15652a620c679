"""One event in, one handler called: who is speaking, may they, and which thing are they doing."""

from __future__ import annotations

from typing import Any, assert_never

from bot.domain.addresses import Account
from bot.domain.commands import BY_NAME
from bot.domain.events import (
    AccessRevoked,
    ButtonPressed,
    ChatMigrated,
    CommandReceived,
    FormSubmitted,
    HomeOpened,
    InboundEvent,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReachabilityChanged,
    Reacted,
    RoomChanged,
    ShortcutInvoked,
)
from bot.domain.ids import PersonId
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import albums, buttons, on_hold, settle
from bot.services.unit import Unit
from handlers import (
    away,
    cases,
    check_ins,
    complaints,
    coordinator,
    corrections,
    desk,
    drafts,
    faq,
    forewarnings,
    forms,
    helping,
    home,
    identifiers,
    identity,
    intake,
    keeping,
    large_files,
    learning,
    library,
    library_sources,
    messages,
    model,
    moving,
    noting,
    offers,
    own_answers,
    photo_series,
    plans,
    reactions,
    refining,
    room_changes,
    standing,
    start,
    take_back,
    timelines,
    turns,
    urgent,
    wrong_case,
)
from handlers.answers import answer
from prompts.wording import say
from storage import accounts

Row = dict[str, Any]

_MODULES = (
    away,
    cases,
    check_ins,
    complaints,
    coordinator,
    corrections,
    desk,
    drafts,
    faq,
    forewarnings,
    forms,
    helping,
    home,
    identifiers,
    identity,
    intake,
    keeping,
    large_files,
    learning,
    library,
    library_sources,
    model,
    moving,
    noting,
    offers,
    own_answers,
    photo_series,
    plans,
    refining,
    standing,
    start,
    take_back,
    timelines,
    turns,
    urgent,
    wrong_case,
)


def _gather(name: str) -> dict[str, Any]:
    """Every module's table of that name as one; two modules claiming the same key is a fault of ours."""
    table: dict[str, Any] = {}
    for module in _MODULES:
        for key, handler in getattr(module, name, {}).items():
            if key in table:
                raise ValueError(f"two handlers for {key}")
            table[key] = handler
    return table


COMMANDS = _gather("COMMANDS")
BUTTONS = _gather("BUTTONS")
FORMS = _gather("FORMS")
SHORTCUTS = _gather("SHORTCUTS")


WHILE_CLAIMED = frozenset({"new", "cancel", "help"})
"""All that an account may do that says it is somebody and is not confirmed: it must see nothing of that person."""


def handle(unit: Unit, event: InboundEvent) -> Reply | None:
    """Handle one event whole, in the unit's transaction. Returns what may be shown at once."""
    match event:
        case RoomChanged():
            room_changes.changed(unit, event)
            return None
        case ReachabilityChanged():
            room_changes.reachability(unit, event)
            return None
        case ChatMigrated():
            room_changes.migrated(unit, event)
            return None
        case AccessRevoked():
            room_changes.revoked(unit, event)
            return None
        case _:
            return _of_person(unit, event)


def _of_person(unit: Unit, event: InboundEvent) -> Reply | None:
    sender = event.origin.sender
    if sender is None:
        return None
    for album in albums.before(unit, event):
        _of_person(unit, album)
    person = _known(unit, sender)
    if isinstance(event, CommandReceived) and event.name == "link":
        return start.link(unit, event, person)
    if person is None:
        return start.unknown(unit, event)
    if person["reachable"] != 1:
        settle.reachable_again(unit, sender)
    if person["locked"]:
        if isinstance(event, HomeOpened):
            return home.opened(unit, event, person)
        if event.origin.live:
            return answer(unit, event.origin, person, say("link.locked"))
        on_hold.tell(unit, sender)
        return None
    if albums.keep(unit, event):
        return None
    match event:
        case MessageReceived():
            return messages.received(unit, event, person)
        case MessageEdited():
            return messages.edited(unit, event, person)
        case MessageDeleted():
            return messages.deleted(unit, event, person)
        case CommandReceived():
            return _command(unit, event, person)
        case ButtonPressed():
            return _button(unit, event, person)
        case FormSubmitted():
            return _form(unit, event, person)
        case ShortcutInvoked():
            return _shortcut(unit, event, person)
        case Reacted():
            return reactions.reacted(unit, event, person)
        case HomeOpened():
            return home.opened(unit, event, person)
        case RoomChanged() | ReachabilityChanged() | ChatMigrated() | AccessRevoked():
            return None
        case _:
            assert_never(event)


def _known(unit: Unit, sender: Account) -> Row | None:
    row = accounts.find(unit.tx, sender.platform, sender.workspace, sender.user)
    return row if row is not None and row["state"] in ("active", "claimed") else None


def _command(unit: Unit, event: CommandReceived, person: Row) -> Reply | None:
    if not event.known or event.name not in COMMANDS:
        return noting.misspelt(unit, event, person)
    command = BY_NAME[event.name]
    if person["state"] == "claimed" and event.name not in WHILE_CLAIMED:
        return answer(unit, event.origin, person, say("link.being_checked"))
    if command.roles and person["role"] not in command.roles:
        return answer(unit, event.origin, person, say("case.not_for_you"))
    reply: Reply | None = COMMANDS[event.name](unit, event, person)
    return reply


def _button(unit: Unit, event: ButtonPressed, person: Row) -> Reply | None:
    pressed = buttons.press(unit, event.token, PersonId(person["person_id"]), event.origin.sender)
    if isinstance(pressed, Problem):
        said = drafts.former(unit, event, person, pressed)
        return answer(unit, event.origin, person, say(said.key, **said.values))
    handler = BUTTONS.get(pressed.action)
    if handler is None:
        return answer(unit, event.origin, person, say("button.stale"))
    reply: Reply | None = handler(unit, event, pressed)
    return reply


def _form(unit: Unit, event: FormSubmitted, person: Row) -> Reply | None:
    pressed = buttons.look(unit, event.token, PersonId(person["person_id"]), event.origin.sender)
    if isinstance(pressed, Problem):
        if drafts.lost(unit, event, person, pressed):
            return None
        return answer(unit, event.origin, person, say(pressed.key, **pressed.values))
    handler = FORMS.get(pressed.action)
    if handler is None:
        return answer(unit, event.origin, person, say("button.stale"))
    reply: Reply | None = handler(unit, event, pressed)
    return reply


def _shortcut(unit: Unit, event: ShortcutInvoked, person: Row) -> Reply | None:
    handler = SHORTCUTS.get(event.name)
    if person["state"] == "claimed" or handler is None:
        return answer(unit, event.origin, person, say("button.stale" if handler is None else "link.being_checked"))
    reply: Reply | None = handler(unit, event, person)
    return reply
