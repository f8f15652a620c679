"""Answers to check-ins: kept as data, said to the other side as one line, and acted upon by their level."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.check_ins import LEVELS, SET_CAME, Answer, Asking, CheckInStep, Level, Question
from bot.domain.codec import dump, load
from bot.domain.dates import spoken
from bot.domain.deadline import Colour
from bot.domain.events import MessageReceived
from bot.domain.ids import CaseId, CheckInId, MessageId, PersonId
from bot.domain.localtime import local_day
from bot.domain.problems import Problem
from bot.domain.richtext import RichText, bold, lines, plain
from bot.domain.teeth_text import read_teeth
from bot.domain.turns import Owed
from bot.services import (
    check_in_sheets,
    complaints,
    corrections,
    draft_stops,
    forewarnings,
    notices,
    refinements,
    relay,
    reminders,
    reopening,
    slips,
    standing_lines,
    timelines,
    turns,
    urgency,
)
from bot.services.unit import Unit
from prompts import check_in_plans
from prompts.wording import say
from storage import cases, checkins, messages, seats

Row = dict[str, Any]
TYPED = "typed"


def answer(unit: Unit, check_in_id: CheckInId, question_id: str, choice_id: str, person_id: PersonId) -> Problem | None:
    """Keep one tap, show what is asked next, and let the other side know as soon as it deserves."""
    row = checkins.get(unit.tx, check_in_id)
    step = None if row is None else check_in_plans.load().get(row["step"])
    question = None if step is None else step.question(question_id)
    choice = None if question is None else question.choice(choice_id)
    seat = None if row is None or step is None else check_in_sheets.place_of(unit, row, step)
    if row is None or step is None or question is None or choice is None or seat is None:
        return Problem.of("button.used")
    if row["state"] != "asked" or seat["person_id"] != person_id:
        return Problem.of("button.used")
    if choice.moves:
        check_in_sheets.draw(unit, row["sheet_id"], "visit")
        return None
    _keep(unit, row, step, seat, question, choice.id, None)
    if choice.notes and seat["id"] is not None:
        refinements.noted(unit, seat, came=choice.notes == SET_CAME)
    if choice.complaint:
        complaints.open_(unit, CaseId(row["case_id"]), person_id)
    if choice.then:
        _follow_up(unit, seat, choice)
    return None


def typed(unit: Unit, seat: Row, event: MessageReceived) -> bool:
    """What a person writes or sends in a room while a script asks for just that is its answer as well."""
    row = checkins.open_script(unit.tx, seat["case_id"], seat["person_id"])
    step = None if row is None else check_in_plans.load().get(row["step"])
    if row is None or step is None or step.who != seat["side"]:
        return False
    question = step.next(check_in_sheets.given(unit, row["id"]))
    if question is None:
        return False
    if question.asking is Asking.PHOTO and event.files:
        _keep(unit, row, step, seat, question, "sent", None)
        return True
    text = event.body.text
    if question.asking is not Asking.TEETH or not text:
        return False
    if isinstance(read_teeth(text), Problem) and not _is_reply(unit, event, row):
        return False
    _keep(unit, row, step, seat, question, TYPED, text)
    return True


def _is_reply(unit: Unit, event: MessageReceived, row: Row) -> bool:
    """Whether it answers the very message that the question stands in."""
    if event.reply_to is None:
        return False
    place = event.origin.place
    delivery = messages.delivery_at(unit.tx, place.platform, place.workspace, place.chat, event.reply_to)
    return delivery is not None and delivery["card"] == f"check_ins:{row['sheet_id']}"


def _keep(
    unit: Unit, row: Row, step: CheckInStep, seat: Row, question: Question, choice: str, words: str | None
) -> None:
    if question.asking is not Asking.SEVERAL:
        checkins.drop_answers(unit.tx, row["id"], question.id)
    sealed = None
    if words is not None:
        sealed = unit.seal(row["case_id"], "check_in_answer", "words_sealed", row["id"], dump(words, str))
    checkins.put_answer(unit.tx, row["id"], question.id, choice, sealed, unit.now)
    given = question.choice(choice)
    if given is not None and given.reports:  # of one that is bad the digest has a line of its own
        forewarnings.review(unit, CaseId(row["case_id"]), PersonId(seat["person_id"]), told=given.bad)
    details = {"check_in": row["id"], "question": question.id, "answer": choice}
    unit.audit(row["case_id"], f"person:{seat['person_id']}", "check_in.answered", **details)
    done = step.next(check_in_sheets.given(unit, row["id"])) is None
    if seat["id"] is None:
        _in_retention(unit, row, step, seat)
    elif not step.card:
        _tell(unit, row, step, seat)
    elif done:
        _hand_card(unit, row, step, seat)
    if done:
        checkins.settle(unit.tx, row["id"], "answered", unit.now)
    check_in_sheets.draw(unit, row["sheet_id"])
    notices.resolved(unit, "check_in_unanswered", seat["ref"])


def _tell(unit: Unit, row: Row, step: CheckInStep, seat: Row) -> None:
    """The line on the other side follows the answers; what it newly calls for is done."""
    chosen = _chosen(unit, row, step)
    slip = slips.beside(unit, row, step, chosen)
    body = plain(
        say("check_in.answer", line="; ".join(filter(None, [*(choice.line for choice in chosen), slip.words])))
    )
    level, bad = _level(unit, row, chosen)
    if slip.matters:
        level = max(level, Level.SAME_DAY, key=LEVELS.index)
    before = LEVELS.index(Level(row["level"]))
    if row["message_id"] is None:
        message = relay.record(unit, seat, body, kind="check_in", said_at=unit.now)
        message_id = MessageId(message["id"])
        relay.pass_on(unit, message, quiet=True, author=seat, files=False)
    else:
        message_id = MessageId(row["message_id"])
        said = messages.get(unit.tx, message_id)
        assert said is not None
        corrections.reword(unit, said, body)
    draft_stops.moved_on(unit, row["case_id"])
    checkins.note(unit.tx, row["id"], message_id, level.value, bad)
    if LEVELS.index(level) > before:
        _escalate(unit, row, message_id, seat, level)


def _in_retention(unit: Unit, row: Row, step: CheckInStep, place: Row) -> None:
    """Nobody has a room any more: the answer is filed; of trouble the specialist is reminded, and the room offered."""
    level, bad = _level(unit, row, _chosen(unit, row, step))
    before = max(LEVELS.index(Level(row["level"])), LEVELS.index(Level.DIGEST))
    case = cases.get(unit.tx, row["case_id"])
    checkins.note(unit.tx, row["id"], None, level.value, bad)
    if case is None or case["specialist_id"] is None or LEVELS.index(level) <= before:
        return
    ref = place["ref"]
    topic = f"check_in:{row['id']}"
    reminders.nudge(
        unit, PersonId(case["specialist_id"]), topic, "check_in.line.retention", case_id=row["case_id"], ref=ref
    )
    person_id = PersonId(place["person_id"])
    again = ((reopening.button(unit, person_id, case),),)
    notices.to_person(unit, person_id, say("check_in.trouble_in_retention", ref=ref), buttons=again)


def _hand_card(unit: Unit, row: Row, step: CheckInStep, seat: Row) -> None:
    """Everything that a script asked, as one card, which is a message of its own."""
    rows: list[RichText | str] = [bold(step.card)]
    given = {one["question"]: one for one in checkins.answers(unit.tx, row["id"])}
    for question in step.questions:
        one = given.get(question.id)
        if one is None:
            continue
        choice = question.choice(one["choice"])
        said = "" if choice is None else choice.line
        if one["words_sealed"] is not None:
            sealed = unit.unseal(row["case_id"], "check_in_answer", "words_sealed", row["id"], one["words_sealed"])
            said = load(str, sealed)
        rows.append(bold(question.brief) + f": {said}")
    rows += _where_it_stands(unit, CaseId(row["case_id"]), seat)
    message = relay.record(unit, seat, lines(*rows), kind="check_in", said_at=unit.now)
    relay.pass_on(unit, message, author=seat, files=False)
    draft_stops.moved_on(unit, row["case_id"])
    _owe(unit, seat)
    checkins.note(unit.tx, row["id"], message["id"], Level.NONE.value, bad=False)
    other = seats.of_case(unit.tx, row["case_id"], relay.OTHER[seat["side"]])
    if other is not None:
        notices.to_seat(unit, seat, say("check_in.card_is_there", name=other["person_name"]), silent=True)


def _follow_up(unit: Unit, seat: Row, choice: Answer) -> None:
    """What the specialist signed for just this, word for word, then the script, in the room of the case."""
    if checkins.open_script(unit.tx, seat["case_id"], seat["person_id"]) is not None:
        return
    standing_lines.show(unit, seat, choice.id)
    sheet = check_in_sheets.post_script(unit, seat)
    made = unit.new_id()
    checkins.begin(
        unit.tx,
        id=made,
        case_id=seat["case_id"],
        person_id=seat["person_id"],
        step=choice.then,
        sheet_id=sheet,
        now=unit.now,
    )
    unit.audit(seat["case_id"], "service", "check_in.script", check_in=made, step=choice.then)
    check_in_sheets.send(unit, sheet)


def _chosen(unit: Unit, row: Row, step: CheckInStep) -> list[Answer]:
    given = check_in_sheets.given(unit, row["id"])
    found = []
    for question in step.questions:
        ids = given.get(question.id, [])
        choices = [choice for id in ids if (choice := question.choice(id)) is not None]
        ticks = [choice for choice in choices if not choice.ends]
        found += ticks if question.asking is Asking.SEVERAL and ticks else choices
    return found


def _level(unit: Unit, row: Row, chosen: list[Answer]) -> tuple[Level, bool]:
    """The highest of all answers; two bad check-ins in a row are answered on the same day."""
    levels = [choice.level for choice in chosen]
    if any(choice.red_with_event for choice in chosen) and _deadline_is_red(unit, CaseId(row["case_id"])):
        levels.append(Level.PAGE)
    bad = any(choice.bad for choice in chosen)
    former = checkins.former(unit.tx, row)
    if bad and former is not None and former["bad"]:
        levels.append(Level.SAME_DAY)
    return max(levels, key=LEVELS.index, default=Level.NONE), bad


def _escalate(unit: Unit, row: Row, message_id: MessageId, seat: Row, level: Level) -> None:
    message = messages.get(unit.tx, message_id)
    assert message is not None
    unit.audit(row["case_id"], "service", "check_in.escalated", check_in=row["id"], level=level.value)
    if level in (Level.SAME_DAY, Level.PAGE):
        _owe(unit, seat)
    if level is Level.PAGE:
        urgency.raise_to_page(unit, message)
    elif level is Level.SAME_DAY:
        urgency.today(unit, message)
    elif level is Level.DIGEST:
        other = seats.of_case(unit.tx, row["case_id"], relay.OTHER[seat["side"]])
        if other is not None:
            reminders.digest(
                unit,
                PersonId(other["person_id"]),
                f"check_in:{row['id']}",
                "check_in.line.answer",
                case_id=row["case_id"],
                ref=seat["ref"],
                no=int(message["no"]),
            )


def _owe(unit: Unit, seat: Row) -> None:
    """The other side owes an answer today."""
    case = cases.get(unit.tx, seat["case_id"])
    assert case is not None
    if seat["side"] == "dentist":
        turns.owe(unit, case, Owed.NOT_SEATING)
    else:
        cases.set_turn(unit.tx, case["id"], "dentist", unit.now)


def _deadline_is_red(unit: Unit, case_id: CaseId) -> bool:
    timeline = timelines.current(unit, case_id)
    return timeline is not None and timeline.colour is Colour.RED


def _where_it_stands(unit: Unit, case_id: CaseId, seat: Row) -> list[str]:
    """What the plan says of this day, for whoever reads the card."""
    timeline = timelines.current(unit, case_id)
    if timeline is None:
        return []
    found = []
    worn = timeline.aligner_on(local_day(unit.now, ZoneInfo(seat["person_timezone"])))
    if worn is not None:
        found.append(say("check_in.card.aligner", aligner=worn[1], version=timeline.version))
    if timeline.event_on is not None and timeline.colour is not None:
        colour = say(f"check_in.card.{timeline.colour.value}")
        found.append(say("check_in.card.event", date=spoken(timeline.event_on), colour=colour))
    return found
