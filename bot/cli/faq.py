"""`chairside faq`: the library that drafts come from, and where its answers come from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bot.cli import output
from bot.domain.faq import Entry
from bot.drafting import evaluation, vectors
from bot.drafting.evaluation import Question
from bot.drafting.retrieval import Library
from bot.drafting.search import Index
from prompts import library
from prompts.wording import say

FAULTY = 1


@click.group(help=say("cli.help.faq"))
def command() -> None:
    """The FAQ library."""


@command.command("list", help=say("cli.faq.help.list"))
@output.as_json
def list_(wants_json: bool) -> None:
    """Every entry."""
    entries = _entries()
    if wants_json:
        output.emit_json([asdict(entry) for entry in entries])
        return
    rows = [(entry.id, entry.title, entry.policy, len(entry.questions), _sources(entry)) for entry in entries]
    output.table(("entry", "title", "policy", "questions", "sources"), rows)


@command.command(help=say("cli.faq.help.check"))
def check() -> None:
    """Whether every file can be used, and which sources nobody has looked up."""
    entries = _entries()
    open_sources = [(entry, source) for entry in entries for source in entry.sources if not source.checked]
    for entry, source in open_sources:
        click.echo(say("cli.faq.unchecked", entry=entry.id, source=output.clean(source.ref)))
    for entry in entries:
        if not any(source.checked for source in entry.sources):
            click.echo(say("cli.faq.no_source", entry=entry.id))
    click.echo(say("cli.faq.fine", n=len(entries), open=len(open_sources)))


@command.command("eval", help=say("cli.faq.help.eval"))
@click.argument("questions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bank", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=say("cli.faq.help.bank"))
@output.as_json
def evaluate(questions: Path, bank: Path | None, wants_json: bool) -> None:
    """The figures on labelled questions."""
    library_ = Library(_entries())
    asked = [Question(row["question"], row["topic"], row["policy"]) for row in _rows(questions, "question")]
    search = library_.search
    if bank is not None:
        search = Index([(row["topic"], row["text"]) for row in _rows(bank, "text")], vectors.load()).search
    figures = evaluation.measure(asked, search, library_.suggest)
    if wants_json:
        output.emit_json(figures)
        return
    output.table(("figure", "value"), [(name, "-" if value is None else value) for name, value in figures.items()])


def _rows(path: Path, key: str) -> list[dict[str, Any]]:
    """A JSON Lines file whose rows hold words under `key`; a faulty line ends the command with its number."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        good = isinstance(row, dict) and isinstance(row.get(key), str) and isinstance(row.get("topic"), str | None)
        if not good or (key == "text" and row["topic"] is None) or (key == "question" and "policy" not in row):
            click.echo(say("cli.faq.bad_row", file=output.clean(path.name), line=number), err=True)
            raise click.exceptions.Exit(FAULTY)
        found.append(row)
    if not found:
        click.echo(say("cli.faq.bad_row", file=output.clean(path.name), line=1), err=True)
        raise click.exceptions.Exit(FAULTY)
    return found


def _entries() -> tuple[Entry, ...]:
    try:
        return library.load()
    except library.LibraryError as error:
        for line in str(error).splitlines():
            click.echo(output.clean(line), err=True)
        raise click.exceptions.Exit(FAULTY) from None


def _sources(entry: Entry) -> str:
    return f"{sum(source.checked for source in entry.sources)}/{len(entry.sources)}"
