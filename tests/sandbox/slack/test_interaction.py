"""Commands, buttons, shortcuts, modals and App Home with a real bolt app, in both modes."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import BadAnswerError, CannotDoError, FakeSlack, FakeWorkspace, Person, What
from bot.sandbox.slack.forms import REQUIRED
from bot.sandbox.slack.world import Shortcut
from tests.sandbox.slack.support import JOHAL, JSON, App, Clock, buttons, code, modal, plain


@pytest.fixture(autouse=True)
def _unlimited(slack: FakeSlack) -> None:
    slack.settings.limits = slack.settings.limits.off()


async def test_a_command_answered_in_place(app: App, johal: Person) -> None:
    @app.bolt.command("/case")
    async def case(ack: Any, command: JSON) -> None:
        await ack(f"You asked for {command['text']} in {command['channel_name']}")

    assert await johal.command("/case", "status")
    await johal.sees_ephemeral("You asked for status in directmessage")
    with pytest.raises(CannotDoError):
        await johal.command("/unknown")


async def test_a_modal_from_command_to_submission(app: App, client: AsyncWebClient, johal: Person) -> None:
    submitted: list[JSON] = []

    @app.bolt.command("/case")
    async def case(ack: Any, command: JSON) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=modal())

    @app.bolt.view("intake")
    async def intake(ack: Any, view: JSON) -> None:
        submitted.append(view)
        if view["state"]["values"]["pseudonym"]["value"]["value"] == "Smith":
            await ack(response_action="errors", errors={"pseudonym": "That looks like a surname."})
        else:
            await ack()

    assert await johal.command("/case", "new")
    view = await johal.sees_modal("New case")
    # what Slack's own client holds back
    assert await johal.submits() == {"Patient pseudonym": REQUIRED}
    assert await johal.submits({"pseudonym": "too long"}) == {"Patient pseudonym": "Please enter at most 5 characters."}
    assert submitted == []
    # what the app answers
    assert await johal.submits({"Patient pseudonym": "Smith"}) == {"Patient pseudonym": "That looks like a surname."}
    assert "That looks like a surname." in view.text
    assert await johal.submits({"Patient": "AB", "Urgency": "Urgent"}) is None
    assert johal.modal is None
    values = submitted[-1]["state"]["values"]
    assert values["pseudonym"]["value"] == {"type": "plain_text_input", "value": "AB"}
    assert values["urgency"]["value"]["selected_option"]["value"] == "u"
    assert (submitted[-1]["private_metadata"], submitted[-1]["id"]) == ("opaque", view.id)
    assert [one.what for one in johal.seen if one.what is What.MODAL]


async def test_update_push_clear_and_closing(app: App, client: AsyncWebClient, johal: Person) -> None:
    answers: list[JSON] = [
        {"response_action": "update", "view": modal("Step two")},
        {"response_action": "push", "view": modal("Step three", notify_on_close=True)},
        {"response_action": "clear"},
    ]
    closed: list[JSON] = []

    @app.bolt.command("/case")
    async def case(ack: Any, command: JSON) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=modal())

    @app.bolt.view("intake")
    async def intake(ack: Any) -> None:
        await ack(**answers.pop(0))

    @app.bolt.view_closed("intake")
    async def gone(ack: Any, body: JSON) -> None:
        await ack()
        closed.append(body)

    await johal.command("/case")
    first = await johal.sees_modal()
    assert await johal.submits({"pseudonym": "AB"}) is None
    second = await johal.sees_modal("Step two")
    assert second.id == first.id
    assert second.values()["pseudonym"]["value"]["value"] == "AB"  # same ids: what was typed stays
    await johal.submits()
    third = await johal.sees_modal("Step three")
    assert (third.previous, third.root) == (first.id, first.id)
    await johal.closes_modal()
    assert closed[0]["view"]["id"] == third.id
    assert johal.modal is second
    await johal.submits()
    assert johal.modal is None


async def test_answers_slack_cannot_show_are_errors(app: App, client: AsyncWebClient, johal: Person) -> None:
    answers: list[JSON] = [
        {"response_action": "errors", "errors": {"nonsense": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
    ]

    @app.bolt.command("/case")
    async def case(ack: Any, command: JSON) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=modal())

    @app.bolt.view("intake")
    async def intake(ack: Any) -> None:
        await ack(**answers.pop(0))

    await johal.command("/case")
    await johal.sees_modal()
    for _ in range(3):
        with pytest.raises(BadAnswerError):
            await johal.submits({"pseudonym": "AB"})


async def test_buttons_and_response_urls(app: App, client: AsyncWebClient, room: str, johal: Person) -> None:
    pressed: list[JSON] = []

    @app.bolt.action("approve")
    async def approve(ack: Any, body: JSON, respond: Any) -> None:
        await ack()
        pressed.append(body)
        await respond("Only for you", response_type="ephemeral", replace_original=False)
        await respond("Approved.", replace_original=True)

    await client.chat_postMessage(channel=room, text="old", blocks=buttons("Approve"))
    card = await client.chat_postMessage(channel=room, text="new", blocks=buttons("Approve", "Change"))
    assert await johal.presses("Appr")
    await johal.sees("Approved.", "patel")
    await johal.sees_ephemeral("Only for you", "patel")
    body = pressed[0]
    assert (body["container"]["message_ts"], body["message"]["ts"]) == (card["ts"], card["ts"])
    assert (body["actions"][0]["value"], body["actions"][0]["action_id"]) == ("v-Approve", "approve")
    assert (body["user"]["id"], body["channel"]) == (JOHAL, {"id": room, "name": "privategroup"})
    with pytest.raises(AssertionError, match="no button 'Nonsense'"):
        await johal.presses("Nonsense", timeout=0.05)


async def test_a_response_url_is_used_up(app: App, slack: FakeSlack, session: Any, johal: Person, clock: Clock) -> None:
    links: list[str] = []

    @app.bolt.command("/case")
    async def case(ack: Any, command: JSON) -> None:
        links.append(command["response_url"])
        await ack()

    await johal.command("/case")
    await johal.command("/case")
    for n in range(6):
        async with session.post(links[0], json={"text": f"answer {n}"}) as answer:
            assert answer.status == (200 if n < 5 else 404)
    await johal.sees_ephemeral("answer 4")
    clock.forward(1801)
    async with session.post(links[1], json={"text": "late"}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (404, "expired_url")


async def test_menus_in_messages(app: App, client: AsyncWebClient, room: str, johal: Person) -> None:
    chosen: list[JSON] = []

    @app.bolt.action("pick")
    async def pick(ack: Any, body: JSON) -> None:
        await ack()
        chosen.append(body)

    options = [{"text": plain("AB · C-7K3F"), "value": "1"}, {"text": plain("CD · C-9M2X"), "value": "2"}]
    menu = {"type": "static_select", "action_id": "pick", "placeholder": plain("For which case?"), "options": options}
    more = {"type": "overflow", "action_id": "pick", "options": options}
    for element in (menu, more):
        await client.chat_postMessage(channel=room, text="?", blocks=[{"type": "actions", "elements": [element]}])
    assert await johal.chooses("For which case?", "C-7K3F")
    assert await johal.chooses("CD", "C-9M2X")
    assert [one["actions"][0]["selected_option"]["value"] for one in chosen] == ["1", "2"]
    assert next(iter(chosen[0]["state"]["values"].values()))["pick"]["selected_option"]["value"] == "1"


async def test_shortcuts(app: App, workspace: FakeWorkspace, room: str, johal: Person) -> None:
    workspace.data.shortcuts = [Shortcut("Take back", "take_back", True), Shortcut("New case", "new_case", False)]
    used: list[JSON] = []

    @app.bolt.shortcut("take_back")
    @app.bolt.shortcut("new_case")
    async def shortcut(ack: Any, body: JSON) -> None:
        await ack()
        used.append(body)

    said = await johal.says("Wrong room", "patel")
    assert await johal.shortcut("Take back", on=said)
    assert await johal.shortcut("New case")
    assert (used[0]["type"], used[0]["message"]["ts"], used[0]["channel"]["id"]) == ("message_action", said.ts, room)
    assert (used[1]["type"], "message" in used[1]) == ("shortcut", False)
    with pytest.raises(CannotDoError):
        await johal.shortcut("Take back")


async def test_app_home(app: App, client: AsyncWebClient, johal: Person) -> None:
    pressed: list[JSON] = []

    @app.bolt.action("new")
    async def new(ack: Any, body: JSON) -> None:
        await ack()
        pressed.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    home = {"type": "home", "blocks": buttons("New")}
    published = await client.views_publish(user_id=JOHAL, view=home)
    await johal.sees_home("[New]")
    await johal.presses("New")
    assert pressed[0]["container"] == {"type": "view", "view_id": published["view"]["id"]}
    await johal.sees_modal("New case")
    again = await client.views_publish(user_id=JOHAL, view=home, hash=published["view"]["hash"])
    assert await code(client.views_publish(user_id=JOHAL, view=home, hash=published["view"]["hash"])) == "hash_conflict"
    assert again["view"]["id"] == published["view"]["id"]


async def test_an_app_that_does_not_answer(app: App, slack: FakeSlack, johal: Person, clock: Clock) -> None:
    never = asyncio.Event()

    @app.bolt.middleware
    async def hang(next: Any) -> None:
        await never.wait()

    slack.settings.ack_seconds = 0.0
    assert not await johal.command("/case")
    assert "did not respond" in johal.warnings[0]
    never.set()
