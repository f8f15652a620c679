"""The wire log holds each request as received, and ordinary traffic passes the published check."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument, InputMediaPhoto, MessageEntity

from bot.sandbox.telegram import FakeTelegram, Limits
from bot.sandbox.telegram.files import png
from bot.sandbox.wirelog import VARIABLE, WireLog

CHECK = Path(__file__).parents[4] / "shared" / "tools" / "check_wire_log.py"


async def traffic(telegram: FakeTelegram) -> None:
    asha = telegram.add_user(700001, "Asha")
    await asha.start()
    await asha.sends_document(b"x", "x.txt")
    async with Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url) as bot:
        updates = await bot.get_updates(timeout=1, allowed_updates=["message", "callback_query"])
        file = await updates[1].message.document.get_file()  # type: ignore[union-attr]
        await file.download_as_bytearray()
        topic = (await bot.create_forum_topic(asha.id, "AB")).message_thread_id
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y" * 64)]])
        bold = [MessageEntity("bold", 0, 2)]
        message = await bot.send_message(asha.id, "hi", message_thread_id=topic, entities=bold, reply_markup=markup)
        query = await asha.presses("Yes")
        await bot.answer_callback_query(query.id)
        await message.edit_text("ho")
        await bot.set_message_reaction(asha.id, message.message_id, "🕊")
        await bot.send_photo(asha.id, png(), caption="front")
        await bot.send_document(asha.id, b"plan", filename="plan.pdf")
        await bot.send_media_group(asha.id, [InputMediaPhoto(png()), InputMediaPhoto(png())])
        await bot.send_media_group(asha.id, [InputMediaDocument(b"a"), InputMediaDocument(b"b")])


async def test_each_request_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "wire.jsonl"
    async with FakeTelegram(wire_log=WireLog(path), limits=Limits.off()) as telegram:
        await traffic(telegram)
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert {one["platform"] for one in records} == {"telegram"}
    assert [one["method"] for one in records][:2] == ["getMe", "getUpdates"]
    sent = next(one for one in records if one["method"] == "sendMessage")
    assert sent["args"]["chat_id"] == "700001"
    assert json.loads(sent["args"]["entities"])[0]["type"] == "bold"
    photo = next(one for one in records if one["method"] == "sendPhoto")
    assert photo["files"] == ["photo"]
    assert "file" not in {one["method"] for one in records}  # downloads are not requests to the API


async def test_ordinary_traffic_is_legal(tmp_path: Path) -> None:
    if not CHECK.exists():
        pytest.skip("the check is not beside this checkout")
    path = tmp_path / "wire.jsonl"
    async with FakeTelegram(wire_log=WireLog(path), limits=Limits.off()) as telegram:
        await traffic(telegram)
    check = await asyncio.create_subprocess_exec(sys.executable, str(CHECK), str(path), stdout=subprocess.PIPE)
    printed, _ = await check.communicate()
    assert check.returncode == 0, printed
    assert printed.endswith(b"0 violations\n")


async def test_the_environment_names_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "wire.jsonl"
    monkeypatch.setenv(VARIABLE, str(path))
    server = FakeTelegram()
    monkeypatch.delenv(VARIABLE)
    silent = FakeTelegram()
    async with server, silent, Bot(silent.token, base_url=silent.base_url), Bot(server.token, base_url=server.base_url):
        pass
    assert [json.loads(line)["method"] for line in path.read_text().splitlines()] == ["getMe"]


def test_several_writers_share_one_file(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    first, second = WireLog(path), WireLog(path)
    for number in range(200):
        (first, second)[number % 2].write("telegram", "sendMessage", {"text": "line\n\u2028" * 500, "n": number})
    first.close()
    second.close()
    first.write("slack", "chat.postMessage", {}, ["b", "a"])
    first.close()
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert [one["args"].get("n") for one in records] == [*range(200), None]
    assert records[-1]["files"] == ["a", "b"]
    WireLog(None).write("slack", "x", {})
