"""Files: three steps up, a share that comes by itself, and downloads that want the bearer."""

import hashlib

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person, What
from tests.sandbox.slack.support import App, code

SCAN = b"solid upper" * 500


async def _uploaded(client: AsyncWebClient, session: aiohttp.ClientSession, data: bytes = SCAN) -> str:
    ticket = await client.files_getUploadURLExternal(filename="upper.stl", length=len(data))
    async with session.post(ticket["upload_url"], data=data) as answer:
        assert (answer.status, await answer.text()) == (200, f"OK - {len(data)}")
    return str(ticket["file_id"])


async def test_a_share_comes_later_and_without_ts(
    client: AsyncWebClient, session: aiohttp.ClientSession, room: str, johal: Person, workspace: FakeWorkspace
) -> None:
    workspace.team.cabinet.hold_shares = True
    file = await _uploaded(client, session)
    done = await client.files_completeUploadExternal(
        files=[{"id": file, "title": "Upper"}], channel_id=room, initial_comment="The scan"
    )
    assert done["files"] == [{"id": file, "title": "Upper"}]
    assert (await client.files_info(file=file))["file"]["shares"] == {}
    assert not johal.messages("patel")
    workspace.team.cabinet.release()
    seen = await johal.sees("The scan", "patel")
    shares = (await client.files_info(file=file))["file"]["shares"]
    assert shares["private"][room][0]["ts"] == seen.ts
    sight = johal.saw(What.MESSAGE)[-1]
    assert [(one.name, one.size, one.sha256) for one in sight.files] == [
        ("upper.stl", len(SCAN), hashlib.sha256(SCAN).hexdigest())
    ]


async def test_several_files_stand_in_one_message_or_none_does(
    client: AsyncWebClient, session: aiohttp.ClientSession, room: str, johal: Person
) -> None:
    ids = [await _uploaded(client, session, SCAN + bytes([number])) for number in range(3)]
    half = await client.files_getUploadURLExternal(filename="lower.stl", length=9)  # its bytes never came
    theirs = (await johal.uploads(SCAN, "theirs.stl", "patel")).files[0].id
    for odd, error in (
        ("F0NONE", "file_not_found"),
        (half["file_id"], "file_not_found"),
        (theirs, "access_denied"),
        (ids[0], "invalid_arguments"),
    ):
        answer = client.files_completeUploadExternal(files=[{"id": one} for one in (*ids, odd)], channel_id=room)
        assert await code(answer) == error
    files = [{"id": one, "title": f"Scan {number}"} for number, one in enumerate(ids)]
    await client.files_completeUploadExternal(files=files, channel_id=room, initial_comment="Three scans")
    seen = await johal.sees("Three scans", "patel")
    assert [file.id for file in seen.files] == ids
    for one in ids:
        shares = (await client.files_info(file=one))["file"]["shares"]
        assert shares["private"][room][0]["ts"] == seen.ts
    again = client.files_completeUploadExternal(files=files[:1], channel_id=room)
    assert await code(again) == "file_update_failed"


async def test_the_clients_own_upload(client: AsyncWebClient, room: str, johal: Person) -> None:
    await client.files_upload_v2(channel=room, file=SCAN, filename="upper.stl", initial_comment="Here")
    await johal.sees("[file: upper.stl]", "patel")


async def test_downloads_want_the_bearer(
    client: AsyncWebClient, session: aiohttp.ClientSession, room: str, johal: Person, workspace: FakeWorkspace
) -> None:
    message = await johal.uploads(b"\x89PNG photo", "photo one.png", "patel", text="Look & see")
    assert message.text == "Look &amp; see"
    url = (await client.files_info(file=message.files[0].id))["file"]["url_private_download"]
    headers = {"Authorization": f"Bearer {workspace.bot_token}"}
    async with session.get(url, headers=headers) as answer:
        assert (await answer.read(), answer.content_type) == (b"\x89PNG photo", "image/png")
    for wrong in ({}, {"Authorization": "Bearer xoxb-nobody"}):
        async with session.get(url, headers=wrong) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
    await johal.removes("U0001BOT", "patel")
    async with session.get(url, headers=headers) as answer:
        assert answer.content_type == "text/html"


async def test_deleted_files_leave_a_tombstone(
    client: AsyncWebClient, session: aiohttp.ClientSession, room: str, johal: Person
) -> None:
    file = await _uploaded(client, session)
    await client.files_completeUploadExternal(files=[{"id": file, "title": "Upper"}], channel_id=room)
    await johal.sees("upper.stl", "patel")
    await client.files_delete(file=file)
    shown = (await client.conversations_history(channel=room))["messages"][0]
    assert shown["files"] == [{"id": file, "mode": "tombstone"}]


async def test_the_app_is_told(app: App, slack: FakeSlack, room: str, johal: Person) -> None:
    message = await johal.uploads_all([("a.png", b"a"), ("b.png", b"b")], "patel", "both")
    linked = await johal.links_file("scan.stl", "http://127.0.0.1:9/evil", "patel")
    await slack.settled()
    shared = app.events("message", "file_share")
    assert [one["id"] for one in shared[0]["files"]] == [file.id for file in message.files]
    assert shared[0]["blocks"][0]["type"] == "rich_text"
    assert (
        shared[1]["files"][0] | {"mode": "external", "url_private": "http://127.0.0.1:9/evil"} == shared[1]["files"][0]
    )
    assert [one["file_id"] for one in app.events("file_shared")] == [
        *(file.id for file in message.files),
        linked.files[0].id,
    ]


@pytest.mark.illegal_traffic
async def test_refusals(
    client: AsyncWebClient, session: aiohttp.ClientSession, room: str, johal: Person, workspace: FakeWorkspace
) -> None:
    assert await code(client.files_getUploadURLExternal(filename="x", length=0)) == "file_upload_size_restricted"
    ticket = await client.files_getUploadURLExternal(filename="x", length=5)
    for data in (b"too many", b"few"):
        async with session.post(ticket["upload_url"], data=data) as answer:
            assert answer.status == 400
    early = client.files_completeUploadExternal(files=[{"id": ticket["file_id"], "title": "x"}], channel_id=room)
    assert await code(early) == "file_not_found"
    assert await code(client.files_info(file=ticket["file_id"])) == "file_not_found"
    file = await _uploaded(client, session)
    upload = [{"id": file, "title": "x"}]
    elsewhere = await johal.creates("elsewhere")
    for channel, error in ((elsewhere.id, "channel_not_found"), ("C99", "channel_not_found")):
        assert await code(client.files_completeUploadExternal(files=upload, channel_id=channel)) == error
    await client.files_completeUploadExternal(files=upload, channel_id=room)
    again = client.files_completeUploadExternal(files=upload, channel_id=room)
    assert await code(again) == "file_update_failed"
    theirs = await johal.uploads(b"x", "x.png", "patel")
    assert await code(client.files_delete(file=theirs.files[0].id)) == "cant_delete_file"
    unseen = await johal.uploads(b"x", "x.png", "elsewhere")
    assert await code(client.files_info(file=unseen.files[0].id)) == "file_not_found"
    await client.files_delete(file=file)
    assert await code(client.files_info(file=file)) == "file_deleted"
    workspace.data.scopes.discard("files:write")
    assert await code(client.files_getUploadURLExternal(filename="x", length=1)) == "missing_scope"
