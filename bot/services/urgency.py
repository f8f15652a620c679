"""Urgent: the other side is asked in their direct chat, and the sender sees who has it, or that nobody is watching.

Seen is not delivered: only [I have it] counts. What is asked again later is a row with a due moment, never a sleep.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.case_states import OVER
from bot.domain.ids import CaseId, PersonId
from bot.domain.problems import Problem
from bot.domain.rules import DAY, HOUR, MINUTE
from bot.domain.turns import Owed
from bot.services import budget, buttons, covering, diary, draft_stops, notices, relay, stand_ins, turns, urgent_cards
from bot.services.budget import Kind
from bot.services.unit import Unit
from bot.services.urgent_cards import Asking, asking_of
from prompts.wording import say
from storage import accounts, cases, people, seats, urgent

Row = dict[str, Any]


def mark(unit: Unit, message: Row, *, red_flag: bool = False, emergency: bool = True, lead: str = "") -> Problem | None:
    """A message is urgent, by its author's word or by a red flag in it; a Problem if it is marked already.

    Its author reads `lead` first, and the `emergency` wording last unless they have it already.
    """
    author = seats.of_case(unit.tx, message["case_id"], message["side"])
    if author is None:
        return Problem.of("case.left_room")
    if message["state"] == "withdrawn":
        return Problem.of("urgent.gone", no=message["no"], ref=author["ref"])
    made = unit.new_id()
    asker = message["person_id"]
    cases.lock(unit.tx, message["case_id"])  # no draft is made meanwhile that does not know of it
    if not urgent.add(
        unit.tx, id=made, case_id=message["case_id"], message_id=message["id"], asker_id=asker, now=unit.now
    ):
        return Problem.of("urgent.already", no=message["no"], ref=author["ref"])
    reader = seats.of_case(unit.tx, message["case_id"], relay.OTHER[message["side"]])
    asking = Asking(made, message, author, reader)
    unit.audit(message["case_id"], f"person:{asker}", "urgent.raised", message=message["id"], flag=red_flag)
    if message["side"] == "dentist":
        draft_stops.begin(unit, message["case_id"])
    parts = [lead, _first_words(unit, asking), say("relay.emergency") if emergency else ""]
    urgent_cards.post_card(unit, asking, "\n\n".join(filter(None, parts)))
    unit.wake("scheduler")
    return None


def today(unit: Unit, message: Row) -> bool:
    """A message is to be answered on the same working day: its reader is asked once; False if they are already.

    What nobody has an hour before that day ends is looked at as what is urgent is. A reader who is away has it
    silently, and whoever stands in for them is asked too.
    """
    author = seats.of_case(unit.tx, message["case_id"], message["side"])
    reader = seats.of_case(unit.tx, message["case_id"], relay.OTHER[message["side"]])
    if author is None or reader is None:
        return False
    made = unit.new_id()
    asker, person_id = message["person_id"], PersonId(reader["person_id"])
    if not urgent.add(
        unit.tx,
        id=made,
        case_id=message["case_id"],
        message_id=message["id"],
        asker_id=asker,
        now=unit.now,
        level="same_day",
    ):
        return False
    asking = Asking(made, message, author, reader)
    person = people.get(unit.tx, person_id)
    assert person is not None
    theirs = diary.of(unit, [person])[person_id]
    stand_in = stand_ins.at_work(unit, person_id, reader["person_role"]) if theirs.away(unit.now) else None
    second = None if stand_in is None else stand_in["id"]
    ends = (theirs if not theirs.away(unit.now) else _diary(unit, asker)).day_ends(unit.now)
    due = None if ends is None else max(ends - HOUR, unit.now + _unseen(unit, asking))
    urgent.ask(unit.tx, made, reader_id=person_id, second_id=second, due_at=due)
    unit.audit(message["case_id"], f"person:{asker}", "urgent.today", message=message["id"], second=second or 0)
    silent = not budget.may(unit, person_id)
    if not silent:
        budget.admit(unit, person_id, Kind.URGENT, urgent=True)
    urgent_cards.today(unit, asking, reader, silent=silent)
    words = say("urgent.today", no=message["no"], name=reader["person_name"])
    if theirs.away(unit.now):
        words = _away_words(asking, theirs.next_open(unit.now), stand_in)
    if stand_in is not None:
        urgent_cards.page_too(unit, asking, stand_in, today=True)
    urgent_cards.post_card(unit, asking, words, silent=True)
    unit.wake("scheduler")
    return True


def _diary(unit: Unit, person_id: int) -> diary.Diary:
    person = people.get(unit.tx, person_id)
    assert person is not None
    return diary.of(unit, [person])[PersonId(person_id)]


def _away_words(asking: Asking, opens: int | None, stand_in: Row | None) -> str:
    """What its author reads of a reader who is on leave."""
    assert asking.reader is not None
    facts = {"no": asking.message["no"], "name": asking.reader["person_name"]}
    if stand_in is not None:
        return say("urgent.today_for", second=stand_in["name"], **facts)
    return (
        say("urgent.today_away", **facts)
        if opens is None
        else say("urgent.today_back", time=_when(asking, opens), **facts)
    )


def carry(unit: Unit, called: Row | None, again: Row) -> None:
    """What called for an answer, and was taken back, was said again: so does that. `called` is its row from before.

    Who has it has it still, in the same case; in another the reader is asked anew.
    """
    if called is None:
        return
    if called["state"] == "seen" and called["case_id"] == again["case_id"]:
        urgent.goes_with(unit.tx, called["id"], again["id"])
    elif called["level"] == "page":
        mark(unit, again, emergency=False)
    else:
        today(unit, again)


def raise_to_page(unit: Unit, message: Row) -> None:
    """What was to be answered today, if it was, is urgent now."""
    row = urgent.of_message(unit.tx, message["id"])
    if row is not None and row["level"] == "same_day":
        urgent.settle(unit.tx, row["id"], "void", unit.now)
        buttons.void_group(unit, f"urgent:{row['id']}")
    mark(unit, message)


def seen(unit: Unit, urgent_id: int, by: PersonId) -> Problem | None:
    """[I have it]: the sender sees who has it and since when."""
    row = urgent.get(unit.tx, urgent_id)
    asking = None if row is None else asking_of(unit, row)
    if row is None or asking is None:
        return Problem.of("button.stale")
    present = asking.reader["person_id"] if asking.reader is not None else None
    if by not in (present, row["second_id"]) or not urgent.settle(unit.tx, urgent_id, "seen", unit.now, by):
        return Problem.of("button.stale")
    person = people.get(unit.tx, by)
    assert person is not None
    zone = ZoneInfo(asking.author["person_timezone"])
    time = f"{datetime.fromtimestamp(unit.now / 1_000_000, zone):%H:%M}"
    unit.audit(row["case_id"], f"person:{by}", "urgent.seen", message=row["message_id"])
    words = say("urgent.has_it", name=person["name"], time=time, no=asking.message["no"])
    waits = unit.now - int(row["raised_at"]) < HOUR  # they look at the chat; later a night or a day off is one
    heard = row["level"] == "page" and (waits or budget.may(unit, PersonId(asking.author["person_id"])))
    notices.to_seat(unit, asking.author, words, silent=not heard)
    here, there = say("urgent.marked", no=asking.message["no"]), say("urgent.taken", name=person["name"])
    urgent_cards.close(unit, asking, row, here, there)
    if by == row["second_id"] and by != present and not _opens(unit, row, by, present):
        for one in accounts.coordinators(unit.tx):
            words = say("urgent.taken_by", name=person["name"], ref=asking.author["ref"], handle=person["handle"])
            notices.to_person(unit, PersonId(one["id"]), words)
    return None


def _opens(unit: Unit, row: Row, by: PersonId, present: int | None) -> bool:
    """Their cover, as they named them, has the case at once; anybody else is given it by a coordinator."""
    if present is None or by not in urgent.stand_ins(unit.tx, present, unit.now):
        return False
    return covering.take(unit, CaseId(row["case_id"]), by, by) is None


def not_urgent(unit: Unit, urgent_id: int, by: PersonId) -> Problem | None:
    """Its author, or whoever has their seat by now, says that it can wait after all."""
    row = urgent.get(unit.tx, urgent_id)
    asking = None if row is None else asking_of(unit, row)
    if row is None or asking is None or asking.author["person_id"] != by:
        return Problem.of("button.stale")
    if not urgent.settle(unit.tx, urgent_id, "not_urgent", unit.now):
        return Problem.of("button.stale")
    unit.audit(row["case_id"], f"person:{by}", "urgent.dropped", message=row["message_id"])
    words = say("urgent.not_urgent", no=asking.message["no"])
    urgent_cards.close(unit, asking, row, words, say("urgent.not_any_more"))
    return None


def withdrawn(unit: Unit, message: Row) -> bool:
    """Its author took a message back: nobody is asked about it any more; whether anybody was."""
    row = urgent.of_message(unit.tx, message["id"])
    if row is None:
        return False
    urgent.settle(unit.tx, row["id"], "void", unit.now)
    asking = asking_of(unit, row)
    if asking is not None:
        words = say("urgent.withdrawn", no=message["no"])
        urgent_cards.close(unit, asking, row, words, say("urgent.not_any_more"))
    return True


def run_due(unit: Unit, limit: int = 50) -> int:
    """What nobody has in time: somebody else is asked too, and its sender sees that; how many there were."""
    rows = urgent.due(unit.tx, unit.now, limit)
    for row in rows:
        asking = asking_of(unit, row)
        if asking is None or asking.author["case_state"] in OVER:
            urgent.settle(unit.tx, row["id"], "void", unit.now)
        elif asking.reader is not None and asking.reader["person_id"] != row["reader_id"]:
            buttons.void_group(unit, asking.card)  # somebody else looks after the case by now: they are the first again
            notices.to_seat(unit, asking.author, _first_words(unit, asking), buttons=urgent_cards.stop(unit, asking))
        else:
            _ask_too(unit, asking, row)
    return len(rows)


def _unseen(unit: Unit, asking: Asking) -> int:
    """How long nobody may have seen it before somebody else is asked too (µs): the practice's own target."""
    case = cases.get(unit.tx, asking.message["case_id"])
    assert case is not None
    return turns.target(unit, case["practice_id"], Owed.RED_FLAG).time or 10 * MINUTE


def _first_words(unit: Unit, asking: Asking) -> str:
    """Ask whoever has the other seat, or who stands in for them, and say so in the sender's words."""
    no, reader = asking.message["no"], asking.reader
    if reader is None:
        urgent.ask(unit.tx, asking.id, reader_id=None, second_id=None, due_at=unit.now + _unseen(unit, asking))
        notices.alert(unit, "urgent_unseen", asking.author["ref"])
        return say("urgent.nobody_has", no=no)
    urgent_cards.page(unit, asking, reader)
    person_id = PersonId(reader["person_id"])
    person = people.get(unit.tx, person_id)
    assert person is not None
    theirs = diary.of(unit, [person])[person_id]
    second: int | None = None
    opens = theirs.next_open(unit.now)
    due: int | None = unit.now + _unseen(unit, asking)
    if opens == unit.now:
        words = say("urgent.asked", no=no, name=reader["person_name"])
    else:
        stand_in = stand_ins.at_work(unit, reader["person_id"], reader["person_role"])
        if stand_in is not None:
            second = stand_in["id"]
            urgent_cards.page_too(unit, asking, stand_in)
            words = say("urgent.asked_for", no=no, name=reader["person_name"], second=stand_in["name"])
        else:
            due = None if opens is None else opens + _unseen(unit, asking)
            words = _nobody_watches(asking, opens)
    urgent.ask(unit.tx, asking.id, reader_id=person_id, second_id=second, due_at=due)
    return words


def _nobody_watches(asking: Asking, opens: int | None) -> str:
    no = asking.message["no"]
    if opens is None:
        return say("urgent.nobody_watches", no=no)
    return say("urgent.nobody_until", no=no, time=_when(asking, opens))


def _when(asking: Asking, moment: int) -> str:
    at = datetime.fromtimestamp(moment / 1_000_000, ZoneInfo(asking.author["person_timezone"]))
    soon = moment - int(asking.message["received_at"]) < 6 * DAY
    return f"{at:%a %H:%M}" if soon else f"{at:%a} {at.day} {at:%b %H:%M}"


def _ask_too(unit: Unit, asking: Asking, row: Row) -> None:
    stand_in = None
    if asking.reader is not None and row["second_id"] is None:
        stand_in = stand_ins.at_work(unit, asking.reader["person_id"], asking.reader["person_role"])
    if stand_in is None:
        urgent.ask(unit.tx, row["id"], reader_id=row["reader_id"], second_id=row["second_id"], due_at=None)
        notices.alert(unit, "urgent_unseen", asking.author["ref"])
        words = say("urgent.not_seen_coordinator", no=asking.message["no"])
    else:
        due = unit.now + _unseen(unit, asking)
        urgent.ask(unit.tx, row["id"], reader_id=row["reader_id"], second_id=stand_in["id"], due_at=due)
        urgent_cards.page_too(unit, asking, stand_in)
        words = say("urgent.not_seen", no=asking.message["no"], name=stand_in["name"])
    unit.audit(row["case_id"], "service", "urgent.unseen", message=row["message_id"], asked=row["second_id"] or 0)
    notices.to_seat(unit, asking.author, words, buttons=urgent_cards.stop(unit, asking))
