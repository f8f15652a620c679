"""DATABASE_URL: what it may say, and one clear line for everything else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from storage.engine.base import Dialect
from storage.engine.open import open_engine, sqlite_path
from storage.errors import ConfigError, InUse


async def test_opens_what_the_url_names(bare_url: str, dialect: Dialect, tmp_path: Path) -> None:
    engine = await open_engine(bare_url, data_dir=tmp_path / "data")
    assert engine.dialect is dialect
    assert await engine.read(lambda tx: tx.one("SELECT 1 AS one")) == {"one": 1}
    await engine.close()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_relative_and_absolute() -> None:
    assert sqlite_path("/data/chairside.db") == Path("data/chairside.db")
    assert sqlite_path("//srv/chairside.db") == Path("/srv/chairside.db")
    assert sqlite_path("//srv/my%20room.db") == Path("/srv/my room.db")


async def test_a_relative_path_counts_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    engine = await open_engine("sqlite:///data/chairside.db", data_dir=Path("data"))
    assert (tmp_path / "data" / "chairside.db").exists()
    with pytest.raises(InUse):
        await open_engine("sqlite:///data/chairside.db", data_dir=Path("data"))
    looker = await open_engine("sqlite:///data/chairside.db", data_dir=Path("data"), read_only=True)
    await looker.close()
    await engine.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "DATABASE_URL must be sqlite:///"),
        ("chairside.db", "DATABASE_URL must be sqlite:///"),
        ("mysql://u:hush@h/x", "it begins with mysql://"),
        ("postgresql+psycopg://u:hush@h/x", "it begins with postgresql\\+psycopg://"),
        ("sqlite://data/x.db", "three slashes"),
        ("sqlite://", "three slashes"),
        ("sqlite:///", "names a file"),
        ("sqlite:///:memory:", "names a file"),
        ("sqlite:///data/", "names a file"),
        ("sqlite:///x.db?mode=ro", "takes no options"),
        ("postgresql://u:hush@h:port/x", "not a PostgreSQL address"),
    ],
)
async def test_refuses_the_rest(url: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        await open_engine(url, data_dir=tmp_path)
    assert "hush" not in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_a_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="cannot make the data folder"):
        await open_engine("sqlite:///x.db", data_dir=tmp_path / "file" / "data")
