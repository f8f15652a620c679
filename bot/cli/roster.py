"""`chairside roster`: the people, and how each of them joins."""

from __future__ import annotations

import asyncio
import os
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click
import segno

from bot.cli import output
from bot.cli.desk import Desk, desk
from bot.config import ConfigProblem, read
from bot.services.declined import Declined
from bot.services.roster_file import read_roster
from prompts.wording import say

BAD_FILE = 2
_handle = click.argument("handle")


@click.group(help=say("cli.help.roster"))
def command() -> None:
    """The people."""


@command.command("import", help=say("cli.roster.help.import"))
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Bring the people up to date with a file; every fault with its line, and then nothing is taken."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        _refuse(say("cli.roster.unreadable", file=str(file)))
    counter = desk()
    zone = counter.config.timezone
    found = read_roster(text, zone)
    if isinstance(found, tuple):
        _refuse(*(f"{file}: {say('cli.fault', line=fault.line, message=fault.message)}" for fault in found))
    try:
        done = counter.write("roster.apply", text=text, timezone=zone)
    except Declined as declined:
        _refuse(*(f"{file}: {line}" for line in declined.lines))
    click.echo(say("cli.roster.imported", n=done["people"]))
    for what in ("added", "changed", "unlisted", "bound", "left"):
        if done[what]:
            click.echo(say(f"cli.roster.done.{what}", handles=list(done[what])))


@command.command("list", help=say("cli.roster.help.list"))
@output.as_json
def list_(wants_json: bool) -> None:
    """Everybody, with what keeps them from being written to."""
    counter = desk()
    columns = ("handle", "name", "role", "practice", "accounts", "load", "note")
    output.listing(
        counter.read("people"),
        columns,
        lambda row: _cells(row, counter.config.timezone),
        wants_json=wants_json,
        empty=say("cli.roster.nobody"),
    )


@command.command(help=say("cli.roster.help.invite"))
@_handle
def invite(handle: str) -> None:
    """A one-use invitation: a Telegram link with its code as a picture, and the words to type in Slack."""
    counter = desk()
    _learn_name(counter)
    made = counter.write("roster.invite", handle=handle)
    until = output.local(made["until"], counter.config.timezone)
    click.echo(say("cli.invite.made", name=made["name"], handle=made["handle"], until=until))
    if made["link"]:
        click.echo(say("cli.invite.telegram", link=made["link"]))
        if output.on_terminal():
            segno.make(made["link"], error="m").terminal(compact=True)
    else:
        click.echo(say("cli.invite.telegram_code", code=made["code"]))
    click.echo(say("cli.invite.slack", code=made["code"]))


@command.command(help=say("cli.roster.help.capacity"))
@_handle
@click.argument("number", type=int)
def capacity(handle: str, number: int) -> None:
    """How many open cases a specialist takes on."""
    done = desk().write("roster.capacity", handle=handle, capacity=number)
    click.echo(say("cli.roster.capacity", handle=done["handle"], n=done["capacity"]))


@command.command(help=say("cli.roster.help.away"))
@_handle
@click.argument("first", metavar="FROM")
@click.argument("last", metavar="TO")
@click.option("--cover", default="", metavar="HANDLE", help=say("cli.option.cover"))
def away(handle: str, first: str, last: str, cover: str) -> None:
    """Leave from one day to another, both in it."""
    done = desk().write("roster.away", handle=handle, first=first, last=last, cover=cover)
    click.echo(say("cli.roster.away", name=done["name"], first=done["first"], last=done["last"]))


@command.command(help=say("cli.roster.help.back"))
@_handle
def back(handle: str) -> None:
    """They are here after all."""
    done = desk().write("roster.back", handle=handle)
    click.echo(say("cli.roster.back" if done["dropped"] else "cli.roster.not_away", name=done["name"]))


@command.command(help=say("cli.roster.help.lock"))
@_handle
def lock(handle: str) -> None:
    """Put somebody on hold."""
    click.echo(say("cli.roster.locked", name=desk().write("roster.lock", handle=handle)["name"]))


@command.command(help=say("cli.roster.help.unlock"))
@_handle
def unlock(handle: str) -> None:
    """Let them go on."""
    click.echo(say("cli.roster.unlocked", name=desk().write("roster.unlock", handle=handle)["name"]))


@command.command(help=say("cli.roster.help.unlink"))
@_handle
@click.argument("account")
def unlink(handle: str, account: str) -> None:
    """An account is theirs no more."""
    click.echo(say("cli.roster.unlinked", **desk().write("roster.unlink", handle=handle, account=account)))


def _refuse(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(output.clean(line), err=True)
    raise click.exceptions.Exit(BAD_FILE)


def _cells(row: dict[str, Any], zone: str) -> tuple[object, ...]:
    accounts = ", ".join(f"{one['platform']} {one['user']}" for one in row["accounts"])
    notes = [say(f"cli.reach.{row['reach']}")] if row["reach"] and row["listed"] else []
    if row["locked"]:
        notes.append(say("cli.roster.note.locked"))
    if not row["listed"]:
        notes.append(say("cli.roster.note.unlisted"))
    if row["away_until"]:
        notes.append(say("cli.roster.note.away", until=output.local(row["away_until"], zone)))
    load = f"{row['load']}/{row['capacity']}" if row["capacity"] is not None else ""
    return row["handle"], row["name"], row["role"], row["practice"], accounts, load, "; ".join(notes)


def _learn_name(counter: Desk) -> None:
    """Invite links are made of the bot's name: before the first run nobody has asked Telegram for it yet."""
    try:
        telegram = read(os.environ).telegram
    except ConfigProblem:
        return
    if telegram is None or (not counter.database_missing and counter.read("facts").get("telegram_name")):
        return
    asking = import_module("bot.cli.asking")  # the platform's library takes a second to load, and is seldom needed
    standing = asyncio.run(asking.telegram(telegram))
    username = getattr(standing, "username", "")
    if username:
        counter.write("telegram.named", name=username)
