"""The way to Slack's Web API: one shared HTTP session, one client a workspace, every failure made ours."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import DeliveryError, NotSent, Reason, Refused
from bot.platforms.slack.capabilities import CAPABILITIES, CONNECT_TIMEOUT
from bot.platforms.slack.config import SlackWorkspace
from bot.platforms.slack.errors import FAILURES, outcome
from bot.platforms.slack.ids import Identity, Json, text
from bot.platforms.slack.jsontext import dumps, loads

_PAGE: Final = 200
_AS_JSON: Final = frozenset({"chat.postMessage", "chat.update", "reactions.add"})
"""What is called for every message and takes JSON: blocks are then encoded once, not as JSON within a form."""
_RETRY: Final = 5.0
"""Seconds between attempts to learn who we are."""


def silent_logger() -> logging.Logger:
    """For the libraries: they log bodies at DEBUG and addresses with tickets at ERROR. We log what matters."""
    logger = logging.getLogger("slack.library")
    logger.setLevel(logging.CRITICAL + 1)  # a level of its own: the root's at DEBUG does not open it
    logger.propagate = False
    return logger


def new_session() -> aiohttp.ClientSession:
    """The session all workspaces share; its time-outs bound every call. Call it on the running loop."""
    timeout = aiohttp.ClientTimeout(total=CAPABILITIES.request_timeout, connect=CONNECT_TIMEOUT)
    return aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())


class Workspace:
    """One installed app: its settings, its client, and who the bot is there once `identify` has asked."""

    def __init__(self, config: SlackWorkspace, session: aiohttp.ClientSession) -> None:
        self.config = config
        self.session = session
        self.identity: Identity | None = None
        self.scopes: frozenset[str] = frozenset()
        self.web = AsyncWebClient(
            token=config.bot_token,
            base_url=config.api_url,
            timeout=int(CAPABILITIES.request_timeout),
            session=session,
            logger=silent_logger(),
            retry_handlers=[],  # the library's own retries post twice when only the answer was lost
        )
        if not config.at_slack:
            self.web.proxy = None  # the library takes a proxy from the environment, for a local server too
        self._json_headers = {
            **self.web.headers,
            "Authorization": f"Bearer {config.bot_token}",
            "Content-Type": "application/json;charset=utf-8",
        }
        self._next_try = 0.0

    async def call(self, method: str, args: Mapping[str, Any], *, harmless: bool = False) -> Json:
        """Call a method; None values are left out. Raises `NotSent`, `Unknown` or `Refused` only.

        `harmless` calls change nothing, or the same again: for them doubt counts as not sent.
        """
        given = {name: value for name, value in args.items() if value is not None}
        try:
            if method in _AS_JSON:
                answer = await self._call_with_json(method, given)
            else:
                answer = await self.web.api_call(method, data={name: _encoded(value) for name, value in given.items()})
        except FAILURES as error:
            raise outcome(error, harmless=harmless) from None
        data = answer.data
        return data if isinstance(data, dict) else {}

    async def _call_with_json(self, method: str, given: Json) -> AsyncSlackResponse:
        """The library's own `api_call(json=…)`, without what it makes anew for each call and keeps for repeats."""
        if self.session.closed:
            raise NotSent("closed")
        url = self.web.base_url + method
        request = self.session.post(url, data=dumps(given), headers=self._json_headers, proxy=self.web.proxy)
        async with request as response:
            try:
                data = await response.json(loads=loads)
            except (aiohttp.ContentTypeError, ValueError):
                data = {}  # no JSON at all: then its status says what there is to say
        said = AsyncSlackResponse(
            client=self.web,
            http_verb="POST",
            api_url=url,
            req_args={},
            data=data,
            headers=response.headers,  # type: ignore[arg-type]  # as the library does
            status_code=response.status,
        )
        answer: AsyncSlackResponse = said.validate()  # type: ignore[no-untyped-call]
        return answer

    async def pages(self, method: str, args: Mapping[str, Any], items: str) -> AsyncGenerator[Json | str, None]:
        """The items of a paged list, through to its end."""
        cursor = ""
        while True:
            answer = await self.call(method, {"limit": _PAGE, **args, "cursor": cursor or None}, harmless=True)
            found = answer.get(items)
            for one in found if isinstance(found, list) else []:
                yield one
            cursor = text(answer, "response_metadata", "next_cursor")
            if not cursor:
                return

    async def identify(self) -> Identity:
        """Ask Slack who we are and what we may do (`auth.test`), and keep both."""
        try:
            answer = await self.web.api_call("auth.test")
        except FAILURES as error:
            raise outcome(error, harmless=True) from None
        said, granted = answer.data, answer.headers.get("x-oauth-scopes") or ""
        self.scopes = frozenset(one.strip() for one in granted.split(",") if one.strip())
        self.identity = Identity(text(said, "team_id"), text(said, "user_id"), text(said, "bot_id"), text(said, "team"))
        return self.identity

    async def try_identify(self) -> None:
        """Learn who we are if it is not known and the last attempt is a while ago; failure is not raised."""
        now = asyncio.get_running_loop().time()
        if self.identity is not None or now < self._next_try:
            return
        self._next_try = now + _RETRY
        try:
            await self.identify()
        except DeliveryError:
            return


class Workspaces:
    """All workspaces, found by team id."""

    def __init__(self, workspaces: Sequence[Workspace]) -> None:
        self.all = tuple(workspaces)

    def __iter__(self) -> Iterator[Workspace]:
        return iter(self.all)

    def identity(self, team: str) -> Identity | None:
        """Who the bot is in a workspace, if it is known yet."""
        for one in self.all:
            if one.identity is not None and one.identity.team == team:
                return one.identity
        return None

    async def of(self, team: str) -> tuple[Workspace, Identity]:
        """The workspace of a team id; `NotSent` while one of ours is still unknown, else `Refused`."""
        for attempt in range(2):
            for one in self.all:
                if one.identity is not None and one.identity.team == team:
                    return one, one.identity
            if attempt == 0:
                for one in self.all:
                    await one.try_identify()
        if any(one.identity is None for one in self.all):
            raise NotSent("workspace_not_identified")
        raise Refused(Reason.ACCESS_REVOKED, "no_such_workspace")


def _encoded(value: Any) -> str:
    """A form value: flags as 1 or 0, structure as JSON."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
