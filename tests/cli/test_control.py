"""The control socket: private, replaced when stale, refused when taken, found in any folder."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import threading
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.desk import Desk, NoProcess
from bot.config import Config, ConfigProblem, read
from bot.core import Core, open_core
from bot.services.declined import Declined
from bot.workers import local_socket
from bot.workers.control import Control
from bot.workers.local_socket import SocketTaken, connect
from storage.errors import Unavailable


def config(folder: Path) -> Config:
    return read({"CHAIRSIDE_DATA_DIR": str(folder)}, None, platforms=False)


@pytest.fixture(params=["short", "long"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A data folder, by a short name and by one that no socket address has room for."""
    if request.param == "short":
        return tmp_path / "d"
    return tmp_path / ("a-folder-with-a-long-name" * 4) / "and-another-below-it" / "d"


@pytest.fixture
async def core(folder: Path) -> AsyncIterator[Core]:
    opened = await open_core(config(folder))
    yield opened
    await opened.close()


@pytest.fixture
async def control(core: Core, folder: Path) -> AsyncIterator[Control]:
    served = Control(core.units, folder)
    await served.start()
    yield served
    await served.stop()


async def ask(folder: Path, name: str, **args: Any) -> Any:
    return await asyncio.to_thread(lambda: Desk(config(folder)).write(name, **args))


async def test_it_is_private_and_goes_with_the_service(core: Core, folder: Path) -> None:
    control = Control(core.units, folder)
    assert not Desk(config(folder)).running
    await control.start()
    path = folder / local_socket.NAME
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.is_socket()
    assert Desk(config(folder)).running
    await control.stop()
    await control.stop()
    assert not path.exists()


async def test_a_use_case_is_done_declined_or_unknown(control: Control, folder: Path) -> None:
    assert await asyncio.to_thread(lambda: Desk(config(folder)).read("people")) == []
    done = await ask(folder, "roster.apply", text="people:\n- {id: a, name: B, role: specialist}\n", timezone="UTC")
    assert done["added"] == ["a"]
    for name, args, words in (
        ("roster.lock", {"handle": "nobody"}, "nobody"),
        ("roster.lock", {"handle": 7}, "same version"),
        ("roster.capacity", {"handle": "a", "capacity": "x"}, "same version"),
        ("no.such.thing", {}, "another version"),
    ):
        with pytest.raises(Declined, match=words):
            await ask(folder, name, **args)


async def test_what_is_no_json_object_is_declined(control: Control, folder: Path) -> None:
    def send(body: bytes) -> tuple[int, Any]:
        line = http.client.HTTPConnection("chairside", timeout=5)
        line.sock = connect(folder / local_socket.NAME, 5)
        line.request("POST", "/do/people", body)
        answer = line.getresponse()
        status, read_ = answer.status, json.loads(answer.read())
        line.close()
        return status, read_

    for body in (b"", b"[1]", b"{", b"\xff"):
        status, said = await asyncio.to_thread(send, body)
        assert status == 400
        assert "declined" in said


async def test_a_fault_says_its_class_and_no_more(
    control: Control, core: Core, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(unit: object, args: object) -> None:
        raise RuntimeError("canary words")

    monkeypatch.setattr("bot.workers.control.WRITES", {"roster.lock": faulty})
    with pytest.raises(Unavailable, match=r"met a fault \(RuntimeError\)") as caught:
        await ask(folder, "roster.lock", handle="a")
    assert "canary" not in str(caught.value)


async def test_a_socket_left_behind_is_replaced(core: Core, folder: Path) -> None:
    path = folder / local_socket.NAME
    with local_socket.reachable(path) as short, socket.socket(socket.AF_UNIX) as dead:
        dead.bind(short)  # as after kill -9: the file is there, nobody listens
    with pytest.raises(NoProcess):
        Desk(config(folder))._ask("people", {})
    control = Control(core.units, folder)
    await control.start()
    assert Desk(config(folder)).running
    await control.stop()


async def test_a_living_one_is_not(control: Control, core: Core, folder: Path) -> None:
    second = Control(core.units, folder)
    with pytest.raises(SocketTaken):
        await second.start()
    await second.stop()
    assert Desk(config(folder)).running  # the first still has its socket


async def test_a_stop_leaves_a_successors_socket(core: Core, folder: Path) -> None:
    first = Control(core.units, folder)
    await first.start()
    (folder / local_socket.NAME).unlink()
    second = Control(core.units, folder)
    await second.start()
    await first.stop()
    assert Desk(config(folder)).running
    await second.stop()


def test_a_service_that_does_not_answer_leaves_it_open_what_was_done(tmp_path: Path) -> None:
    with local_socket.listen(tmp_path / local_socket.NAME, 1) as deaf:
        desk = Desk(config(tmp_path))

        def hang_up() -> None:
            deaf.setblocking(True)
            connection, _ = deaf.accept()
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(Unavailable, match="not certain"):
            desk.write("roster.lock", handle="a")
        thread.join()


@pytest.mark.skipif(os.getuid() == 0, reason="root may open every socket")
def test_somebody_elses_socket_is_named(tmp_path: Path) -> None:
    with local_socket.listen(tmp_path / local_socket.NAME, 1):
        (tmp_path / local_socket.NAME).chmod(0)
        with pytest.raises(ConfigProblem, match="another user"):
            Desk(config(tmp_path)).read("people")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else for a moment")
async def test_another_user_is_refused_even_where_the_file_lets_them_in(control: Control, folder: Path) -> None:
    path = folder / local_socket.NAME
    path.chmod(0o666)
    folder.chmod(0o711)
    status = await asyncio.to_thread(_as_nobody, folder)
    assert status == b"HTTP/1.1 403"


def _as_nobody(folder: Path) -> bytes:
    """The first words of the answer that another user gets."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child makes a few system calls and ends
        child = os.fork()
    if child == 0:
        try:
            os.chdir(folder)
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            line = socket.socket(socket.AF_UNIX)
            line.connect(local_socket.NAME)
            line.sendall(b"POST /do/people HTTP/1.1\r\nHost: c\r\nContent-Length: 2\r\n\r\n{}")
            os.write(writer, line.recv(12))
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said
