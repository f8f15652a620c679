"""What the Telegram adapter's tests share: an inbox that records, files from memory, updates by hand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, cast

from aiohttp import web
from telegram import Bot

from bot.domain.events import FileKind, InboundEvent
from bot.domain.ids import BlobId
from bot.domain.outbound import FileToSend, Post, Reply
from bot.domain.richtext import RichText
from bot.platforms.telegram.alarms import Alarm
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.ids import Identity, account, place
from bot.platforms.telegram.inbound import TelegramTranslator
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.pace import Pace
from bot.platforms.telegram.poller import Poller
from bot.platforms.telegram.transport import Transport
from bot.platforms.telegram.wire import dumps, loads
from bot.ports.clock import ManualClock
from bot.ports.gateway import Target
from bot.ports.inbound import RawUpdate
from bot.sandbox.door import Door

BOT = 7_000_000_001
ASHA = 700001
FAST = Pace(first=0.01, longest=0.03, conflict=0.02, slow=0.05, patience=3, grace=0.3, note=30.0, recheck=0.05)


class RecordingInbox:
    """Commits to a list, as the durable inbox does to its tables: whole calls or nothing, repeats by key collapse."""

    def __init__(self) -> None:
        self.kept: list[RawUpdate] = []
        self.pressed: list[RawUpdate] = []
        self.cursors: dict[str, str] = {}
        self.reply: Reply | None = None
        self.broken = False
        self.refuse: Callable[[RawUpdate], bool] = lambda update: False
        self.hold: asyncio.Event | None = None
        self.changed = asyncio.Event()
        self._keys: set[str] = set()

    async def store(self, updates: Sequence[RawUpdate], cursor: tuple[str, str] | None = None) -> None:
        if self.hold is not None:
            await self.hold.wait()
        if self.broken or any(self.refuse(update) for update in updates):
            raise RuntimeError("disk full")
        for update in updates:
            self._keep(update)
        if cursor is not None:
            self.cursors[cursor[0]] = cursor[1]
        self.changed.set()

    async def handle_now(self, update: RawUpdate) -> Reply | None:
        if self.broken or self.refuse(update):
            raise RuntimeError("disk full")
        fresh = self._keep(update)
        if fresh:
            self.pressed.append(update)
        self.changed.set()
        return self.reply if fresh else None

    async def cursor(self, name: str) -> str | None:
        return self.cursors.get(name)

    def _keep(self, update: RawUpdate) -> bool:
        if self._keys & set(update.keys):
            return False
        self._keys.update(update.keys)
        self.kept.append(update)
        return True

    @property
    def offset(self) -> str | None:
        return self.cursors.get(f"telegram:{BOT}")

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [cast("dict[str, Any]", loads(update.body)) for update in self.kept]

    @property
    def texts(self) -> list[str]:
        messages = [body.get("message") for body in self.bodies]
        return [message["text"] for message in messages if isinstance(message, dict) and "text" in message]

    async def until(self, true: Callable[[], bool], patience: float = 5.0) -> None:
        """Wait for a commit that makes it true."""
        async with asyncio.timeout(patience):
            while not true():
                self.changed.clear()
                await self.changed.wait()


async def until(true: Callable[[], bool], patience: float = 5.0) -> None:
    """Wait until it is true; looks again and again."""
    async with asyncio.timeout(patience):
        while not true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.002)


class MemoryFiles:
    """A `FileSource`: contents by blob id, read in chunks of `chunk` bytes."""

    def __init__(self, chunk: int = 65536) -> None:
        self.contents: dict[int, bytes] = {}
        self.chunk = chunk
        self.fail_after: int | None = None

    def add(
        self, content: bytes, name: str, kind: FileKind, mime: str, size: int | None = None, number: int = 1
    ) -> FileToSend:
        self.contents[number] = content
        return FileToSend(BlobId(number), name, kind, mime, len(content) if size is None else size)

    async def __call__(self, file: FileToSend) -> AsyncIterator[bytes]:
        content = self.contents[file.blob]
        for start in range(0, len(content), self.chunk):
            if self.fail_after is not None and start >= self.fail_after:
                raise RuntimeError("cannot decrypt")
            yield content[start : start + self.chunk]


def target(chat: int = ASHA, topic: int | None = None, owner: int = ASHA) -> Target:
    return Target(place(chat, topic), account(owner))


def post(text: str = "Hello", **fields: Any) -> Post:
    return Post(RichText(text), **fields)


async def nothing(resume: str) -> None:
    """A checkpoint that keeps nothing."""


def private(**fields: Any) -> dict[str, Any]:
    """A message of Asha's in her own chat."""
    message: dict[str, Any] = {
        "message_id": 5,
        "from": {"id": ASHA, "is_bot": False, "first_name": "Asha"},
        "chat": {"id": ASHA, "first_name": "Asha", "type": "private"},
        "date": 1_790_000_000,
    }
    return message | fields


def group(**fields: Any) -> dict[str, Any]:
    """The same in a group."""
    return private(chat={"id": -200, "title": "A group", "type": "group"}, **fields)


def topic(number: int = 77, **fields: Any) -> dict[str, Any]:
    """The same in a topic of her chat."""
    return private(message_thread_id=number, is_topic_message=True, **fields)


def event(kind: str, payload: object, *, live: bool = False, username: str = "chairside_bot") -> InboundEvent | None:
    """What the translator makes of one update."""
    body = dumps({"update_id": 1, kind: payload})
    return TelegramTranslator(Identity(BOT, username)).translate(body, live=live)


def said(**fields: Any) -> InboundEvent | None:
    """What the translator makes of a private message with these fields."""
    return event("message", private(**fields))


TOKEN = "7000000001:canary_token"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OK = {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": ASHA, "type": "private"}}}


class Server:
    """An HTTP server that does whatever the test says."""

    def __init__(self) -> None:
        self.handler: Handler = self.answer
        self.requests: list[web.Request] = []
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/{rest:.*}", self._handle)
        self.door = Door(app)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.json_response(OK)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.handler(request)


def library(server: Server, transport: Transport) -> Bot:
    return Bot(TOKEN, base_url=f"{server.door.url}/bot", request=transport, get_updates_request=transport)


class PollerRig:
    """A poller with its ears open."""

    def __init__(self, client: TelegramClient, inbox: RecordingInbox, clock: ManualClock) -> None:
        self.client, self.inbox, self.clock = client, inbox, clock
        self.alarms: list[tuple[Alarm, bool]] = []
        self.gaps: list[float] = []
        self.gap_fails = False
        self.intake = Intake(client, inbox)
        self.poller = self.another()

    def another(self) -> Poller:
        """As a restarted process would make it."""
        return Poller(
            self.client,
            self.inbox,
            self.intake,
            now=self.clock.now,
            on_alarm=self.on_alarm,
            on_gap=self.on_gap,
            long_poll=20,
            pace=FAST,
        )

    async def on_alarm(self, alarm: Alarm, active: bool) -> None:
        self.alarms.append((alarm, active))

    async def on_gap(self, seconds: float, since: int) -> None:
        if self.gap_fails:
            self.gap_fails = False
            raise RuntimeError("database is locked")
        self.gaps.append(seconds)

    async def raised(self, alarm: Alarm, active: bool = True) -> None:
        await until(lambda: (alarm, active) in self.alarms)
