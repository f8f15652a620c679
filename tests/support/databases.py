"""Fixtures: `engine` over a fresh, migrated database of each kind; `bare_url` for a database with nothing in it;
`sealer` for sealed columns over `engine`.

`tests/conftest.py` names this module as a plugin, so every test has them. A test that needs one kind alone says
`@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)`.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from storage.engine.base import Dialect, Engine
from storage.engine.open import sqlite_path
from storage.engine.postgres import open_postgres
from storage.engine.sqlite import open_sqlite
from storage.keys import Keys, unlock
from storage.migrate import load, upgrade
from storage.sealing import Sealer
from tests.support.postgres import Server, serve

_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_KEPT = {"schema_version", "process_number"}


async def open_url(url: str) -> Engine:
    """Open a database of these fixtures, with few connections; the caller closes it."""
    if url.startswith("sqlite://"):
        return await open_sqlite(sqlite_path(url.removeprefix("sqlite://")), busy_seconds=2)
    return await open_postgres(url, size=4)


async def _migrate(url: str) -> None:
    engine = await open_url(url)
    try:
        await upgrade(engine, load(), 0)
    finally:
        await engine.close()


def migrate(url: str) -> None:
    """Bring a database up to date, from code that is not async; on a thread, to leave the tests' loop alone."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _migrate(url)).result()


class PostgresDatabases:
    """Migrated databases, emptied and lent again: making one takes 100 ms, emptying one a few."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._template = server.create()
        migrate(server.url(self._template))
        self._tables = self._names(self._template)
        self._free: list[str] = []

    def _names(self, database: str) -> set[str]:
        with closing(psycopg.connect(self.server.url(database), autocommit=True)) as connection:
            return {row[0] for row in connection.execute(_TABLES)}

    def take(self) -> str:
        """The name of a migrated, empty database."""
        return self._free.pop() if self._free else self.server.create(self._template)

    def give_back(self, database: str) -> None:
        """Empty it, past every trigger and key; drop it if a test added or removed tables."""
        with closing(psycopg.connect(self.server.url(database), autocommit=True)) as connection:
            same = {row[0] for row in connection.execute(_TABLES)} == self._tables
            if same:
                wipe = "; ".join(f'DELETE FROM "{table}"' for table in sorted(self._tables - _KEPT))
                connection.execute(f"SET session_replication_role = replica; {wipe}".encode())
        if same:
            self._free.append(database)
        else:
            self.server.drop(database)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for this process (each xdist worker has its own), started when first asked for."""
    with serve() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: Server) -> PostgresDatabases:
    """Where migrated PostgreSQL databases come from."""
    return PostgresDatabases(postgres_server)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=[dialect.value for dialect in Dialect])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Runs the test once for each kind of database."""
    return Dialect(request.param)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, dialect: Dialect, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    if dialect is Dialect.SQLITE:
        path = tmp_path / "chairside.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    database = databases.take()
    yield databases.server.url(database)
    databases.give_back(database)


@pytest.fixture
def bare_url(request: pytest.FixtureRequest, dialect: Dialect, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it."""
    if dialect is Dialect.SQLITE:
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    server: Server = request.getfixturevalue("postgres_server")
    database = server.create()
    yield server.url(database)
    server.drop(database)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[Engine]:
    """An engine over a fresh, migrated database."""
    opened = await open_url(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def keys(engine: Engine, tmp_path: Path) -> Keys:
    """A key file of the test's own, known to `engine`'s database."""
    return await unlock(engine, tmp_path / "chairside.key", 0)


@pytest.fixture
def sealer(keys: Keys) -> Sealer:
    """A sealer over `engine`."""
    return Sealer(keys)
