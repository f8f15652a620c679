"""A draft's card: approve, edit, other answers, dismiss; by its buttons, by a reply to it, or typed as `/approve N`."""

from __future__ import annotations

from typing import Any

from bot.domain.drafts import TEXT_MOST, Sheet
from bot.domain.events import ButtonPressed, CommandReceived, FormSubmitted, MessageReceived, Origin
from bot.domain.faq import PATIENT_MOST
from bot.domain.ids import PersonId
from bot.domain.outbound import FormErrors, FormField, OpenForm, Reply, Widget
from bot.domain.problems import Problem
from bot.services import (
    buttons,
    card_replies,
    draft_cards,
    draft_choices,
    draft_reasons,
    draft_renewal,
    draft_windows,
    notices,
)
from bot.services import drafts as service
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.places import find_seat
from prompts.wording import say
from storage import cases, drafts, messages

Row = dict[str, Any]
WORDS, PATIENT = "words", "patient"


def approve_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Approve and send]: exactly what the card shows."""
    draft = _draft(unit, pressed)
    presser, rev = _presser(pressed), pressed.data["rev"]
    done = draft_reasons.why(unit, None) if draft is None else service.approve(unit, draft, presser, rev)
    return _said(unit, event.origin, done if isinstance(done, Problem) else None, draft)


def approve(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/approve N`: the typed way to press the button."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    number = event.args.strip().lstrip("#")
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.approve")))
    if not number.isdecimal() or len(number) > 9:
        return answer(unit, event.origin, person, say("draft.usage"))
    cases.lock(unit.tx, found.seat["case_id"])  # before the draft, as a press does: neither waits for the other
    draft = drafts.by_no(unit.tx, found.seat["case_id"], int(number))
    if draft is None or draft["specialist_id"] != person["person_id"]:
        return answer(unit, event.origin, person, say("draft.none"))
    if draft["state"] == "open" and not draft_cards.was_shown(unit, draft):
        return answer(unit, event.origin, person, say("draft.not_shown"))
    done = service.approve(unit, draft, PersonId(person["person_id"]), int(draft["rev"]))
    return _said(unit, event.origin, done if isinstance(done, Problem) else None, draft)


def dismiss_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Dismiss]: nothing is sent."""
    return _settled(unit, event, pressed, "dismissed")


def own_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Answer myself]: nothing is sent; what is typed here next goes as ever."""
    return _settled(unit, event, pressed, "answering")


def tick_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """One of the facts to be looked at first."""
    draft = _current(unit, pressed)
    if isinstance(draft, Problem):
        return _said(unit, event.origin, draft, _draft(unit, pressed))
    done = service.tick(unit, draft, _presser(pressed), int(pressed.data["place"]))
    return _said(unit, event.origin, done, draft)


def others_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Other answers], [Read 2], and [Back] from them."""
    draft = _current(unit, pressed)
    if isinstance(draft, Problem):
        return _said(unit, event.origin, draft, _draft(unit, pressed))
    others, place = pressed.action != "draft.back", pressed.data.get("place")
    done = draft_choices.look_at(unit, draft, _presser(pressed), others=others, place=place)
    return _said(unit, event.origin, done, draft)


def choose_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Use 2]"""
    draft = _current(unit, pressed)
    if isinstance(draft, Problem):
        return _said(unit, event.origin, draft, _draft(unit, pressed))
    done = draft_choices.choose(unit, draft, _presser(pressed), int(pressed.data["place"]))
    return _said(unit, event.origin, done, draft)


def edit_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Edit]: a window with the words where the app has one; else they are written as a reply to the card."""
    draft = _current(unit, pressed)
    if isinstance(draft, Problem):
        return _said(unit, event.origin, draft, _draft(unit, pressed))
    if draft["state"] != "open" or draft["specialist_id"] != pressed.person_id:
        return _said(unit, event.origin, draft_reasons.why(unit, draft, _presser(pressed)), draft)
    if not unit.capabilities[event.origin.place.platform].native_forms or not event.origin.live:
        both = draft_cards.sheet_of(unit, draft).patient
        said = say("draft.edit_by_reply_both" if both else "draft.edit_by_reply")
        return answer(unit, event.origin, who(unit, event.origin), said)
    token = buttons.make_token(
        unit,
        "form.draft",
        person_id=_presser(pressed),
        case_id=pressed.case_id,
        case_epoch=int(draft["case_epoch"]),
        data={"draft": draft["id"], "rev": draft["rev"]},
        once=False,  # the same window is sent again after a mend
        life=unit.rules.form_life,
    )
    title, submit = say("draft.edit.title"), say("draft.edit.submit")
    return OpenForm(token=token, title=title, submit=submit, fields=_fields(draft_cards.sheet_of(unit, draft)))


def _fields(sheet: Sheet) -> tuple[FormField, ...]:
    """The answer and, where the card has them, the words for the patient."""
    answered = FormField(
        WORDS,
        Widget.LONG_TEXT,
        say("draft.edit.label"),
        help=say("draft.edit.help"),
        initial=sheet.body,
        max_length=TEXT_MOST,
    )
    if not sheet.patient:
        return (answered,)
    patient = FormField(
        PATIENT,
        Widget.LONG_TEXT,
        say("draft.edit.patient_label"),
        help=say("draft.edit.patient_help"),
        optional=True,
        initial=sheet.patient,
        max_length=PATIENT_MOST,
    )
    return answered, patient


def edited(unit: Unit, event: FormSubmitted, pressed: Pressed) -> Reply | None:
    """The window came back: its words stand on a card, to be approved; where none can hold them they come back."""
    draft, (words, patient) = _draft(unit, pressed), _written(event)
    if draft is None:
        return _said(unit, event.origin, draft_reasons.why(unit, None), None)
    problem = draft_windows.came_back(unit, draft, _presser(pressed), words, patient)
    if problem is not None and event.origin.live:
        return FormErrors({WORDS: say(problem.key, **problem.values)})
    if problem is None:
        buttons.use_up(unit, pressed)
    else:
        draft_windows.give_back(unit, draft, _presser(pressed), words, patient or "", problem)
    return None


def _written(event: FormSubmitted) -> tuple[str, str | None]:
    """The answer, and the words for the patient; None where the window did not ask for them."""
    given, patient = event.values.get(WORDS, ""), event.values.get(PATIENT)
    return given if isinstance(given, str) else "", patient.strip() if isinstance(patient, str) else None


def lost(unit: Unit, event: FormSubmitted, person: Row, problem: Problem) -> bool:
    """Whether a window that counts no more was one of a card: its words come back to who wrote them."""
    person_id = PersonId(person["person_id"])
    found = buttons.former(unit, event.token, person_id, event.origin.sender)
    draft = None if found is None or found.action != "form.draft" else _draft(unit, found)
    if draft is None or problem.key == "button.used":  # its words stand on a card already
        return False
    words, patient = _written(event)
    draft_windows.give_back(unit, draft, person_id, words, patient or "", problem)
    return True


def former(unit: Unit, event: ButtonPressed, person: Row, problem: Problem) -> Problem:
    """Of a card's button that does nothing any more: what became of its draft, if it was one."""
    found = buttons.former(unit, event.token, PersonId(person["person_id"]), event.origin.sender)
    if found is None or not found.action.startswith("draft.") or problem.key == "button.expired":
        return problem
    draft = _draft(unit, found)
    return _named(unit, event.origin, draft_reasons.why(unit, draft, person["person_id"]), draft)


def again_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Send again]: an approved answer that did not arrive."""
    draft = _draft(unit, pressed)
    none = draft_reasons.why(unit, None)
    done = none if draft is None else draft_renewal.send_again(unit, draft, _presser(pressed))
    return _said(unit, event.origin, done, draft)


def is_reply(unit: Unit, event: MessageReceived, seat: Row) -> bool:
    """Whether a message answers the card of a draft: such words are never relayed as they are."""
    if event.reply_to is None or seat["side"] != "specialist":
        return False
    place = event.origin.place
    card = messages.delivery_at(unit.tx, place.platform, place.workspace, place.chat, event.reply_to)
    return card is not None and card["card"].startswith("draft:") and card["case_id"] == seat["case_id"]


def replied(unit: Unit, event: MessageReceived, seat: Row) -> None:
    """A reply to a card makes a new card with [Send this]."""
    if event.files or event.refused is not None:
        notices.to_seat(unit, seat, say("draft.no_files"))
        if not event.body.text.strip():
            return
    card_replies.received(unit, event, seat)


def _settled(unit: Unit, event: ButtonPressed, pressed: Pressed, state: str) -> Reply | None:
    draft = _draft(unit, pressed)
    done = draft_reasons.why(unit, None) if draft is None else service.dismiss(unit, draft, _presser(pressed), state)
    return _said(unit, event.origin, done, draft)


def _draft(unit: Unit, pressed: Pressed) -> Row | None:
    return drafts.get(unit.tx, pressed.data["draft"])


def _current(unit: Unit, pressed: Pressed) -> Row | Problem:
    """The draft as the pressed card showed it; a Problem if it shows something else by now."""
    draft = _draft(unit, pressed)
    if draft is not None and draft["rev"] == pressed.data["rev"]:
        return draft
    return draft_reasons.why(unit, draft, pressed.person_id)


def _presser(pressed: Pressed) -> PersonId:
    if pressed.person_id is None:
        raise LookupError("this button is for people in the roster")
    return pressed.person_id


def _said(unit: Unit, origin: Origin, problem: Problem | None, draft: Row | None) -> Reply | None:
    if problem is None:
        return None
    problem = _named(unit, origin, problem, draft)
    return answer(unit, origin, who(unit, origin), say(problem.key, **problem.values))


def _named(unit: Unit, origin: Origin, problem: Problem, draft: Row | None) -> Problem:
    """In a chat that may hold several cases it says which of them it is about."""
    case = None if draft is None or origin.live or not origin.direct else cases.get(unit.tx, draft["case_id"])
    if case is None:
        return problem
    return Problem.of("draft.of_case", ref=case["ref"], words=say(problem.key, **problem.values))


COMMANDS = {"approve": approve}
BUTTONS = {
    "draft.approve": approve_pressed,
    "draft.edit": edit_pressed,
    "draft.tick": tick_pressed,
    "draft.others": others_pressed,
    "draft.back": others_pressed,
    "draft.read": others_pressed,
    "draft.choose": choose_pressed,
    "draft.own": own_pressed,
    "draft.again": again_pressed,
    "draft.dismiss": dismiss_pressed,
}
FORMS = {"form.draft": edited}
