"""Assignment: one specialist for the whole case. The best match is asked, then the next; who takes it keeps it."""

from __future__ import annotations

import json
from typing import Any

from bot.domain.expertise import wanted_expertise
from bot.domain.ids import CaseId, OfferId, PersonId
from bot.domain.matching import Candidate, Need, Ranked, rank
from bot.domain.names import short_name
from bot.services import (
    checkins,
    deadlines,
    diary,
    forewarnings,
    intake_answers,
    notices,
    offering,
    relay,
    rooms,
    summaries,
    turns,
)
from bot.services.unit import Unit, to_json
from prompts.wording import say
from storage import accounts, cases, offers, people, seats, settings

Row = dict[str, Any]
RETRIES = 100
"""Unassigned cases looked at in one go."""
RETRIES_A_TICK = 20
_LOOKED_AT = "assignment.looked_at"


def assign(unit: Unit, case_id: CaseId, *, tell: bool = True) -> OfferId | None:
    """Offer an unassigned case to the best match who was not asked yet; None, and all told, if there is nobody."""
    case = cases.lock(unit.tx, case_id)
    if case is None or case["state"] not in ("unassigned", "offered") or offers.open_of_case(unit.tx, case_id):
        return None
    ranked = candidates(unit, case)
    if not ranked:
        _nobody(unit, case, tell=tell)
        return None
    best = ranked[0]
    specialist = people.get(unit.tx, best.person)
    assert specialist is not None
    offer_id = OfferId(unit.new_id())
    due_at = diary.of(unit, [specialist])[best.person].due(unit.now, unit.rules.offer_life)
    offers.add(unit.tx, offer_id, case_id, best.person, to_json(best.as_json()), unit.now, due_at)
    cases.set_state(unit.tx, case_id, "offered", unit.now)
    people.assigned(unit.tx, best.person, unit.now)
    unit.audit(
        case_id, "service", "offer.made", offer=offer_id, specialist=best.person, due=due_at, reason=best.as_json()
    )
    offering.show(unit, case, offer_id, specialist, due_at)
    if case["state"] != "offered":
        rooms.refresh_card(unit, case_id)
    unit.wake("scheduler")
    return offer_id


def candidates(unit: Unit, case: Row) -> tuple[Ranked, ...]:
    """Who may be asked to take this case, best first, with the reasons."""
    rows = people.specialists(unit.tx)
    diaries = diary.of(unit, rows, practice_id=case["practice_id"])
    together = people.shared_cases(unit.tx, case["dentist_id"])
    asked = set(offers.asked(unit.tx, case["id"]))
    need = Need(
        case=CaseId(case["id"]),
        wanted=wanted_expertise(intake_answers.of_case(unit, case)),
        urgent=case["urgency"] == "urgent",
        now=unit.now,
    )
    return rank(
        need,
        [
            Candidate(
                person=PersonId(row["id"]),
                expertise=frozenset(json.loads(row["expertise"])),
                open_load=int(row["load"]),
                capacity=int(row["capacity"]),
                next_open=diaries[PersonId(row["id"])].next_open(unit.now),
                together=together.get(row["id"], 0),
                last_assigned_at=int(row["last_assigned_at"]),
                absent=diaries[PersonId(row["id"])].away(unit.now),
                linked=accounts.reach(unit.tx, row["id"]) is not None,
                declined=row["id"] in asked,
            )
            for row in rows
        ],
    )


def accept(unit: Unit, offer_id: OfferId, person_id: PersonId) -> bool:
    """The specialist takes the case: both seats are theirs and the dentist's, what waited goes. False if it is gone."""
    offer = _still_theirs(unit, offer_id, person_id)
    if offer is None:
        return False
    case_id = CaseId(offer["case_id"])
    offers.settle(unit.tx, offer_id, "accepted", unit.now)
    unit.audit(case_id, f"person:{person_id}", "offer.accepted", offer=offer_id)
    offering.settled(unit, offer, "accepted")
    cases.set_specialist(unit.tx, case_id, person_id)
    cases.set_state(unit.tx, case_id, "open", unit.now)
    rooms.take_seat(unit, case_id, "specialist", person_id)
    begun(unit, case_id)
    case = cases.get(unit.tx, case_id)
    seat = seats.of_case(unit.tx, case_id, "specialist")
    if case is not None and seat is not None:
        summaries.post_intake(unit, seat, case)
        deadlines.brief_specialist(unit, case_id)
        forewarnings.review(unit, case_id, person_id)
        _tell_dentist(unit, case, say("offer.taken", name=seat["person_name"], ref=case["ref"]))
    relay.pass_on_waiting(unit, case_id, "dentist")
    return True


def begun(unit: Unit, case_id: CaseId) -> None:
    """A specialist has the case: it is their turn, check-ins are planned, and nobody need look for one any more."""
    case = cases.get(unit.tx, case_id)
    assert case is not None
    cases.set_turn(unit.tx, case_id, "specialist", unit.now)
    turns.begun(unit, case)
    checkins.plan(unit, case_id)
    notices.resolved(unit, "unassigned", case["ref"])
    unit.wake("scheduler")


def decline(unit: Unit, offer_id: OfferId, person_id: PersonId) -> bool:
    """The specialist cannot take it: the next is asked. False if the offer is gone."""
    offer = _still_theirs(unit, offer_id, person_id)
    if offer is None:
        return False
    _pass_on(unit, offer, "declined", f"person:{person_id}")
    return True


def expire_due(unit: Unit, limit: int = 50) -> int:
    """Offers whose time is up go to the next specialist, and unassigned cases are tried again; how many expired."""
    expired = 0
    for row in offers.due(unit.tx, unit.now, limit):
        expired += _lapse(unit, row)
    retry_unassigned(unit, RETRIES_A_TICK)
    return expired


def next_due(unit: Unit) -> int | None:
    """When the next offer runs out (µs)."""
    return offers.next_due(unit.tx)


def pass_over(unit: Unit, person_id: PersonId) -> int:
    """A specialist went away or is on hold: what they were offered goes to the next; how many."""
    return sum(_lapse(unit, row) for row in offers.open_of_person(unit.tx, person_id))


def retry_unassigned(unit: Unit, limit: int = RETRIES) -> int:
    """Offer unassigned cases for which somebody can be asked by now; how many were offered.

    At most `limit` are looked at, the next ones next time, so that those nobody can take hold up no other.
    """
    if not _anybody_free(unit):
        return 0
    after = int(settings.get(unit.tx, _LOOKED_AT) or 0)
    found = cases.unassigned(unit.tx, after, limit)
    if len(found) < limit and after:
        found += [one for one in cases.unassigned(unit.tx, 0, limit - len(found)) if one <= after]
    if not found:
        return 0
    settings.put(unit.tx, _LOOKED_AT, str(found[-1] if len(found) == limit else 0), unit.now)
    return sum(assign(unit, CaseId(one), tell=False) is not None for one in found)


def withdraw(unit: Unit, case_id: CaseId) -> None:
    """The coordinator has decided otherwise: an open offer of the case is void."""
    offer = offers.open_of_case(unit.tx, case_id)
    if offer is not None and offers.settle(unit.tx, offer["id"], "void", unit.now):
        unit.audit(case_id, "service", "offer.void", offer=offer["id"])
        offering.settled(unit, offer, "void")


def coordinator_name(unit: Unit) -> str:
    """Whom to name as the coordinator: the first one's short name."""
    rows = accounts.coordinators(unit.tx)
    return short_name(rows[0]["name"]) if rows else say("people.coordinator")


def _anybody_free(unit: Unit) -> bool:
    rows = people.specialists(unit.tx)
    return any(row["load"] < row["capacity"] and accounts.reach(unit.tx, row["id"]) is not None for row in rows)


def _still_theirs(unit: Unit, offer_id: OfferId, person_id: PersonId) -> Row | None:
    offer = offers.look(unit.tx, offer_id)
    if offer is None or offer["specialist_id"] != person_id:
        return None
    case = cases.lock(unit.tx, offer["case_id"])
    offer = offers.get(unit.tx, offer_id)
    good = case is not None and case["state"] == "offered" and offer is not None and offer["state"] == "open"
    return offer if good else None


def _lapse(unit: Unit, offer: Row) -> int:
    cases.lock(unit.tx, offer["case_id"])
    fresh = offers.get(unit.tx, offer["id"])
    if fresh is None or fresh["state"] != "open":
        return 0
    _pass_on(unit, fresh, "expired", "service")
    return 1


def _pass_on(unit: Unit, offer: Row, state: str, actor: str) -> None:
    offers.settle(unit.tx, offer["id"], state, unit.now)
    unit.audit(offer["case_id"], actor, f"offer.{state}", offer=offer["id"])
    offering.settled(unit, offer, state)
    assign(unit, CaseId(offer["case_id"]))


def _nobody(unit: Unit, case: Row, *, tell: bool) -> None:
    was = case["state"]
    if was != "unassigned":
        cases.set_state(unit.tx, case["id"], "unassigned", unit.now)
        rooms.refresh_card(unit, CaseId(case["id"]))
    if was == "unassigned" and not tell:
        return
    unit.audit(case["id"], "service", "case.unassigned")
    notices.alert(unit, "unassigned", case["ref"])
    _tell_dentist(unit, case, say("offer.nobody", ref=case["ref"], coordinator=coordinator_name(unit)))


def _tell_dentist(unit: Unit, case: Row, text: str) -> None:
    seat = seats.of_case(unit.tx, case["id"], "dentist")
    if seat is not None:
        notices.to_seat(unit, seat, text)
    else:
        notices.to_person(unit, PersonId(case["dentist_id"]), text)
