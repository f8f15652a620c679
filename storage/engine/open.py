"""From DATABASE_URL to an open engine."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from storage.engine.base import Engine
from storage.engine.postgres import open_postgres
from storage.engine.sqlite import open_sqlite
from storage.errors import ConfigError

_EXPECTED = "DATABASE_URL must be sqlite:///folder/name.db or postgresql://user:password@host/name"


async def open_engine(url: str, *, data_dir: Path, read_only: bool = False) -> Engine:
    """Open the database `url` names; `data_dir` is made (mode 0700) if missing.

    `sqlite:///relative.db` counts from the working folder, `sqlite:////absolute.db` from the root. `read_only`
    lets a second process look at a SQLite database in use; PostgreSQL needs no such thing and ignores it.
    Raises ConfigError (InUse for a SQLite database another process writes), Unavailable, Corrupt.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise ConfigError(_EXPECTED)
    _make_private(data_dir)
    if scheme in ("postgresql", "postgres"):
        return await open_postgres(url)
    if scheme == "sqlite":
        return await open_sqlite(sqlite_path(rest), read_only=read_only)
    raise ConfigError(f"{_EXPECTED}; it begins with {scheme}://")


def sqlite_path(rest: str) -> Path:
    """The file named by what follows `sqlite://`; raises ConfigError for a host, options or no file at all."""
    if not rest.startswith("/"):
        raise ConfigError("a SQLite DATABASE_URL has three slashes (four for an absolute path): sqlite:///data/x.db")
    name = rest.removeprefix("/")
    if "?" in name or "#" in name:
        raise ConfigError("a SQLite DATABASE_URL takes no options")
    if name in ("", ":memory:") or name.endswith("/"):
        raise ConfigError("a SQLite DATABASE_URL names a file: sqlite:///data/chairside.db")
    return Path(unquote(name))


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make the data folder {folder}: {error.strerror}") from None
