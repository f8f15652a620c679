"""`chairside cases`, `case` and `assign`: where each case stands, never what is said in it."""

from __future__ import annotations

from typing import Any

import click

from bot.cli import output
from bot.cli.desk import desk
from prompts.wording import say


@click.command(help=say("cli.help.cases"))
@click.option("--all", "closed", is_flag=True, help=say("cli.option.all"))
@output.as_json
def cases(closed: bool, wants_json: bool) -> None:
    """What is open, who owes the next reply, what comes next."""
    counter = desk()
    zone = counter.config.timezone
    output.listing(
        counter.read("cases", closed=closed),
        ("case", "state", "dentist", "specialist", "owes", "check_in", "event", "note"),
        lambda row: (
            row["ref"],
            say(f"cli.state.{row['state']}"),
            row["dentist"],
            row["specialist"] or _offered(row),
            _owes(row, zone),
            output.local(row["next_check_in"], zone),
            row["event_on"],
            _notes(row),
        ),
        wants_json=wants_json,
        empty=say("cli.case.none"),
    )


@click.command(help=say("cli.help.case"))
@click.argument("ref")
@output.as_json
def case(ref: str, wants_json: bool) -> None:
    """One case: its people, rooms, check-ins and covers."""
    counter = desk()
    zone = counter.config.timezone
    row = counter.read("case", ref=ref)
    if wants_json:
        output.emit_json(row)
        return
    facts: list[tuple[str, object]] = [
        ("state", say(f"cli.state.{row['state']}")),
        ("practice", row["practice"]),
        ("dentist", row["dentist"]),
        ("specialist", row["specialist"] or _offered(row)),
        ("owes", _owes(row, zone)),
        ("plan_due", output.local(row["plan_due"], zone)),
        ("urgency", row["urgency"]),
        ("event", row["event_on"]),
        ("opened", output.local(row["opened"], zone)),
        ("closed", output.local(row["closed"], zone)),
        ("messages", row["messages"]),
        ("note", _notes(row)),
    ]
    click.echo(row["ref"])
    width = max(len(say(f"cli.column.{name}")) for name, _ in facts)
    for name, value in facts:
        if value not in (None, ""):
            click.echo(f"  {say(f'cli.column.{name}').ljust(width)}  {output.clean(value)}")
    if row["rooms"]:
        click.echo()
        output.table(("side", "name", "platform", "room", "note"), [_room(one) for one in row["rooms"]])
    if row["check_ins"]:
        click.echo()
        output.table(("check_in", "due"), [(one["step"], output.local(one["due"], zone)) for one in row["check_ins"]])
    if row["covers"]:
        click.echo()
        output.table(
            ("side", "cover", "from", "to"),
            [
                (one["side"], one["person"], output.local(one["from"], zone), output.local(one["to"], zone))
                for one in row["covers"]
            ],
        )


@click.command(help=say("cli.help.assign"))
@click.argument("ref")
@click.argument("handle")
def assign(ref: str, handle: str) -> None:
    """Give a case to a specialist, or a dentist's seat to a colleague of the practice."""
    done = desk().write("case.assign", ref=ref, handle=handle)
    click.echo(say("cli.case.assigned", ref=done["ref"], name=done["name"]))


def _offered(row: dict[str, Any]) -> str:
    return say("cli.case.offered", handle=row["offered_to"]) if row["offered_to"] else ""


def _owes(row: dict[str, Any], zone: str) -> str:
    if row["owes_reply"] is None:
        return ""
    said = say("cli.case.owes", handle=row["owes_reply"], since=output.ago(row["owes_since"]))
    due = row["answer_due"] if row["owes_reply"] == row["specialist"] else None
    return f"{said}; {say('cli.case.due', time=output.local(due, zone))}" if due else said


def _notes(row: dict[str, Any]) -> str:
    notes = [say(f"cli.case.note.{name}", n=row[name]) for name in ("on_the_way", "failed", "rooms_held") if row[name]]
    return "; ".join(notes)


def _room(room: dict[str, Any]) -> tuple[object, ...]:
    note = room["why"] if room["own_room"] else "; ".join(filter(None, (say("cli.case.shared"), room["why"])))
    return room["side"], room["person"], room["platform"], say(f"cli.room.{room['state']}"), note
