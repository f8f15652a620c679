"""What the tests of the fake Slack share: a clock, a way to meet refusals, a real bolt app."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FakeWorkspace

JSON = dict[str, Any]
JOHAL, SAM = "U0002", "U0003"


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def modal(title: str = "New case", **more: Any) -> JSON:
    menu = {
        "type": "static_select",
        "action_id": "value",
        "options": [{"text": plain("Routine"), "value": "r"}, {"text": plain("Urgent"), "value": "u"}],
    }
    return {
        "type": "modal",
        "callback_id": "intake",
        "private_metadata": "opaque",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": [
            {
                "type": "input",
                "block_id": "pseudonym",
                "label": plain("Patient pseudonym"),
                "element": {"type": "plain_text_input", "action_id": "value", "max_length": 5},
            },
            {"type": "input", "block_id": "urgency", "label": plain("Urgency"), "element": menu, "optional": True},
        ],
        **more,
    }


def buttons(*labels: str) -> list[JSON]:
    return [{"type": "actions", "elements": [
        {"type": "button", "action_id": label.lower(), "value": f"v-{label}", "text": plain(label)} for label in labels
    ]}]  # fmt: skip


@dataclass
class Clock:
    """A clock that stands still until moved."""

    at: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += seconds


async def refused(call: Any) -> dict[str, Any]:
    """The body of the refusal this call must meet."""
    with pytest.raises(SlackApiError) as caught:
        await call
    body = caught.value.response.data
    assert isinstance(body, dict)
    return body


async def code(call: Any) -> str:
    """The error code of the refusal this call must meet."""
    return str((await refused(call))["error"])


@dataclass
class App:
    """A real bolt app against the fake; `heard` holds every event body it was given."""

    bolt: AsyncApp
    workspace: FakeWorkspace
    handler: AsyncSocketModeHandler | None = None
    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, Any]] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def events(self, kind: str, subtype: str | None = None) -> list[dict[str, Any]]:
        """Inner events of one type, in order of arrival."""
        inner = [one["event"] for one in self.heard]
        return [one for one in inner if one["type"] == kind and subtype in (None, one.get("subtype"))]

    async def until(self, found: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until this holds of what was heard."""
        async with asyncio.timeout(seconds):
            while not found():
                await self._news.wait()
                self._news.clear()

    def hear(self, body: dict[str, Any], headers: dict[str, Any]) -> None:
        self.heard.append(body)
        self.headers.append(headers)
        self._news.set()


async def start_app(
    stack: AsyncExitStack,
    mode: str,
    connect: Callable[..., AsyncWebClient],
    workspace: FakeWorkspace,
    *,
    plain: bool = False,
) -> App:
    """Start a bolt app that records events; it ends with the stack."""
    logger = logging.getLogger("test.bolt")
    logger.setLevel(logging.CRITICAL)

    async def authorize(**_: Any) -> AuthorizeResult:
        # bolt's own way calls auth.test with an undocumented argument; see test_bolt_as_it_comes
        return AuthorizeResult(
            enterprise_id=None, team_id=workspace.data.id, bot_token=workspace.bot_token, bot_user_id=bot_user
        )

    bot_user = workspace.data.bot_user
    options: dict[str, Any] = {} if plain else {"authorize": authorize, "ignoring_self_events_enabled": False}
    token = workspace.bot_token if plain else ""
    bolt = AsyncApp(client=connect(token or None), signing_secret=workspace.signing_secret, logger=logger, **options)
    app = App(bolt, workspace)

    @bolt.middleware
    async def record(req: Any, body: dict[str, Any], next: Any) -> None:
        if body.get("type") == "event_callback":
            app.hear(body, dict(req.headers))
        await next()

    async def accept(**_: Any) -> None:
        pass

    for kind in ("message", "reaction_added", "reaction_removed", "file_shared", "file_deleted", "app_home_opened"):
        bolt.event(kind)(accept)
    for kind in ("member_joined_channel", "member_left_channel", "group_left", "group_archive", "group_unarchive"):
        bolt.event(kind)(accept)
    for kind in ("group_rename", "tokens_revoked", "app_uninstalled"):
        bolt.event(kind)(accept)
    if mode == "socket":
        app.handler = AsyncSocketModeHandler(bolt, workspace.app_token, ping_interval=0.3)
        stack.push_async_callback(app.handler.close_async)
        await app.handler.connect_async()
    else:
        runner = web.AppRunner(bolt.web_app(path="/slack/events"), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        app.url = f"http://127.0.0.1:{port}/slack/events"
        # bolt holds signatures against its own clock
        workspace.team.courier.http.signing_clock = time.time
        assert await workspace.use_http(app.url, verify=True)
    return app
