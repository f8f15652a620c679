"""`chairside doctor`: everything that can be wrong with an installation, one line each, with the mend."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bot.cli import asking, findings, output
from bot.cli.desk import Desk, settings
from bot.cli.findings import Finding, Level
from bot.config import ENV_FILE, Config, ConfigProblem, read
from bot.drafting import minilm, vectors
from bot.platforms.telegram.doctor import Standing
from bot.ports.clock import SystemClock
from prompts.wording import say
from storage.engine.version import sqlite_version, wal_reset_mended
from storage.errors import KeyProblem, StorageError
from storage.keys import KeyFile

MB = 1024 * 1024
LEAST_DISK, LOW_DISK = 100, 1024
"""MB below which saving may fail soon, and below which it is worth a word."""
DRIFT, FAR_OFF = 5.0, 120.0
"""Seconds of a clock that are worth a word, and that break signatures and invitations."""
SHOWN = 8
"""People named in one line."""
COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}


@click.command(help=say("cli.help.doctor"))
@output.as_json
@click.pass_context
def command(ctx: click.Context, wants_json: bool) -> None:
    """Exit code 1 when anything fails."""
    found: list[Finding] = []
    for finding in examine():
        found.append(finding)
        if not wants_json:
            click.secho(output.clean(finding.line()), fg=COLOURS[finding.level])
    if wants_json:
        output.emit_json([one.as_json() for one in found])
    ctx.exit(1 if any(one.level is Level.FAIL for one in found) else 0)


def examine() -> Iterator[Finding]:
    """Every check in turn."""
    try:
        full = read(os.environ)
        on = [*["Slack"] * bool(full.slack), *["Telegram"] * bool(full.telegram)]
        yield Finding("settings", Level.OK, say("doctor.settings.ok", platforms=on))
    except ConfigProblem as problem:
        full = None
        for line in problem.lines:
            yield Finding("settings", Level.FAIL, line)
    yield from _env_file(ENV_FILE)
    try:
        config = settings()
    except ConfigProblem:
        return  # said above
    desk = Desk(config)
    yield Finding("service", Level.OK, say("doctor.service.on" if desk.running else "doctor.service.off"))
    yield from _database(desk)
    yield _disk(config.data_dir)
    yield _model()
    if full is not None:
        yield from asyncio.run(_platforms(full))


def _env_file(path: Path) -> Iterator[Finding]:
    if not path.is_file():
        return
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        mend = say("doctor.env_file.open_mend", path=str(path))
        yield Finding("env_file", Level.WARN, say("doctor.env_file.open"), mend)
    else:
        yield Finding("env_file", Level.OK, say("doctor.env_file.ok"))


def _database(desk: Desk) -> Iterator[Finding]:
    facts: dict[str, Any] | None = None
    if desk.config.database_url.startswith("sqlite:"):
        version = sqlite_version()
        if wal_reset_mended():
            yield Finding("sqlite", Level.OK, say("doctor.sqlite.ok", version=version))
        else:
            text, mend = say("doctor.sqlite.reset", version=version), say("doctor.sqlite.reset_mend")
            yield Finding("sqlite", Level.WARN, text, mend)
    else:
        yield Finding("sqlite", Level.OK, say("doctor.sqlite.server"))
    try:
        if desk.database_missing and not desk.running:
            text, mend = say("doctor.database.missing"), say("doctor.database.missing_mend")
            yield Finding("database", Level.WARN, text, mend)
        else:
            facts = desk.read("facts")
            yield Finding("database", Level.OK, say("doctor.database.ok"))
    except (StorageError, ConfigProblem) as error:
        text = say("doctor.database.fail", why=str(error))
        yield Finding("database", Level.FAIL, text, say("doctor.database.fail_mend"))
    if facts is not None:
        yield _schema(facts)
    known = None if facts is None else facts.get("keys")
    yield _keys(desk.config, {} if known is None else {key: bytes.fromhex(proof) for key, proof in known.items()})
    if facts is not None and known is not None:
        yield from _state(facts)


def _schema(facts: dict[str, Any]) -> Finding:
    if facts["schema_problem"] is not None:
        text = say("doctor.schema.fail", why=facts["schema_problem"])
        return Finding("schema", Level.FAIL, text, say("doctor.schema.fail_mend"))
    if facts["pending"]:
        text = say("doctor.schema.pending", n=len(facts["pending"]))
        return Finding("schema", Level.WARN, text, say("doctor.schema.pending_mend"))
    return Finding("schema", Level.OK, say("doctor.schema.ok", name=facts["applied"][-1]))


def _keys(config: Config, proofs: dict[str, bytes]) -> Finding:
    if not proofs and not config.key_file.exists():
        return Finding("keys", Level.WARN, say("doctor.keys.none"), say("doctor.keys.none_mend"))
    try:
        KeyFile.load(config.key_file).verify(proofs)
    except KeyProblem as problem:
        return Finding("keys", Level.FAIL, say("doctor.keys.fail", why=str(problem)), say("doctor.keys.fail_mend"))
    return Finding("keys", Level.OK, say("doctor.keys.ok"))


def _state(facts: dict[str, Any]) -> Iterator[Finding]:
    far = [f"{handle} ({say(f'cli.reach.{why}')})" for handle, why in facts["unreachable"].items()]
    if not facts["people"]:
        yield Finding("people", Level.WARN, say("doctor.people.none"), say("doctor.people.none_mend"))
    elif far:
        shown = [*far[:SHOWN], *["…"] * (len(far) > SHOWN)]
        text = say("doctor.people.unreachable", who=shown)
        yield Finding("people", Level.WARN, text, say("doctor.people.unreachable_mend"))
    else:
        yield Finding("people", Level.OK, say("doctor.people.ok", n=facts["people"]))
    if facts["dead"] or facts["parked"]:
        text = say("doctor.outbox.dead", dead=facts["dead"], parked=facts["parked"])
        yield Finding("outbox", Level.WARN, text, say("doctor.outbox.dead_mend"))
    else:
        yield Finding("outbox", Level.OK, say("doctor.outbox.ok"))
    if facts["incidents"]:
        what = [_incident(one["what"], one["subject"]) for one in facts["incidents"][:SHOWN]]
        text = say("doctor.incidents.open", n=len(facts["incidents"]), what=what)
        yield Finding("incidents", Level.WARN, text, say("doctor.incidents.open_mend"))
    else:
        yield Finding("incidents", Level.OK, say("doctor.incidents.ok"))


def _incident(what: str, subject: str) -> str:
    return f"{say(f'coordinator.what.{what}')} ({subject})"


def _model() -> Finding:
    why = vectors.fault()
    if why:
        text, mend = say("doctor.retrieval.broken", why=why), say("doctor.retrieval.broken_mend")
        return Finding("retrieval", Level.WARN, text, mend)
    if minilm.load() is not None:
        return Finding("retrieval", Level.OK, say("doctor.retrieval.ok"))
    return Finding("retrieval", Level.WARN, say("doctor.retrieval.words"), say("doctor.retrieval.words_mend"))


def _disk(folder: Path) -> Finding:
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free // MB
    if free >= LOW_DISK:
        return Finding("disk", Level.OK, say("doctor.disk.ok", free=free))
    level = Level.FAIL if free < LEAST_DISK else Level.WARN
    return Finding("disk", level, say("doctor.disk.low", free=free), say("doctor.disk.low_mend"))


async def _platforms(config: Config) -> list[Finding]:
    """Both platforms and the clock, asked at once."""
    addresses = {}
    if config.slack:
        addresses["Slack"] = config.slack[0].api_url
    if config.telegram is not None:
        addresses["Telegram"] = f"{config.telegram.base}/"
    healths, standing, leads = await asyncio.gather(
        asyncio.gather(*(asking.slack(one) for one in config.slack)),
        _standing(config),
        asyncio.gather(*(asking.clock_lead(address) for address in addresses.values())),
    )
    found = [finding for health in healths for finding in findings.slack(health)]
    if config.telegram is not None and standing is not None:
        found.extend(findings.telegram(config.telegram, standing, SystemClock().now()))
    return [*found, _clock(dict(zip(addresses, leads, strict=True)))]


async def _standing(config: Config) -> Standing | asking.Silent | None:
    return None if config.telegram is None else await asking.telegram(config.telegram)


def _clock(leads: dict[str, float | None]) -> Finding:
    told = [(abs(lead), lead, platform) for platform, lead in leads.items() if lead is not None]
    if not told:
        return Finding("clock", Level.WARN, say("doctor.clock.unknown"))
    least, lead, platform = min(told)  # one platform's own clock may be wrong; two agree only by being right
    if least < DRIFT:
        return Finding("clock", Level.OK, say("doctor.clock.ok", platform=platform))
    way = say("doctor.clock.ahead" if lead > 0 else "doctor.clock.behind")
    text = say("doctor.clock.off", seconds=round(least), way=way, platform=platform)
    level = Level.FAIL if least >= FAR_OFF else Level.WARN
    return Finding("clock", level, text, say("doctor.clock.off_mend"))
