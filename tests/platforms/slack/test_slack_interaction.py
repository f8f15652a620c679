"""What is answered, is answered in time: forms, toasts, buttons, and what cannot be saved; in both modes."""

import logging

import pytest

from bot.domain.events import (
    ButtonPressed,
    CommandReceived,
    FormSubmitted,
    InboundEvent,
    ShortcutInvoked,
)
from bot.domain.outbound import Button, FormErrors, FormField, OpenForm, Page, Post, Reply, Section, Toast, Widget
from bot.domain.richtext import RichText, plain
from bot.platforms.slack import inbound
from bot.platforms.slack.adapter import Slack
from bot.ports.gateway import Target
from bot.sandbox.faults import Kind
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.platforms.slack.conftest import Serve
from tests.platforms.slack.support import Checkpoints, StoredInbox

DESK = Page(
    (Section(plain("Nothing waits for you."), (Button("New case", "nonce-new"), Button("Help", "nonce-help"))),)
)
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


async def test_the_home_page_is_what_was_answered_and_its_buttons_are_presses(
    slack: Slack, inbox: StoredInbox, johal: Person
) -> None:
    replying(inbox, DESK)
    await johal.opens_home()
    home = await johal.sees_home("[New case]")
    assert "Nothing waits for you." in home.text
    replying(inbox, FORM)
    await johal.presses("New case")
    await johal.sees_modal("Pseudonym")
    pressed = inbox.of(ButtonPressed)[-1]
    assert (pressed.token, pressed.origin.place.chat, pressed.origin.direct) == ("nonce-new", "", True)
    await johal.closes_modal()
    replying(inbox, Toast("Type help to see what there is."))
    await johal.presses("Help")
    await johal.sees_modal("Type help to see what there is.")


async def test_a_home_page_opened_twice_is_published_anew(slack: Slack, inbox: StoredInbox, johal: Person) -> None:
    replying(inbox, DESK)
    await johal.opens_home()
    await johal.sees_home("Nothing waits for you.")
    replying(inbox, Page((Section(plain("Two cases wait.")),)))
    await johal.opens_home()
    home = await johal.sees_home("Two cases wait.")
    assert "Nothing waits" not in home.text


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
