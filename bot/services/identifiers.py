"""The identifier guard: a quiet word to the sender alone when a message seems to point at a patient.

The message itself has gone on already: nothing here delays, changes or stops it. What was found is audited and
counted by kind, never by content; names are kept in the case's sealed vault.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.identifier_redaction import find_in
from bot.domain.identifier_types import NOTHING, Certainty, Finding, Kind, Known, folded, words_of
from bot.domain.identifiers import kinds, pressing
from bot.domain.ids import CaseId, MessageId
from bot.domain.localtime import local_day
from bot.domain.outbound import Button, Edit, Post
from bot.domain.richtext import RichText, plain
from bot.services import buttons, intake_answers, notices, outbox
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, identifiers, messages

Row = dict[str, Any]
MOST_NAMES = 200
"""Names kept for one case."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """One row of the vault, opened."""

    id: int
    kind: Kind
    state: str
    text: str


def look(unit: Unit, seat: Row, message_id: MessageId, body: RichText, before: RichText | None = None) -> None:
    """Look at what a seat's person has just said, or changed from `before`, and ask them if something was found.

    At most one question for each case and day, but for what presses (people.md 24).
    """
    case_id = CaseId(seat["case_id"])
    found = findings(unit, case_id, body, today(unit, seat))
    if before is not None:
        old = {_key(before, one) for one in findings(unit, case_id, before, today(unit, seat))}
        found = tuple(one for one in found if _key(body, one) not in old)
    if not found:
        return
    _remember_names(unit, case_id, body, found)
    day = today(unit, seat).isoformat()
    asks = pressing(body.text, found) or not identifiers.asked_on(unit.tx, case_id, day)
    names = ",".join(kinds(found))
    actor = f"person:{seat['person_id']}"
    unit.audit(case_id, actor, "identifier.found", message=message_id, kinds=names, asked=asks)
    if asks:
        _ask(unit, seat, message_id, found, day)


def findings(unit: Unit, case_id: CaseId, body: RichText, day: date) -> tuple[Finding, ...]:
    """What the case's guard finds in a text. Who may be named is looked up only when something was found at all."""
    known = _known(unit, case_id)
    if not find_in(body, day, known):
        return ()
    case = cases.get(unit.tx, case_id)
    assert case is not None
    pseudonym = str(intake_answers.of_case(unit, case).get("pseudonym") or "")
    return find_in(body, day, replace(known, exempt=(*known.exempt, pseudonym, *identifiers.people(unit.tx, case_id))))


def today(unit: Unit, seat: Row) -> date:
    """The day where the seat's person is."""
    return local_day(unit.now, ZoneInfo(seat["person_timezone"]))


def show(unit: Unit, seat: Row, hint_id: int, body: RichText) -> None:
    """Let a question stand as its outcome, without its buttons; an edit makes no sound."""
    lane = notices.lane_of_seat(unit, seat)
    post = Post(body=body, notice=say("notice.case", ref=seat["ref"]), silent=True)
    outbox.enqueue(unit, lane, Edit(post, card=_card(hint_id)), case_id=CaseId(seat["case_id"]))


def confirm_names(unit: Unit, case_id: CaseId, body: RichText, found: Iterable[Finding]) -> None:
    """These are names: from now on they are found in small letters too."""
    texts = [body.text[one.start : one.end] for one in found if one.kind is Kind.NAME]
    rows = [row for row in _vault(unit, case_id) if row.kind is Kind.NAME and row.state == "seen"]
    for text in texts:
        for row in rows:
            if set(words_of(row.text)) & set(words_of(text)):
                identifiers.set_state(unit.tx, row.id, "sure")


def call_fine(unit: Unit, case_id: CaseId, body: RichText, found: Iterable[Finding]) -> None:
    """None of these is asked about again in this case."""
    rows = _vault(unit, case_id)
    for one in found:
        text = body.text[one.start : one.end]
        for row in rows:
            if (
                row.kind is one.kind is Kind.NAME
                and row.state != "fine"
                and set(words_of(row.text)) <= set(words_of(text))
            ):
                identifiers.forget(unit.tx, row.id)
        _keep(unit, case_id, one.kind, "fine", text)


def _known(unit: Unit, case_id: CaseId) -> Known:
    rows = _vault(unit, case_id)
    if not rows:
        return NOTHING
    fine = [row for row in rows if row.state == "fine"]
    return Known(
        exempt=tuple(row.text for row in fine if row.kind is Kind.NAME),
        fine=frozenset((row.kind, folded(row.kind, row.text)) for row in fine),
        sure=tuple(row.text for row in rows if row.state == "sure"),
        seen=tuple(row.text for row in rows if row.state == "seen"),
    )


def _vault(unit: Unit, case_id: CaseId) -> list[_Kept]:
    kept: list[_Kept] = []
    for row in identifiers.known(unit.tx, case_id):
        sealed = unit.unseal(case_id, "identifier_known", "text_sealed", row["id"], row["text_sealed"])
        kept.append(_Kept(int(row["id"]), Kind(row["kind"]), str(row["state"]), sealed.decode()))
    return kept


def _keep(unit: Unit, case_id: CaseId, kind: Kind, state: str, text: str) -> None:
    known_id = unit.new_id()
    sealed = unit.seal(case_id, "identifier_known", "text_sealed", known_id, text.encode())
    identifiers.remember(unit.tx, id=known_id, case_id=case_id, kind=kind.value, state=state, text=sealed, now=unit.now)


def _remember_names(unit: Unit, case_id: CaseId, body: RichText, found: Iterable[Finding]) -> None:
    names = [one for one in found if one.kind is Kind.NAME]
    if not names:
        return
    rows = [row for row in _vault(unit, case_id) if row.kind is Kind.NAME]
    words = {word for row in rows for word in words_of(row.text)}
    room = MOST_NAMES - len(rows)
    for one in names:
        text = body.text[one.start : one.end]
        if room > 0 and not set(words_of(text)) <= words:
            _keep(unit, case_id, Kind.NAME, "sure" if one.certainty is Certainty.SURE else "seen", text)
            words.update(words_of(text))
            room -= 1


def _ask(unit: Unit, seat: Row, message_id: MessageId, found: tuple[Finding, ...], day: str) -> None:
    message = messages.get(unit.tx, message_id)
    assert message is not None
    for older in identifiers.open_of_message(unit.tx, message_id):
        identifiers.settle(unit.tx, older["id"], "void", unit.now)
        buttons.void_group(unit, _card(older["id"]))
        show(unit, seat, older["id"], plain(say("identifiers.outdated", no=message["no"])))
    hint_id = unit.new_id()
    identifiers.ask(
        unit.tx,
        id=hint_id,
        case_id=seat["case_id"],
        message_id=message_id,
        person_id=seat["person_id"],
        kinds=",".join(kinds(found)),
        day=day,
        now=unit.now,
    )

    def button(action: str, label: str) -> Button:
        return buttons.for_seat(unit, seat, action, label, data={"hint": hint_id}, group=_card(hint_id), lasting=True)

    notices.to_seat(
        unit,
        seat,
        say("identifiers.hint", no=message["no"], kinds=[say(f"identifiers.kind.{kind}") for kind in kinds(found)]),
        buttons=(
            (button("identifiers.redact", say("identifiers.button.redact")),),
            (button("identifiers.fine", say("identifiers.button.fine")),),
        ),
        silent=True,
        card=_card(hint_id),
    )


def _card(hint_id: int) -> str:
    return f"identifiers:{hint_id}"


def _key(body: RichText, one: Finding) -> tuple[Kind, str]:
    return one.kind, folded(one.kind, body.text[one.start : one.end])
