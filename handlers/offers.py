"""A specialist answers the offer of a case."""

from __future__ import annotations

from bot.domain.events import ButtonPressed
from bot.domain.ids import OfferId, PersonId
from bot.domain.outbound import Reply
from bot.services import assignment, offering
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say
from storage import cases, offers


def accept(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Accept]: the case is theirs."""
    taken = assignment.accept(unit, OfferId(pressed.data["offer"]), _presser(pressed))
    return _say(unit, event, pressed, "offer.accepted" if taken else "offer.gone")


def decline(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Decline]: the next specialist is asked."""
    done = assignment.decline(unit, OfferId(pressed.data["offer"]), _presser(pressed))
    return _say(unit, event, pressed, "offer.declined" if done else "offer.gone")


def details(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Show details]: what the dentist told us comes into the offer."""
    offer = offers.get(unit.tx, pressed.data["offer"])
    if offer is None or offer["state"] != "open" or offer["specialist_id"] != _presser(pressed):
        return _say(unit, event, pressed, "offer.gone")
    offering.show_details(unit, offer)
    return None


def _say(unit: Unit, event: ButtonPressed, pressed: Pressed, key: str) -> Reply | None:
    case = cases.get(unit.tx, pressed.case_id or 0)
    if key == "offer.gone" or case is None:
        text = say("offer.gone")
    elif key == "offer.accepted":
        text = say("offer.accepted", ref=case["ref"])
    else:
        text = say("offer.declined", ref=case["ref"])
    return answer(unit, event.origin, who(unit, event.origin), text)


def _presser(pressed: Pressed) -> PersonId:
    assert pressed.person_id is not None
    return pressed.person_id


BUTTONS = {"offer.accept": accept, "offer.decline": decline, "offer.details": details}
