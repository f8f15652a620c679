"""How a question of a form looks in a chat: its words, its buttons, and the line it becomes once answered."""

from __future__ import annotations

from typing import Any

from bot.domain.addresses import Account
from bot.domain.forms import NONE, TICKED, Answer, Field, Form, Kind, Raw
from bot.domain.ids import DeliveryId, PersonId
from bot.domain.outbound import Button, ButtonStyle, Edit, Post
from bot.domain.richtext import RichText, bold, lines, plain
from bot.services import buttons, form_sessions, outbox, summaries
from bot.services.form_sessions import CHOOSING, SUMMARY, Progress, Session
from bot.services.unit import Unit
from prompts.wording import say

Row = dict[str, Any]
Rows = tuple[tuple[Button, ...], ...]
_TYPED = frozenset(Kind) - {Kind.CHOICE, Kind.MULTI, Kind.TICK}
_SKIPPABLE = "skip"


def ask(unit: Unit, account: Row, session: Session) -> None:
    """Post the question that stands, or the summary."""
    body, rows = _drawn(unit, account, session)
    made = outbox.post_text(
        unit, form_sessions.lane(unit, account), body, notice=say("notice.service"), buttons=rows, silent=True
    )
    form_sessions.note_shown(unit, session, made[-1])


def redraw(unit: Unit, account: Row, session: Session) -> None:
    """Show the question that stands anew, in its place: its buttons have changed."""
    body, rows = _drawn(unit, account, session)
    _edit(unit, account, session, body, rows)


def answered(unit: Unit, account: Row, session: Session, echo: RichText | None = None) -> None:
    """The question that stood becomes a plain line: what was answered, as it was understood. No buttons are left."""
    if not session.progress.shown:
        return
    _edit(unit, account, session, _drawn_body(unit, session) if echo is None else echo, ())


def echo(form: Form, one: Field, value: Answer) -> RichText:
    """ "Teeth to be moved: UL2 (22)"."""
    return bold(say(form.key(one, "label"))) + ": " + summaries.answer_words(form, one, value)


def ask_to_confirm(unit: Unit, account: Row, session: Session, caution: str) -> None:
    """Take the value as it is, or wait for another one."""
    row = (
        _button(unit, account, session, "keep", say("form.button.keep")),
        _button(unit, account, session, "cancel", say("button.cancel")),
    )
    body = lines(caution, say("form.or_another"))
    _post(unit, account, body, (row,))


def ask_go_on(unit: Unit, account: Row, session: Session) -> None:
    """A form was under way: go on with it, or begin anew."""
    row = (
        _button(unit, account, session, "go_on", say("form.button.go_on"), ButtonStyle.PRIMARY),
        _button(unit, account, session, "restart", say("form.button.restart")),
        _button(unit, account, session, "cancel", say("button.cancel")),
    )
    _post(unit, account, plain(say("form.under_way")), (row,))


def say_in(unit: Unit, account: Row, text: str) -> None:
    """A line of the form, in the private chat of the account that fills it in."""
    _post(unit, account, plain(text), ())


def typed(form: Form, one: Field, text: str) -> Raw:
    """What was typed; where there are options, one of their labels counts as the option."""
    if one.kind is Kind.TICK and text.strip().casefold() == say("form.button.agreed").casefold():
        return TICKED
    labels = {say(form.option_key(one, option)).casefold(): option for option in one.options}
    if one.kind is Kind.MULTI:
        return tuple(labels.get(part.strip().casefold(), part) for part in text.split(";" if ";" in text else ","))
    return labels.get(text.strip().casefold(), text)


def toggled(picked: tuple[str, ...], option: str) -> tuple[str, ...]:
    """With the option ticked or unticked; "none of these" and the others exclude each other."""
    if option in picked:
        return tuple(one for one in picked if one != option)
    return (option,) if option == NONE else (*(one for one in picked if one != NONE), option)


def before(form: Form, progress: Progress) -> str:
    """The question before the one that stands; the first one stays where it is."""
    if progress.asking == CHOOSING:
        return SUMMARY
    asked = [one.name for one in form.fields if one.name in progress.answers or one.name == progress.asking]
    index = asked.index(progress.asking) if progress.asking in asked else 0
    return asked[max(index - 1, 0)]


def sender_of(account: Row) -> Account:
    """An account row as the platform names it."""
    return Account(account["platform"], account["workspace"], account["user_ref"])


def _drawn(unit: Unit, account: Row, session: Session) -> tuple[RichText, Rows]:
    asking = session.progress.asking
    if asking == SUMMARY:
        return _drawn_body(unit, session), _summary_buttons(unit, account, session)
    if asking == CHOOSING:
        return _drawn_body(unit, session), _field_buttons(unit, account, session)
    return _drawn_body(unit, session), _answer_buttons(unit, account, session, session.form.field(asking))


def _drawn_body(unit: Unit, session: Session) -> RichText:
    progress = session.progress
    if progress.asking == CHOOSING:
        return plain(say("form.which_change"))
    if progress.asking == SUMMARY:
        rows = summaries.form_lines(session.form, progress.answers)
        return lines(bold(say("form.summary")), "", *rows, "", say(f"form.end.{session.form.name}"))
    one = session.form.field(progress.asking)
    rows = [bold(say(session.form.key(one, "ask")))]
    if one.kind in _TYPED:
        rows.append(plain(say(session.form.key(one, "help"))))
    return lines(*rows)


def _answer_buttons(unit: Unit, account: Row, session: Session, one: Field) -> Rows:
    progress = session.progress

    def pick(do: str, option: str, label: str) -> Button:
        return _button(unit, account, session, do, label, option=option, field=one.name)

    rows: list[tuple[Button, ...]] = []
    if one.kind is Kind.CHOICE:
        made = [pick("pick", option, say(session.form.option_key(one, option))) for option in one.options]
        rows = [tuple(made[index : index + 2]) for index in range(0, len(made), 2)]
    elif one.kind is Kind.MULTI:
        for option in one.options:
            label = say(session.form.option_key(one, option))
            mark = "form.option_ticked" if option in progress.picked else "form.option_unticked"
            rows.append((pick("toggle", option, say(mark, label=label)),))
        rows.append((_button(unit, account, session, "done", say("form.button.done"), ButtonStyle.PRIMARY),))
    elif one.kind is Kind.TICK:
        rows.append((pick("pick", TICKED, say("form.button.agreed")),))
    elif one.none_allowed:
        rows.append((pick("pick", NONE, say("form.button.no_date")),))
    if not one.required:
        rows.append((_button(unit, account, session, _SKIPPABLE, say("form.button.skip")),))
    last = []
    if before(session.form, progress) != progress.asking:
        last.append(_button(unit, account, session, "back", say("button.back")))
    if not session.form.missing(progress.answers):
        last.append(_button(unit, account, session, "review", say("form.button.review")))
    last.append(_button(unit, account, session, "cancel", say("button.cancel")))
    return (*rows, tuple(last))


def _summary_buttons(unit: Unit, account: Row, session: Session) -> Rows:
    more = bool(session.form.to_ask(session.progress.answers))
    first = [_button(unit, account, session, "send", say("form.button.send"), ButtonStyle.PRIMARY)]
    if more:
        first.append(_button(unit, account, session, "details", say("form.button.details")))
    second = (
        _button(unit, account, session, "change", say("form.button.change")),
        _button(unit, account, session, "cancel", say("button.cancel")),
    )
    return (tuple(first), second)


def _field_buttons(unit: Unit, account: Row, session: Session) -> Rows:
    made = [
        _button(unit, account, session, "change_field", say(session.form.key(one, "label")), field=one.name)
        for one in session.form.fields
        if one.name in session.progress.answers
    ]
    back = (_button(unit, account, session, "back", say("button.back")),)
    return (*((button,) for button in made), back)


def _button(
    unit: Unit,
    account: Row,
    session: Session,
    do: str,
    label: str,
    style: ButtonStyle = ButtonStyle.PLAIN,
    *,
    option: str = "",
    field: str = "",
) -> Button:
    data = {"form": session.id, "do": do, "option": option, "field": field}
    return buttons.make(
        unit,
        f"{session.form.name}.step",
        person_id=PersonId(account["person_id"]),
        label=label,
        data={name: value for name, value in data.items() if value != ""},
        group=session.group,
        life=unit.rules.form_life,
        style=style,
    )


def _post(unit: Unit, account: Row, body: RichText, rows: Rows) -> None:
    outbox.post_text(
        unit, form_sessions.lane(unit, account), body, notice=say("notice.service"), buttons=rows, silent=True
    )


def _edit(unit: Unit, account: Row, session: Session, body: RichText, rows: Rows) -> None:
    post = Post(body=body, notice=say("notice.service"), buttons=rows, silent=True)
    outbox.enqueue(unit, form_sessions.lane(unit, account), Edit(post, target=DeliveryId(session.progress.shown)))
