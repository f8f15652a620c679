"""`chairside report`: how cases go and how the service serves, in figures and charts; never what is said in a case."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli import output
from bot.cli.desk import desk
from bot.services import report_charts
from bot.workers.aside import charts
from prompts.wording import say


@click.command(help=say("cli.help.report"))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help=say("cli.option.out"))
@output.as_json
def command(out: Path | None, wants_json: bool) -> None:
    """Print the figures; with `--out` write one PNG a chart into that folder."""
    figures = desk().read("report")
    if wants_json:
        output.emit_json(figures)
    else:
        for line in report_charts.words(figures):
            click.echo(output.clean(line))
    if out is None:
        return
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for name, panel in report_charts.panels(figures).items():
        path = out / f"{name}.png"
        path.write_bytes(charts.drawn([panel]))
        files.append(str(path))
    click.echo(say("report.saved", files=files) if files else say("report.none"), err=True)
