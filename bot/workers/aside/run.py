"""Starting a child, feeding it a file and reading its answer; whatever becomes of it, it ends in time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot.domain.errors import ChairsideError
from bot.workers.incoming import let_go

log = structlog.get_logger("aside")
PIECE: Final = 256 * 1024
ANSWER: Final = 1024 * 1024
"""Most bytes of a child's first line."""
ENV: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore", "LC_ALL": "C.UTF-8"}
"""All that a child is told: no settings, no secrets."""


class Failed(ChairsideError):
    """The child gave no whole answer: it ran out of memory or time, or fell over the file."""


@dataclass(slots=True)
class Answer:
    """What a child said, and the bytes that follow; reading them to the end raises Failed if it broke off."""

    said: dict[str, Any]
    rest: AsyncIterator[bytes]


class Aside:
    """Runs one child at a time, so that their memory is bounded too."""

    def __init__(self) -> None:
        self._one = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def run(self, job: str, chunks: AsyncIterator[bytes], *args: str, seconds: float) -> AsyncIterator[Answer]:
        """Give a file to the child `bot.workers.aside.<job>`. `chunks` is closed at the end."""
        async with self._one:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                "-m",
                f"bot.workers.aside.{job}",
                *args,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=ENV,
                limit=ANSWER,
            )
            feeding = asyncio.create_task(_feed(process, chunks))
            try:
                async with asyncio.timeout(seconds):
                    yield Answer(await _first(process), _rest(process))
            except TimeoutError:
                log.warning("aside.late", job=job)
                raise Failed("out of time") from None
            finally:
                feeding.cancel()
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await asyncio.wait((feeding,))
                await process.wait()
                await let_go(chunks)


async def _feed(process: asyncio.subprocess.Process, chunks: AsyncIterator[bytes]) -> None:
    assert process.stdin is not None
    try:
        async for chunk in chunks:
            process.stdin.write(chunk)
            await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        return  # it has read what it needed
    except Exception as error:  # noqa: BLE001 - whatever hinders reading the file: the child must not take a part for it
        log.warning("aside.fed", error=type(error).__name__)
        process.kill()
    finally:
        process.stdin.close()


async def _first(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    try:
        said = json.loads(await process.stdout.readline())
    except ValueError:
        raise Failed("no answer") from None
    if not isinstance(said, dict):
        raise Failed("no answer")
    return said


async def _rest(process: asyncio.subprocess.Process) -> AsyncIterator[bytes]:
    assert process.stdout is not None
    while piece := await process.stdout.read(PIECE):
        yield piece
    if await process.wait():
        raise Failed("broke off")
