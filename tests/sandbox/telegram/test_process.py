"""A bot in another process: what it did is in the truth list here, and being killed loses no update."""

import asyncio
import subprocess
import sys

from bot.sandbox.telegram import FakeTelegram, Person
from tests.sandbox.telegram.conftest import Api

POLLER = """
import json, sys, time, urllib.request

def call(method, **args):
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(sys.argv[1] + method, json.dumps(args).encode(), headers)
    return json.load(urllib.request.urlopen(request))["result"]

for update in call("getUpdates", timeout=20):
    call("sendMessage", chat_id=update["message"]["chat"]["id"], text="echo " + update["message"]["text"])
time.sleep(60)
"""


async def test_a_killed_bots_updates_come_again(telegram: FakeTelegram, asha: Person, api: Api) -> None:
    url = f"{telegram.base_url}{telegram.token}/"
    bot = await asyncio.create_subprocess_exec(sys.executable, "-c", POLLER, url, stderr=subprocess.PIPE)
    await asha.says("hello")
    await asha.sees("echo hello", timeout=10)
    bot.kill()
    await bot.wait()
    status, answer = await api("getUpdates", timeout=1)
    assert status == 200
    assert [one["message"]["text"] for one in answer["result"]] == ["hello"]


async def test_a_bot_killed_while_it_waits_holds_nobody_up(telegram: FakeTelegram, asha: Person, api: Api) -> None:
    url = f"{telegram.base_url}{telegram.token}/"
    bot = await asyncio.create_subprocess_exec(sys.executable, "-c", POLLER, url, stderr=subprocess.PIPE)
    async with asyncio.timeout(10):
        while not telegram.requests:  # noqa: ASYNC110  another process has no event to wait for
            await asyncio.sleep(0.01)
    bot.kill()
    await bot.wait()
    poll = asyncio.create_task(api("getUpdates", timeout=20))
    await asyncio.sleep(0.02)
    await asha.says("hello")
    status, answer = await asyncio.wait_for(poll, 2)
    assert status == 200
    assert len(answer["result"]) == 1
