"""The fake Telegram as a whole: an HTTP server on loopback, its bots, and the people who write to them."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from bot.sandbox.door import Door
from bot.sandbox.faults import Faults
from bot.sandbox.telegram import wire
from bot.sandbox.telegram.api import perform
from bot.sandbox.telegram.errors import ApiError, not_found, unauthorized
from bot.sandbox.telegram.groups import Group
from bot.sandbox.telegram.limits import Limits, Meter
from bot.sandbox.telegram.people import Person
from bot.sandbox.telegram.schema import METHOD_NAMES
from bot.sandbox.telegram.state import Account, Bot, Chat
from bot.sandbox.telegram.truth import Truth
from bot.sandbox.telegram.webhook import Pusher
from bot.sandbox.telegram.world import Switches, World
from bot.sandbox.wirelog import WireLog

BOT_ID: Final = 7_000_000_001
BOT_NAME: Final = "chairside_sandbox_bot"


def token_for(bot_id: int) -> str:
    """A token of the real shape that is plainly no secret."""
    return f"{bot_id}:{'SANDBOX'.ljust(35, 'x')}"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived, before any fault: when (s, injected clock), method, arguments, chat or ""."""

    at: float
    method: str
    args: dict[str, object]
    chat: str


class FakeTelegram:
    """A Bot API server. `async with FakeTelegram() as telegram:` then point a bot at `telegram.url`.

    `now` (seconds) rules limits, expiry and dates; waiting on the network is real time. The wire log is the one
    named in the environment unless given; tests that send illegal requests give `WireLog(None)`.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        limits: Limits | None = None,
        faults: Faults | None = None,
        wire_log: WireLog | None = None,
        port: int = 0,
        webhook_retry: float = 0.05,
    ) -> None:
        """One bot (`token`) is there from the start; `limits` default to the enforcing ones."""
        self.faults = faults if faults is not None else Faults()
        self.world = World(now, Meter(limits if limits is not None else Limits()))
        self.violations: list[str] = []
        self.crashes: list[Exception] = []
        self.requests: deque[Request] = deque(maxlen=50_000)
        self._wire_log = wire_log if wire_log is not None else WireLog.from_environment()
        app = web.Application(client_max_size=wire.BODY_LIMIT)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._api)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._download)
        self._door = Door(app, port)
        self._webhook_retry = webhook_retry
        self._pushers: dict[int, Pusher] = {}
        self._running = False
        self.token = self.add_bot(BOT_ID, BOT_NAME).token

    # -- the server ---------------------------------------------------------------------------------------------

    async def start(self) -> Self:
        """Listen; updates wait for the bot, people can write at once."""
        await self._door.open()
        self._running = True
        for pusher in self._pushers.values():
            pusher.start()
        return self

    async def close(self) -> None:
        """Stop for good. Raises the first error of the fake itself, if it had any."""
        self._running = False
        for pusher in self._pushers.values():
            await pusher.stop()
        self.faults.forget()
        await self._door.close()
        self._wire_log.close()
        if self.crashes:
            raise self.crashes[0]

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def down(self) -> None:
        """Refuse connections and break the open ones; nothing is forgotten."""
        await self._door.down()

    async def up(self) -> None:
        """Listen again on the same port."""
        await self._door.up()

    @property
    def url(self) -> str:
        """TELEGRAM_API_URL; a client adds `/bot` or `/file/bot`, the token and the method."""
        return self._door.url

    @property
    def base_url(self) -> str:
        """python-telegram-bot's `base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """python-telegram-bot's `base_file_url`."""
        return f"{self.url}/file/bot"

    @property
    def truth(self) -> Truth:
        """What people really saw."""
        return self.world.truth

    @property
    def switches(self) -> Switches:
        """Known misbehaviours of the platform, to switch on."""
        return self.world.switches

    @property
    def limits(self) -> Limits:
        """The rate limits in force; may be replaced at any time."""
        return self.world.meter.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self.world.meter.limits = limits

    # -- bots, people, groups -----------------------------------------------------------------------------------

    def add_bot(self, bot_id: int, username: str, first_name: str = "Chairside") -> Bot:
        """Another bot; its `token` is made from its id."""
        bot = self.world.add_bot(token_for(bot_id), username, first_name)
        pusher = self._pushers[bot_id] = Pusher(self.world, bot, self.faults, self._webhook_retry)
        if self._running:
            pusher.start()
        return bot

    def bot(self, token: str | None = None) -> Bot:
        """A bot's state (updates pending, switches such as `has_topics_enabled`); the first one by default."""
        return self.world.bots[token if token is not None else self.token]

    def add_user(self, user_id: int, first_name: str, username: str | None = None, language: str = "en") -> Person:
        """Someone with a Telegram account who has not pressed Start yet."""
        self.world.accounts[user_id] = Account(user_id, first_name, username, language)
        return self.user(user_id)

    def user(self, user_id: int, token: str | None = None) -> Person:
        """That person in their chat with a bot (the first one by default)."""
        bot = self.bot(token)
        return Person(self.world, bot, self.world.private(bot, self.world.accounts[user_id]))

    def add_group(self, group_id: int, title: str, *people: Person, token: str | None = None) -> Group:
        """A basic group (negative id) with a bot and these people in it."""
        bot = self.bot(token)
        members = {person.account.id: person.account for person in people}
        chat = Chat(group_id, "group", bot.id, title=title, started=True, members=members)
        bot.chats[group_id] = chat
        return Group(self.world, bot, chat)

    def malformed_update(self, token: str | None = None) -> int:
        """Put an update among the others that no client library can parse; its update_id."""
        return self.bot(token).queue.push_raw({"message": {"message_id": "not a number", "chat": None}})

    async def taken(self, timeout: float = 5.0, token: str | None = None) -> None:
        """Wait until the bot has confirmed every update. Raises AssertionError when it does not."""
        queue = self.bot(token).queue
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while queue.pending:
            remaining = deadline - loop.time()
            if remaining <= 0:
                raise AssertionError(f"{len(queue.pending)} updates were not taken within {timeout} s")
            await queue.changed(remaining)

    # -- requests -----------------------------------------------------------------------------------------------

    def _bot_of(self, request: web.Request) -> Bot:
        token = request.match_info["token"]
        bot = self.world.bots.get(token)
        if bot is None:
            raise unauthorized() if re.fullmatch(r"\d+:[\w-]+", token) else not_found()
        if bot.revoked:
            raise unauthorized()
        return bot

    @staticmethod
    def _chat_of(bot: Bot, args: dict[str, object]) -> str:
        """The chat a request is about; an answer to a button press is about the presser's."""
        query = bot.queries.get(str(args.get("callback_query_id", "")))
        return str(args.get("chat_id", query.chat.id if query is not None else ""))

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = METHOD_NAMES.get(request.match_info["method"].lower())
        try:
            args, uploads = await wire.read(request)
            self._wire_log.write("telegram", request.match_info["method"], args, uploads)
            bot = self._bot_of(request)
            if method is None:
                self.violations.append(f"unknown method {request.match_info['method']}")
                raise not_found()
        except ApiError as error:
            return wire.refused(error)
        name = method

        async def effect() -> web.StreamResponse:
            try:
                result = await perform(self.world, bot, name, args, uploads)
            except ApiError as error:
                if error.illegal:
                    self.violations.append(f"{name}: {error.description}")
                return wire.refused(error)
            except Exception as error:
                self.crashes.append(error)
                raise
            return wire.ok(self.faults.deal(result) if name == "getUpdates" else result)

        chat = self._chat_of(bot, args)
        self.requests.append(Request(self.world.now(), name, args, chat))
        fault = self.faults.draw(name, chat, str(bot.id))
        return await self.faults.carry_out(fault, request, effect, wire.Answers())

    async def _download(self, request: web.Request) -> web.StreamResponse:
        try:
            bot = self._bot_of(request)
        except ApiError as error:
            return wire.refused(error)

        async def effect() -> web.StreamResponse:
            found = self.world.files.download(bot.id, request.match_info["path"], self.world.now())
            if found is None:
                return wire.refused(not_found())
            return web.Response(body=found.content, content_type="application/octet-stream")

        fault = self.faults.draw("file", bot=str(bot.id))
        return await self.faults.carry_out(fault, request, effect, wire.Answers())
