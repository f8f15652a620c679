"""A form in a chat: one question at a time, answered by tap or in words, sent when the person says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.events import MessageReceived, Origin
from bot.domain.form_checks import check
from bot.domain.forms import NONE, Accepted, Answer, Context, Doubtful, Field, Form, Kind, Raw
from bot.domain.ids import SERVICE
from bot.domain.localtime import local_day
from bot.domain.outbound import Reply, Toast
from bot.domain.problems import Problem
from bot.domain.rules import MINUTE
from bot.services import form_native, form_questions, form_sessions, notices
from bot.services.buttons import Pressed
from bot.services.form_questions import answered, ask, say_in
from bot.services.form_script import Script
from bot.services.form_sessions import CHOOSING, SUMMARY, Progress, Session
from bot.services.unit import Unit
from prompts.wording import say
from storage import messages, seats

Row = dict[str, Any]
FORGOTTEN = 10 * MINUTE
"""A question left alone for so long is no longer what a line in a chat that also holds cases must be meant for."""


def begin(unit: Unit, origin: Origin, account: Row, script: Script, subject: str = "") -> Reply | None:
    """Start a form: a native one where the platform has one, else questions in the private chat."""
    problem = script.hindrance(unit, account, subject)
    if problem is not None:
        return _line(unit, origin, account, say(problem.key, **problem.values))
    if unit.capabilities[account["platform"]].native_forms:
        return form_native.begin(unit, origin, account, script, subject)
    before = form_sessions.current(unit, account, script.form)
    if not origin.direct:
        notices.to_place_of(unit, account["person_id"], origin, say(script.in_chat))
    if before is not None and before.progress.answers and before.subject == subject:
        form_questions.ask_go_on(unit, account, before)
        return None
    session = form_sessions.start(unit, account, script.form, subject)
    say_in(unit, account, say(script.intro))
    _next(unit, account, session, Progress())
    return None


def answer_text(unit: Unit, event: MessageReceived, person: Row, scripts: Iterable[Script]) -> bool:
    """Take a line of the private chat as the answer to the question asked last; False if none is being asked."""
    found = [
        session
        for script in scripts
        if (session := form_sessions.current(unit, person, script.form)) is not None
        and session.progress.asking not in ("", SUMMARY, CHOOSING)
    ]
    if not found:
        return False
    session = max(found, key=lambda one: int(one.row["touched_at"]))
    if event.reply_to is not None:
        if not _answers_form(unit, event):
            return False
    elif _may_be_for_a_case(unit, person, session):
        return False
    if event.files or event.refused:
        say_in(unit, person, say("form.no_files"))
    if event.body.blank:
        return bool(event.files or event.refused)
    one = session.form.field(session.progress.asking)
    _take(unit, person, session, one, form_questions.typed(session.form, one, event.body.text))
    return True


def edited(unit: Unit, person: Row, scripts: Iterable[Script]) -> None:
    """Somebody changed a line that is no message while a form is under way: they hear that no answer follows it."""
    if unit.capabilities[person["platform"]].native_forms:
        return
    if any(form_sessions.current(unit, person, script.form) is not None for script in scripts):
        say_in(unit, person, say("form.edit_not_taken"))


def pressed(unit: Unit, account: Row, press: Pressed, script: Script) -> None:
    """A button under a question of the form."""
    data = press.data
    session = form_sessions.by_id(unit, int(data["form"]), script.form, form_questions.sender_of(account))
    if session is None:
        say_in(unit, account, say("form.over"))
        return
    progress = session.progress
    match data["do"]:
        case "pick":
            _take(unit, account, session, session.form.field(data["field"]), str(data["option"]))
        case "toggle":
            picked = form_questions.toggled(progress.picked, str(data["option"]))
            form_questions.redraw(unit, account, form_sessions.save(unit, session, replace(progress, picked=picked)))
        case "done":
            one = session.form.field(progress.asking)
            _take(unit, account, session, one, progress.picked or ((NONE,) if NONE in one.options else ()))
        case "skip":
            _put(unit, account, session, session.form.field(progress.asking), None)
        case "keep":
            one = session.form.field(progress.asking)
            confirmed = {**progress.confirmed, one.name: progress.doubt}
            kept = form_sessions.save(unit, session, replace(progress, confirmed=confirmed))
            _take(unit, account, kept, one, progress.doubt)
        case "back":
            _next(unit, account, session, progress, to=form_questions.before(script.form, progress))
        case "details":
            answered(unit, account, session)
            _next(unit, account, session, replace(progress, details=True, reviewed=False))
        case "review":
            _next(unit, account, session, replace(progress, reviewed=True), to=SUMMARY)
        case "change":
            _next(unit, account, session, progress, to=CHOOSING)
        case "change_field":
            _next(unit, account, session, replace(progress, reviewed=True), to=str(data["field"]))
        case "go_on":
            _next(unit, account, session, progress, to=progress.asking)
        case "restart":
            _next(unit, account, form_sessions.start(unit, account, script.form, session.subject), Progress())
        case "cancel":
            cancel(unit, account, script)
        case "send":
            _send(unit, account, session, script)


def cancel(unit: Unit, account: Row, script: Script) -> bool:
    """Give up the form under way; nothing of it is kept. False if there is none."""
    session = form_sessions.current(unit, account, script.form)
    if session is None:
        return False
    answered(unit, account, session)
    form_sessions.end(unit, session, "cancelled")
    unit.audit(SERVICE, f"person:{account['person_id']}", "form.cancelled", form=session.id)
    say_in(unit, account, say("form.cancelled"))
    return True


def context(unit: Unit, account: Row, progress: Progress) -> Context:
    """What answers are judged by: the person's own day, and what they have confirmed."""
    return Context(local_day(unit.now, ZoneInfo(account["timezone"])), progress.confirmed)


def _take(unit: Unit, account: Row, session: Session, one: Field, raw: Raw) -> None:
    match check(one, raw, context(unit, account, session.progress)):
        case Accepted(value):
            _put(unit, account, session, one, value)
        case Doubtful(value, caution):
            saved = form_sessions.save(unit, session, replace(session.progress, doubt=str(value)))
            form_questions.ask_to_confirm(unit, account, saved, say(caution.key, **caution.values))
        case Problem() as problem:
            say_in(unit, account, say(problem.key, **problem.values))


def _put(unit: Unit, account: Row, session: Session, one: Field, value: Answer) -> None:
    progress = session.progress
    answers = {**progress.answers, one.name: value}
    answers = {name: kept for name, kept in answers.items() if session.form.applies(session.form.field(name), answers)}
    answered(unit, account, session, form_questions.echo(session.form, one, value))
    _next(unit, account, session, replace(progress, answers=answers, doubt=""))


def _next(unit: Unit, account: Row, session: Session, progress: Progress, *, to: str = "") -> None:
    """Ask what comes now: `to`, or the first question that is still open, or show the summary."""
    asking = to or _open_question(session.form, progress)
    picked = progress.answers.get(asking) if asking not in (SUMMARY, CHOOSING) else None
    progress = replace(
        progress,
        asking=asking,
        doubt="",
        reviewed=progress.reviewed or asking == SUMMARY,
        picked=tuple(picked) if isinstance(picked, list) and session.form.field(asking).kind is Kind.MULTI else (),
    )
    ask(unit, account, form_sessions.save(unit, session, progress))


def _open_question(form: Form, progress: Progress) -> str:
    if progress.reviewed and not form.missing(progress.answers):
        return SUMMARY
    todo = form.to_ask(progress.answers)
    if not progress.details:
        todo = tuple(one for one in todo if one.required or (one.after and form.field(one.after).required))
    return todo[0].name if todo else SUMMARY


def _send(unit: Unit, account: Row, session: Session, script: Script) -> None:
    progress = session.progress
    missing = script.form.missing(progress.answers)
    if missing:
        _next(unit, account, session, progress, to=missing[0].name)
        return
    problem = script.hindrance(unit, account, session.subject)
    if problem is None:
        problem = script.objection(unit, session.subject, progress.answers)
    if problem is not None:
        say_in(unit, account, say(problem.key, **problem.values))
        return
    answered(unit, account, session)
    form_sessions.end(unit, session, "done")
    script.finish(unit, account, session.subject, progress.answers)


def _answers_form(unit: Unit, event: MessageReceived) -> bool:
    """Whether a reply is to one of our own lines, and not to one of a case that shares the chat."""
    place = event.origin.place
    row = messages.delivery_at(unit.tx, place.platform, place.workspace, place.chat, event.reply_to or "")
    return row is not None and row["case_id"] is None


def _may_be_for_a_case(unit: Unit, person: Row, session: Session) -> bool:
    """The chat also holds a case, and the question was left alone for a while: it is asked, never guessed."""
    if unit.now - int(session.row["touched_at"]) < FORGOTTEN:
        return False
    return any(seat["shared"] for seat in seats.of_person(unit.tx, person["person_id"]))


def _line(unit: Unit, origin: Origin, account: Row, text: str) -> Reply | None:
    if origin.live:
        return Toast(text)
    notices.to_place_of(unit, account["person_id"], origin, text)
    return None
