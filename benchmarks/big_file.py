"""A 200 MB scan from a Telegram dentist over an upload link to a Slack specialist: memory, and how long the loop stood.

A loop is late where its own thread works or waits for a disk, and also where the machine gives its core to somebody
else; Linux counts the latter, so it is told apart. `python -m benchmarks.big_file [MB]`. The service runs in a process
of its own; the fakes and the browser are this one.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import json
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from benchmarks.practice import FIRST, SPECIALIST, fakes, furnish, settings
from bot.app import serve
from bot.cli.logs import configure
from bot.cli.run import fast_loop
from bot.config import read
from bot.domain.rules import Rules

MB = 1_000_000
PIECE = 2 * 1024 * 1024
BEAT = 0.005
TARGET_MS, TARGET_MIB = 50.0, 32.0


class Watch:
    """How late the loop's heart beats, how much of that its thread worked or was blocked, and the most memory."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.busy: list[float] = []
        self.stood: list[float] = []
        self.begun = self.most = 0
        self._fresh = False
        self._over = threading.Event()

    def reset(self) -> None:
        """Measure from here on."""
        gc.collect()
        self._fresh = True  # the beat under way includes this very work
        self.begun = self.most = psutil.Process().memory_info().rss

    async def heart(self) -> None:
        """Beat until cancelled."""
        while True:
            wall, worked, queued = time.perf_counter(), time.thread_time(), _queued()
            await asyncio.sleep(BEAT)
            late = time.perf_counter() - wall - BEAT
            self.late.append(late)
            self.busy.append(time.thread_time() - worked)
            self.stood.append(late - (_queued() - queued))
            if self._fresh:
                self.late, self.busy, self.stood, self._fresh = [], [], [], False

    def memory(self) -> None:
        """Look at the memory from a thread of its own, which no loop holds up."""
        process = psutil.Process()
        while not self._over.wait(0.01):
            self.most = max(self.most, process.memory_info().rss)

    def told(self) -> dict[str, float]:
        """In milliseconds and MiB."""
        late = sorted(self.late)
        return {
            "late_ms": late[-1] * 1000,
            "late_p999_ms": late[int(len(late) * 0.999)] * 1000,
            "stood_ms": max(self.stood) * 1000,
            "busy_ms": max(self.busy) * 1000,
            "beats": len(late),
            "rss_before": self.begun / 2**20,
            "rss_growth": (self.most - self.begun) / 2**20,
        }

    def end(self) -> None:
        """No more."""
        self._over.set()


def _queued() -> float:
    """Seconds that this thread could have run and had no core; 0 where nobody counts them."""
    counted = Path("/proc/thread-self/schedstat")
    return int(counted.read_text().split()[1]) / 1e9 if counted.exists() else 0.0


async def _service(env: dict[str, str]) -> None:
    """The service, watched: SIGUSR1 begins a measurement, SIGUSR2 prints it."""
    watch = Watch()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, watch.reset)
    loop.add_signal_handler(signal.SIGUSR2, lambda: print(json.dumps(watch.told()), flush=True))
    threading.Thread(target=watch.memory, daemon=True).start()
    heart = asyncio.create_task(watch.heart())
    try:
        await serve(read(env, env_file=None), rules=Rules(pacing=False))
    finally:
        heart.cancel()
        watch.end()


async def measure(megabytes: int) -> dict[str, Any]:
    """One file of so many MB, twice: the first warms up."""
    slack, telegram = fakes(1)
    async with slack, telegram:
        with tempfile.TemporaryDirectory() as folder:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            env = settings(slack, telegram, Path(folder))
            env |= {"CHAIRSIDE_HTTP": f"127.0.0.1:{port}", "CHAIRSIDE_PUBLIC_URL": f"http://127.0.0.1:{port}"}
            dentist = telegram.user(FIRST)
            await dentist.start()
            await furnish(env, 1)
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "benchmarks.big_file", "service"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(json.dumps(env).encode() + b"\n")
            try:
                await _until(lambda: bool(dentist.topics))
                johal = slack.workspace("T0001").user(SPECIALIST)
                await _until(lambda: bool(johal.channels))
                await _bring(dentist, johal, 10, seed=1)
                await asyncio.sleep(1)
                child.send_signal(signal.SIGUSR1)
                await asyncio.sleep(1)
                timing = await _bring(dentist, johal, megabytes, seed=2)
                child.send_signal(signal.SIGUSR2)
                told: dict[str, Any] = json.loads(await asyncio.wait_for(child.stdout.readline(), 10))
            finally:
                with contextlib.suppress(ProcessLookupError):
                    child.terminate()
                await child.wait()
    return told | timing


async def _bring(dentist: Any, johal: Any, megabytes: int, seed: int) -> dict[str, float]:
    """Ask for a link as a dentist does, bring the file as the page does, wait for it on the other side."""
    dice = random.Random(seed)
    triangles = megabytes * MB // 50
    block = dice.randbytes(PIECE)
    head = b"scan".ljust(80) + triangles.to_bytes(4, "little")
    size = 84 + 50 * triangles
    before = len(_links(dentist))
    await dentist.sends_document(b"never fetched", "upper.stl", "", dentist.topics[0], size=max(size, 30 * MB))
    await _until(lambda: len(_links(dentist)) > before)
    page, _, token = _links(dentist)[-1].partition("#")
    base = page.rpartition("/")[0]
    whole = hashlib.sha256()
    headers = {"Authorization": f"Bearer {token}"}
    began = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        await _ask(session, f"{base}/begin", headers, json={"name": "upper.stl", "size": size})
        at = 0
        while at < size:
            piece = (head + block if at == 0 else block)[: min(PIECE, size - at)]
            whole.update(piece)
            digest = hashlib.sha256(piece).hexdigest()
            await _ask(session, f"{base}/piece?at={at}", headers | {"X-Piece-SHA256": digest}, data=piece)
            at += len(piece)
        await _ask(session, f"{base}/end", headers, json={"sha256": whole.hexdigest()})
    sent = time.perf_counter()
    channel = johal.channel(johal.channels[0])
    await _until(lambda: any(f.sha256 == whole.hexdigest() for one in johal.messages(channel) for f in one.files))
    return {"upload_s": sent - began, "onwards_s": time.perf_counter() - sent, "bytes": size}


def _links(dentist: Any) -> list[str]:
    buttons = [button for one in dentist.messages(dentist.topics[0]) for row in one.buttons for button in row]
    return [button.url for button in buttons if button.url]


async def _ask(session: aiohttp.ClientSession, url: str, headers: dict[str, str], **more: Any) -> None:
    async with session.post(url, headers=headers, **more) as answer:
        if answer.status != 200:
            raise RuntimeError(f"{url.rpartition('/')[2]}: {answer.status} {await answer.text()}")


async def _until(true: Any) -> None:
    async with asyncio.timeout(120):
        while not true():  # noqa: ASYNC110 - another process's work
            await asyncio.sleep(0.02)


def main() -> None:
    """Print the figures and whether they are within the targets."""
    if sys.argv[1:] == ["service"]:
        env = json.loads(sys.stdin.readline())
        configure("json", "warning")
        with asyncio.Runner(loop_factory=fast_loop()) as runner:
            runner.run(_service(env))
        return
    figures = asyncio.run(measure(int(sys.argv[1]) if sys.argv[1:] else 200))
    print(
        f"{figures['bytes'] / MB:.0f} MB: brought in {figures['upload_s']:.1f} s, on in Slack "
        f"{figures['onwards_s']:.1f} s later"
    )
    print(
        f"loop late by at most {figures['late_ms']:.1f} ms (p99.9 {figures['late_p999_ms']:.1f} ms, "
        f"{figures['beats']:.0f} beats), without its waits for a core by at most {figures['stood_ms']:.1f} ms, its own "
        f"thread at work for at most {figures['busy_ms']:.1f} ms: target {TARGET_MS:.0f} ms"
    )
    grown, before = figures["rss_growth"], figures["rss_before"]
    print(f"memory up by {grown:.1f} MiB from {before:.1f} MiB: target {TARGET_MIB:.0f} MiB")


if __name__ == "__main__":
    main()
