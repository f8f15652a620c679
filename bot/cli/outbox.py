"""`chairside outbox`: what waits, what died, and a second chance for it."""

from __future__ import annotations

import click

from bot.cli import output
from bot.cli.desk import desk
from prompts.wording import say

LARGEST = 2**63 - 1


@click.group(invoke_without_command=True, help=say("cli.help.outbox"))
@click.option("--dead", is_flag=True, help=say("cli.option.dead"))
@output.as_json
@click.pass_context
def command(ctx: click.Context, dead: bool, wants_json: bool) -> None:
    """Deliveries by state, the oldest first; parked updates are of kind "inbox"."""
    if ctx.invoked_subcommand is not None:
        return
    counter = desk()
    output.listing(
        counter.read("outbox", dead=dead),
        ("id", "kind", "state", "platform", "case", "message", "tries", "since", "note"),
        lambda row: (
            row["id"],
            row["kind"],
            row["state"],
            row["platform"],
            row["case"],
            f"#{row['message']}" if row["message"] else "",
            row["attempts"],
            output.ago(row["queued"]),
            "; ".join(filter(None, (row["error"], row["paused"]))),
        ),
        wants_json=wants_json,
        empty=say("cli.outbox.no_dead" if dead else "cli.outbox.empty"),
    )


@command.command(help=say("cli.outbox.help.losses"))
@output.as_json
def losses(wants_json: bool) -> None:
    """What the other side's app could not show as it was written: each kind, how often, in how many cases."""
    output.listing(
        desk().read("losses"),
        ("kind", "times", "cases"),
        lambda row: (row["kind"], row["times"], row["cases"]),
        wants_json=wants_json,
        empty=say("cli.outbox.no_losses"),
    )


@command.command(help=say("cli.outbox.help.retry"))
@click.argument("id", type=click.IntRange(0, LARGEST))
def retry(id: int) -> None:
    """Send a dead delivery, or handle a parked update, once more."""
    done = desk().write("outbox.retry", id=id)
    click.echo(say(f"cli.outbox.retried.{done['kind']}"))
