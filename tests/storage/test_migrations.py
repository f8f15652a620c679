"""Migrations: read for certain, applied once, by one process at a time, and never on top of a changed past."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage import inbox, owed
from storage.engine.base import Dialect, Engine, Row, Tx
from storage.errors import SchemaProblem
from storage.migrate import check, load, status, upgrade
from storage.sqlfile import split
from tests.support.databases import open_url

FIRST = """
-- the first; with a ; in a comment
CREATE TABLE a(id BIGINT PRIMARY KEY, word TEXT NOT NULL DEFAULT 'x;y''z'); /* ; */
-- dialect: sqlite
CREATE TRIGGER a_kept BEFORE DELETE ON a BEGIN
  SELECT CASE WHEN OLD.id = 1 THEN RAISE(ABORT, 'kept') END;
  SELECT 1;
END;
-- dialect: postgresql
CREATE FUNCTION a_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'kept'; END; $$;
CREATE TRIGGER a_kept BEFORE DELETE ON a FOR EACH ROW WHEN (OLD.id = 1) EXECUTE FUNCTION a_refuse();
-- dialect: both
INSERT INTO a(id) VALUES (1);
"""
SECOND = "ALTER TABLE a ADD COLUMN more BIGINT;\nCREATE INDEX a_more ON a(more);\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sql"
    made.mkdir()
    (made / "0000_first.sql").write_text(FIRST)
    return made


@pytest.fixture
async def bare(bare_url: str):
    opened = await open_url(bare_url)
    yield opened
    await opened.close()


def test_splits_at_the_right_semicolons() -> None:
    statements = split(FIRST, "first")
    assert [statement.dialect for statement in statements] == [
        None,
        Dialect.SQLITE,
        Dialect.POSTGRESQL,
        Dialect.POSTGRESQL,
        None,
    ]
    assert statements[0].sql.endswith("'x;y''z')")
    assert statements[1].sql.endswith("END")
    assert "INTEGER PRIMARY KEY" in (statements[0].text_for(Dialect.SQLITE) or "")
    assert "BIGINT PRIMARY KEY" in (statements[0].text_for(Dialect.POSTGRESQL) or "")
    assert statements[1].text_for(Dialect.POSTGRESQL) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("CREATE TABLE a(id BIGINT)", "does not end with ;"),
        ("SELECT 'a;\n", "line 1: a string, comment or \\$\\$ body is not closed"),
        ("SELECT 1;\n/* ;", "line 2: a string"),
        ("SELECT $$ ;", "not closed"),
        ("-- dialect: oracle\nSELECT 1;", "the dialects are both, sqlite, postgresql"),
        ("SELECT\n-- dialect: sqlite\n1;", "line 2: a dialect marker stands inside"),
    ],
)
def test_refuses_what_cannot_be_split(text: str, says: str) -> None:
    with pytest.raises(SchemaProblem, match=says):
        split(text, "odd.sql")


@pytest.mark.parametrize("name", ["first.sql", "1_first.sql", "0000_more.sql"])
def test_refuses_odd_names_and_a_number_twice(folder: Path, name: str) -> None:
    (folder / name).write_text("SELECT 1;")
    with pytest.raises(SchemaProblem, match=name):
        load(folder)


async def test_applies_each_once(bare: Engine, folder: Path) -> None:
    assert (await status(bare, load(folder))).pending == ("0000_first",)
    with pytest.raises(SchemaProblem, match="lacks 0000_first; run: chairside db upgrade"):
        await check(bare, load(folder))
    assert await upgrade(bare, load(folder), 17) == ("0000_first",)
    (folder / "0001_second.sql").write_text(SECOND)
    migrations = load(folder)
    assert await upgrade(bare, migrations, 18) == ("0001_second",)
    assert await upgrade(bare, migrations, 19) == ()
    found = await status(bare, migrations)
    assert (found.applied, found.pending, found.problem) == (("0000_first", "0001_second"), (), None)
    await check(bare, migrations)
    rows = await bare.read(lambda tx: tx.all("SELECT number, applied_at FROM schema_version ORDER BY number"))
    assert rows == [{"number": 0, "applied_at": 17}, {"number": 1, "applied_at": 18}]
    with pytest.raises(Exception, match=r"kept|P0001"):  # the trigger of this database is there
        await bare.write(lambda tx: tx.execute("DELETE FROM a"))


async def test_a_failing_migration_leaves_nothing(bare: Engine, folder: Path) -> None:
    (folder / "0001_bad.sql").write_text("CREATE TABLE b(id BIGINT PRIMARY KEY); INSERT INTO nowhere VALUES (1);")
    with pytest.raises(SchemaProblem, match=r"migration 0001_bad, statement 2: .*nowhere"):
        await upgrade(bare, load(folder), 1)
    assert (await status(bare, load(folder))).applied == ("0000_first",)
    (folder / "0001_bad.sql").write_text("CREATE TABLE b(id BIGINT PRIMARY KEY);")
    assert await upgrade(bare, load(folder), 1) == ("0001_bad",)


async def test_refuses_a_changed_file(bare: Engine, folder: Path) -> None:
    await upgrade(bare, load(folder), 1)
    (folder / "0000_first.sql").write_text(FIRST + "-- an afterthought\n")
    with pytest.raises(SchemaProblem, match="0000_first was changed after it was applied"):
        await upgrade(bare, load(folder), 2)
    assert "was changed" in ((await status(bare, load(folder))).problem or "")


async def test_refuses_a_newer_database(bare: Engine, folder: Path) -> None:
    (folder / "0001_second.sql").write_text(SECOND)
    await upgrade(bare, load(folder), 1)
    (folder / "0001_second.sql").unlink()
    with pytest.raises(SchemaProblem, match="newer than this program \\(it has 0001_second\\)"):
        await upgrade(bare, load(folder), 2)
    with pytest.raises(SchemaProblem, match="newer than this program"):
        await check(bare, load(folder))


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_two_processes_upgrade_at_once(bare_url: str, folder: Path) -> None:
    for number in range(1, 6):
        (folder / f"000{number}_t.sql").write_text(f"CREATE TABLE t{number}(id BIGINT PRIMARY KEY);")
    migrations = load(folder)
    engines = [await open_url(bare_url) for _ in range(3)]
    try:
        done = await asyncio.gather(*(upgrade(engine, migrations, 1) for engine in engines))
        assert sorted(name for names in done for name in names) == [str(migration) for migration in migrations]
    finally:
        for engine in engines:
            await engine.close()


async def test_our_own_migrations(engine: Engine) -> None:
    await check(engine, load())


async def test_what_was_seen_and_is_owed_stays_as_the_tables_are_made_anew(bare: Engine) -> None:
    every = load()
    await upgrade(bare, [one for one in every if one.number < 25], 1)

    def kept(tx: Tx) -> tuple[list[Row], list[Row]]:
        return tx.all("SELECT * FROM seen ORDER BY at"), tx.all("SELECT * FROM owed ORDER BY slot")

    def before(tx: Tx) -> tuple[list[Row], list[Row]]:
        tx.execute("INSERT INTO practice(id, name, timezone) VALUES (1, 'Riverside', 'Europe/London')")
        tx.execute(
            """INSERT INTO person(id, handle, name, role, timezone, created_at)
               VALUES (1, 'patel', 'Dr Patel', 'dentist', 'Europe/London', 0)"""
        )
        tx.execute(
            """INSERT INTO case_file(id, ref, practice_id, dentist_id, state, created_at)
               VALUES (1, 'C-7K3F', 1, 1, 'open', 0)"""
        )
        for at in range(3):
            tx.execute("INSERT INTO seen(key_hash, at) VALUES (:key, :at)", {"key": bytes([9 - at] * 32), "at": at})
        owed.begin(tx, 1, "reply", kind="question", since=5, length=7, due_at=12, next_at=None)
        owed.begin(tx, 1, "plan", kind="plan_review", since=6, length=8, due_at=None, next_at=9)
        return kept(tx)

    stood = await bare.write(before)
    assert len(stood[0]) == 3
    assert [row["slot"] for row in stood[1]] == ["plan", "reply"]
    await upgrade(bare, every, 2)
    assert await bare.read(kept) == stood
    assert not await bare.write(lambda tx: inbox.first_time(tx, [bytes([9] * 32)], 7))
    assert await bare.read(owed.next_due) == 9
