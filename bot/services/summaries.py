"""What an intake said and what was said lately, for people: a form's summary, an offer, a hand-over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.form_checks import shown
from bot.domain.forms import Answer, Field, Form
from bot.domain.ids import CaseId, DeliveryId
from bot.domain.intake import INTAKE
from bot.domain.problems import clip
from bot.domain.richtext import RichText, bold, lines, plain
from bot.services import intake_answers, notices, outbox, relay
from bot.services.unit import Unit
from prompts.wording import say
from storage import deliveries, messages, people

Row = dict[str, Any]
LAST_MESSAGES = 6
_FORM_ONLY = frozenset({"consent"})


def answer_words(form: Form, one: Field, value: Answer) -> str:
    """One kept answer as people read it: "UL2 (22)"; what was not understood stands as it was written."""
    found = shown(form, one, value)
    said = [found.text, ", ".join(say(key) for key in found.keys)]
    return "; ".join(filter(None, [*said, *found.kept]))


def intake_lines(
    answers: Mapping[str, Answer], *, without: Collection[str] = _FORM_ONLY, limit: int = 0
) -> list[RichText]:
    """The intake as `form_lines`, without what only the form needs."""
    return form_lines(INTAKE, answers, without=without, limit=limit)


def form_lines(
    form: Form, answers: Mapping[str, Answer], *, without: Collection[str] = (), limit: int = 0
) -> list[RichText]:
    """One line an answered field, its label in bold; each value at most `limit` characters if that is given."""
    rows = []
    for one in form.fields:
        value = answers.get(one.name)
        if value is None or value == [] or one.name in without or not form.applies(one, answers):
            continue
        words = answer_words(form, one, value)
        rows.append(bold(say(form.key(one, "label"))) + ": " + (clip(words, limit) if limit else words))
    return rows


def post_intake(unit: Unit, seat: Row, case: Row) -> None:
    """Put the intake's answers into a seat's room, silently, as the service's own words."""
    rows = intake_lines(intake_answers.of_case(unit, case))
    if rows:
        body = lines(bold(say("offer.intake", ref=case["ref"])), "", *rows)
        notices.to_seat(unit, seat, body, silent=True)


def post_hand_over(unit: Unit, seat: Row, case: Row, former: str) -> None:
    """What a successor needs in their new room: the intake, dates and counts, and the last messages by number.

    Everything is bound to the case's present parties, so that it is void should they change again before it is sent.
    """
    epoch = int(case["epoch"])
    zone = ZoneInfo(seat["person_timezone"])
    post_intake(unit, seat, case)
    opened = datetime.fromtimestamp(int(case["created_at"]) / 1_000_000, zone)
    facts = say(
        "handover.facts",
        former=former,
        opened=f"{opened.day} {opened:%B %Y}",
        messages=int(case["last_no"]),
    )
    _post(unit, seat, plain(facts), epoch, heading=say("handover.title", ref=case["ref"]))
    _post_recent(unit, seat, case)


def _post_recent(unit: Unit, seat: Row, case: Row) -> None:
    """The last messages that arrived, by number; withdrawn later, they go here too."""
    epoch, zone = int(case["epoch"]), ZoneInfo(seat["person_timezone"])
    recent = [row for row in messages.recent(unit.tx, case["id"], 50) if row["state"] == "delivered"][:LAST_MESSAGES]
    for row in reversed(recent):
        for delivery in _post(unit, seat, relay.body_of(unit, row), epoch, heading=_said_by(unit, row, zone)):
            deliveries.set_correction(unit.tx, delivery, row["id"])  # withdrawn later, it goes here too
    if recent:
        _post(unit, seat, plain(say("handover.end")), epoch)


def post_move(unit: Unit, seat: Row, case: Row, platform: str) -> None:
    """A short note in the new room of somebody who moved there: the case, its people and dates, the last messages."""
    epoch = int(case["epoch"])
    opened = datetime.fromtimestamp(int(case["created_at"]) / 1_000_000, ZoneInfo(seat["person_timezone"]))
    names = {}
    for side in ("dentist", "specialist"):
        person = people.get(unit.tx, case[f"{side}_id"]) if case[f"{side}_id"] is not None else None
        names[side] = person["name"] if person is not None else say("card.nobody_yet")
    facts = say(
        "move.facts",
        platform=platform,
        opened=f"{opened.day} {opened:%B %Y}",
        messages=int(case["last_no"]),
        **names,
    )
    _post(unit, seat, plain(facts), epoch, heading=say("move.title", ref=case["ref"], platform=platform))
    _post_recent(unit, seat, case)


def post_reopened(unit: Unit, seat: Row, case: Row, by: str) -> None:
    """A short note in the new room of a case that was over: who opened it again, and the last messages."""
    _post(unit, seat, plain(say("case.reopened", ref=case["ref"], name=by)), int(case["epoch"]))
    _post_recent(unit, seat, case)


def _said_by(unit: Unit, message: Row, zone: ZoneInfo) -> str:
    at = datetime.fromtimestamp(int(message["said_at"]) / 1_000_000, zone)
    author = people.get(unit.tx, message["person_id"])
    assert author is not None
    return say(
        "handover.said",
        no=message["no"],
        name=author["name"],
        role=say(f"notice.role.{message['side']}"),
        time=f"{at.day} {at:%b %H:%M}",
    )


def _post(unit: Unit, seat: Row, body: RichText, epoch: int, heading: str = "") -> list[DeliveryId]:
    words = body if not body.blank else plain(say("handover.file"))
    return outbox.post_text(
        unit,
        notices.lane_of_seat(unit, seat),
        words,
        case_id=CaseId(seat["case_id"]),
        epoch=epoch,
        heading=heading,
        notice=say("notice.case", ref=seat["ref"]),
        silent=True,
    )
