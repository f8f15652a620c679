"""A draft's card: what the specialist sees of it, its buttons, and where it stands.

Each change of what it shows has buttons of its own, and those of the change before do nothing any more: who approves
has seen what is sent.
"""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

from bot.domain.codec import dump, load
from bot.domain.drafts import TICKS, Origin, Sheet, length
from bot.domain.ids import CaseId, DeliveryId, LaneId, PersonId
from bot.domain.outbound import Button, ButtonStyle, Edit, Post
from bot.domain.richtext import RichText, bold, lines, plain, pre, quote
from bot.services import buttons, case_facts, notices, outbox, relay
from bot.services.unit import Unit
from prompts.wording import say
from storage import deliveries, drafts, lanes, messages

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Room:
    """What may stand around a draft's words: messages of the question, characters of each, of sources and checks."""

    quotes: int
    quoted: int
    around: int


ROOMS = (Room(3, 200, 4000), Room(3, 100, 300))
"""The first that fits is taken."""
LEAST = Room(1, 60, 80)
"""Fits with any text of `TEXT_MOST`."""
BODY_MOST = 3900
"""Of a card (`length`), without its heading and footer: with them it is one message on any platform."""
MOST_SHORTENED = 4


def text_of(unit: Unit, draft: Row) -> str:
    """What would be sent, byte for byte."""
    version = int(draft["rev"])
    return unit.unseal(draft["case_id"], "draft", "text_sealed", draft["id"], draft["text_sealed"], version).decode()


def rich(text: str, sheet: Sheet) -> RichText:
    """A draft's text as it stands on the card and is sent: words for the patient are a block, to be copied at once."""
    if not sheet.patient:
        return plain(text)
    head = text.removesuffix(sheet.patient)
    return plain(head) + pre(sheet.patient)


def sheet_of(unit: Unit, draft: Row) -> Sheet:
    """What else stands on its card."""
    version = int(draft["rev"])
    sealed = unit.unseal(draft["case_id"], "draft", "sheet_sealed", draft["id"], draft["sheet_sealed"], version)
    return load(Sheet, sealed)


def seal(unit: Unit, case_id: int, draft_id: int, rev: int, text: str, sheet: Sheet) -> tuple[bytes, bytes]:
    """Text and sheet, sealed for one revision."""
    return (
        unit.seal(case_id, "draft", "text_sealed", draft_id, text.encode(), rev),
        unit.seal(case_id, "draft", "sheet_sealed", draft_id, dump(sheet), rev),
    )


def byline(origin: Origin, name: str, *, shown: bool, own: bool = False) -> str:
    """The line under an answer that says what it began as; empty for the specialist's own words, or by the setting.

    An `own` answer that they kept is no library answer.
    """
    if not shown or origin is Origin.TYPED:
        return ""
    if own:
        return say("draft.byline_own", name=name)
    return say("draft.byline_edited" if origin is Origin.EDITED else "draft.byline", name=name)


def name(draft: Row) -> str:
    """The card it stands on: a draft that renews another takes over its card."""
    return f"draft:{draft['root_id']}"


def group(draft: Row) -> str:
    """The buttons of its present revision."""
    return f"{name(draft)}:{draft['id']}:{draft['rev']}"


def show(unit: Unit, seat: Row, draft: Row, *, anew: bool = False) -> None:
    """Let the card stand as the draft is now, in place or `anew` below everything else."""
    sheet, text = sheet_of(unit, draft), text_of(unit, draft)
    made = put(unit, seat, draft, _body(unit, draft, sheet, text), _buttons(unit, seat, draft, sheet), anew=anew)
    drafts.set_shown_by(unit.tx, draft["id"], made)


def put(
    unit: Unit, seat: Row, draft: Row, body: RichText, rows: tuple[tuple[Button, ...], ...], *, anew: bool = False
) -> DeliveryId:
    """Let something stand on the card, with these buttons; the delivery that shows it."""
    lane, case_id = notices.lane_of_seat(unit, seat), CaseId(draft["case_id"])
    post = Post(
        body=body,
        heading=say("draft.heading", no=draft["no"], question=_number(unit, draft)),
        footer=say("draft.only_you"),
        notice=say("draft.notice", ref=seat["ref"]),
        buttons=rows,
        card=name(draft),
    )
    standing = deliveries.newest_card(unit.tx, lane, name(draft))
    if standing is None or anew:
        return outbox.enqueue(unit, lane, post, case_id=case_id, epoch=int(draft["case_epoch"]))
    edit = Edit(dataclasses.replace(post, card=""), DeliveryId(standing["id"]))
    return outbox.enqueue(unit, lane, edit, case_id=case_id, epoch=int(draft["case_epoch"]))


def was_shown(unit: Unit, draft: Row) -> bool:
    """Whether it stands before the specialist as it is now: nobody approves by number what they have not seen."""
    row = None if draft["shown_by"] is None else deliveries.get(unit.tx, DeliveryId(draft["shown_by"]))
    return row is not None and row["state"] == "sent"


def shown_for(unit: Unit, seat: Row, draft: Row) -> int | None:
    """How long its card has stood before the specialist (µs); None if it never did."""
    card = deliveries.newest_card(unit.tx, _lane(unit, seat), name(draft))
    return None if card is None or card["settled_at"] is None else max(0, unit.now - int(card["settled_at"]))


def say_outcome(
    unit: Unit,
    seat: Row,
    draft: Row,
    heading: str,
    text: RichText | None = None,
    rows: tuple[tuple[Button, ...], ...] = (),
) -> None:
    """The card keeps its text, or none, and of its buttons the `rows`; its heading says what became of it."""
    buttons.void_group(unit, group(draft))
    lane = _lane(unit, seat)
    standing = deliveries.newest_card(unit.tx, lane, name(draft))
    if standing is None:
        return
    post = Post(
        body=text or plain(heading),
        heading=heading if text else "",
        notice=say("draft.notice", ref=seat["ref"]),
        buttons=rows,
    )
    outbox.enqueue(unit, lane, Edit(post, DeliveryId(standing["id"])), case_id=CaseId(draft["case_id"]))


def stop(unit: Unit, seat: Row, draft: Row) -> bool:
    """Keep a card that has not left yet from leaving; False if it may stand there."""
    lane = _lane(unit, seat)
    lanes.lock(unit.tx, lane)
    card = deliveries.newest_card(unit.tx, lane, name(draft))
    if card is None or card["state"] != "queued":
        return card is None
    deliveries.mark_void(unit.tx, card["id"], unit.now, "withdrawn")
    return True


def _lane(unit: Unit, seat: Row) -> LaneId:
    return notices.lane_of_seat(unit, seat)


def _number(unit: Unit, draft: Row) -> int:
    question = messages.get(unit.tx, draft["question_id"])
    assert question is not None
    return int(question["no"])


def _body(unit: Unit, draft: Row, sheet: Sheet, text: str) -> RichText:
    """The whole card: what stands around the words that would be sent is shortened where it would not fit."""
    ways = (lines(*_rows(unit, draft, sheet, text, room)) for room in ROOMS)
    least = lines(*_rows(unit, draft, sheet, text, LEAST))
    return next((body for body in ways if length(body.text) <= BODY_MOST), least)


def _rows(unit: Unit, draft: Row, sheet: Sheet, text: str, room: Room) -> list[RichText | str]:
    rows: list[RichText | str] = [*_question(unit, draft, room), "", rich(text, sheet)]
    option = sheet.option
    if sheet.note:
        rows += ["", *(bold(say(f"draft.note.{one}")) for one in sheet.note.split())]
    if sheet.facts:
        rows += ["", bold(say("draft.facts_used")), *(case_facts.with_source(one, unit.now) for one in sheet.facts)]
    if option is not None and option.sources:
        rows += ["", bold(say("draft.sources")), *_within(option.sources, room.around)]
    if option is not None and option.ask_first:
        rows += ["", bold(say("draft.check_first")), *_within((", ".join(option.ask_first),), room.around)]
    if sheet.flagged:
        rows += ["", bold(say("draft.tick_first"))]
    return rows


def _within(rows: tuple[str, ...], room: int) -> list[str]:
    """The rows, or of those that are too long together their beginnings, each with "…"."""
    if length(*rows) <= room:
        return list(rows)
    each = room // min(len(rows), MOST_SHORTENED)
    shown = [begins(one, each) for one in rows[:MOST_SHORTENED]]
    return shown if len(rows) <= MOST_SHORTENED else [*shown, "…"]


def begins(text: str, room: int) -> str:
    """All of a text that is at most `room` long, else where it begins, cut at a word with "…"."""
    if length(text) <= room:
        return text
    return plain(text).split(room - 1)[0].text.rstrip() + "…"


def _question(unit: Unit, draft: Row, room: Room) -> list[RichText | str]:
    """What was asked, the newest on top; above it that the specialist wrote since."""
    asked, rows, own = _number(unit, draft), list[RichText | str](), 0
    for message in messages.between(unit.tx, draft["case_id"], draft["first_no"], draft["upto_no"]):
        if message["state"] == "withdrawn":
            continue
        if message["side"] == "dentist":
            words = relay.body_of(unit, message).first_line(room.quoted)
            rows.insert(0, quote(words if words.text else plain(say("draft.a_file"))))
        elif int(message["no"]) > asked:
            own = int(message["no"])
    return [*([bold(say("draft.you_said", no=own))] if own else []), *rows[: room.quotes]]


def button(
    unit: Unit, seat: Row, draft: Row, action: str, label: str, style: ButtonStyle = ButtonStyle.PLAIN, **data: int
) -> Button:
    """A button of the card's present revision.

    A press does not use it up: one that is refused (facts to tick, a fault on the way) may be made again, and what is
    done once is done once by the draft's own state.
    """
    return buttons.make(
        unit,
        action,
        person_id=PersonId(seat["person_id"]),
        label=label,
        case_id=CaseId(draft["case_id"]),
        case_epoch=int(draft["case_epoch"]),
        data={"draft": draft["id"], "rev": draft["rev"], **data},
        group=group(draft),
        once=False,
        style=style,
    )


def _buttons(unit: Unit, seat: Row, draft: Row, sheet: Sheet) -> tuple[tuple[Button, ...], ...]:
    make = partial(button, unit, seat, draft)
    rows: list[tuple[Button, ...]] = []
    if sheet.flagged:
        for place, label in enumerate(to_tick(sheet)):
            mark = say("draft.ticked" if int(draft["ticks"]) & 1 << place else "draft.unticked")
            rows.append((make("draft.tick", f"{mark} {label}", place=place),))
    send = say("draft.button.send" if draft["origin"] == Origin.TYPED or sheet.replied else "draft.button.approve")
    rows.append((make("draft.approve", send, ButtonStyle.PRIMARY), make("draft.edit", say("draft.button.edit"))))
    last = [make("draft.own", say("draft.button.own")), make("draft.dismiss", say("draft.button.dismiss"))]
    if len(sheet.options) > 1:
        last.insert(0, make("draft.others", say("draft.button.others")))
    return (*rows, tuple(last))


def to_tick(sheet: Sheet) -> list[str]:
    """The facts a specialist ticks before a flagged answer goes: those of the case, what is not known, the general."""
    known = [case_facts.line(one) for one in sheet.facts]
    unknown = [
        say("draft.tick.unknown", item=item[:1].upper() + item[1:])
        for item in (sheet.option.ask_first if sheet.option else ())
    ]
    general = [say("draft.tick.records"), say("draft.tick.plan")]
    asked = {one.partition(":")[0].lower() for one in known}
    unknown = [one for one in unknown if one.partition(":")[0].lower() not in asked]
    return [*known, *unknown, *general][:TICKS]
