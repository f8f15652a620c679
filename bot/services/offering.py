"""The message that offers a case: in the specialist's own private chat, with no identifier of the patient."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ids import CaseId, OfferId, PersonId
from bot.domain.outbound import Button, ButtonStyle, Edit, Post
from bot.domain.richtext import RichText, bold, lines, plain
from bot.services import buttons, notices, outbox, summaries
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, cases, people

Row = dict[str, Any]
CLIP = 280
"""Characters of one answer in an offer; all of it stands in the room of who takes the case."""
_HIDDEN = frozenset({"pseudonym", "consent"})


def show(unit: Unit, case: Row, offer_id: OfferId, specialist: Row, due_at: int) -> None:
    """Put the offer to the specialist, with [Accept] and [Decline]."""
    person_id = PersonId(specialist["id"])
    group = _card(offer_id)

    def button(action: str, label: str, style: ButtonStyle) -> Button:
        return buttons.make(
            unit,
            action,
            person_id=person_id,
            label=label,
            case_id=CaseId(case["id"]),
            case_epoch=int(case["epoch"]),
            data={"offer": offer_id},
            group=group,
            style=style,
        )

    pair = (
        button("offer.accept", say("button.accept"), ButtonStyle.PRIMARY),
        button("offer.decline", say("button.decline"), ButtonStyle.PLAIN),
    )
    notices.to_person(unit, person_id, _body(unit, case, specialist, due_at), buttons=(pair,), card=group)


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


def _body(unit: Unit, case: Row, specialist: Row, due_at: int) -> RichText:
    dentist = people.get(unit.tx, case["dentist_id"])
    practice = people.practice(unit.tx, case["practice_id"])
    assert dentist is not None
    assert practice is not None
    due = datetime.fromtimestamp(due_at / 1_000_000, ZoneInfo(specialist["timezone"]))
    answers = summaries.answers_of(unit, case)
    return lines(
        bold(say("offer.title", ref=case["ref"], name=dentist["name"], practice=practice["name"])),
        "",
        *summaries.intake_lines(answers, without=_HIDDEN, limit=CLIP),
        "",
        say("offer.due", time=f"{due:%a} {due.day} {due:%b %H:%M}"),
    )


def _card(offer_id: int) -> str:
    return f"offer:{offer_id}"
