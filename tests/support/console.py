"""`chairside` as somebody at a keyboard uses it: in this process, as a process of its own, or on a terminal."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from click.testing import CliRunner, Result

from bot.cli.main import cli

ROOT = Path(__file__).parents[2]
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Console:
    """A working folder and the settings in force there."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def run(self, *args: str) -> Result:
        """A command in this process; `stdout` and `stderr` apart, and no exception left unexplained."""
        result = CliRunner(env=self.env).invoke(cli, list(args), prog_name="chairside")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def ok(self, *args: str) -> str:
        """A command that has to work; what it printed."""
        result = self.run(*args)
        assert result.exit_code == 0, result.output
        return result.stdout

    async def aside(self, *args: str) -> Result:
        """The same while this loop goes on serving."""
        return await asyncio.to_thread(self.run, *args)

    async def start(self, *args: str, env: Mapping[str, str] | None = None) -> Service:
        """A command as a process of its own."""
        return await Service.begin(self.folder, args, {**self.env, **(env or {})})


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """What a process of ours gets to see: the settings, and what Python needs."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **env}


class Service:
    """A process, with everything it wrote."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.output = ""
        self._more = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def begin(cls, folder: Path, args: tuple[str, ...], env: Mapping[str, str]) -> Self:
        """Start it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *args,
            cwd=folder,
            env=environment(env),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        return cls(process)

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while chunk := await self.process.stdout.read(65536):
            self.output += chunk.decode()
            self._more.set()

    async def says(self, pattern: str, seconds: float = 20.0) -> re.Match[str]:
        """Wait until it has written something of this pattern."""
        try:
            async with asyncio.timeout(seconds):
                while (found := re.search(pattern, self.output)) is None:
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"did not say {pattern!r}:\n{self.output}") from None
        return found

    async def stop(self, seconds: float = 10.0) -> int:
        """SIGTERM, and how it ended; fails if that takes longer."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.ended(seconds)

    async def ended(self, seconds: float = 20.0) -> int:
        """Its exit code, once it has ended by itself."""
        try:
            async with asyncio.timeout(seconds):
                code = await self.process.wait()
                await self._reading
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
            raise AssertionError(f"still running after {seconds} s:\n{self.output}") from None
        return code


class Terminal:
    """A command on a pseudo-terminal, with somebody who reads and types."""

    def __init__(self, process: asyncio.subprocess.Process, master: int) -> None:
        self.process = process
        self.shown = ""
        self._master = master
        self._from = 0
        self._more = asyncio.Event()
        asyncio.get_running_loop().add_reader(master, self._read)

    @classmethod
    async def begin(cls, folder: Path, args: tuple[str, ...], env: Mapping[str, str]) -> Self:
        """Start it."""
        master, slave = pty.openpty()
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                *args,
                cwd=folder,
                env=environment({"TERM": "dumb", "COLUMNS": "200", **env}),
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
            )
        finally:
            os.close(slave)
        return cls(process, master)

    def _read(self) -> None:
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the other end is gone
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._master)
        self.shown += _COLOUR.sub("", data.decode(errors="replace")).replace("\r", "")
        self._more.set()

    async def sees(self, text: str, seconds: float = 20.0) -> None:
        """Wait until `text` comes after what was waited for before."""
        try:
            async with asyncio.timeout(seconds):
                while (at := self.shown.find(text, self._from)) < 0:
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"did not see {text!r} after:\n{self.shown[self._from :]}") from None
        self._from = at + len(text)

    def types(self, line: str) -> None:
        """A line and Enter."""
        os.write(self._master, f"{line}\n".encode())

    def interrupts(self) -> None:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    async def ended(self, seconds: float = 20.0) -> int:
        """Its exit code."""
        try:
            async with asyncio.timeout(seconds):
                code = await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
            raise AssertionError(f"still running:\n{self.shown}") from None
        await asyncio.sleep(0)
        self._read_rest()
        return code

    def _read_rest(self) -> None:
        asyncio.get_running_loop().remove_reader(self._master)
        os.set_blocking(self._master, False)
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                break
            if not data:
                break
            self.shown += _COLOUR.sub("", data.decode(errors="replace")).replace("\r", "")
        os.close(self._master)
