"""The relay beside a bare bolt + python-telegram-bot relay: CPU per message, latency at 50/s, messages/s per core.

All talk to the same kind of fakes, which run in this process; only the child's own CPU is counted. Chairside runs with
durability (FULL), sealing and audit on and pacing off. `wire` is a relay of aiohttp alone that looks at nothing: what
it takes from hand to hand is the fakes' and the machine's, so that what a program adds can be told.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from aiohttp import ClientSession, web

from benchmarks.practice import FIRST, SPECIALIST, fakes, furnish, settings
from bot.sandbox.slack.truth import What
from bot.sandbox.telegram.truth import Act

PROGRAMS = ("wire", "bare", "chairside")


@dataclass(frozen=True)
class Figures:
    """One program at one number of cases."""

    program: str
    cases: int
    cpu_us: float
    p50_ms: float
    p99_ms: float
    per_core: float

    def line(self) -> str:
        """For people."""
        return (
            f"{self.program:<10} {self.cases:>4} cases  {self.cpu_us:>7.0f} µs/message  p50 {self.p50_ms:>6.1f} ms  "
            f"p99 {self.p99_ms:>6.1f} ms  {self.per_core:>7.0f} messages/s per core"
        )


class Stage:
    """Fakes, one program, and people who talk."""

    def __init__(self, program: str, cases: int) -> None:
        self.program = program
        self.cases = cases
        self.slack, self.telegram = fakes(cases)
        self.sent: dict[str, float] = {}
        self.arrived: dict[str, float] = {}
        self.channels: list[str] = []
        self.topics: list[int] = []

    async def run(self, paced: int, blast: int) -> Figures:
        """Talk at 50 messages a second, then as fast as it goes."""
        async with self.slack, self.telegram:
            with tempfile.TemporaryDirectory() as folder:
                env = settings(self.slack, self.telegram, Path(folder))
                for number in range(self.cases):
                    await self.telegram.user(FIRST + number).start()
                await furnish(env, self.cases)
                child = await self._child("chairside", env, [])
                await self._rooms()
                if self.program != "chairside":  # the rooms are there; now the other program takes over
                    child.terminate()
                    await child.wait()
                    routes = [
                        [channel, str(FIRST + number), str(self.topics[number])]
                        for number, channel in enumerate(self.channels)
                    ]
                    child = await self._child(self.program, env, routes)
                    await asyncio.sleep(2)
                self._listen()
                await self._talk(50, 0)  # warm
                await self._settled()
                process = psutil.Process(child.pid)
                latencies = await self._latency(paced)
                cpu_before, began = _cpu(process), len(self.arrived)
                await self._talk(blast, 0)
                await self._settled()
                cpu = _cpu(process) - cpu_before
                count = len(self.arrived) - began
                child.terminate()
                await child.wait()
        cpu_us = cpu / count * 1e6
        return Figures(
            self.program,
            self.cases,
            cpu_us,
            latencies[len(latencies) // 2] * 1000,
            latencies[int(len(latencies) * 0.99)] * 1000,
            1e6 / cpu_us,
        )

    async def _child(self, program: str, env: dict[str, str], routes: list[list[str]]) -> asyncio.subprocess.Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.children", program, stdin=asyncio.subprocess.PIPE
        )
        assert child.stdin is not None
        child.stdin.write(json.dumps({"env": env, "routes": routes}).encode() + b"\n")
        await child.stdin.drain()
        return child

    async def _rooms(self) -> None:
        johal = self.slack.workspace("T0001").user(SPECIALIST)
        async with asyncio.timeout(300):
            while len(johal.channels) < self.cases or any(  # noqa: ASYNC110 - the rooms are another process's work
                not self.telegram.user(FIRST + number).topics for number in range(self.cases)
            ):
                await asyncio.sleep(0.1)
        await asyncio.sleep(2)
        names = {johal.channel(name).id: johal.channel(name).topic for name in johal.channels}
        self.topics = [self.telegram.user(FIRST + number).topics[0].id for number in range(self.cases)]
        titles = [self.telegram.user(FIRST + number).topics[0].name for number in range(self.cases)]
        by_ref = {name.split("case-patel-")[-1]: johal.channel(name).id for name in johal.channels}
        self.channels = [by_ref[title.split("C-")[-1].lower()] for title in titles]
        if len(names) < self.cases:
            raise RuntimeError("rooms are missing")

    def _listen(self) -> None:
        self.slack.truth.listen(
            lambda seen: self._arrive(seen.text) if seen.what is What.MESSAGE and seen.from_bot else None
        )
        self.telegram.truth.listen(
            lambda seen: self._arrive(seen.text) if seen.kind is Act.MESSAGE and seen.by_bot else None
        )

    def _arrive(self, text: str) -> None:
        for word in text.split():
            if word.startswith("m-") and word not in self.arrived:
                self.arrived[word] = time.perf_counter()

    async def _say(self) -> str:
        number = len(self.sent)
        word = f"m-{number:06}"
        case = number // 2 % self.cases
        self.sent[word] = time.perf_counter()
        if number % 2:
            await self.telegram.user(FIRST + case).says(
                f"hold aligner 6 {word}", topic=self.telegram.user(FIRST + case).topics[0]
            )
        else:
            await self.slack.workspace("T0001").user(SPECIALIST).says(f"it does not seat {word}", self.channels[case])
        return word

    async def _talk(self, count: int, rate: float) -> list[str]:
        words = []
        began = time.perf_counter()
        for index in range(count):
            words.append(await self._say())
            if rate:
                await asyncio.sleep(max(0.0, began + (index + 1) / rate - time.perf_counter()))
            elif len(self.sent) - len(self.arrived) > 200:
                await asyncio.sleep(0.005)
            else:
                await asyncio.sleep(0)
        return words

    async def _latency(self, count: int) -> list[float]:
        words = await self._talk(count, 50)
        await self._settled()
        return sorted(self.arrived[word] - self.sent[word] for word in words)

    async def _settled(self) -> None:
        async with asyncio.timeout(180):
            while len(self.arrived) < len(self.sent):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def floor(count: int = 4000) -> float:
    """Requests a second per core of an aiohttp server and client in one process: the machine's own measure."""

    async def hello(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_post("/", hello)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    process = psutil.Process()
    async with ClientSession() as session:
        before = _cpu(process)
        for _ in range(count):
            async with session.post(f"http://127.0.0.1:{port}/", json={"text": "hold aligner 6"}) as response:
                await response.json()
        spent = _cpu(process) - before
    await runner.cleanup()
    return count / spent


async def measure(cases: list[int], paced: int, blast: int) -> list[Figures]:
    """Every program at each number of cases, in this one run."""
    found = []
    for number in cases:
        for program in PROGRAMS:
            figures = await Stage(program, number).run(paced, blast)
            print(figures.line(), flush=True)
            found.append(figures)
    return found


def main() -> None:
    """Print the table and the ratios the targets speak of."""
    base = asyncio.run(floor())
    print(f"aiohttp floor {base:.0f} requests/s per core")
    figures = asyncio.run(measure([1, 10, 100], 500, 3000))
    for wire, bare, ours in zip(*(figures[place::3] for place in range(3)), strict=True):
        print(f"{ours.cases:>4} cases: {ours.cpu_us / bare.cpu_us:.2f} of the bare relay's CPU per message")
        for one in (bare, ours):
            added = f"p50 {one.p50_ms - wire.p50_ms:.1f} ms, p99 {one.p99_ms - wire.p99_ms:.1f} ms"
            print(f"           {one.program} adds to the wire's own latency {added}")
    scale = base / 3943
    print(f"target at 100 cases on this machine: {1000 * scale:.0f} messages/s per core")


if __name__ == "__main__":
    main()
