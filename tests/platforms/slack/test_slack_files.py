"""Files both ways: streamed, shown once, and the token shown to nobody but Slack."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from bot.domain.addresses import Place
from bot.domain.errors import NotSent, Reason, Refused, Unknown
from bot.domain.events import FileKind
from bot.domain.outbound import FileToSend, Post
from bot.domain.richtext import RichText
from bot.platforms.slack.adapter import Slack
from bot.platforms.slack.client import Workspace
from bot.platforms.slack.config import SlackWorkspace
from bot.platforms.slack.downloads import allowed
from bot.ports.gateway import Target
from bot.sandbox.faults import Kind
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.platforms.slack.support import JOHAL, Checkpoints, Files

SCAN = bytes(range(256)) * 40
T0001 = Place("slack", "T0001", "")


@pytest.fixture
async def target(slack: Slack, workspace: FakeWorkspace) -> Target:
    room = await slack.gateway.open_room(JOHAL, "case-patel-7k3f", "AB", Checkpoints(), "")
    return Target(room.place, JOHAL)


def post(files: Files, data: bytes = SCAN, **more: Any) -> Post:
    files.held["b1"] = data
    file = FileToSend("b1", "upper.stl", FileKind.DOCUMENT, "model/stl", len(data))
    return Post(more.pop("body", RichText("")), file=file, **more)


async def read(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


# ------------------------------------------------------------------------------------------------------- out
async def test_a_file(slack: Slack, fake: FakeSlack, target: Target, files: Files, johal: Person) -> None:
    kept = Checkpoints()
    sent = await slack.gateway.post(target, post(files, notice="Dr Patel · C-7K3F: new file"), "d1", None, kept, "")
    message = await johal.sees("upper.stl")
    assert sent.native_id == message.ts
    assert message.files[0].data == SCAN
    assert kept.kept == [message.files[0].id]
    assert johal.seen[-1].notice == "Dr Patel · C-7K3F: new file"
    assert fake.violations == []


async def test_words_with_a_file_keep_their_form(slack: Slack, target: Target, files: Files, johal: Person) -> None:
    spoken = post(files, heading="Dr Asha Patel", body=RichText("<0.2 mm *not bold*"), mention=True)
    await slack.gateway.post(target, spoken, "d1", None, Checkpoints(), "")
    message = await johal.sees("upper.stl")
    assert "Dr Asha Patel" in message.shown
    assert "<0.2 mm *not bold*" in message.shown


async def test_a_file_in_a_thread(slack: Slack, target: Target, files: Files, johal: Person) -> None:
    asked = await johal.says("The scan?", target.place.chat)
    await slack.gateway.post(target, post(files), "d1", asked.ts, Checkpoints(), "")
    assert (await johal.sees("upper.stl")).thread_ts == asked.ts


@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.ERROR_AFTER, Kind.DROP_BEFORE, Kind.HTML, Kind.RATE_LIMIT])
@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload"])
async def test_before_it_is_shown_nothing_is_in_doubt(
    slack: Slack, fake: FakeSlack, target: Target, files: Files, johal: Person, kind: Kind, method: str
) -> None:
    kept = Checkpoints()
    fake.faults.add(kind, method=method)
    with pytest.raises(NotSent):
        await slack.gateway.post(target, post(files), "d1", None, kept, "")
    assert kept.kept == []
    await slack.gateway.post(target, post(files), "d1", None, kept, kept.last)
    await johal.sees("upper.stl")
    assert len(johal.messages(target.place.chat)) == 1


@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.ERROR_AFTER, Kind.DISCONNECT])
async def test_a_completed_file_is_settled_by_asking(
    slack: Slack, fake: FakeSlack, target: Target, files: Files, johal: Person, kind: Kind
) -> None:
    kept = Checkpoints()
    fake.faults.add(kind, method="files.completeUploadExternal")
    with pytest.raises(Unknown):
        await slack.gateway.post(target, post(files), "d1", None, kept, "")
    message = await johal.sees("upper.stl")
    found = await slack.gateway.find(target, "d1", 0, kept.last)
    assert found is not None
    assert found.native_id == message.ts
    again = await slack.gateway.post(target, post(files), "d1", None, kept, kept.last)
    assert again.native_id == message.ts
    assert len(johal.messages(target.place.chat)) == 1
    assert files.opened == 1


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.ERROR_BEFORE, Kind.HTML])
async def test_an_upload_that_was_never_completed_is_completed_later(
    slack: Slack, fake: FakeSlack, target: Target, files: Files, johal: Person, kind: Kind
) -> None:
    kept = Checkpoints()
    fake.faults.add(kind, method="files.completeUploadExternal")
    with pytest.raises(Unknown):
        await slack.gateway.post(target, post(files), "d1", None, kept, "")
    assert await slack.gateway.find(target, "d1", 0, kept.last) is None
    await slack.gateway.post(target, post(files), "d1", None, kept, kept.last)
    await johal.sees("upper.stl")
    assert len(johal.messages(target.place.chat)) == 1


async def test_an_upload_slack_has_forgotten_starts_anew(
    slack: Slack, target: Target, files: Files, johal: Person
) -> None:
    kept = Checkpoints()
    await slack.gateway.post(target, post(files), "d1", None, kept, "F0FORGOTTEN")
    await johal.sees("upper.stl")
    assert len(kept.kept) == 1


async def test_where_a_file_stands_may_stay_unknown_for_a_while(
    slack: Slack, workspace: FakeWorkspace, target: Target, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack.gateway._uploads, "_looks", (0.01, 0.01))
    cabinet = workspace.team.cabinet
    cabinet.hold_shares = True
    kept = Checkpoints()
    with pytest.raises(Unknown):
        await slack.gateway.post(target, post(files), "d1", None, kept, "")
    assert await slack.gateway.find(target, "d1", 0, kept.last) is None
    cabinet.release()
    assert await slack.gateway.find(target, "d1", 0, kept.last) is not None


# -------------------------------------------------------------------------------------------------------- in
async def test_download(slack: Slack, target: Target, johal: Person) -> None:
    message = await johal.uploads(SCAN, "front.jpg", target.place.chat)
    file = message.files[0].id
    assert await read(slack.gateway.fetch(T0001, file, 1_000_000)) == SCAN
    assert await read(slack.gateway.fetch(T0001, file, len(SCAN))) == SCAN
    with pytest.raises(Refused) as caught:
        await read(slack.gateway.fetch(T0001, file, len(SCAN) - 1))
    assert caught.value.reason is Reason.TOO_LARGE


async def test_the_limit_holds_whatever_was_announced(slack: Slack, target: Target, johal: Person) -> None:
    message = await johal.uploads(SCAN, "front.jpg", target.place.chat)
    message.files[0].size = 1
    with pytest.raises(Refused) as caught:
        await read(slack.gateway.fetch(T0001, message.files[0].id, 5000))
    assert (caught.value.reason, caught.value.detail) == (Reason.TOO_LARGE, "received")


async def test_remote_files_are_never_fetched(slack: Slack, target: Target, johal: Person) -> None:
    message = await johal.links_file("scan.stl", "https://evil.example/scan.stl", target.place.chat)
    with pytest.raises(Refused) as caught:
        await read(slack.gateway.fetch(T0001, message.files[0].id, 1_000_000))
    assert caught.value.detail == "file_elsewhere"


async def test_a_login_page_is_a_failure(slack: Slack, fake: FakeSlack, target: Target, johal: Person) -> None:
    message = await johal.uploads(SCAN, "front.jpg", target.place.chat)
    fake.faults.add(Kind.HTML, method="download", status=200)
    with pytest.raises(Refused) as caught:
        await read(slack.gateway.fetch(T0001, message.files[0].id, 1_000_000))
    assert caught.value.detail == "login_page"


@pytest.mark.parametrize("kind", [Kind.DISCONNECT, Kind.ERROR_BEFORE, Kind.RATE_LIMIT])
async def test_a_broken_download_may_be_repeated(
    slack: Slack, fake: FakeSlack, target: Target, johal: Person, kind: Kind
) -> None:
    message = await johal.uploads(SCAN, "front.jpg", target.place.chat)
    fake.faults.add(kind, method="download")
    with pytest.raises(NotSent):
        await read(slack.gateway.fetch(T0001, message.files[0].id, 1_000_000))
    assert await read(slack.gateway.fetch(T0001, message.files[0].id, 1_000_000)) == SCAN


async def test_what_is_gone_is_refused(slack: Slack, target: Target, johal: Person) -> None:
    message = await johal.uploads(SCAN, "front.jpg", target.place.chat)
    await johal.deletes_file(message.files[0])
    with pytest.raises(Refused) as caught:
        await read(slack.gateway.fetch(T0001, message.files[0].id, 1_000_000))
    assert caught.value.reason is Reason.TARGET_GONE


# ------------------------------------------------------------------------------------------------- the token
class Elsewhere:
    """Two servers: Slack's stand-in on 127.0.0.1 and a stranger on localhost, which must never see the token."""

    def __init__(self) -> None:
        self.seen: list[str | None] = []
        self.port = 0
        self.moves = 0

    async def slack(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/auth.test"):
            return web.json_response({"ok": True, "team_id": "T0001", "user_id": "U0BOT", "bot_id": "B0BOT"})
        if request.path.endswith("/files.info"):
            address = str((await request.post())["file"])
            return web.json_response({"ok": True, "file": {"id": "F1", "mode": "hosted", "url_private": address}})
        if request.path.startswith("/away"):
            raise web.HTTPFound(f"http://localhost:{self.port}/stolen")
        if request.path.startswith("/loop"):
            self.moves += 1
            raise web.HTTPFound("/loop")
        if request.path.startswith("/near"):
            raise web.HTTPFound("/here")
        return web.Response(body=b"bytes" if "Authorization" in request.headers else b"no token")

    async def stranger(self, request: web.Request) -> web.Response:
        self.seen.append(request.headers.get("Authorization"))
        return web.Response(body=b"stolen")


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    made = Elsewhere()

    async def choose(request: web.Request) -> web.StreamResponse:
        return await (made.stranger if request.host.startswith("localhost") else made.slack)(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", choose)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


async def test_the_token_goes_nowhere_else(elsewhere: Elsewhere) -> None:
    base = f"http://127.0.0.1:{elsewhere.port}"
    config = SlackWorkspace("a", "xoxb-1", "xapp-1", api_url=f"{base}/api/")
    slack = Slack([config], Files(), clock=_Clock())
    try:
        assert await read(slack.gateway.fetch(T0001, f"{base}/here", 100)) == b"bytes"
        assert await read(slack.gateway.fetch(T0001, f"{base}/near", 100)) == b"bytes"
        bad = [f"http://localhost:{elsewhere.port}/x", f"{base}/away", f"{base}/loop", "", "/here", "//localhost/x"]
        for address in bad:
            with pytest.raises(Refused) as caught:
                await read(slack.gateway.fetch(T0001, address, 100))
            assert caught.value.reason is Reason.BAD_CONTENT
        assert elsewhere.seen == []
        assert elsewhere.moves < 10
    finally:
        await slack.close()


class _Clock:
    def now(self) -> int:
        return 0


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/x", True),
        ("https://files-origin.slack.com/x", True),
        ("https://slack-files.com/x", True),
        ("http://files.slack.com/x", False),
        ("https://files.slack.com:8443/x", False),
        ("https://slack.com/x", False),
        ("https://evil.slack.com/x", False),
        ("https://files.slack.com.evil.example/x", False),
        ("https://files.slack.com@evil.example/x", False),
        ("https://evilslack-files.com/x", False),
        ("https://127.0.0.1/x", False),
        ("file:///etc/passwd", False),
    ],
)
async def test_hosts_are_exact(address: str, good: bool) -> None:
    slack = Slack([SlackWorkspace("a", "xoxb-1", "xapp-1")], Files(), clock=_Clock())
    try:
        (workspace,) = slack.workspaces
        assert isinstance(workspace, Workspace)
        assert allowed(URL(address), workspace) is good
    finally:
        await slack.close()
