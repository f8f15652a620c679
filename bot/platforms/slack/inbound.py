"""Persist, then acknowledge: the middleware that commits each payload before bolt or Slack hears anything."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.domain.errors import DeliveryError
from bot.domain.outbound import Page, Reply
from bot.platforms.slack import home
from bot.platforms.slack.answers import Answers
from bot.platforms.slack.client import Workspace, silent_logger
from bot.platforms.slack.events import is_echo, opens_home
from bot.platforms.slack.ids import Json, mapping, place, team_of, text
from bot.platforms.slack.rooms import Rooms
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.updates import EVENT, LIVE, channel_of, kind_of, raw_update
from bot.ports.inbound import Inbox
from prompts.wording import say

HANDLING: Final = 2.3
"""Seconds to wait for `handle_now`; it promises 2."""
ANSWERING: Final = 2.7
"""Seconds after which the acknowledgement leaves, whatever else is still running: Slack allows 3."""

RETRIED: Final = "x-slack-retry-num"
"""The header of an event that could not be delivered at first."""

log = structlog.get_logger("slack")


class _Commit(AsyncMiddleware):
    """Stands before bolt's own authorisation, which acknowledges what it could not authorise."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        if kind_of(req.body) == "url_verification":
            return await next()
        return await self._receiver.receive(req.body, again=_retried(req))


def _retried(req: AsyncBoltRequest) -> bool:
    """Slack has tried before. By Socket Mode it counts the first try as well, as 0."""
    number = next(iter(req.headers.get(RETRIED, ())), "0")
    return number.strip() not in ("", "0")


class Receiver:
    """What one workspace's app does with a payload. It commits, then answers; bolt's own handling never starts."""

    def __init__(
        self,
        workspace: Workspace,
        inbox: Inbox,
        rooms: Rooms,
        tasks: Tasks,
        now: Callable[[], int],
        missed: Callable[[str], None] = lambda chat: None,
    ) -> None:
        """`missed` is told that events may have been lost: in one channel, or anywhere ("")."""
        self._missed = missed
        self._workspace = workspace
        self._inbox = inbox
        self._rooms = rooms
        self._tasks = tasks
        self._answers = Answers(tasks)
        self._now = now

    def app(self) -> AsyncApp:
        """The bolt app around this receiver. Signatures are checked before it (`http`): bolt's check raises on some."""
        return AsyncApp(
            name="chairside",
            logger=silent_logger(),
            client=self._workspace.web,
            before_authorize=_Commit(self),
            request_verification_enabled=False,
        )

    async def receive(self, body: Json, *, again: bool = False) -> BoltResponse:
        """Commit the payload and answer it; 500 when it could not be committed, so that Slack sends it again."""
        kind = kind_of(body)
        if kind not in LIVE and kind != EVENT:
            if kind == "app_rate_limited":
                log.error("slack.events_limited", workspace=self._workspace.config.key)
                self._missed("")
            return BoltResponse(status=200, body="")
        if self._foreign(body):
            log.warning("slack.foreign_workspace", workspace=self._workspace.config.key, kind=kind)
            return BoltResponse(status=200, body="")
        if kind == EVENT:
            if again:  # what came before it, or after its last try, may be lost for good
                self._missed(channel_of(body))
            return await self._event(body)
        return await self._interaction(body)

    async def _event(self, body: Json) -> BoltResponse:
        event = mapping(body, "event")
        if is_echo(body, self._workspace.identity):
            return BoltResponse(status=200, body="")  # what we did ourselves: nothing to keep
        if text(event, "type") in ("member_joined_channel", "member_left_channel"):
            self._rooms.forget(place(team_of(body), text(event, "channel")))
        update = raw_update(body, self._now())
        try:
            if opens_home(event):
                page = await self._inbox.handle_now(update)
                if isinstance(page, Page):  # None for a repeat: the page stands
                    self._tasks.start(self._show_home(text(event, "user"), page))
            else:
                await self._inbox.store([update])
        except TimeoutError:
            log.warning("slack.handling_slow", workspace=self._workspace.config.key)  # saved; they open it again
        except Exception as error:  # noqa: BLE001 - whatever failed, it is not saved, so it is not acknowledged
            log.error("slack.not_stored", workspace=self._workspace.config.key, error=type(error).__name__)
            return BoltResponse(status=500, body="")
        return BoltResponse(status=200, body="")

    async def _interaction(self, body: Json) -> BoltResponse:
        loop = asyncio.get_running_loop()
        until = loop.time() + ANSWERING
        handling = self._tasks.start(self._inbox.handle_now(raw_update(body, self._now())))
        try:
            # Shielded: past its time it goes on, only the answer does not wait for it.
            reply: Reply | None = await asyncio.wait_for(asyncio.shield(handling), HANDLING)
        except TimeoutError:
            log.warning("slack.handling_slow", workspace=self._workspace.config.key)
            answer = self._answers.unsaved(self._workspace, body, say("slack.answer.slow"))
        except Exception as error:  # noqa: BLE001 - nothing is saved; Slack does not repeat these, so the person is told
            log.error("slack.not_stored", workspace=self._workspace.config.key, error=type(error).__name__)
            answer = self._answers.unsaved(self._workspace, body, say("slack.answer.unsaved"))
        else:
            answer = await self._answers.give(self._workspace, body, reply, until)
        return BoltResponse(status=200, body=answer or "")

    def _foreign(self, body: Json) -> bool:
        """The payload is from a workspace this app was not set up for."""
        identity = self._workspace.identity
        return identity is not None and team_of(body) != identity.team

    async def _show_home(self, user: str, page: Page) -> None:
        try:
            await self._workspace.call("views.publish", {"user_id": user, "view": home.view(page)}, harmless=True)
        except DeliveryError as error:
            log.info("slack.home_failed", workspace=self._workspace.config.key, code=error.detail)
