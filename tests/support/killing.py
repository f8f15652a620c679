"""The kill loop: the real process against faulty fakes, killed at random and at named points, while people talk.

The fakes live in the test's process, so their truth lists survive every kill.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from bot.domain.ids import CaseId, IdSource, PersonId
from bot.domain.rules import Rules
from bot.platforms.slack.capabilities import CAPABILITIES as SLACK
from bot.platforms.telegram.capabilities import CAPABILITIES as TELEGRAM
from bot.ports.clock import SystemClock
from bot.sandbox.faults import Faults, Kind
from bot.sandbox.slack import FakeSlack
from bot.sandbox.slack.limits import Limits as SlackLimits
from bot.sandbox.telegram import FakeTelegram
from bot.sandbox.telegram.limits import Limits as TelegramLimits
from bot.services import rooms
from bot.services.unit import Unit, Units
from storage.keys import unlock
from storage.sealing import Sealer
from tests.support.casework import JOHAL, PATEL, PEOPLE
from tests.support.databases import open_url
from tests.support.killing_truth import CASES, Truth, Verdict

CRASH = "stored:0.01,handled:0.01,claimed:0.02,sent:0.03,settled:0.01"
RULES = {
    # longer than any lateness of the fakes (0.3 s), with room for a machine that is busy
    "find_grace": 2_500_000,
    "lease": 1_500_000,
    "backoff_first": 20_000,
    "backoff_most": 200_000,
    "tell_waiting": 60_000_000,
    "pacing": False,
}


class KillLoop(Truth):
    """One seed: people talk, the process dies, the fakes misbehave; at the end everything must be right."""

    def __init__(self, url: str, folder: Path, seed: int) -> None:
        self.url = url
        self.folder = folder
        self.dice = random.Random(seed)
        self.slack = FakeSlack(limits=SlackLimits.off(), faults=Faults(seed=seed))
        self.telegram = FakeTelegram(limits=TelegramLimits.off(), faults=Faults(seed=seed + 1))
        self.said: dict[str, list[str]] = {}
        self.count = 0
        self.pid = 0
        self.ended: asyncio.Queue[int] = asyncio.Queue()
        self.began: asyncio.Queue[int] = asyncio.Queue()
        self.zygote: asyncio.subprocess.Process | None = None
        self.verdict = Verdict()

    async def run(self, kills: int) -> Verdict:
        """Kill the process `kills` times, then let it finish, then look; whatever happens, leave no process behind."""
        try:
            return await self._run(kills)
        finally:
            if self.pid and self.ended.empty():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)
            if self.zygote is not None and self.zygote.stdin is not None:
                self.zygote.stdin.close()
                await self.zygote.wait()

    async def _run(self, kills: int) -> Verdict:
        began = time.monotonic()
        self.slack.settings.event_retries = (0.0, *([0.25] * 2000))
        self.slack.settings.ack_seconds = 1.0
        async with self.slack, self.telegram:
            await self._people()
            await self._begin()
            await self._life(crash="")
            await self._rooms_open()
            await self._kill()
            self._break()
            for _ in range(kills):
                await self._life(crash=CRASH)
                await self._talk_until_death()
                self.verdict.kills += 1
            self._mend()
            self._alive()
            await self._life(crash="")
            await self._arrived(60.0)
            os.kill(self.pid, signal.SIGTERM)
            await self.ended.get()
            self._look()
            await self._database()
        self.pid = 0
        self.verdict.seconds = time.monotonic() - began
        return self.verdict

    # --- people ---------------------------------------------------------------------------------------------------

    async def _people(self) -> None:
        workspace = self.slack.add_workspace("T0001")
        for number, (_, name, *_rest) in PEOPLE.items():
            if number != PATEL:
                workspace.add_user(PEOPLE[number][5], name)
        for number in range(CASES):
            asha = self.telegram.add_user(700001 + number, "Asha")
            await asha.start()
        engine = await open_url(self.url)
        try:
            clock = SystemClock()
            keys = await unlock(engine, self.folder / "chairside.key", clock.now())
            ids = IdSource(clock.now, self.dice.getrandbits, 4000)
            units = Units(engine, clock, ids, Sealer(keys), {"slack": SLACK, "telegram": TELEGRAM}, Rules())
            await units.do(self._seed)
        finally:
            await engine.close()

    def _seed(self, unit: Unit) -> None:
        unit.tx.execute("INSERT INTO practice(id, name, timezone) VALUES (1, 'Riverside Dental', 'Europe/London')")
        people = dict(PEOPLE)
        for number in range(1, CASES):
            people[PersonId(10 + number)] = (
                f"patel{number}",
                "Dr Asha Patel",
                "dentist",
                "telegram",
                "",
                str(700001 + number),
            )
        for id_, (handle, name, role, platform, workspace, user) in people.items():
            unit.tx.execute(
                """INSERT INTO person(id, handle, name, role, practice_id, timezone, capacity, created_at)
                   VALUES (:id, :handle, :name, :role, 1, 'Europe/London', 25, 0)""",
                {"id": id_, "handle": handle, "name": name, "role": role},
            )
            unit.tx.execute(
                """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, reachable, claimed_at)
                   VALUES (:id, :id, :platform, :workspace, :user, 'active', 1, 0)""",
                {"id": id_, "platform": platform, "workspace": workspace, "user": user},
            )
        for number in range(CASES):
            dentist = PATEL if number == 0 else PersonId(10 + number)
            case = CaseId(5000 + number)
            unit.tx.execute(
                """INSERT INTO case_file(id, ref, practice_id, dentist_id, specialist_id, state, created_at)
                   VALUES (:id, :ref, 1, :d, :s, 'open', :now)""",
                {"id": case, "ref": f"C-7K{number}F", "d": dentist, "s": JOHAL, "now": unit.now},
            )
            rooms.take_seat(unit, case, "dentist", dentist)
            rooms.take_seat(unit, case, "specialist", JOHAL)

    async def _rooms_open(self) -> None:
        """A card stands in every room: only then is the room committed, and what is said there its case's."""
        await self._until(lambda: all(map(self._cards, range(CASES))), 60.0, "rooms to open")

    def _channel(self, number: int) -> str:
        johal = self.slack.workspace("T0001").user("U0002")
        return next((name for name in johal.channels if name.endswith(f"7k{number}f")), "")

    def _cards(self, number: int) -> bool:
        johal, asha = self.slack.workspace("T0001").user("U0002"), self.telegram.user(700001 + number)
        if not (channel := self._channel(number)) or not asha.topics:
            return False
        return bool(johal.messages(channel)) and any(
            "What you type here" in (one.text or "") for one in asha.messages(asha.topics[0])
        )

    async def _talk(self) -> None:
        number = self.dice.randrange(CASES)
        self.count += 1
        if self.dice.random() < 0.5:
            word = f"t{number}-{self.count:05}"
            self.said.setdefault(f"slack:{number}", []).append(word)
            asha = self.telegram.user(700001 + number)
            await asha.says(f"from the dentist {word}", topic=asha.topics[0])
        else:
            word = f"d{number}-{self.count:05}"
            self.said.setdefault(f"telegram:{number}", []).append(word)
            johal = self.slack.workspace("T0001").user("U0002")
            await johal.says(f"from the specialist {word}", channel=self._channel(number))

    # --- the process ----------------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        self.zygote = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.zygote",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.zygote is not None
        assert self.zygote.stdout is not None
        while line := await self.zygote.stdout.readline():
            words = json.loads(line)
            if "pid" in words:
                self.began.put_nowait(words["pid"])
            else:
                self.ended.put_nowait(words["ended"])

    async def _life(self, crash: str) -> None:
        assert self.zygote is not None
        assert self.zygote.stdin is not None
        workspace = self.slack.workspace("T0001")
        env = {
            "DATABASE_URL": self.url,
            "CHAIRSIDE_DATA_DIR": str(self.folder),
            "CHAIRSIDE_HTTP": "127.0.0.1:0",
            "CHAIRSIDE_LOG": "json,warning",
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": self.slack.base_url,
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
        }
        order = {"env": env, "rules": self._rules(), "crash": crash, "log": str(self.folder / "lives.log")}
        self.zygote.stdin.write(json.dumps(order).encode() + b"\n")
        await self.zygote.stdin.drain()
        self.pid = await asyncio.wait_for(self.began.get(), 30)

    def _rules(self) -> dict[str, object]:
        """Of the next life: either way in may be struck."""
        return {"at_once": self.dice.choice((0, 16)), **RULES}

    async def _talk_until_death(self) -> None:
        end = time.monotonic() + self.dice.uniform(0.05, 0.7)
        while time.monotonic() < end and self.ended.empty():
            if self._outstanding() < 40:
                await self._talk()
            await asyncio.sleep(self.dice.uniform(0.01, 0.15))
        await self._kill()

    async def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        await asyncio.wait_for(self.ended.get(), 30)

    def _alive(self) -> None:
        """A process that ends by itself proves nothing about kills."""
        log = (self.folder / "lives.log").read_text()
        assert "Traceback" not in log, log[-4000:]

    def _break(self) -> None:
        for faults, method in ((self.slack.faults, "chat.postMessage"), (self.telegram.faults, "sendMessage")):
            for kind, chance in (
                (Kind.DROP_BEFORE, 0.03),
                (Kind.DROP_AFTER, 0.05),
                (Kind.ACCEPT_LATE, 0.02),
                (Kind.RATE_LIMIT, 0.03),
                (Kind.ERROR_BEFORE, 0.02),
                (Kind.ERROR_AFTER, 0.03),
                (Kind.HTML, 0.01),
                (Kind.DISCONNECT, 0.02),
            ):
                faults.add(kind, method=method, chance=chance, times=None, seconds=0.3)
            faults.inbound.duplicate = 0.05

    def _mend(self) -> None:
        for faults in (self.slack.faults, self.telegram.faults):
            self.verdict.faults.update(hit.kind.value for hit in faults.hits)
            faults.clear()

    async def _arrived(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await self._until(lambda: self._outstanding() == 0, seconds, "everything to arrive")
        await asyncio.sleep(2.5)  # a late duplicate would come now

    async def _until(self, found: object, seconds: float, what: str) -> None:
        assert callable(found)
        end = time.monotonic() + seconds
        while not found():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {seconds} s for {what}")
            await asyncio.sleep(0.05)
