"""What a specialist keeps: an answer for themselves, or what they approved for the library, after a second look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.drafts import TEXT_MOST
from bot.domain.events import ButtonPressed, FormSubmitted, MessageReceived
from bot.domain.ids import PersonId
from bot.domain.outbound import FormErrors, FormField, OpenForm, Reply, Widget
from bot.services import buttons, faq_learning, form_chat, learn_forms, learning, notices
from bot.services.buttons import Pressed
from bot.services.form_script import Script
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say
from storage import drafts, messages, seats

Row = dict[str, Any]
QUESTION, WORDS = "question", "words"


def pressed(unit: Unit, event: ButtonPressed, press: Pressed) -> Reply | None:
    """Ask for the words as they should stand for any case."""
    assert press.person_id is not None
    words = learning.words_of(unit, press.data["answer"], press.person_id)
    if words is None:
        return answer(unit, event.origin, who(unit, event.origin), say("button.stale"))
    if not unit.capabilities[event.origin.place.platform].native_forms or not event.origin.live:
        return answer(unit, event.origin, who(unit, event.origin), say("learn.by_reply"))
    token = buttons.make_token(
        unit,
        "form.learn",
        person_id=press.person_id,
        case_id=press.case_id,
        data={"answer": press.data["answer"]},
        once=False,  # the same window is sent again after a mend
        life=unit.rules.form_life,
    )
    fields = (
        FormField(QUESTION, Widget.TEXT, say("learn.form.question"), help=say("learn.form.question_help")),
        FormField(
            WORDS, Widget.LONG_TEXT, say("learn.form.words"), help=say("learn.form.words_help"),
            initial=words[:TEXT_MOST], max_length=TEXT_MOST,
        ),
    )  # fmt: skip
    return OpenForm(token=token, title=say("learn.form.title"), submit=say("learn.form.submit"), fields=fields)


def submitted(unit: Unit, event: FormSubmitted, press: Pressed) -> Reply | None:
    """Keep them, or say in the window what to mend."""
    assert press.person_id is not None
    question, words = (str(event.values.get(name) or "") for name in (QUESTION, WORDS))
    problem = learning.keep(unit, press.data["answer"], press.person_id, question.strip(), words.strip())
    if problem is None:
        buttons.use_up(unit, press)
        return None
    text = say(problem.key, **problem.values)
    place = QUESTION if problem.key in ("learn.problem.no_question", "learn.problem.person") else WORDS
    return FormErrors({place: text}) if event.origin.live else answer(unit, event.origin, who(unit, event.origin), text)


def replied(unit: Unit, event: MessageReceived, seat: Row) -> bool:
    """A reply to the line that asks: its first line is the question, the rest the words; never relayed."""
    if event.reply_to is None or seat["side"] != "specialist":
        return False
    place = event.origin.place
    row = messages.delivery_at(unit.tx, place.platform, place.workspace, place.chat, event.reply_to)
    if row is None or not row["card"].startswith("learn:") or row["case_id"] != seat["case_id"]:
        return False
    question, _, words = event.body.text.partition("\n")
    answer_id = int(row["card"].removeprefix("learn:"))
    person_id = PersonId(seat["person_id"])
    if not words.strip():
        notices.to_seat(unit, seat, say("learn.by_reply"))
        return True
    problem = learning.keep(unit, answer_id, person_id, question.strip(), words.strip())
    if problem is not None:
        notices.to_seat(unit, seat, say(problem.key, **problem.values))
    return True


def _second_look(script: Script) -> Callable[[Unit, ButtonPressed, Pressed], Reply | None]:
    """Ask for a second look at what of an approved answer is to be kept, with the words proposed for any case."""

    def pressed(unit: Unit, event: ButtonPressed, press: Pressed) -> Reply | None:
        draft = drafts.get(unit.tx, int(press.data["draft"]))
        seat = None if draft is None else seats.of_case(unit.tx, draft["case_id"], "specialist")
        person = who(unit, event.origin)
        subject = str(press.data["draft"])
        bare = not unit.capabilities[event.origin.place.platform].native_forms
        if draft is not None and seat is not None and bare and script.hindrance(unit, person, subject) is None:
            notices.to_seat(unit, seat, learn_forms.shown(unit, draft, script.form), silent=True)
        return form_chat.begin(unit, event.origin, person, script, subject)

    return pressed


def undone(unit: Unit, event: ButtonPressed, press: Pressed) -> Reply | None:
    """[Take it out again]: a phrasing that was just added."""
    person = who(unit, event.origin)
    problem = faq_learning.take_out(unit, int(press.data["phrasing"]), person["person_id"])
    said = say("learn.taken_out") if problem is None else say(problem.key, **problem.values)
    return answer(unit, event.origin, person, said)


BUTTONS = {
    "learn.save": pressed,
    "learn.phrasing": _second_look(learn_forms.PHRASE_SCRIPT),
    "learn.entry": _second_look(learn_forms.ENTRY_SCRIPT),
    "learn.undo": undone,
}
FORMS = {"form.learn": submitted}
