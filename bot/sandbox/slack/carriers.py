"""Ways to an app: its request URL over HTTP, signed, or Socket Mode (`sockets`). Both give a receipt."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.errors import JSON
from bot.sandbox.slack.payloads import VERIFICATION_TOKEN
from bot.sandbox.slack.timeline import Timeline
from bot.sandbox.slack.world import Workspace


class Route(StrEnum):
    """What sort of parcel it is, in the word Socket Mode uses."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something for the app; parcels of one `lane` (a channel) are first offered in order."""

    route: Route
    payload: JSON
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Whether the app took it, why not, and what it answered."""

    ok: bool
    reason: str = ""
    answer: JSON | None = None
    retry: bool = True


class Carrier(Protocol):
    """Offers one parcel once."""

    async def offer(self, workspace: Workspace, parcel: Parcel, attempt: int, reason: str) -> Receipt:
        """`attempt` counts from 0; `reason` says why the one before failed."""
        ...


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Slack's v0 request signature."""
    base = b"v0:" + str(timestamp).encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpCarrier:
    """Posts to the workspace's request URL; any answer but 200 within the time allowed is a failure."""

    def __init__(self, timeline: Timeline, seconds: Callable[[], float]) -> None:
        self.signing_clock: Callable[[], float] = timeline.now
        self._timeline = timeline
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    async def offer(self, workspace: Workspace, parcel: Parcel, attempt: int, reason: str) -> Receipt:
        """One POST, signed; form-encoded for commands and interactions, JSON for events."""
        if parcel.route is Route.EVENT:
            body, kind = json.dumps(parcel.payload), "application/json"
        else:
            command = parcel.route is Route.COMMAND
            form = parcel.payload if command else {"payload": json.dumps(parcel.payload)}
            body, kind = urlencode(form), "application/x-www-form-urlencoded"
        again = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
        post = asyncio.create_task(self._post(workspace, body.encode(), {"Content-Type": kind, **again}))
        late = asyncio.create_task(self._timeline.sleep(self._seconds()))
        try:
            await asyncio.wait({post, late}, return_when=asyncio.FIRST_COMPLETED)
            return post.result() if post.done() else Receipt(False, "http_timeout")
        finally:
            late.cancel()
            if not post.done():
                post.cancel()

    async def _post(self, workspace: Workspace, body: bytes, headers: dict[str, str]) -> Receipt:
        timestamp = int(self.signing_clock())
        headers |= {
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": signature(workspace.signing_secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        try:
            session = self._open()
            async with session.post(str(workspace.request_url), data=body, headers=headers) as response:
                text = await response.text()
                if response.status != 200:
                    again = response.headers.get("X-Slack-No-Retry") != "1"
                    return Receipt(False, "http_error", retry=again)
                return Receipt(True, answer=_read(text, response.content_type))
        except (aiohttp.ClientError, OSError):
            return Receipt(False, "connection_failed")

    async def verify(self, workspace: Workspace) -> bool:
        """The url_verification handshake: whether the request URL gives the challenge back."""
        challenge = f"challenge-{workspace.id}-{int(self._timeline.now())}"
        payload = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        receipt = await self.offer(workspace, Parcel(Route.EVENT, payload), 0, "")
        answer = receipt.answer or {}
        return receipt.ok and challenge in (answer.get("challenge"), answer.get("text"))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()


def _read(text: str, kind: str) -> JSON | None:
    """An app's answer: nothing, JSON, or words to show."""
    if not text.strip():
        return None
    if kind == "application/json":
        try:
            answer = json.loads(text)
        except ValueError:
            return None
        return answer if isinstance(answer, dict) and answer else None
    return {"text": text}
