"""`chairside stuck`: the coordinator's desk on the command line. References, names and ages, never a word of a case."""

from __future__ import annotations

import click

from bot.cli import output
from bot.cli.desk import desk
from bot.services import report_charts
from prompts.wording import say


@click.command(help=say("cli.help.stuck"))
@output.as_json
def command(wants_json: bool) -> None:
    """What needs a hand by reason and age, then the load of each specialist."""
    found = desk().write("stuck")
    if wants_json:
        output.emit_json(found)
        return
    output.listing(
        found["stuck"],
        ("reason", "subject", "since"),
        lambda row: (say(f"coordinator.what.{row['what']}"), row["subject"], output.ago(row["since"])),
        wants_json=False,
        empty=say("coordinator.nothing_stuck"),
    )
    for line in report_charts.load_lines(found["load"]):
        click.echo(output.clean(line))
