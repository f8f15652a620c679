"""Rooms: taking and leaving a seat, what its room is called, and the case card that stands pinned in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ids import CaseId, LaneId, PersonId, SeatId
from bot.domain.localtime import at_local
from bot.domain.names import short_name, surname_slug
from bot.domain.outbound import Button, CloseRoom, Edit, Payload, Pin, Post, RenameRoom
from bot.domain.richtext import RichText, bold, lines
from bot.domain.rules import MINUTE
from bot.domain.timeline import MilestoneKind
from bot.services import agreed, buttons, expectations, intake_answers, notices, outbox, standing_lines, timelines
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, cases, deliveries, lanes, people, seats

Row = dict[str, Any]
OTHER = {"dentist": "specialist", "specialist": "dentist"}
CARD = "case"
_WORN = (MilestoneKind.FIT, MilestoneKind.ALIGNER_CHANGE, MilestoneKind.REFINEMENT_SET, MilestoneKind.FINISH)
"""With these another aligner is worn."""
EARLY = 6 * 60
"""The minute of the day at which a card follows the aligner: an edit disturbs nobody."""


def take_seat(
    unit: Unit, case_id: CaseId, side: str, person_id: PersonId, *, account: Row | None = None
) -> SeatId | None:
    """Give one side of a case to a person: a seat, its lane, and the card first in it. None if they have no account.

    `account` is the one they chose themselves.
    """
    account = account or accounts.reach(unit.tx, person_id)
    case = cases.get(unit.tx, case_id)
    assert case is not None
    if account is None:
        notices.alert(unit, "unreachable", notices.handle_of(unit, person_id))
        return None
    seat_id = SeatId(unit.new_id())
    title = room_title(unit, case, account["platform"])
    seats.add(
        unit.tx,
        id=seat_id,
        case_id=case_id,
        side=side,
        person_id=person_id,
        account_id=account["id"],
        platform=account["platform"],
        workspace=account["workspace"],
        room_name=room_name(unit, case, side),
        title_sealed=unit.seal(case_id, "seat", "room_title_sealed", seat_id, title.encode()),
        epoch=int(case["epoch"]),
        now=unit.now,
    )
    lanes.for_seat(unit.tx, unit.new_id(), seat_id)
    unit.audit(case_id, "service", "seat.taken", seat=seat_id, side=side, person=person_id)
    other = seats.of_case(unit.tx, case_id, OTHER[side])
    refresh_card(unit, case_id)
    if other is not None:  # the other side's channel is named after this person now
        lane = notices.lane_of_seat(unit, other)
        name = room_name(unit, case, OTHER[side])
        outbox.enqueue(unit, lane, RenameRoom(_title_of(unit, other), name), case_id=case_id)
    return seat_id


def leave_seat(unit: Unit, seat: Row, last_words: str, *, silent: bool = False) -> None:
    """Take a seat from its person: what they type there no longer counts; a last line goes, then the room closes."""
    lane = notices.lane_of_seat(unit, seat)
    seats.leave(unit.tx, seat["id"])
    case_id = CaseId(seat["case_id"])
    outbox.post_text(
        unit,
        lane,
        RichText(last_words),
        case_id=case_id,
        notice=say("notice.case", ref=seat["ref"]),
        silent=silent,
    )
    outbox.enqueue(unit, lane, CloseRoom(), case_id=case_id)
    lanes.resume(unit.tx, lane, unit.now)
    unit.audit(case_id, "service", "seat.left", seat=seat["id"], side=seat["side"], person=seat["person_id"])


def refresh_card(unit: Unit, case_id: CaseId) -> None:
    """Bring the card in each living seat up to date; post and pin it where it does not stand yet."""
    for seat in seats.living(unit.tx, case_id):
        lane = notices.lane_of_seat(unit, seat)
        if deliveries.newest_card(unit.tx, lane, CARD) is None:
            post_card(unit, seat)
        else:
            # What people said stands on it: a former party's room is not brought up to date any more.
            edit = Edit(card(unit, seat), card=CARD)
            outbox.enqueue(unit, lane, edit, case_id=case_id, epoch=int(seat["case_epoch"]))
    cases.card_next(unit.tx, case_id, _until(unit, case_id))


def run_due(unit: Unit, limit: int = 50) -> int:
    """Bring the cards up to date that say what is not so any more; how many."""
    due = cases.cards_due(unit.tx, unit.now, limit)
    for case_id in due:
        refresh_card(unit, CaseId(case_id))
    return len(due)


def _until(unit: Unit, case_id: CaseId) -> int | None:
    """When (µs) a card that is right now is not any more: the next aligner is in, or what is due is late."""
    case = cases.get(unit.tx, case_id)
    made = timelines.current(unit, case_id)
    if case is None or case["state"] != "open":
        return None
    late = expectations.next_late(unit, case)
    moments = [] if late is None else [late + MINUTE]
    if made is not None:
        zone = timelines.zone_of(unit, case)
        moments += [at_local(one.on, EARLY, zone) for one in made.of(*_WORN)]
    return min((at for at in moments if at > unit.now), default=None)


def post_card(unit: Unit, seat: Row) -> None:
    """Put the card into a seat's room as it is now, and pin it."""
    lane, case_id = notices.lane_of_seat(unit, seat), CaseId(seat["case_id"])
    delivery = outbox.enqueue(unit, lane, card(unit, seat), case_id=case_id)
    outbox.enqueue(unit, lane, Pin(delivery), case_id=case_id)


def as_it_is_now(unit: Unit, seat: Row, payload: Payload) -> Payload:
    """A card that waited says what is so when it goes: it must not show what was taken back meanwhile."""
    if seat["state"] in ("leaving", "closed"):
        return payload
    if isinstance(payload, Post) and payload.card == CARD:
        return card(unit, seat)
    if isinstance(payload, Edit) and payload.card == CARD:
        return replace(payload, post=card(unit, seat))
    return payload


def card(unit: Unit, seat: Row) -> Post:
    """The case card as one seat sees it. Its first line says who reads what is typed here."""
    case = cases.get(unit.tx, seat["case_id"])
    assert case is not None
    other = seats.of_case(unit.tx, seat["case_id"], OTHER[seat["side"]])
    if other is None:
        first = say("card.nobody_yet")
    else:
        label = unit.capabilities[other["platform"]].label
        first = say("card.goes_to", name=other["person_name"], platform=label)
    facts = intake_answers.of_case(unit, case)
    rows: list[RichText | str] = [bold(first), ""]
    rows.append(say("card.case", ref=case["ref"], pseudonym=str(facts.get("pseudonym", ""))))
    for side in ("dentist", "specialist"):
        person = people.get(unit.tx, case[f"{side}_id"]) if case[f"{side}_id"] is not None else None
        if person is not None:
            gdc = say("card.gdc", gdc=person["gdc"]) if person["gdc"] else ""
            rows.append(say("card.person", role=say(f"notice.role.{side}"), name=person["name"], gdc=gdc).rstrip())
    if case["event_on"]:
        rows.append(
            say("card.event", date=long_date(case["event_on"]), what=str(facts.get("event_what") or "")).rstrip()
        )
    rows.append(say("card.state", state=say(f"card.states.{case['state']}")))
    rows += expectations.card_lines(unit, case, ZoneInfo(seat["person_timezone"]))
    rows += _dates(unit, case)
    rows += agreed.card_lines(unit, seat)
    rows += standing_lines.card_lines(unit, seat)

    def button(action: str, label: str) -> Button:
        return buttons.for_seat(unit, seat, action, label, once=False)

    row = [button("case.status", say("card.button.status"))]
    if case["state"] == "open":
        if seat["side"] == "specialist":
            row.append(button("desk.next", say("desk.button.next")))
        row.append(button("refine.open", say("card.button.refine")))
        row.append(button("case.close", say("card.button.close")))
    return Post(
        body=lines(*rows),
        notice=say("notice.case", ref=case["ref"]),
        buttons=(tuple(row),),
        silent=True,
        card=CARD,
    )


def _dates(unit: Unit, case: Row) -> list[str]:
    """Which plan, which aligner, when it ends."""
    made = timelines.current(unit, CaseId(case["id"]))
    if made is None:
        return []
    worn = made.aligner_on(timelines.today_of(unit, case))
    rows = []
    if made.version:
        rows.append(say("card.plan", version=made.version))
    if worn is not None:
        span = made.spans[worn[0]]
        rows.append(say("card.aligner", aligner=worn[1], most=max(span.upper, span.lower)))
    finish = made.predicted_finish.isoformat()
    rows.append(say("card.finish", date=long_date(finish), late=long_date(made.finish_late.isoformat())))
    return rows


def room_name(unit: Unit, case: Row, side: str) -> str:
    """A channel's name for one side: after the other person and the reference; never patient data."""
    other = case[f"{OTHER[side]}_id"]
    person = people.get(unit.tx, other) if other is not None else None
    who = f"{surname_slug(person['name'])}-" if person is not None else ""
    return f"case-{who}{str(case['ref']).removeprefix('C-').lower()}"


def retitle(unit: Unit, case_id: CaseId) -> None:
    """The date in the rooms' titles is another one."""
    case = cases.get(unit.tx, case_id)
    assert case is not None
    for seat in seats.living(unit.tx, case_id):
        title = room_title(unit, case, seat["platform"])
        seats.set_title(
            unit.tx, seat["id"], unit.seal(case_id, "seat", "room_title_sealed", seat["id"], title.encode())
        )
        outbox.enqueue(unit, lane_for(unit, seat), RenameRoom(title), case_id=case_id)


def room_title(unit: Unit, case: Row, platform: str) -> str:
    """A room's title: pseudonym and date; with the reference where the title is all there is (topics)."""
    facts = intake_answers.of_case(unit, case)
    parts = [str(facts.get("pseudonym", ""))]
    if case["event_on"]:
        parts.append(short_date(case["event_on"]))
    if unit.capabilities[platform].room_in_chat:
        parts.append(case["ref"])
    return " · ".join(filter(None, parts)) or str(case["ref"])


def short_date(iso: str) -> str:
    """14 Jun"""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%b}"


def long_date(iso: str) -> str:
    """14 June 2027"""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def line_for(unit: Unit, seat: Row) -> str:
    """A case in one line for its person's lists: "AB · C-7K3F · Dr Johal"."""
    case = cases.get(unit.tx, seat["case_id"])
    assert case is not None
    return line_of(unit, case, seat["side"])


def line_of(unit: Unit, case: Row, side: str) -> str:
    """The same for one side of a case, seated or not."""
    other = case[f"{OTHER[side]}_id"]
    person = people.get(unit.tx, other) if other is not None else None
    pseudonym = str(intake_answers.of_case(unit, case).get("pseudonym", ""))
    parts = [pseudonym, case["ref"], short_name(person["name"]) if person is not None else ""]
    return " · ".join(filter(None, parts))


def _title_of(unit: Unit, seat: Row) -> str:
    return unit.unseal(seat["case_id"], "seat", "room_title_sealed", seat["id"], seat["room_title_sealed"]).decode()


def lane_for(unit: Unit, seat: Row) -> LaneId:
    """The lane of a seat row."""
    return notices.lane_of_seat(unit, seat)
