"""The message that offers a case: in the specialist's own private chat, with no identifier of the patient."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ids import OfferId, PersonId
from bot.domain.outbound import Button, ButtonStyle, Edit, Post
from bot.domain.richtext import RichText, bold, lines, plain
from bot.services import buttons, intake_answers, notices, outbox, summaries
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, cases, people

Row = dict[str, Any]
CLIP = 280
"""Characters of one answer in an offer; all of it stands in the room of who takes the case."""
SHORT = 100
"""The same where the offer would be too long for one message."""
_HIDDEN = frozenset({"pseudonym", "consent"})


def show(unit: Unit, case: Row, offer_id: OfferId, specialist: Row, due_at: int) -> None:
    """Put the offer to the specialist, with [Accept] and [Decline].

    Where a lock screen shows what is written, the patient's words come only when they are asked for.
    """
    person_id = PersonId(specialist["id"])
    account = accounts.reach(unit.tx, person_id)
    hidden = account is not None and not unit.capabilities[account["platform"]].notice_is_separate
    body = _body(unit, case, specialist, due_at, 0 if hidden else CLIP)
    rows = _buttons(unit, case, offer_id, person_id, details=hidden)
    notices.to_person(unit, person_id, body, buttons=rows, card=_card(offer_id))


def show_details(unit: Unit, offer: Row) -> None:
    """[Show details]: what the dentist told us, in the message that offers the case."""
    case, specialist = cases.get(unit.tx, offer["case_id"]), people.get(unit.tx, offer["specialist_id"])
    account = accounts.reach(unit.tx, offer["specialist_id"])
    if case is None or specialist is None or account is None:
        return
    lane = notices.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])
    rows = _buttons(unit, case, OfferId(offer["id"]), PersonId(specialist["id"]), details=False)
    body = _body(unit, case, specialist, int(offer["due_at"]), CLIP)
    if len(outbox.pieces_for(unit, lane, body, "", "")) > 1:  # an edit cannot be split
        body = _body(unit, case, specialist, int(offer["due_at"]), SHORT)
    post = Post(body=body, notice=say("notice.service"), buttons=rows, silent=True)
    outbox.enqueue(unit, lane, Edit(post, card=_card(offer["id"])))


def _buttons(
    unit: Unit, case: Row, offer_id: OfferId, person_id: PersonId, *, details: bool
) -> tuple[tuple[Button, ...], ...]:
    def button(action: str, label: str, style: ButtonStyle = ButtonStyle.PLAIN) -> Button:
        return buttons.for_case(
            unit,
            case,
            person_id,
            action,
            label,
            style,
            data={"offer": offer_id},
            group=_card(offer_id),
            once=action != "offer.details",
        )

    pair = (
        button("offer.accept", say("button.accept"), ButtonStyle.PRIMARY),
        button("offer.decline", say("button.decline")),
    )
    return (pair, (button("offer.details", say("button.details")),)) if details else (pair,)


def settled(unit: Unit, offer: Row, state: str) -> None:
    """The offer is answered or over: its buttons do nothing any more and its message says what became of it."""
    buttons.void_group(unit, _card(offer["id"]))
    account = accounts.reach(unit.tx, offer["specialist_id"])
    case = cases.get(unit.tx, offer["case_id"])
    if account is None or case is None:
        return
    lane = notices.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])
    words = say(f"offer.settled.{state}", ref=case["ref"])
    post = Post(body=plain(words), notice=say("notice.service"), silent=True)
    outbox.enqueue(unit, lane, Edit(post, card=_card(offer["id"])))


def _body(unit: Unit, case: Row, specialist: Row, due_at: int, clip: int) -> RichText:
    """The offer; what the intake said with `clip` characters of each answer, and without all of it if that is 0."""
    dentist = people.get(unit.tx, case["dentist_id"])
    practice = people.practice(unit.tx, case["practice_id"])
    assert dentist is not None
    assert practice is not None
    due = datetime.fromtimestamp(due_at / 1_000_000, ZoneInfo(specialist["timezone"]))
    told: list[RichText | str] = []
    if clip:
        told = [*summaries.intake_lines(intake_answers.of_case(unit, case), without=_HIDDEN, limit=clip), ""]
    return lines(
        bold(say("offer.title", ref=case["ref"], name=dentist["name"], practice=practice["name"])),
        "",
        *told,
        say("offer.due", time=f"{due:%a} {due.day} {due:%b %H:%M}"),
    )


def _card(offer_id: int) -> str:
    return f"offer:{offer_id}"
