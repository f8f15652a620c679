"""`chairside faq`: the library that drafts come from, and where its answers come from."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from bot.cli import faq_rows, output
from bot.cli.desk import desk
from bot.domain.codec import load
from bot.domain.faq import Entry
from bot.drafting import evaluation, tradeoff, vectors
from bot.drafting.retrieval import Library
from bot.drafting.search import Index
from bot.workers.aside import charts
from prompts import library
from prompts.wording import say

FAULTY = 1


@click.group(help=say("cli.help.faq"))
def command() -> None:
    """The FAQ library."""


from_database = click.option("--database", is_flag=True, help=say("faq.help.database"))


@command.command("list", help=say("faq.help.list"))
@from_database
@output.as_json
def list_(database: bool, wants_json: bool) -> None:
    """Every entry."""
    entries = _standing()[0] if database else _entries()
    if wants_json:
        output.emit_json([json.loads(json.dumps(asdict(one), default=date.isoformat)) for one in entries])
        return
    if not database:
        click.echo(say("faq.files_only"), err=True)
    rows = [(entry.id, entry.title, entry.policy, len(entry.questions), _sources(entry)) for entry in entries]
    output.table(("entry", "title", "policy", "questions", "sources"), rows)


@command.command(help=say("faq.help.check"))
@from_database
def check(database: bool) -> None:
    """Whether every file can be used, and which sources nobody has looked up."""
    entries = _entries()
    if database:
        entries, lines = _standing()
        for line in lines:
            click.echo(line)
    else:
        click.echo(say("faq.files_only"), err=True)
    open_sources = [(entry, source) for entry in entries for source in entry.sources if not source.checked]
    for entry, source in open_sources:
        click.echo(say("faq.unchecked", entry=entry.id, source=output.clean(source.ref)))
    for entry in entries:
        if not any(source.checked for source in entry.sources):
            click.echo(say("faq.no_source", entry=entry.id))
    today = datetime.now(UTC).date()
    for entry in entries:
        if entry.review_by is not None and entry.review_by < today:
            owner = output.clean(entry.owner) or say("faq.no_owner")
            click.echo(say("faq.past_review", entry=entry.id, day=entry.review_by.isoformat(), owner=owner))
    click.echo(say("faq.fine", n=len(entries), open=len(open_sources)))


@command.command(help=say("faq.help.add"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def add(file: Path) -> None:
    """One file into the library, if there is nothing wrong with it."""
    name = output.clean(file.name)
    try:
        data = file.read_bytes()
        entry = library.parse(data)
    except OSError:
        _stop(say("faq.unreadable", file=name))
    except library.LibraryError as error:
        _stop(*(f"{name}: {line}" for line in str(error).splitlines()))
    path = Path(str(library.folder())) / f"{entry.id}.md"
    if path.exists():
        if path.read_bytes() == data:
            click.echo(say("faq.same", entry=entry.id))
            return
        there = {one.id: one for one in _entries()}[entry.id]
        if entry.version <= there.version:
            _stop(say("faq.older", file=name, entry=entry.id, there=there.version, next=there.version + 1))
        if there.policy is not entry.policy:
            click.echo(say("faq.other_policy", entry=entry.id, before=there.policy.value, now=entry.policy.value))
    fresh = path.with_suffix(".new")
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError:
        _stop(say("faq.elsewhere", file=name, path=str(path)))
    click.echo(say("faq.added", entry=entry.id, path=str(path)))


@command.command("eval", help=say("faq.help.eval"))
@click.argument("questions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bank", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=say("faq.help.bank"))
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help=say("faq.help.report"))
@output.as_json
def evaluate(questions: Path, bank: Path | None, report: Path | None, wants_json: bool) -> None:
    """The figures on labelled questions."""
    try:
        asked, texts = faq_rows.questions(questions), faq_rows.bank(bank) if bank is not None else []
    except faq_rows.BadRows as error:
        _stop(*str(error).splitlines())
    library_ = Library(_entries())
    search = library_.search if bank is None else Index(texts, vectors.load()).search
    with output.progress(say("faq.evaluating"), 2 * len(asked)) as step:
        figures = evaluation.measure(asked, search, library_.suggest, step)
    if wants_json:
        output.emit_json(figures)
    else:
        output.table(("figure", "value"), [(name, "-" if value is None else value) for name, value in figures.items()])
    if report is not None:
        _draw(report, tradeoff.panels(asked, search, library_.alarm, library_.least(), library_.threshold()))


def _draw(path: Path, panels: list[dict[str, Any]]) -> None:
    if not panels:
        _stop(say("faq.nothing_to_draw"))
    picture = charts.drawn(panels)
    try:
        path.write_bytes(picture)
    except OSError:
        _stop(say("faq.not_drawn", path=output.clean(path)))
    click.echo(say("faq.drawn", path=output.clean(path)), err=True)


def _stop(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(output.clean(line), err=True)
    raise click.exceptions.Exit(FAULTY)


def _standing() -> tuple[tuple[Entry, ...], list[str]]:
    """The entries as the database has them over the files, and what is to be said about the others."""
    at = desk()
    if at.database_missing:
        _stop(say("cli.desk.no_database"))
    found = at.write("library")
    entries = tuple(load(Entry, one.encode()) for one in found["entries"])
    shipped = {one.id: one for one in _entries()}
    lines = [
        say("faq.from_chat", entry=one.id, version=one.version, title=output.clean(one.title))
        for one in entries
        if shipped.get(one.id) != replace(one, phrasings=())
    ]
    lines += [say("faq.phrasings", entry=one.id, n=len(one.phrasings)) for one in entries if one.phrasings]
    lines += [say("faq.retired", entry=entry) for entry in found["retired"]]
    lines += [say("faq.closed", entry=entry) for entry in found["closed"]]
    return entries, lines


def _entries() -> tuple[Entry, ...]:
    try:
        return library.load()
    except library.LibraryError as error:
        _stop(*str(error).splitlines())


def _sources(entry: Entry) -> str:
    return f"{sum(source.checked for source in entry.sources)}/{len(entry.sources)}"
