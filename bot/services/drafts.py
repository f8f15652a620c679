"""Drafts: offered to the assigned specialist alone, bound to what they saw, sent only by their own press."""

from __future__ import annotations

from typing import Any

from bot.domain.faq import Entry
from bot.domain.ids import CaseId, DraftId, MessageId, PersonId, SeatId
from bot.domain.outbound import Button, ButtonStyle, Edit, Post
from bot.domain.richtext import RichText, bold, lines, plain, quote
from bot.services import buttons, notices, outbox, relay, turns, urgency
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, deliveries, drafts, messages, seats

Row = dict[str, Any]


def offer(unit: Unit, question: Row, entry: Entry) -> DraftId | None:
    """Show the specialist a draft for a dentist's question; None if the case has moved on since it was asked."""
    case = cases.get(unit.tx, question["case_id"])
    if case is None or case["state"] != "open" or not _still_newest(unit, case, question):
        return None
    if question["state"] == "withdrawn":
        return None
    seat = seats.of_case(unit.tx, case["id"], "specialist")
    if seat is None:
        return None
    case_id, draft_id = CaseId(case["id"]), DraftId(unit.new_id())
    text = f"{entry.answer}\n\n{say('draft.byline', name=seat['person_name'])}"
    no = drafts.add(
        unit.tx,
        id=draft_id,
        case_id=case_id,
        question=question,
        recipient_id=case["dentist_id"],
        specialist_id=case["specialist_id"],
        epoch=case["epoch"],
        topic=entry.id,
        text=unit.seal(case_id, "draft", "text_sealed", draft_id, text.encode()),
        text_hash=_binding(unit, text, case, question),
        now=unit.now,
    )
    unit.audit(case_id, "service", "draft.offered", draft=draft_id, topic=entry.id, question=question["id"])
    body = _card_body(unit, question, entry, text)
    outbox.post_text(
        unit,
        notices.lane_of_seat(unit, SeatId(seat["id"])),
        body,
        case_id=case_id,
        epoch=int(case["epoch"]),
        heading=say("draft.heading", no=no, question=question["no"]),
        footer=say("draft.only_you"),
        notice=say("draft.notice", ref=case["ref"]),
        buttons=(_buttons(unit, seat, case, draft_id),),
        card=f"draft:{draft_id}",
    )
    return draft_id


def approve(unit: Unit, draft: Row, presser: PersonId) -> MessageId | None:
    """Send exactly what was shown, under the specialist's name; None if the draft no longer holds."""
    case = cases.get(unit.tx, draft["case_id"])
    question = messages.get(unit.tx, draft["question_id"])
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    if case is None or question is None or seat is None or not _holds(unit, draft, case, question, presser):
        return None
    text = text_of(unit, draft)
    message_id = relay.record(
        unit, seat, plain(text), kind="draft", said_at=unit.now, reply_to=MessageId(question["id"])
    )
    drafts.settle(unit.tx, draft["id"], "approved", unit.now, message_id)
    drafts.void_open(unit.tx, draft["case_id"], unit.now)
    relay.pass_on(unit, message_id)
    turns.said(unit, seat, text)
    unit.audit(
        draft["case_id"],
        f"person:{presser}",
        "draft.approved",
        draft=draft["id"],
        message=message_id,
        hash=draft["text_hash"],
    )
    message = messages.get(unit.tx, message_id)
    assert message is not None
    _settle_card(unit, seat, draft, say("draft.approved", no=message["no"], name=seat["person_name"]), text)
    return message_id


def dismiss(unit: Unit, draft: Row, presser: PersonId) -> bool:
    """The specialist wants no draft; nothing is sent."""
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    if seat is None or seat["person_id"] != presser or not drafts.settle(unit.tx, draft["id"], "dismissed", unit.now):
        return False
    unit.audit(draft["case_id"], f"person:{presser}", "draft.dismissed", draft=draft["id"])
    _settle_card(unit, seat, draft, say("draft.dismissed"), "")
    return True


def question_withdrawn(unit: Unit, question: Row) -> None:
    """Its author took a question back: cards that quote it are stopped, or say no more than that they are void."""
    seat = seats.of_case(unit.tx, question["case_id"], "specialist")
    for draft in drafts.of_question(unit.tx, question["case_id"], question["id"]):
        card = None if seat is None else _card_of(unit, seat, draft)
        if seat is None or card is None or draft["state"] not in ("open", "void"):
            continue
        if card["state"] == "queued":
            deliveries.mark_void(unit.tx, card["id"], unit.now, "withdrawn")
        else:
            _settle_card(unit, seat, draft, say("draft.void"), "")


def escalate(unit: Unit, question: Row) -> None:
    """No draft for this: the specialist is told, in the room and in their direct chat, that it holds a red flag."""
    seat = seats.of_case(unit.tx, question["case_id"], "specialist")
    if seat is None or question["state"] == "withdrawn":
        return
    notices.to_seat(unit, seat, say("draft.escalated", no=question["no"]))
    urgency.mark(unit, question, red_flag=True)
    unit.audit(question["case_id"], "service", "message.escalated", message=question["id"])


def was_shown(unit: Unit, draft: Row) -> bool:
    """Whether its card stands before the specialist: nobody approves by number what they have not seen."""
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    if seat is None:
        return False
    card = _card_of(unit, seat, draft)
    return card is not None and card["state"] == "sent"


def text_of(unit: Unit, draft: Row) -> str:
    """What would be sent, byte for byte."""
    return unit.unseal(draft["case_id"], "draft", "text_sealed", draft["id"], draft["text_sealed"]).decode()


def _holds(unit: Unit, draft: Row, case: Row, question: Row, presser: PersonId) -> bool:
    return (
        draft["state"] == "open"
        and case["state"] == "open"
        and draft["specialist_id"] == presser == case["specialist_id"]
        and draft["recipient_id"] == case["dentist_id"]
        and draft["case_epoch"] == case["epoch"]
        and draft["question_version"] == question["version"]
        and question["state"] != "withdrawn"
        and _still_newest(unit, case, question)
        and draft["text_hash"] == _binding(unit, text_of(unit, draft), case, question)
    )


def _still_newest(unit: Unit, case: Row, question: Row) -> bool:
    return int(case["last_no"]) == int(question["no"])


def _binding(unit: Unit, text: str, case: Row, question: Row) -> str:
    parts = (text, case["dentist_id"], case["specialist_id"], case["epoch"], question["id"], question["version"])
    return unit.hash("draft", *map(str, parts))


def _card_body(unit: Unit, question: Row, entry: Entry, text: str) -> RichText:
    rows: list[RichText | str] = [quote(relay.body_of(unit, question).first_line(200)), "", text]
    checked = [source.ref for source in entry.sources if source.checked]
    if checked:
        rows += ["", bold(say("draft.sources")), *checked]
    if entry.ask_first:
        rows += ["", bold(say("draft.check_first")), ", ".join(entry.ask_first)]
    return lines(*rows)


def _buttons(unit: Unit, seat: Row, case: Row, draft_id: DraftId) -> tuple[Button, ...]:
    def button(action: str, label: str, style: ButtonStyle = ButtonStyle.PLAIN) -> Button:
        return buttons.make(
            unit,
            action,
            person_id=PersonId(seat["person_id"]),
            label=label,
            case_id=CaseId(case["id"]),
            case_epoch=int(case["epoch"]),
            data={"draft": draft_id},
            group=f"draft:{draft_id}",
            style=style,
        )

    return (
        button("draft.approve", say("draft.button.approve"), ButtonStyle.PRIMARY),
        button("draft.dismiss", say("draft.button.dismiss")),
    )


def _card_of(unit: Unit, seat: Row, draft: Row) -> Row | None:
    return deliveries.newest_card(unit.tx, notices.lane_of_seat(unit, SeatId(seat["id"])), f"draft:{draft['id']}")


def _settle_card(unit: Unit, seat: Row, draft: Row, heading: str, text: str) -> None:
    post = Post(
        body=plain(text or heading), heading=heading if text else "", notice=say("draft.notice", ref=seat["ref"])
    )
    lane = notices.lane_of_seat(unit, SeatId(seat["id"]))
    outbox.enqueue(unit, lane, Edit(post, card=f"draft:{draft['id']}"), case_id=CaseId(draft["case_id"]))
