"""What can go wrong with a request, and what really happened then, told by the truth list."""

import asyncio
from collections.abc import Callable

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.faults import Kind
from bot.sandbox.slack import FakeSlack, Limits
from tests.sandbox.slack.support import code


@pytest.fixture(autouse=True)
def _unlimited(slack: FakeSlack) -> None:
    slack.settings.limits = Limits.off()


@pytest.mark.parametrize(
    ("kind", "error", "posted"),
    [
        (Kind.DROP_BEFORE, aiohttp.ClientError, 0),
        (Kind.DROP_AFTER, aiohttp.ClientError, 1),
        (Kind.DISCONNECT, aiohttp.ClientError, 1),
        (Kind.RATE_LIMIT, SlackApiError, 0),
        (Kind.ERROR_BEFORE, SlackApiError, 0),
        (Kind.ERROR_AFTER, SlackApiError, 1),
        (Kind.HTML, SlackApiError, 0),
    ],
)
async def test_one_request_fails(
    client: AsyncWebClient, slack: FakeSlack, room: str, kind: Kind, error: type[Exception], posted: int
) -> None:
    slack.faults.add(kind, method="chat.postMessage", chat=room, retry_after=7)
    with pytest.raises(error) as caught:
        await client.chat_postMessage(channel=room, text="x")
    assert len(slack.truth.posts) == posted
    if kind is Kind.RATE_LIMIT:
        assert isinstance(caught.value, SlackApiError)
        assert caught.value.response.headers["Retry-After"] == "7"
    await client.chat_postMessage(channel=room, text="y")  # only the next one was hit
    assert [one.text for one in slack.truth.posts] == ["x"] * posted + ["y"]


async def test_accepted_late(
    connect: Callable[..., AsyncWebClient], client: AsyncWebClient, slack: FakeSlack, room: str
) -> None:
    slack.faults.add(Kind.ACCEPT_LATE, method="chat.postMessage", seconds=0.15)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.05)) as hasty:
        with pytest.raises(asyncio.TimeoutError):
            await connect(client.token, session=hasty).chat_postMessage(channel=room, text="late")
    assert slack.truth.posts == []
    await slack.faults.idle()
    assert [one.text for one in slack.truth.posts] == ["late"]


async def test_slow(client: AsyncWebClient, slack: FakeSlack, room: str) -> None:
    slack.faults.add(Kind.SLOW, method="chat.postMessage", seconds=0.1)
    call = asyncio.create_task(client.chat_postMessage(channel=room, text="x"))
    async with asyncio.timeout(1):
        while not slack.truth.posts:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    assert not call.done()
    assert (await call)["ok"]


async def test_uploads_and_downloads_fail_too(
    client: AsyncWebClient, slack: FakeSlack, room: str, session: aiohttp.ClientSession
) -> None:
    slack.faults.add(Kind.ERROR_BEFORE, method="upload", status=503)
    ticket = await client.files_getUploadURLExternal(filename="x", length=1)
    for status in (503, 200):
        async with session.post(ticket["upload_url"], data=b"x") as answer:
            assert answer.status == status
    slack.faults.add(Kind.DROP_AFTER, method="files.completeUploadExternal")
    files = [{"id": ticket["file_id"], "title": "x"}]
    with pytest.raises(aiohttp.ClientError):
        await client.files_completeUploadExternal(files=files, channel_id=room)
    async with asyncio.timeout(1):
        while not (await client.files_info(file=ticket["file_id"]))["file"]["shares"]:
            pass
    assert len(slack.truth.posts) == 1


async def test_an_outage_keeps_the_port_and_everything_else(
    client: AsyncWebClient, slack: FakeSlack, room: str
) -> None:
    await client.chat_postMessage(channel=room, text="before")
    await slack.down()
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=room, text="during")
    await slack.up()
    await client.chat_postMessage(channel=room, text="after")
    assert [one.text for one in slack.truth.posts] == ["before", "after"]


@pytest.mark.illegal_traffic
async def test_a_fault_of_the_client_is_told_from_bad_luck(client: AsyncWebClient, slack: FakeSlack, room: str) -> None:
    assert await code(client.chat_postMessage(channel="C99", text="x")) == "channel_not_found"
    assert slack.violations == []
    assert await code(client.api_call("chat.postMessage", json={"channel": room, "txt": "x"})) == "invalid_arguments"
    assert len(slack.violations) == 1
