"""`chairside faq`: the library that drafts come from, and where its answers come from."""

from __future__ import annotations

from dataclasses import asdict

import click

from bot.cli import output
from bot.domain.faq import Entry
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


def _entries() -> tuple[Entry, ...]:
    try:
        return library.load()
    except library.LibraryError as error:
        for line in str(error).splitlines():
            click.echo(output.clean(line), err=True)
        raise click.exceptions.Exit(FAULTY) from None


def _sources(entry: Entry) -> str:
    return f"{sum(source.checked for source in entry.sources)}/{len(entry.sources)}"
