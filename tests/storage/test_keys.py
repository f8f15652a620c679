"""The key file: made once, kept private, proven against the database, and every failure one clear line."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from storage.engine.base import Engine
from storage.errors import Corrupt, KeyProblem
from storage.keys import KeyFile, derive, unlock
from storage.sealing import Sealer
from tests.support.databases import open_url


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "chairside.key"


def one_line(error: pytest.ExceptionInfo[KeyProblem]) -> str:
    said = str(error.value)
    assert "\n" not in said
    return said


async def test_made_on_the_first_run_only(engine: Engine, path: Path) -> None:
    first = await unlock(engine, path, 5)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["chairside.key"]  # no draft left behind
    again = await unlock(engine, path, 6)
    assert again.service == first.service
    assert again.file.masters == first.file.masters
    rows = await engine.read(lambda tx: tx.all("SELECT key_id, made_at FROM key_check"))
    assert rows == [{"key_id": first.file.current, "made_at": 5}]
    path.unlink()
    with pytest.raises(KeyProblem) as missing:
        await unlock(engine, path, 7)
    assert f"was sealed with key {first.file.current}; put it back" in one_line(missing)
    assert not path.exists()


async def test_not_made_where_it_should_be_there(engine: Engine, path: Path) -> None:
    with pytest.raises(KeyProblem, match="there is no key file at"):
        await unlock(engine, path, 5, create=False)
    assert not path.exists()


async def test_a_file_made_before_is_taken(engine: Engine, path: Path) -> None:
    made = KeyFile.create(path)
    assert (await unlock(engine, path, 5)).file.current == made.current
    assert KeyFile.create(path).masters == made.masters  # never over another file


async def test_another_key_is_refused(engine: Engine, path: Path, tmp_path: Path) -> None:
    keys = await unlock(engine, path, 5)
    KeyFile.create(tmp_path / "other")
    with pytest.raises(KeyProblem) as other:
        await unlock(engine, tmp_path / "other", 6)
    assert f"sealed with key {keys.file.current}, which" in one_line(other)
    assert await engine.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM key_check")) == {"n": 1}


async def test_another_key_under_the_same_id_is_refused(engine: Engine, path: Path) -> None:
    keys = await unlock(engine, path, 5)
    forged = KeyFile.create(path.with_name("forged")).path
    text = forged.read_text()
    forged.write_text(text.replace(KeyFile.load(forged).current, keys.file.current))
    with pytest.raises(KeyProblem) as wrong:
        await unlock(engine, forged, 6)
    assert "is not the one this database was sealed with" in one_line(wrong)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
async def test_open_to_others(engine: Engine, path: Path, mode: int) -> None:
    await unlock(engine, path, 5)
    path.chmod(mode)
    with pytest.raises(KeyProblem) as wide:
        await unlock(engine, path, 6)
    assert one_line(wide).endswith(f"mend it with: chmod 600 {path}")
    path.chmod(0o600)
    await unlock(engine, path, 7)


def test_files_that_are_no_keys(path: Path) -> None:
    KeyFile.create(path)
    line = path.read_text().splitlines()[-1]
    secret = line.partition(": ")[2]
    for text, says in (
        ("", "holds no key"),
        ("# only words\n", "holds no key"),
        (line[:-3], "line 1: not a key"),
        (f"{line}\n{line}\n", "line 2: not a key"),
        (f"key: {secret}\n", "line 1: not a key"),
    ):
        path.write_text(text)
        with pytest.raises(KeyProblem, match=says) as bad:
            KeyFile.load(path)
        assert secret not in str(bad.value)
    path.unlink()
    path.mkdir(mode=0o700)
    with pytest.raises(KeyProblem):
        KeyFile.load(path)
    with pytest.raises(KeyProblem, match="cannot write the key file"):
        KeyFile.create(Path("/dev/null/chairside.key"))
    assert secret not in repr(KeyFile(path, {"00000000": secret.encode()}))


async def test_a_second_key_for_rotation(engine: Engine, path: Path) -> None:
    """A newer key seals what is new; the older one opens what is old, and may not be dropped while it does."""
    old = await unlock(engine, path, 5)
    sealer = Sealer(old)
    sealed = await engine.write(lambda tx: sealer.seal(tx, 7, "message", "body_sealed", 1, 1, b"old"))
    newer = KeyFile.create(path.with_name("newer")).path.read_text().splitlines()[-1]
    before = path.read_text()
    path.write_text(f"{before}{newer}\n")
    both = await unlock(engine, path, 6)
    assert both.file.current == newer[:8] != old.file.current
    assert both.service == old.service  # keyed hashes and the inbox stay as they were
    sealer = Sealer(both)
    assert await engine.read(lambda tx: sealer.unseal(tx, 7, "message", "body_sealed", 1, 1, sealed)) == b"old"
    await engine.write(lambda tx: sealer.seal(tx, 8, "message", "body_sealed", 1, 1, b"new"))
    rows = await engine.read(lambda tx: tx.all("SELECT case_id, key_id FROM case_key ORDER BY case_id"))
    assert [row["key_id"] for row in rows] == [old.file.current, old.file.current, both.file.current]
    for left in (before, f"{newer}\n"):
        path.write_text(left)
        with pytest.raises(KeyProblem, match="put back the right file"):
            await unlock(engine, path, 7)


async def test_an_altered_wrapped_key(engine: Engine, path: Path) -> None:
    keys = await unlock(engine, path, 5)
    sealer = Sealer(keys)
    for case in (1, 2):
        await engine.write(lambda tx, case=case: sealer.seal(tx, case, "t", "c_sealed", 1, 1, b""))
    swap = "UPDATE case_key SET wrapped = (SELECT o.wrapped FROM case_key o WHERE o.case_id = 2) WHERE case_id = 1"
    await engine.write(lambda tx: tx.execute(swap))
    fresh = Sealer(keys)
    with pytest.raises(Corrupt):
        await engine.read(lambda tx: fresh.unseal(tx, 1, "t", "c_sealed", 1, 1, b"\x01" + bytes(40)))


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_two_processes_unlock_at_once(database_url: str, path: Path, tmp_path: Path) -> None:
    engines = [await open_url(database_url) for _ in range(4)]
    try:
        keys = await asyncio.gather(*(unlock(engine, path, 5) for engine in engines))
        assert len({each.service for each in keys}) == 1
    finally:
        for engine in engines:
            await engine.close()


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_two_machines_with_keys_of_their_own(database_url: str, tmp_path: Path) -> None:
    engines = [await open_url(database_url) for _ in range(3)]
    try:
        tried = await asyncio.gather(
            *(unlock(engine, tmp_path / str(n), 5) for n, engine in enumerate(engines)), return_exceptions=True
        )
        assert sorted(type(each).__name__ for each in tried) == ["KeyProblem", "KeyProblem", "Keys"]
        assert len(await engines[0].read(lambda tx: tx.all("SELECT 1 FROM key_check"))) == 1
    finally:
        for engine in engines:
            await engine.close()


def test_purposes_differ() -> None:
    assert len({derive(bytes(32), purpose) for purpose in ("a", "b", "ab", "")}) == 4
    assert derive(bytes(32), "a", b"salt") != derive(bytes(32), "a")
