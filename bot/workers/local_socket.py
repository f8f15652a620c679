"""The control socket's file: made private, found again, and told from one that a dead process left behind."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "control.sock"
LONGEST = 100
"""Bytes of a name that every system takes; Linux has room for 107, others for 103."""


class SocketTaken(Exception):
    """Another process answers on this socket."""


def listen(path: Path, backlog: int) -> socket.socket:
    """A listening socket of mode 0600; one that nobody answers on is replaced. Raises SocketTaken, OSError."""
    with reachable(path) as short:
        if os.path.lexists(path):
            if _answers(short):
                raise SocketTaken
            path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.setblocking(False)
        try:
            listener.bind(short)
            path.chmod(0o600)  # nobody can connect before the next line
            listener.listen(backlog)
        except BaseException:
            listener.close()
            raise
    return listener


def connect(path: Path, seconds: float) -> socket.socket:
    """A connection to whoever listens at `path`; FileNotFoundError or ConnectionRefusedError when nobody does."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(seconds)
    try:
        with reachable(path) as short:
            connection.connect(short)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """The same socket by a name short enough for the system, whatever folder it lies in."""
    if len(os.fsencode(path)) < LONGEST:
        yield str(path)
        return
    brief = len(tempfile.gettempdir()) < LONGEST // 2
    with tempfile.TemporaryDirectory(prefix="cs-", dir=None if brief else "/tmp") as folder:  # noqa: S108 - mode 0700
        link = Path(folder, "d")
        link.symlink_to(path.parent.absolute())
        yield str(link / path.name)


def _answers(short: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(short)
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:  # full or forbidden: somebody is there
            return True
        return True
