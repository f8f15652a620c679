"""`chairside run` from settings alone: both platforms in both modes serve, stop in time, and say nothing in the log."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.app import open_core
from bot.config import read
from bot.platforms.slack.http import PATH as SLACK_PATH
from bot.platforms.slack.manifest import manifest
from bot.sandbox.slack import FakeSlack
from bot.sandbox.telegram import FakeTelegram
from bot.services import assignment, openings, roster_file, rosters
from bot.services.unit import Unit
from storage import accounts, offers, people
from tests.support.console import Console, Service
from tests.support.theatre import INTAKE, ROSTER, eventually

CANARY = ("canary-dentist-7f3a", "canary-specialist-91cc", "gaps between my teeth", "canary-note-5d1e")
"""Words that people say; none may be in a log."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """Both fakes with our people in them, and the settings that lead there."""

    def __init__(self, folder: Path, *, slack_http: bool, webhook: bool) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.slack = FakeSlack()
        self.telegram = FakeTelegram()
        self.slack_http = slack_http
        self.webhook = webhook

    @asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        async with self.slack, self.telegram:
            workspace = self.slack.add_workspace("T0001", manifest=manifest(self.address if self.slack_http else ""))
            for user, name in (("U0002", "Amar"), ("U0003", "Sam")):
                workspace.add_user(user, name)
            self.telegram.add_user(700001, "Asha")
            yield self
        assert self.slack.violations == []
        assert self.telegram.violations == []

    @property
    def env(self) -> dict[str, str]:
        workspace = self.slack.workspace("T0001")
        env = {
            "CHAIRSIDE_HTTP": f"127.0.0.1:{self.port}",
            "CHAIRSIDE_LOG": "json,debug",
            "CHAIRSIDE_DATA_DIR": str(self.folder / "data"),
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_API_URL": self.slack.base_url,
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
        }
        if self.slack_http:
            env["SLACK_SIGNING_SECRET"] = workspace.signing_secret
        else:
            env["SLACK_APP_TOKEN"] = workspace.app_token
        if self.webhook:
            env |= {"TELEGRAM_WEBHOOK_URL": f"{self.address}/telegram", "TELEGRAM_WEBHOOK_SECRET": "webhook-secret-11"}
        return env

    @property
    def secrets(self) -> list[str]:
        workspace = self.slack.workspace("T0001")
        tokens = [workspace.bot_token, workspace.app_token, workspace.signing_secret, self.telegram.token]
        return [*tokens, self.telegram.token.partition(":")[2], "webhook-secret-11"]

    async def ready(self, service: Service) -> None:
        """Until the service says that it is, and Slack knows where to send."""
        async with aiohttp.ClientSession() as session:

            async def up() -> bool:
                assert service.process.returncode is None, service.output
                try:
                    async with session.get(f"{self.address}/readyz") as answer:
                        return answer.status == 200
                except aiohttp.ClientError:
                    return False

            await eventually(up, 30.0)
        if self.slack_http:
            assert await self.slack.workspace("T0001").use_http(f"{self.address}{SLACK_PATH}", verify=True)


def take_case(unit: Unit) -> str:
    """A case of Dr Patel's that Dr Johal has taken; its rooms are still to be made."""
    roster = roster_file.read_roster(ROSTER)
    assert not isinstance(roster, tuple)
    rosters.apply(unit, roster)
    person = people.by_handle(unit.tx, "patel")
    assert person is not None
    account = accounts.reach(unit.tx, person["id"])
    assert account is not None
    case_id = openings.open_case(unit, {**person, **account, "person_id": person["id"]}, dict(INTAKE))
    offer = offers.open_of_case(unit.tx, case_id)
    assert offer is not None
    assert assignment.accept(unit, offer["id"], offer["specialist_id"])
    row = unit.tx.one("SELECT ref FROM case_file WHERE id = :id", {"id": case_id})
    assert row is not None
    return str(row["ref"])


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("slack_http", [False, True], ids=["socket", "http"])
async def test_it_serves_and_stops(console: Console, slack_http: bool, webhook: bool) -> None:
    house = House(console.folder, slack_http=slack_http, webhook=webhook)
    async with house.open():
        asha, amar = house.telegram.user(700001), house.slack.workspace("T0001").user("U0002")
        await asha.start()
        core = await open_core(read(house.env, env_file=None))
        ref = await core.units.do(take_case)
        await core.close()

        service = await console.start("run", env=house.env)
        await house.ready(service)
        channel = await amar.sees_channel("case-patel", timeout=15)
        topic = await asha.sees_topic(ref, timeout=15)
        await asha.sees("What you type here goes to", topic, timeout=15)
        said = await asha.says(CANARY[0], topic)
        await amar.sees(CANARY[0], channel, timeout=15)
        answer = await amar.says(CANARY[1], channel)
        await asha.sees(CANARY[1], topic, timeout=15)
        await asha.says(f"/note {CANARY[3]}", topic)
        await asha.sees_reaction(said, timeout=15)
        await amar.sees_reaction("incoming_envelope", answer, timeout=15)

        began = time.monotonic()
        assert await service.stop(10.0) == 0, service.output
        assert time.monotonic() - began < 10
        assert not (console.folder / "data" / "control.sock").exists()

    lines = service.output.splitlines()
    assert any(json.loads(line)["event"] == "app.started" for line in lines), service.output
    assert any(json.loads(line)["event"] == "app.stopped" for line in lines), service.output
    for secret in (*CANARY, *house.secrets, "Asha", "Amar", "Patel"):
        assert secret not in service.output


async def test_a_stop_is_heeded_while_it_is_starting(console: Console) -> None:
    """Nothing answers at the platforms' addresses, so the start takes its time."""
    callers: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda reader, writer: callers.append(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    env = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
        "TELEGRAM_BOT_TOKEN": "1:AAAA",
        "TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
        "CHAIRSIDE_LOG": "json,info",
    }
    service = await console.start("run", env=env)
    await eventually((console.folder / "data" / "control.sock").exists, 30.0)
    await eventually(lambda: callers, 30.0)
    assert await service.stop(10.0) == 0, service.output
    assert "Traceback" not in service.output
    for caller in callers:
        caller.close()
    silent.close()
    await silent.wait_closed()


async def test_interrupt_is_as_good_as_terminate(console: Console) -> None:
    env = {"TELEGRAM_BOT_TOKEN": "1:AAAA", "TELEGRAM_API_URL": "http://127.0.0.1:1"}
    service = await console.start("run", env=env)
    await eventually((console.folder / "data" / "control.sock").exists, 30.0)
    service.process.send_signal(2)
    assert await service.ended(10.0) == 0, service.output
    assert "Traceback" not in service.output
