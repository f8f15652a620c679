"""A form as one page: opened while the platform's trigger lives, checked whole when it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.events import FormSubmitted, Origin
from bot.domain.form_checks import check_all
from bot.domain.forms import TICKED, Answer, Context, Field, Form, Kind, Raw
from bot.domain.ids import PersonId
from bot.domain.localtime import local_day
from bot.domain.outbound import ButtonStyle, Choice, FormErrors, FormField, OpenForm, Reply, Widget
from bot.domain.problems import Problem
from bot.domain.richtext import RichText, bold, lines, plain
from bot.services import buttons, form_sessions, outbox
from bot.services.buttons import Pressed
from bot.services.form_script import Script
from bot.services.form_sessions import Session
from bot.services.unit import Unit
from prompts.wording import has, say

Row = dict[str, Any]
_WIDGETS = {
    Kind.TEXT: Widget.TEXT,
    Kind.LONG_TEXT: Widget.LONG_TEXT,
    Kind.CHOICE: Widget.CHOICE,
    Kind.MULTI: Widget.CHOICES,
    Kind.NUMBER: Widget.TEXT,
    Kind.MEASURE: Widget.TEXT,
    Kind.ARCHES: Widget.TEXT,
    Kind.TEETH: Widget.TEXT,
    Kind.MOVEMENTS: Widget.LONG_TEXT,
    Kind.STAGES: Widget.TEXT,
    Kind.IPR: Widget.LONG_TEXT,
    Kind.TICK: Widget.TICK,
}
_WORDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.TEETH, Kind.MOVEMENTS, Kind.STAGES, Kind.IPR})
"""`high` of these counts characters."""


def begin(unit: Unit, origin: Origin, account: Row, script: Script, subject: str) -> Reply | None:
    """Open the form now, or, where no trigger lives any more, send a button that opens it."""
    if not origin.live:
        _offer_button(unit, account, script, subject, say("form.open_again"))
        return None
    session = _session(unit, account, script, subject)
    before: Mapping[str, Raw] = session.progress.raw if session is not None else script.initial(unit, subject)
    token = buttons.make_token(
        unit,
        f"form.{script.form.name}",
        person_id=PersonId(account["person_id"]),
        data={"subject": subject},
        once=False,  # the same window is sent again after a mend
        life=unit.rules.form_life,
    )
    return OpenForm(
        token=token,
        title=say(script.title),
        submit=say("form.button.send"),
        fields=tuple(_field(script.form, one, before.get(one.name, "")) for one in script.form.fields),
        intro=say(script.intro_native),
    )


def submitted(unit: Unit, event: FormSubmitted, account: Row, pressed: Pressed, script: Script) -> Reply | None:
    """Check every field; mend in the open window, or take the answers."""
    subject = str(pressed.data.get("subject", ""))
    session = _session(unit, account, script, subject)
    confirmed = session.progress.confirmed if session is not None else {}
    today = local_day(unit.now, ZoneInfo(account["timezone"]))
    sheet = check_all(script.form, event.values, Context(today, confirmed))
    objection = None
    if not sheet.problems and not sheet.cautions:
        objection = script.objection(unit, subject, sheet.answers)
    if objection is None and not sheet.problems and not sheet.cautions:
        buttons.use_up(unit, pressed)
        if session is not None:
            form_sessions.end(unit, session, "done")
        script.finish(unit, account, subject, sheet.answers)
        return None
    errors = {name: say(problem.key, **problem.values) for name, problem in sheet.problems.items()}
    for name, caution in sheet.cautions.items():
        errors[name] = say(caution.key, **caution.values) + " " + say("form.keep_native")
    if objection is not None:
        errors[_last_given(script.form, sheet.answers)] = say(objection.key, **objection.values)
    session = session or form_sessions.start(unit, account, script.form, subject)
    seen = {name: sheet.answers[name] for name in sheet.cautions}
    form_sessions.save(
        unit, session, replace(session.progress, confirmed={**confirmed, **seen}, raw=dict(event.values))
    )
    if event.origin.live:
        return FormErrors(errors)
    labels = {name: say(script.form.key(script.form.field(name), "label")) for name in errors}
    rows = [say("form.mend", label=labels[name], problem=text) for name, text in errors.items()]
    _offer_button(unit, account, script, subject, lines(say("form.not_sent"), *rows).text)
    return None


def hand_back(unit: Unit, account: Row, script: Script, values: Mapping[str, Raw], problem: Problem) -> bool:
    """A window that came too late: why nothing was saved, with what was written in it; False if that is nothing."""
    rows = list[RichText]()
    for one in script.form.fields:
        words = values.get(one.name)
        if one.kind in _WORDS and isinstance(words, str) and words.strip():
            rows += [bold(say(script.form.key(one, "label"))), plain(words.strip())]
    if not rows:
        return False
    said = f"{say(problem.key, **problem.values)} {say('form.handed_back')}"
    lane = form_sessions.lane(unit, account)
    outbox.post_text(unit, lane, lines(plain(said), *rows), notice=say("notice.service"))
    return True


def _session(unit: Unit, account: Row, script: Script, subject: str) -> Session | None:
    session = form_sessions.current(unit, account, script.form)
    return session if session is not None and session.subject == subject else None


def _last_given(form: Form, answers: Mapping[str, Answer]) -> str:
    """Where an objection to the whole is shown: the last field with an answer."""
    given = [one.name for one in form.fields if answers.get(one.name) is not None]
    return given[-1] if given else form.fields[0].name


def _offer_button(unit: Unit, account: Row, script: Script, subject: str, text: str) -> None:
    button = buttons.make(
        unit,
        f"{script.form.name}.open",
        person_id=PersonId(account["person_id"]),
        data={"subject": subject},
        label=say("form.button.open"),
        style=ButtonStyle.PRIMARY,
        life=unit.rules.form_life,
    )
    lane = form_sessions.lane(unit, account)
    outbox.post_text(unit, lane, plain(text), notice=say("notice.service"), buttons=((button,),))


def _field(form: Form, one: Field, before: Raw) -> FormField:
    # A date that may be "none" is typed: a calendar has no day for that.
    date = Widget.TEXT if one.none_allowed else Widget.DATE
    choices = tuple(Choice(option, say(form.option_key(one, option))) for option in one.options)
    if one.kind is Kind.TICK:
        choices = (Choice(TICKED, say("form.button.agreed")),)
    example = form.key(one, "example")
    return FormField(
        name=one.name,
        widget=_WIDGETS.get(one.kind, date),
        label=say(form.key(one, "label")),
        help=say(form.key(one, "help")),
        placeholder=say(example) if has(example) and not one.options else "",
        optional=not one.required,
        choices=choices,
        initial=before,
        max_length=one.high if one.kind in _WORDS else 60,
    )
