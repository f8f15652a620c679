"""A form under way: what was answered so far, sealed, so that a restart in the middle loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.addresses import Account
from bot.domain.codec import dump, load
from bot.domain.forms import Form
from bot.domain.ids import SERVICE, FormId, LaneId
from bot.services import buttons, notices
from bot.services.unit import Unit
from storage import forms

Row = dict[str, Any]
SUMMARY = "*summary"
"""Nothing is being asked: the answers are shown, to be sent."""
CHOOSING = "*choosing"
"""The person picks the answer they want to change."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a form stands. `asking` is a field's name, SUMMARY or CHOOSING."""

    asking: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    reviewed: bool = False
    """The summary was shown: a changed answer comes back to it."""
    details: bool = False
    """The person chose to answer more than what is required."""
    confirmed: Mapping[str, Any] = field(default_factory=dict)
    """Values that stay, despite a caution."""
    doubt: str = ""
    """A value that waits for the person's word on a caution."""
    picked: tuple[str, ...] = ()
    shown: int = 0
    """The delivery of the question that stands."""
    raw: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """What a native form held when it was last sent, to fill it in again."""


@dataclass(frozen=True, slots=True)
class Session:
    """One person's form on one account."""

    row: Row
    progress: Progress
    form: Form

    @property
    def subject(self) -> str:
        """What the form is about, where it is about something that is there already: a case's id."""
        return str(self.row["place_topic"])

    @property
    def id(self) -> FormId:
        """Its id."""
        return FormId(self.row["id"])

    @property
    def group(self) -> str:
        """The group of the buttons under the question that stands."""
        return f"form:{self.row['id']}:{self.row['version']}"


def start(unit: Unit, account: Row, form: Form, subject: str = "") -> Session:
    """Begin anew; a form of this kind that was under way on this account is given up."""
    before = current(unit, account, form)
    if before is not None:
        end(unit, before, "cancelled")
    session = FormId(unit.new_id())
    progress = Progress()
    forms.begin(
        unit.tx,
        id=session,
        person_id=account["person_id"],
        form=form.name,
        platform=account["platform"],
        chat=_chat(Account(account["platform"], account["workspace"], account["user_ref"])),
        topic=subject,
        answers=_seal(unit, session, 1, progress),
        now=unit.now,
    )
    row = forms.get(unit.tx, session)
    assert row is not None
    return Session(row, progress, form)


def current(unit: Unit, account: Row, form: Form) -> Session | None:
    """The form under way on this very account: two accounts of one person never see each other's."""
    chat = _chat(Account(account["platform"], account["workspace"], account["user_ref"]))
    row = forms.asking(unit.tx, account["person_id"], form.name, account["platform"], chat)
    return None if row is None else _open(unit, row, form)


def by_id(unit: Unit, session_id: int, form: Form, sender: Account) -> Session | None:
    """The form with this id if it is under way on the sender's account."""
    row = forms.get(unit.tx, session_id)
    if row is None or row["state"] != "asking" or row["form"] != form.name:
        return None
    return _open(unit, row, form) if (row["platform"], row["place_chat"]) == (sender.platform, _chat(sender)) else None


def save(unit: Unit, session: Session, progress: Progress) -> Session:
    """Keep the progress; the buttons of the question before do nothing any more."""
    buttons.void_group(unit, session.group)
    version = int(session.row["version"]) + 1
    sealed = _seal(unit, session.id, version, progress)
    forms.save(unit.tx, session.id, len(progress.answers), sealed, version, unit.now)
    return Session({**session.row, "version": version, "touched_at": unit.now}, progress, session.form)


def note_shown(unit: Unit, session: Session, delivery: int) -> Session:
    """Remember which delivery the question stands in; its buttons keep working."""
    progress = replace(session.progress, shown=delivery)
    sealed = _seal(unit, session.id, int(session.row["version"]), progress)
    forms.save(unit.tx, session.id, len(progress.answers), sealed, int(session.row["version"]), unit.now)
    return Session(session.row, progress, session.form)


def end(unit: Unit, session: Session, state: str) -> None:
    """Done or cancelled: the answers are not kept here."""
    buttons.void_group(unit, session.group)
    forms.end(unit.tx, session.id, state, unit.now)


def lane(unit: Unit, account: Row) -> LaneId:
    """Where a form's questions go: the private chat of the account that fills it in."""
    return notices.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])


def expire_due(unit: Unit, limit: int = 50) -> int:
    """Put away forms nobody has touched for `rules.form_life`; how many."""
    rows = forms.abandoned(unit.tx, unit.now - unit.rules.form_life, limit)
    for row in rows:
        buttons.void_group(unit, f"form:{row['id']}:{row['version']}")
        forms.end(unit.tx, row["id"], "cancelled", unit.now)
        unit.audit(SERVICE, "service", "form.expired", form=row["id"])
    return len(rows)


def _chat(account: Account) -> str:
    """The account within its platform."""
    return "/".join(filter(None, (account.workspace, account.user)))


def _open(unit: Unit, row: Row, form: Form) -> Session:
    sealed = unit.unseal(
        SERVICE, "form_session", "answers_sealed", row["id"], row["answers_sealed"], int(row["version"])
    )
    return Session(row, load(Progress, sealed), form)


def _seal(unit: Unit, session_id: int, version: int, progress: Progress) -> bytes:
    return unit.seal(SERVICE, "form_session", "answers_sealed", session_id, dump(progress), version)
