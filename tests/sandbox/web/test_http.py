"""The page over HTTP: its own address only, nothing from elsewhere, and what people may and may not do."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.script import load
from bot.sandbox.stage import Stage
from bot.sandbox.telegram.files import png
from bot.sandbox.web.serve import PortInUse, page

DENTIST, SPECIALIST = "700001", "U0002"


@pytest.fixture
async def client(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(url) as session:
        yield session


async def act(client: aiohttp.ClientSession, name: str, **given: object) -> tuple[int, str]:
    async with client.post(f"/do/{name}", json=given) as answer:
        return answer.status, (await answer.json()).get("why", "")


async def parts(client: aiohttp.ClientSession) -> dict[str, Any]:
    """The whole page as it stands."""
    found: dict[str, Any] = {}
    async with client.get("/events", params={"telegram": DENTIST, "slack": SPECIALIST}) as stream:
        name = ""
        async for line in stream.content:
            if line.startswith(b"event: "):
                name = line[7:].decode().strip()
            elif line.startswith(b"data: "):
                found[name] = json.loads(line[6:])
                if len(found) == 7:
                    return found
    raise AssertionError(f"only {sorted(found)}")


async def test_every_file_of_the_page_is_its_own(client: aiohttp.ClientSession) -> None:
    async with client.get("/") as answer:
        words, policy = await answer.text(), answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "://" not in words
    names = {part.split('"')[0] for part in words.split('"/')[1:]}
    assert len(names) >= 8
    for name in names:
        async with client.get(f"/{name}") as answer:
            assert answer.status == 200, name
    for name in ("/page/none.css", "/page/index.py", "/page/..%2fstage.py", "/events?telegram=1&slack=U0002"):
        async with client.get(name) as answer:
            assert answer.status == 404, name


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
async def test_another_sites_page_gets_nothing(client: aiohttp.ClientSession, headers: dict[str, str]) -> None:
    async with client.post("/do/clock.move", json={"by": "week"}, headers=headers) as answer:
        assert answer.status == 403
    async with client.post("/do/clock.move", data="by=week", headers={"Content-Type": "text/plain"}) as answer:
        assert answer.status == 415


async def test_what_an_app_would_not_let_a_person_do_is_said(client: aiohttp.ClientSession, stage: Stage) -> None:
    assert (await act(client, "telegram.say", who=DENTIST, text="too early"))[0] == 409
    assert (await act(client, "clock.move", by="next"))[0] in (200, 409)
    assert await act(client, "telegram.start", who=DENTIST) == (200, "")
    await stage.dentist.sees("Welcome", timeout=30)
    assert await act(client, "telegram.say", who=DENTIST, text=" ") == (409, "There is nothing to send.")
    assert await act(client, "telegram.edit", who=DENTIST, id=99999, text="x") == (409, "This message is gone.")
    assert (await act(client, "slack.say", who=SPECIALIST, channel="DM", text="/nothing"))[0] == 409
    assert (await act(client, "slack.submit", who=SPECIALIST))[0] == 409
    assert (await act(client, "slack.dance", who=SPECIALIST))[0] == 400
    assert (await act(client, "telegram.say", who="5", text="x"))[0] == 400
    assert (await act(client, "magic.wand"))[0] == 400


async def test_files_go_up_and_come_down_and_nothing_runs(client: aiohttp.ClientSession, stage: Stage) -> None:
    await act(client, "telegram.start", who=DENTIST)
    await stage.dentist.sees("Welcome", timeout=30)
    files = [
        {"name": "front.png", "mime": "image/png", "data": base64.b64encode(png()).decode()},
        {"name": "page.html", "mime": "text/html", "data": base64.b64encode(b"<script>alert(1)</script>").decode()},
    ]
    assert await act(client, "telegram.say", who=DENTIST, text="look", files=files) == (200, "")
    assert (await act(client, "telegram.say", who=DENTIST, files=[{"name": "x", "data": "%%"}]))[0] == 409
    shown = [one["file"] for one in (await parts(client))["telegram"]["messages"] if "file" in one]
    assert [one["kind"] for one in shown] == ["photo", "document"]
    async with client.get(shown[0]["url"]) as picture:
        assert (picture.content_type, await picture.read()) == ("image/png", png())
    async with client.get(shown[1]["url"]) as other:
        assert other.content_type == "application/octet-stream"
        assert other.headers["Content-Disposition"].startswith("attachment")


async def test_the_switches_and_the_story(client: aiohttp.ClientSession, stage: Stage) -> None:
    for kind in ("telegram", "slack", "slack speed", "service"):
        assert await act(client, "trouble.turn", kind=kind, trouble=True) == (200, "")
        assert (await parts(client))["troubles"][kind] is True
        assert await act(client, "trouble.turn", kind=kind, trouble=False) == (200, "")
        assert (await parts(client))["troubles"][kind] is False
    assert await act(client, "story.step") == (200, "")
    await stage.dentist.sees("Welcome", timeout=30)
    assert (await parts(client))["story"]["title"] == "Week six"
    before = stage.clock.now()
    await act(client, "story.pause")
    assert await act(client, "clock.move", by="day") == (200, "")
    assert stage.clock.now() - before >= 86_400_000_000


async def test_a_port_that_is_taken_is_said(stage: Stage, url: str) -> None:
    with pytest.raises(PortInUse):
        async with page(stage, load("week-six"), int(url.rsplit(":", 1)[1].strip("/"))):
            raise AssertionError("two pages on one port")
