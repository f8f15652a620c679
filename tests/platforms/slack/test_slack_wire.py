"""Everything the gateway can send, held against Slack's own schemas; no word of a case on any lock screen."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.events import FileKind
from bot.domain.outbound import Button, FileToSend, Post
from bot.domain.richtext import RichText
from bot.platforms.slack.adapter import Slack
from bot.ports.gateway import Mark, Target
from bot.sandbox.slack import FakeSlack
from bot.sandbox.wirelog import WireLog
from tests.platforms.slack.conftest import settings
from tests.platforms.slack.support import JOHAL, Checkpoints, Files, WallClock, problems

CANARY = "UL4 is loose"
SEEN_ON_A_LOCK_SCREEN = ("text", "initial_comment", "name", "topic", "filename", "metadata")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "wire.jsonl"


@pytest.fixture
async def fake(log: Path) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(wire_log=WireLog(log)) as server:
        server.settings.limits = server.settings.limits.off()
        yield server


async def walk(fake: FakeSlack) -> None:
    workspace = fake.add_workspace("T0001", "Riverside Ortho")
    johal = workspace.add_user(JOHAL.user, "Amar Johal")
    files = Files({"b1": b"x" * 5000})
    slack = Slack([settings(fake, workspace)], files, WallClock())
    gateway, kept = slack.gateway, Checkpoints()
    try:
        await slack.check()
        room = await gateway.open_room(JOHAL, "case-patel-7k3f", "AB · 14 Jun", kept, "")
        await gateway.open_room(JOHAL, "case-patel-7k3f", "AB · 14 Jun", kept, "name:case-patel-7k3f")
        target = Target(room.place, JOHAL)
        await gateway.check_members(target)
        asked = await johal.says("Which?", room.place.chat)
        buttons = ((Button("Seen", "t1"), Button("Open", url="https://x.example/")),)
        full = Post(RichText(CANARY), "Dr Asha Patel", "#14", "Dr Patel · C-7K3F", buttons, mention=True)
        sent = await gateway.post(target, full, "d1", asked.ts, kept, "")
        await gateway.post(target, Post(RichText(CANARY)), "d2", None, kept, "")
        file = FileToSend("b1", "upper.stl", FileKind.DOCUMENT, "model/stl", 5000)
        await gateway.post(target, Post(RichText(""), file=file), "d3", None, kept, "")
        await gateway.post(target, Post(RichText(CANARY), file=file), "d4", asked.ts, kept, "")
        await gateway.edit(target, sent.native_id, full)
        await gateway.pin(target, sent.native_id)
        await gateway.mark(target, asked.ts, Mark.DELIVERED)
        assert await gateway.find(target, "d1", 0, "") is not None
        await gateway.delete(target, sent.native_id)
        await gateway.rename_room(target, "AB · 15 Jun", "case-shah-7k3f")
        await gateway.close_room(target)
        await gateway.direct(JOHAL)
        upload = await johal.uploads(b"y" * 100, "front.jpg")
        assert [len(chunk) async for chunk in gateway.fetch(room.place, upload.files[0].id, 1000)] == [100]
    finally:
        await slack.close()


async def test_every_call_is_legal_and_says_nothing_aloud(fake: FakeSlack, log: Path) -> None:
    await walk(fake)
    records: list[dict[str, Any]] = [json.loads(line) for line in log.read_text().splitlines()]
    methods = {one["method"] for one in records}
    assert len(methods) >= 20
    assert [found for one in records for found in problems(one["method"], one["args"])] == []
    assert fake.violations == []
    said = [json.dumps(value) for one in records for key, value in one["args"].items() if key == "blocks"]
    assert any(CANARY in one for one in said)
    aloud = [str(one["args"].get(key, "")) for one in records for key in SEEN_ON_A_LOCK_SCREEN]
    assert not any(CANARY in one for one in aloud)
    assert not any("xox" in json.dumps(one["args"]) for one in records)
