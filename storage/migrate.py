"""Migrations: numbered SQL files, each applied once, in its own transaction, by one process at a time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.engine.base import Dialect, Engine, Tx
from storage.errors import Integrity, Misuse, SchemaProblem
from storage.sqlfile import Statement, split

FOLDER = Path(__file__).parent / "migrations"
_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_LOCK = 0x43484149525F4442  # any number nothing else of ours takes: "CHAIR_DB"
_TABLE = """
CREATE TABLE IF NOT EXISTS schema_version (
  number BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at BIGINT NOT NULL
)"""
_EXISTS = {
    Dialect.SQLITE: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'",
    Dialect.POSTGRESQL: "SELECT 1 WHERE to_regclass('schema_version') IS NOT NULL",
}


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `0001_core.sql` is number 1, name "core"; `sha256` is of its bytes, in hex."""

    number: int
    name: str
    sha256: str
    statements: tuple[Statement, ...]

    def __str__(self) -> str:
        return f"{self.number:04}_{self.name}"


@dataclass(frozen=True, slots=True)
class Status:
    """Where a database stands: names of migrations applied and pending, and what is wrong, if anything."""

    applied: tuple[str, ...]
    pending: tuple[str, ...]
    problem: str | None


def load(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Every migration in `folder`, in order; numbers may be left out, for what is still being made.

    Raises SchemaProblem for odd names, a number used twice and files that do not split.
    """
    found: list[Migration] = []
    for file in sorted(folder.glob("*.sql")):
        name = _NAME.fullmatch(file.name)
        if name is None:
            raise SchemaProblem(f"{file.name} is not named like 0001_core.sql")
        if found and int(name[1]) == found[-1].number:
            raise SchemaProblem(f"{file.name}: {found[-1]} has this number already")
        raw = file.read_bytes()
        statements = split(raw.decode(), file.name)
        found.append(Migration(int(name[1]), name[2], hashlib.sha256(raw).hexdigest(), statements))
    if not found:
        raise SchemaProblem(f"no migrations in {folder}")
    return tuple(found)


async def upgrade(engine: Engine, migrations: Sequence[Migration], now: int) -> tuple[str, ...]:
    """Apply what is pending and return its names. Raises SchemaProblem; what was applied before it stays applied.

    Two processes may do this at once: each migration is applied by whichever comes first.
    """
    done: list[str] = []
    while (applied := await engine.write(lambda tx: _step(tx, migrations, now))) is not None:
        done.append(applied)
    return tuple(done)


async def status(engine: Engine, migrations: Sequence[Migration]) -> Status:
    """Where the database stands; changes nothing."""
    return await engine.read(lambda tx: standing(tx, migrations))


async def check(engine: Engine, migrations: Sequence[Migration]) -> None:
    """Raise SchemaProblem unless the database has exactly these migrations."""
    found = await status(engine, migrations)
    if found.problem is not None:
        raise SchemaProblem(found.problem)
    if found.pending:
        raise SchemaProblem(f"the database lacks {', '.join(found.pending)}; run: chairside db upgrade")


def standing(tx: Tx, migrations: Sequence[Migration]) -> Status:
    """Where the database stands, within a transaction."""
    rows = tx.all("SELECT * FROM schema_version ORDER BY number") if tx.one(_EXISTS[tx.dialect]) else []
    names = tuple(f"{row['number']:04}_{row['name']}" for row in rows)
    by_number = {migration.number: migration for migration in migrations}
    problem = None
    for row, name in zip(rows, names, strict=True):
        known = by_number.pop(row["number"], None)
        if known is None:
            problem = f"the database is newer than this program (it has {name}); install the version that made it"
            break
        if known.sha256 != row["sha256"]:
            problem = f"migration {known} was changed after it was applied here; bring the file back as it was"
            break
    return Status(names, tuple(str(migration) for migration in by_number.values()), problem)


def _step(tx: Tx, migrations: Sequence[Migration], now: int) -> str | None:
    if tx.dialect is Dialect.POSTGRESQL:  # on SQLite, BEGIN IMMEDIATE is the lock
        tx.execute("SET LOCAL lock_timeout = 0")
        tx.execute("SELECT pg_advisory_xact_lock(:lock)", {"lock": _LOCK})
    tx.execute(_TABLE)
    found = standing(tx, migrations)
    if found.problem is not None:
        raise SchemaProblem(found.problem)
    if not found.pending:
        return None
    migration = next(migration for migration in migrations if str(migration) == found.pending[0])
    for index, statement in enumerate(migration.statements, 1):
        sql = statement.text_for(tx.dialect)
        if sql is None:
            continue
        try:
            tx.execute(sql)
        except (Misuse, Integrity) as error:
            raise SchemaProblem(f"migration {migration}, statement {index}: {error}") from None
    tx.execute(
        "INSERT INTO schema_version(number, name, sha256, applied_at) VALUES (:number, :name, :sha256, :now)",
        {"number": migration.number, "name": migration.name, "sha256": migration.sha256, "now": now},
    )
    return str(migration)
