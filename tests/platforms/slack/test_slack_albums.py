"""Several files in one Slack message: each uploaded once, shown once, and gone when taken back."""

from typing import Any

import pytest

from bot.domain.errors import NotSent, Reason, Refused, Unknown
from bot.domain.events import FileKind
from bot.domain.outbound import FileToSend, Post
from bot.domain.richtext import RichText
from bot.platforms.slack.adapter import Slack
from bot.ports.gateway import Target
from bot.sandbox.faults import Kind
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.platforms.slack.support import JOHAL, Checkpoints, Files

NAMES = ("front.jpg", "upper.stl", "plan.pdf")


@pytest.fixture
async def target(slack: Slack, workspace: FakeWorkspace) -> Target:
    room = await slack.gateway.open_room(JOHAL, "case-patel-7k3f", "AB", Checkpoints(), "")
    return Target(room.place, JOHAL)


def post(files: Files, **more: Any) -> Post:
    given = []
    for number, name in enumerate(NAMES):
        files.held[f"b{number}"] = bytes([number]) * 500
        given.append(FileToSend(f"b{number}", name, FileKind.DOCUMENT, "application/octet-stream", 500))
    return Post(more.pop("body", RichText("")), files=tuple(given), **more)


def shown(johal: Person, target: Target) -> list[list[str]]:
    return [[file.name for file in one.files] for one in johal.messages(target.place.chat) if one.files]


async def test_one_message_holds_them_all_in_order(
    slack: Slack, fake: FakeSlack, target: Target, files: Files, johal: Person
) -> None:
    kept = Checkpoints()
    sent = await slack.gateway.post(target, post(files, heading="Dr Asha Patel"), "d1", None, kept, "")
    message = await johal.sees("Dr Asha Patel")
    assert (sent.native_id, sent.more) == (message.ts, ())
    assert shown(johal, target) == [list(NAMES)]
    assert [file.data for file in message.files] == [bytes([number]) * 500 for number in range(3)]
    ids = [file.id for file in message.files]
    assert kept.kept == [",".join(ids[:many]) for many in (1, 2, 3)]
    assert fake.violations == []


async def test_no_word_stands_in_the_notice(slack: Slack, target: Target, files: Files, johal: Person) -> None:
    told = post(files, notice="Dr Patel · C-7K3F: new message")
    await slack.gateway.post(target, told, "d1", None, Checkpoints(), "")
    await johal.sees("front.jpg")
    assert johal.seen[-1].notice == "Dr Patel · C-7K3F: new message"


@pytest.mark.parametrize("skip", [0, 1, 2])
@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload"])
async def test_an_upload_that_broke_goes_on_with_the_next_file(
    slack: Slack, fake: FakeSlack, target: Target, files: Files, johal: Person, method: str, skip: int
) -> None:
    kept = Checkpoints()
    fake.faults.add(Kind.DROP_BEFORE, method=method, skip=skip)
    with pytest.raises(NotSent):
        await slack.gateway.post(target, post(files), "d1", None, kept, "")
    assert len(kept.kept) == skip
    assert shown(johal, target) == []
    assert await slack.gateway.find(target, "d1", 0, kept.last) is None
    await slack.gateway.post(target, post(files), "d1", None, kept, kept.last)
    await johal.sees("front.jpg")
    assert shown(johal, target) == [list(NAMES)]
    assert files.opened == 4 if method == "upload" else files.opened == 3


@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.ERROR_AFTER, Kind.DISCONNECT])
async def test_a_completed_album_is_settled_by_asking(
    slack: Slack, fake: FakeSlack, target: Target, files: Files, johal: Person, kind: Kind
) -> None:
    kept = Checkpoints()
    fake.faults.add(kind, method="files.completeUploadExternal")
    with pytest.raises(Unknown):
        await slack.gateway.post(target, post(files), "d1", None, kept, "")
    message = await johal.sees("front.jpg")
    found = await slack.gateway.find(target, "d1", 0, kept.last)
    assert found is not None
    assert found.native_id == message.ts
    again = await slack.gateway.post(target, post(files), "d1", None, kept, kept.last)
    assert again.native_id == message.ts
    assert shown(johal, target) == [list(NAMES)]
    assert files.opened == 3


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.ERROR_BEFORE, Kind.HTML])
async def test_uploads_that_were_never_completed_are_completed_later(
    slack: Slack, fake: FakeSlack, target: Target, files: Files, johal: Person, kind: Kind
) -> None:
    kept = Checkpoints()
    fake.faults.add(kind, method="files.completeUploadExternal")
    with pytest.raises(Unknown):
        await slack.gateway.post(target, post(files), "d1", None, kept, "")
    assert await slack.gateway.find(target, "d1", 0, kept.last) is None
    await slack.gateway.post(target, post(files), "d1", None, kept, kept.last)
    await johal.sees("front.jpg")
    assert shown(johal, target) == [list(NAMES)]
    assert files.opened == 3


@pytest.mark.parametrize("resume", ["F0GONE1", "F0GONE1,F0GONE2,F0GONE3"])
async def test_uploads_slack_has_forgotten_start_anew(
    slack: Slack, target: Target, files: Files, johal: Person, resume: str
) -> None:
    kept = Checkpoints()
    await slack.gateway.post(target, post(files), "d1", None, kept, resume)
    await johal.sees("front.jpg")
    assert shown(johal, target) == [list(NAMES)]
    assert "GONE" not in kept.last


async def test_an_empty_file_refuses_the_whole_and_shows_nothing(
    slack: Slack, target: Target, files: Files, johal: Person
) -> None:
    given = post(files)
    empty = FileToSend("b0", "empty.pdf", FileKind.DOCUMENT, "application/pdf", 0)
    with pytest.raises(Refused) as refused:
        await slack.gateway.post(target, Post(RichText(""), files=(*given.files, empty)), "d1", None, Checkpoints(), "")
    assert refused.value.reason is Reason.TOO_LARGE
    assert shown(johal, target) == []


async def test_taken_back_the_files_go_too(
    slack: Slack, workspace: FakeWorkspace, target: Target, files: Files, johal: Person
) -> None:
    kept = Checkpoints()
    sent = await slack.gateway.post(target, post(files), "d1", None, kept, "")
    await johal.sees("front.jpg")
    for _ in range(2):  # a second time changes nothing
        await slack.gateway.delete(target, sent.native_id, sent.more, kept.last)
    assert shown(johal, target) == []
    assert all(workspace.data.files[one].deleted for one in kept.last.split(","))
