"""The ground every test stands on does what it says."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

ELSEWHERE = ("192.0.2.1", 9)  # reserved for documentation, answers nobody
HEADER = "import contextlib, os, socket\n"
SWALLOWED = HEADER + (
    "def test_swallowed():\n"
    "    with contextlib.suppress(Exception), socket.socket() as s:\n"
    f"        s.connect({ELSEWHERE!r})\n"
)
LOOPBACK = HEADER + (
    "def test_loopback():\n"
    "    with socket.create_server(('127.0.0.1', 0)) as server:\n"
    "        socket.create_connection(server.getsockname()).close()\n"
)
SETTINGS = HEADER + (
    "import pytest\n"
    "def test_settings():\n"
    "    assert 'SLACK_BOT_TOKEN' not in os.environ\n"
    "    assert os.environ['CHAIRSIDE_WIRE_LOG'] == 'kept'\n"
    "@pytest.mark.illegal_traffic\n"
    "def test_marked():\n"
    "    assert 'CHAIRSIDE_WIRE_LOG' not in os.environ\n"
    "def test_fixture(illegal_traffic):\n"
    "    assert 'CHAIRSIDE_WIRE_LOG' not in os.environ\n"
)


REACHES: dict[str, Callable[[socket.socket], object]] = {
    "connect": lambda one: one.connect(ELSEWHERE),
    "connect_ex": lambda one: one.connect_ex(ELSEWHERE),
    "datagram": lambda one: one.sendto(b"x", ELSEWHERE),
    "lookup": lambda _: socket.getaddrinfo("chairside.example", 443),
}


@pytest.mark.parametrize("reach", REACHES)
def test_an_address_beyond_this_machine_is_refused(reach: str, network_attempts: list[str]) -> None:
    kind = socket.SOCK_DGRAM if reach == "datagram" else socket.SOCK_STREAM
    with socket.socket(type=kind) as one, pytest.raises(Exception, match="tests stay on this machine"):
        REACHES[reach](one)

    assert len(network_attempts) == 1
    network_attempts.clear()


@pytest.mark.parametrize(
    ("source", "passed", "trouble"),
    [(SWALLOWED, 1, 1), (LOOPBACK, 1, 0), (SETTINGS, 3, 0)],
    ids=["a swallowed refusal fails", "loopback passes", "settings"],
)
def test_the_common_ground(tmp_path: Path, source: str, passed: int, trouble: int) -> None:
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        (ROOT / "pyproject.toml").read_text(encoding="utf-8").replace('testpaths = ["tests"]', 'testpaths = ["."]'),
        encoding="utf-8",
    )
    (tmp_path / "test_planted.py").write_text(source, encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"SLACK_BOT_TOKEN": "set", "CHAIRSIDE_WIRE_LOG": "kept"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert f"{passed} passed" in ran.stdout, ran.stdout + ran.stderr
    assert ("reached beyond this machine" in ran.stdout) == bool(trouble)
    assert (ran.returncode != 0) == bool(trouble)
