"""`chairside db`: the schema, which also moves on by itself when the service starts."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from bot.cli import output
from bot.cli.desk import Desk, desk
from bot.ports.clock import SystemClock
from prompts.wording import say
from storage import migrate
from storage.engine.open import open_engine
from storage.errors import SchemaProblem

BEHIND = 1


@click.group(help=say("cli.help.db"))
def command() -> None:
    """The schema."""


@command.command(help=say("cli.db.help.upgrade"))
def upgrade() -> None:
    """Apply what is pending; a running service has done so already."""
    counter = desk()
    try:
        done = () if counter.running else asyncio.run(_upgrade(counter))
    except SchemaProblem as problem:
        click.echo(str(problem), err=True)
        raise click.exceptions.Exit(BEHIND) from None
    for name in done:
        click.echo(say("cli.db.applied", name=name))
    if not done:
        click.echo(say("cli.db.current"))


@command.command(help=say("cli.db.help.status"))
@output.as_json
def status(wants_json: bool) -> None:
    """What is applied and what is pending; exit code 1 while anything is amiss."""
    counter = desk()
    if counter.database_missing:
        names = [str(migration) for migration in migrate.load()]
        found: dict[str, Any] = {"database": "sqlite", "applied": [], "pending": names, "schema_problem": None}
    else:
        found = counter.read("facts")
    behind = bool(found["pending"]) or found["schema_problem"] is not None
    if wants_json:
        output.emit_json({name: found[name] for name in ("database", "applied", "pending", "schema_problem")})
    else:
        for kind in ("applied", "pending"):
            for name in found[kind]:
                click.echo(say(f"cli.db.{kind}", name=name))
        if not behind:
            click.echo(say("cli.db.current"))
    if found["schema_problem"] is not None:
        click.echo(output.clean(found["schema_problem"]), err=True)
    if behind:
        raise click.exceptions.Exit(BEHIND)


async def _upgrade(counter: Desk) -> tuple[str, ...]:
    engine = await open_engine(counter.config.database_url, data_dir=counter.config.data_dir)
    try:
        return await migrate.upgrade(engine, migrate.load(), SystemClock().now())
    finally:
        await engine.close()
