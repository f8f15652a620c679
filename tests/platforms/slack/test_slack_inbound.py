"""What people do reaches the inbox before Slack hears "ok", in both modes; what is answered, is answered in time."""

import json
import logging
from typing import Any

import pytest

from bot.domain.addresses import Place
from bot.domain.events import (
    AccessRevoked,
    ButtonPressed,
    CommandReceived,
    FormSubmitted,
    HomeOpened,
    InboundEvent,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Reacted,
    RoomChange,
    RoomChanged,
    ShortcutInvoked,
)
from bot.domain.outbound import Button, FormErrors, FormField, OpenForm, Post, Reply, Toast, Widget
from bot.domain.richtext import RichText
from bot.platforms.slack import inbound
from bot.platforms.slack.adapter import Slack
from bot.ports.gateway import Mark, Target
from bot.sandbox.faults import Inbound, Kind
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.platforms.slack.conftest import Serve
from tests.platforms.slack.support import JOHAL, REID, Checkpoints, StoredInbox

FORM = OpenForm(
    "nonce-1",
    "New case",
    "Send",
    (FormField("pseudonym", Widget.TEXT, "Pseudonym"), FormField("consent", Widget.TICK, "Consent")),
)


@pytest.fixture
def inbox() -> StoredInbox:
    return StoredInbox()


@pytest.fixture
async def slack(serve: Serve, inbox: StoredInbox) -> Slack:
    return await serve(inbox)


@pytest.fixture
async def target(slack: Slack, inbox: StoredInbox) -> Target:
    room = await slack.gateway.open_room(JOHAL, "case-patel-7k3f", "AB", Checkpoints(), "")
    return Target(room.place, JOHAL)


async def arrived(inbox: StoredInbox, kind: type[Any], count: int = 1) -> Any:
    await inbox.until(lambda: len(inbox.of(kind)) >= count)
    return inbox.of(kind)[-1]


# ---------------------------------------------------------------------------------------------------- events
async def test_what_people_do(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person, reid: Person
) -> None:
    room = target.place.chat
    message = await johal.says("Hold at 7 until <0.2 mm", room)
    found = await arrived(inbox, MessageReceived)
    assert found.body.text == "Hold at 7 until <0.2 mm"
    assert found.origin.place == target.place
    assert found.origin.sender == JOHAL
    reply = await johal.says("since Monday", room, thread_ts=message)
    assert (await arrived(inbox, MessageReceived, 2)).reply_to == message.ts
    await johal.edits(message, "Hold at 8")
    assert (await arrived(inbox, MessageEdited)).body.text == "Hold at 8"
    await johal.unfurls(message)
    await johal.deletes(reply)
    assert (await arrived(inbox, MessageDeleted)).message_id == reply.ts
    await johal.reacts(message, "+1")
    assert (await arrived(inbox, Reacted)).emoji == "👍"
    await johal.uploads(b"x" * 100, "front.jpg", room)
    assert (await arrived(inbox, MessageReceived, 3)).files[0].name == "front.jpg"
    await johal.says("for you only")
    assert (await arrived(inbox, MessageReceived, 4)).origin.direct
    await johal.opens_home()
    await arrived(inbox, HomeOpened)
    await johal.sees_home("New case")
    await fake.settled()
    # A preview that comes after an edit looks like one: it tells the same words, which handlers compare.
    assert {one.body.text for one in inbox.of(MessageEdited)} == {"Hold at 8"}
    assert fake.violations == []


def changes(inbox: StoredInbox) -> list[RoomChanged]:
    return inbox.of(RoomChanged)


async def test_rooms_that_change(
    slack: Slack, target: Target, inbox: StoredInbox, workspace: FakeWorkspace, johal: Person
) -> None:
    room = target.place.chat
    await slack.gateway.check_members(target)
    await johal.invites(REID.user, room)
    await inbox.until(lambda: (RoomChange.MEMBER_JOINED, REID) in [(c.change, c.account) for c in changes(inbox)])
    with pytest.raises(Exception, match="others_present"):
        await slack.gateway.check_members(target)  # the event has put an end to the kept look
    await johal.removes(REID.user, room)
    await inbox.until(lambda: RoomChange.MEMBER_LEFT in [one.change for one in changes(inbox)])
    await johal.archives(room)
    await inbox.until(lambda: RoomChange.ARCHIVED in [one.change for one in changes(inbox)])
    await johal.archives(room, on=False)
    await inbox.until(lambda: RoomChange.UNARCHIVED in [one.change for one in changes(inbox)])
    await johal.removes(workspace.data.bot_user, room)
    await inbox.until(lambda: RoomChange.BOT_REMOVED in [one.change for one in changes(inbox)])


async def test_what_we_do_never_comes_back(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person
) -> None:
    mine = await johal.says("hello", target.place.chat)
    await arrived(inbox, MessageReceived)
    sent = await slack.gateway.post(target, Post(RichText("hi")), "d1", None, Checkpoints(), "")
    await slack.gateway.edit(target, sent.native_id, Post(RichText("hello")))
    await slack.gateway.delete(target, sent.native_id)
    await slack.gateway.mark(target, mine.ts, Mark.DELIVERED)
    await fake.settled()
    assert len(inbox.of(MessageReceived)) == 1
    assert not inbox.of(MessageEdited) + inbox.of(MessageDeleted) + inbox.of(Reacted)
    stored = [json.loads(update.body)["event"] for update in inbox.updates]
    assert sent.native_id not in json.dumps(stored)  # not even kept


async def test_nothing_is_acknowledged_that_is_not_stored(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person
) -> None:
    fake.settings.event_retries = (0.05, 0.05, 0.05)
    fake.settings.ack_seconds = 0.3
    inbox.broken = True
    await johal.says("UL4 is loose", target.place.chat)
    await inbox.until(lambda: inbox.offered >= 2)
    inbox.broken = False
    found = await arrived(inbox, MessageReceived)
    assert found.body.text == "UL4 is loose"
    await fake.settled()


async def test_repeats_and_shuffles_collapse(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person
) -> None:
    fake.faults.inbound = Inbound(duplicate=0.7, reorder=0.3)
    # A double within the same second has the same signature: over HTTP it is refused, and comes again signed anew.
    fake.settings.event_retries = (1.1, 1.1, 1.1)
    for number in range(30):
        await johal.says(f"message {number}", target.place.chat)
    await fake.settled()
    await inbox.until(lambda: len(inbox.of(MessageReceived)) >= 30)
    assert sorted(one.body.text for one in inbox.of(MessageReceived)) == sorted(f"message {n}" for n in range(30))


async def test_a_revoked_token_is_told(
    slack: Slack, inbox: StoredInbox, workspace: FakeWorkspace, target: Target
) -> None:
    workspace.revoke()
    assert (await arrived(inbox, AccessRevoked)).origin.place == Place("slack", "T0001", "")


# ----------------------------------------------------------------------------------------------- interaction
def replying(inbox: StoredInbox, reply: Reply | None) -> None:
    def answer(event: InboundEvent) -> Reply | None:
        return reply

    inbox.reply = answer


async def test_a_command_opens_a_form_and_the_form_comes_back(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person
) -> None:
    replying(inbox, FORM)
    assert await johal.command("/case", "new", target.place.chat)
    view = await johal.sees_modal("Pseudonym")
    assert view.body["private_metadata"] == "nonce-1"
    asked = inbox.of(CommandReceived)[-1]
    assert (asked.name, asked.origin.live, asked.origin.place) == ("new", True, target.place)

    replying(inbox, FormErrors({"pseudonym": "Initials are enough.", "nowhere": "And this."}))
    errors = await johal.submits({"Pseudonym": "Anna Brown", "Consent": ["Yes"]})
    assert errors == {"Pseudonym": "Initials are enough.\nAnd this."}

    replying(inbox, None)
    assert await johal.submits({"Pseudonym": "AB", "Consent": ["Yes"]}) is None
    assert johal.modal is None
    sent = inbox.of(FormSubmitted)[-1]
    assert (sent.token, sent.values) == ("nonce-1", {"pseudonym": "AB", "consent": "yes"})
    assert fake.violations == []


async def test_a_form_may_lead_to_the_next_or_to_a_word(
    slack: Slack, target: Target, inbox: StoredInbox, johal: Person
) -> None:
    replying(inbox, FORM)
    await johal.command("/case", "new", target.place.chat)
    await johal.sees_modal("Pseudonym")
    replying(inbox, OpenForm("nonce-2", "Step 2", "Send", (FormField("teeth", Widget.LONG_TEXT, "Teeth"),)))
    await johal.submits({"Pseudonym": "AB", "Consent": ["Yes"]})
    await johal.sees_modal("Teeth")
    replying(inbox, Toast("That case is closed."))
    await johal.submits({"Teeth": "UL4"})
    await johal.sees_modal("That case is closed.")


async def test_toasts(slack: Slack, target: Target, inbox: StoredInbox, johal: Person) -> None:
    replying(inbox, Toast("Nothing is waiting <here>."))
    assert await johal.command("/case", "status", target.place.chat)
    await johal.sees_ephemeral("Nothing is waiting <here>.", target.place.chat)
    post = Post(RichText("card"), buttons=((Button("Seen", "nonce-3"),),))
    sent = await slack.gateway.post(target, post, "d1", None, Checkpoints(), "")
    replying(inbox, Toast("Too late."))
    await johal.presses("Seen")
    await johal.sees_ephemeral("Too late.", target.place.chat)
    pressed = inbox.of(ButtonPressed)[-1]
    assert (pressed.token, pressed.message_id, pressed.origin.live) == ("nonce-3", sent.native_id, True)
    mine = await johal.says("oops", target.place.chat)
    replying(inbox, Toast("Taken back."))
    await johal.shortcut("Take back", mine)
    await johal.sees_ephemeral("Taken back.", target.place.chat)
    assert inbox.of(ShortcutInvoked)[-1].message_id == mine.ts
    assert johal.warnings == []


async def test_buttons_and_shortcuts_open_forms(
    slack: Slack, target: Target, inbox: StoredInbox, johal: Person
) -> None:
    post = Post(RichText("card"), buttons=((Button("Change", "nonce-3"),),))
    await slack.gateway.post(target, post, "d1", None, Checkpoints(), "")
    replying(inbox, FORM)
    await johal.presses("Change")
    await johal.sees_modal("Pseudonym")
    await johal.closes_modal()
    mine = await johal.says("oops", target.place.chat)
    await johal.shortcut("Take back", mine)
    await johal.sees_modal("Pseudonym")


async def test_home_buttons_type_commands(slack: Slack, inbox: StoredInbox, johal: Person) -> None:
    await johal.opens_home()
    await johal.sees_home("New case")
    replying(inbox, FORM)
    await johal.presses("New case")
    await johal.sees_modal("Pseudonym")
    assert inbox.of(CommandReceived)[-1].name == "new"
    await johal.closes_modal()
    replying(inbox, Toast("You have no cases yet."))
    await johal.presses("My cases")
    await johal.sees_modal("You have no cases yet.")


async def test_what_cannot_be_saved_is_said_where_the_person_is(
    slack: Slack, target: Target, inbox: StoredInbox, johal: Person
) -> None:
    replying(inbox, FORM)
    await johal.command("/case", "new", target.place.chat)
    await johal.sees_modal("Pseudonym")
    inbox.broken = True
    errors = await johal.submits({"Pseudonym": "AB", "Consent": ["Yes"]})
    assert errors is not None
    assert "not be saved" in errors["Pseudonym"]
    await johal.closes_modal()
    await johal.command("/case", "status", target.place.chat)
    await johal.sees_ephemeral("not be saved", target.place.chat)
    assert johal.warnings == []


@pytest.mark.illegal_traffic
async def test_a_trigger_that_is_spent_is_explained(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person
) -> None:
    fake.settings.trigger_seconds = -1.0
    replying(inbox, FORM)
    await johal.command("/case", "new", target.place.chat)
    await johal.sees_ephemeral("try once more", target.place.chat)
    post = Post(RichText("card"), buttons=((Button("Change", "nonce-3"),),))
    await slack.gateway.post(target, post, "d1", None, Checkpoints(), "")
    await johal.presses("Change")
    await johal.sees_ephemeral("try once more", target.place.chat)


async def test_slow_answers_still_come_in_time(
    slack: Slack,
    target: Target,
    inbox: StoredInbox,
    fake: FakeSlack,
    johal: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert inbound.HANDLING < inbound.ANSWERING < 3.0
    monkeypatch.setattr(inbound, "HANDLING", 0.2)
    monkeypatch.setattr(inbound, "ANSWERING", 0.3)
    fake.settings.ack_seconds = 0.5
    replying(inbox, FORM)
    fake.faults.add(Kind.SLOW, method="views.open", seconds=0.6)
    assert await johal.command("/case", "new", target.place.chat)
    await johal.sees_modal("Pseudonym")
    await johal.closes_modal()
    inbox.slow = 0.6
    assert await johal.command("/case", "status", target.place.chat)
    await johal.sees_ephemeral("taking longer than usual", target.place.chat)
    assert johal.warnings == []


async def test_nothing_is_logged_that_should_not_be(
    slack: Slack,
    target: Target,
    inbox: StoredInbox,
    fake: FakeSlack,
    workspace: FakeWorkspace,
    johal: Person,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    replying(inbox, Toast("canary-toast"))
    inbox.broken = True
    fake.settings.event_retries = ()
    await johal.says("canary-message", target.place.chat)
    await johal.command("/case", "note canary-command", target.place.chat)
    inbox.broken = False
    await johal.command("/case", "note canary-command", target.place.chat)
    workspace.cut()
    await fake.settled()
    shown = caplog.text + "".join(capsys.readouterr())
    for secret in ("canary", workspace.bot_token, workspace.app_token, workspace.signing_secret, "ticket="):
        assert secret not in shown
    assert "slack.not_stored" in shown
