"""The intake form as one page: opened while the platform's trigger lives, checked whole when it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.events import FormSubmitted, Origin
from bot.domain.form_checks import check_all
from bot.domain.forms import TICKED, Context, Field, Kind, Raw
from bot.domain.ids import PersonId
from bot.domain.intake import INTAKE
from bot.domain.localtime import local_day
from bot.domain.outbound import ButtonStyle, Choice, FormErrors, FormField, OpenForm, Reply, Widget
from bot.domain.richtext import lines, plain
from bot.services import buttons, form_sessions, openings, outbox
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from prompts.wording import has, say

Row = dict[str, Any]
_WIDGETS = {
    Kind.TEXT: Widget.TEXT,
    Kind.LONG_TEXT: Widget.LONG_TEXT,
    Kind.CHOICE: Widget.CHOICE,
    Kind.MULTI: Widget.CHOICES,
    Kind.NUMBER: Widget.TEXT,
    Kind.ARCHES: Widget.TEXT,
    Kind.TEETH: Widget.TEXT,
    Kind.MOVEMENTS: Widget.LONG_TEXT,
    Kind.TICK: Widget.TICK,
}


def begin(unit: Unit, origin: Origin, account: Row) -> Reply | None:
    """Open the form now, or, where no trigger lives any more, send a button that opens it."""
    if not origin.live:
        _offer_button(unit, account, say("intake.open_again"))
        return None
    session = form_sessions.current(unit, account, INTAKE.name)
    before: Mapping[str, Raw] = session.progress.raw if session is not None else {}
    token = buttons.make_token(
        unit,
        "form.intake",
        person_id=PersonId(account["person_id"]),
        once=False,  # the same window is sent again after a mend
        life=unit.rules.form_life,
    )
    return OpenForm(
        token=token,
        title=say("intake.title"),
        submit=say("intake.button.send"),
        fields=tuple(_field(one, before.get(one.name, "")) for one in INTAKE.fields),
        intro=say("intake.intro_native"),
    )


def submitted(unit: Unit, event: FormSubmitted, account: Row, pressed: Pressed) -> Reply | None:
    """Check every field; mend in the open window, or make the case."""
    session = form_sessions.current(unit, account, INTAKE.name)
    confirmed = session.progress.confirmed if session is not None else {}
    today = local_day(unit.now, ZoneInfo(account["timezone"]))
    sheet = check_all(INTAKE, event.values, Context(today, confirmed))
    if not sheet.problems and not sheet.cautions:
        buttons.use_up(unit, pressed)
        if session is not None:
            form_sessions.end(unit, session, "done")
        openings.open_case(unit, account, sheet.answers)
        return None
    errors = {name: say(problem.key, **problem.values) for name, problem in sheet.problems.items()}
    for name, caution in sheet.cautions.items():
        errors[name] = say(caution.key, **caution.values) + " " + say("intake.keep_native")
    session = session or form_sessions.start(unit, account, INTAKE.name)
    seen = {name: sheet.answers[name] for name in sheet.cautions}
    form_sessions.save(
        unit, session, replace(session.progress, confirmed={**confirmed, **seen}, raw=dict(event.values))
    )
    if event.origin.live:
        return FormErrors(errors)
    labels = {name: say(INTAKE.key(INTAKE.field(name), "label")) for name in errors}
    rows = [say("intake.mend", label=labels[name], problem=text) for name, text in errors.items()]
    _offer_button(unit, account, lines(say("intake.not_sent"), *rows).text)
    return None


def _offer_button(unit: Unit, account: Row, text: str) -> None:
    button = buttons.make(
        unit,
        "intake.open",
        person_id=PersonId(account["person_id"]),
        label=say("intake.button.open"),
        style=ButtonStyle.PRIMARY,
        life=unit.rules.form_life,
    )
    lane = form_sessions.lane(unit, account)
    outbox.post_text(unit, lane, plain(text), notice=say("notice.service"), buttons=((button,),))


def _field(one: Field, before: Raw) -> FormField:
    # A date that may be "none" is typed: a calendar has no day for that.
    date = Widget.TEXT if one.none_allowed else Widget.DATE
    choices = tuple(Choice(option, say(INTAKE.option_key(one, option))) for option in one.options)
    if one.kind is Kind.TICK:
        choices = (Choice(TICKED, say("intake.button.agreed")),)
    example = INTAKE.key(one, "example")
    return FormField(
        name=one.name,
        widget=_WIDGETS.get(one.kind, date),
        label=say(INTAKE.key(one, "label")),
        help=say(INTAKE.key(one, "help")),
        placeholder=say(example) if has(example) and not one.options else "",
        optional=not one.required,
        choices=choices,
        initial=before,
        max_length=one.high if one.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.TEETH, Kind.MOVEMENTS) else 60,
    )
