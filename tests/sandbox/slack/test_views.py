"""Views Slack would refuse, and triggers that come too late."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FakeWorkspace, Person
from tests.sandbox.slack.support import JOHAL, JSON, Clock, code, modal, plain

pytestmark = pytest.mark.illegal_traffic


@pytest.fixture
def trigger(workspace: FakeWorkspace) -> str:
    return workspace.team.views.trigger(JOHAL)


async def test_triggers(
    client: AsyncWebClient, workspace: FakeWorkspace, trigger: str, clock: Clock, johal: Person
) -> None:
    clock.forward(2.9)
    await client.views_open(trigger_id=trigger, view=modal())
    assert await code(client.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"
    late = workspace.team.views.trigger(JOHAL)
    clock.forward(3.1)
    assert await code(client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert await code(client.views_open(trigger_id="1.2.x", view=modal())) == "invalid_trigger_id"
    assert await code(client.views_open(view=modal(), trigger_id=None)) == "invalid_trigger_id"


@pytest.mark.parametrize(
    "change",
    [
        {"title": plain("x" * 25)},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"blocks": [{"type": "divider"}] * 101},
        {"blocks": [{"type": "markdown", "text": "x"}]},
        {"type": "dialog"},
        {"nonsense": 1},
        {"submit": plain("x" * 25)},
    ],
)
async def test_modals(client: AsyncWebClient, trigger: str, change: JSON, johal: Person) -> None:
    assert await code(client.views_open(trigger_id=trigger, view=modal() | change)) == "invalid_arguments"
    legal = modal(blocks=[{"type": "divider"}] * 100, title="x" * 24, private_metadata="x" * 3000)
    assert (await client.views_open(trigger_id=trigger, view=legal))["ok"]  # the trigger was not spent


async def test_inputs_need_a_submit_button(client: AsyncWebClient, trigger: str, johal: Person) -> None:
    view = modal()
    del view["submit"]
    assert await code(client.views_open(trigger_id=trigger, view=view)) == "invalid_arguments"


async def test_stacks_hashes_and_external_ids(
    client: AsyncWebClient, workspace: FakeWorkspace, trigger: str, johal: Person
) -> None:
    views = workspace.team.views
    opened = (await client.views_open(trigger_id=trigger, view=modal(external_id="one")))["view"]
    assert await code(client.views_push(trigger_id=views.trigger(JOHAL), view=modal())) == "not_found"
    for _ in range(2):
        await client.views_push(trigger_id=views.trigger(JOHAL, johal.modal), view=modal())
    full = client.views_push(trigger_id=views.trigger(JOHAL, johal.modal), view=modal())
    assert await code(full) == "push_limit_reached"
    await client.views_update(external_id="one", view=modal("Changed", external_id="one"))
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal())
    assert await code(stale) == "hash_conflict"
    assert await code(client.views_update(view_id="V999", view=modal())) == "not_found"
    again = client.views_open(trigger_id=views.trigger(JOHAL), view=modal(external_id="one"))
    assert await code(again) == "duplicate_external_id"
    home = client.views_publish(user_id=JOHAL, view=modal())
    assert await code(home) == "invalid_arguments"
    assert await code(client.views_publish(user_id="U9999", view={"type": "home", "blocks": []})) == "user_not_found"
    await johal.closes_modal(everything=True)
    assert await code(client.views_update(view_id=opened["id"], view=modal())) == "not_found"
