"""HTTP mode: one aiohttp route for events, commands and interactivity of every workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import orjson
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.platforms.slack.client import Workspace
from bot.platforms.slack.ids import Json
from bot.platforms.slack.signature import Seen, genuine
from bot.ports.clock import Clock

PATH: Final = "/slack/events"

log = structlog.get_logger("slack")


@dataclass(frozen=True, slots=True)
class Served:
    """One workspace's app, as the route serves it."""

    workspace: Workspace
    app: AsyncApp


class HttpDoor:
    """Lets in what is signed by one of our workspaces' secrets, once, and hands it to that workspace's app."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._served: Sequence[Served] = ()
        self._seen = Seen()

    def serve(self, served: Sequence[Served]) -> None:
        """Start to accept; before this every request is answered 503."""
        self._served = served

    def routes(self) -> list[web.RouteDef]:
        """For the application that owns the port."""
        return [web.post(PATH, self.handle)]

    async def handle(self, request: web.Request) -> web.Response:
        """401 without a genuine signature, 409 for a replay, else what the app answers."""
        if not self._served:
            return web.Response(status=503)
        body = await request.read()
        signature = request.headers.get("X-Slack-Signature", "")
        one = self._signer(request.headers.get("X-Slack-Request-Timestamp", ""), signature, body)
        if one is None:
            log.warning("slack.signature_refused")
            return web.Response(status=401)
        payload = parse(body, request.content_type)
        if payload is None:
            return web.Response(status=400)
        now = self._clock.now() / 1_000_000
        if not self._seen.first(signature, now):
            log.warning("slack.replay_refused", workspace=one.workspace.config.key)
            return web.Response(status=409)
        answered = False
        try:
            asked = AsyncBoltRequest(body=payload, mode="socket_mode", headers=dict(request.headers))
            response = await to_aiohttp_response(await one.app.async_dispatch(asked))
            answered = response.status < 500
            return response
        finally:
            if not answered:
                self._seen.forget(signature)

    def _signer(self, timestamp: str, signature: str, body: bytes) -> Served | None:
        now = self._clock.now() / 1_000_000
        for one in self._served:
            secret = one.workspace.config.signing_secret or ""
            if genuine(secret, timestamp, signature, body, now):
                return one
        return None


def parse(body: bytes, content_type: str) -> Json | None:
    """The payload of a request, None if it is none.

    Read here and not by bolt, which takes a command with the word "payload" in its text for an empty one.
    """
    try:
        if content_type == "application/json" or body.startswith(b"{"):
            found = orjson.loads(body)
        else:
            fields = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
            found = orjson.loads(fields["payload"]) if "payload" in fields and "command" not in fields else fields
    except ValueError:  # JSON, UTF-8 and form errors are all of this kind
        return None
    return found if isinstance(found, dict) else None
