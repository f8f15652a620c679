"""Faults for the fake platforms: what goes wrong, for which request and how often; seeded, so a run repeats.

    faults = Faults(seed=7)
    faults.add(Kind.DROP_AFTER, method="sendMessage", chat="700001")            # the next one only
    faults.add(Kind.RATE_LIMIT, chance=0.9, times=None, retry_after=3)          # nine in ten, until removed
    fault = faults.draw("sendMessage", chat="700001", bot="1001")               # a server asks per request
    return await faults.carry_out(fault, request, effect, answers)              # and lets it happen

`door.Door` takes the whole server down and up again on the same port.
"""

import asyncio
import contextlib
import fnmatch
import random
import socket
import struct
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol, TypeVar, assert_never

from aiohttp import web

T = TypeVar("T")
Effect = Callable[[], Awaitable[web.StreamResponse]]

HTML_PAGE: Final = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>"
    "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


class Kind(StrEnum):
    """What goes wrong with one request."""

    DROP_BEFORE = "drop_before"  # connection cut, nothing happened
    DROP_AFTER = "drop_after"  # it happened, connection reset instead of an answer
    ACCEPT_LATE = "accept_late"  # never answered; it happens `seconds` later
    RATE_LIMIT = "rate_limit"  # 429 with `retry_after`, nothing happened
    ERROR_BEFORE = "error_before"  # `status` (5xx), nothing happened
    ERROR_AFTER = "error_after"  # `status` (5xx), although it happened
    HTML = "html"  # an HTML page with `status` instead of JSON, nothing happened
    SLOW = "slow"  # it happened at once, the answer comes `seconds` later
    DISCONNECT = "disconnect"  # it happened, the answer breaks off half way


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong; `seconds` are real ones, for SLOW and ACCEPT_LATE."""

    kind: Kind
    seconds: float = 0.2
    status: int = 502
    retry_after: int = 1


@dataclass(slots=True)
class Rule:
    """When a fault strikes: None matches all; `method` may hold wildcards; the first `skip` matches pass."""

    fault: Fault
    method: str | None = None
    chat: str | None = None
    bot: str | None = None
    chance: float = 1.0
    times: int | None = 1
    skip: int = 0
    hits: int = 0

    def matches(self, method: str, chat: str, bot: str) -> bool:
        """Whether the scope fits and strikes are left."""
        return (
            (self.times is None or self.hits < self.times)
            and (self.method is None or fnmatch.fnmatchcase(method, self.method))
            and self.chat in (None, chat)
            and self.bot in (None, bot)
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A fault that struck."""

    kind: Kind
    method: str
    chat: str
    bot: str


@dataclass(slots=True)
class Inbound:
    """Chances (0-1) that an update or event is given twice, or swapped with the next."""

    duplicate: float = 0.0
    reorder: float = 0.0


class Answers(Protocol):
    """How a platform words its own refusals."""

    def rate_limited(self, retry_after: int) -> web.StreamResponse:
        """A 429 asking for `retry_after` seconds."""
        ...

    def broken(self, status: int) -> web.StreamResponse:
        """A 5xx in the platform's own shape."""
        ...


@dataclass(slots=True)
class Faults:
    """The rules of one fake server, what struck so far, and effects still to come."""

    seed: int = 0
    rules: list[Rule] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    inbound: Inbound = field(default_factory=Inbound)
    _random: random.Random = field(init=False)
    _late: set[asyncio.Task[None]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def add(
        self,
        kind: Kind,
        *,
        method: str | None = None,
        chat: str | int | None = None,
        bot: str | int | None = None,
        chance: float = 1.0,
        times: int | None = 1,
        skip: int = 0,
        seconds: float = 0.2,
        status: int = 502,
        retry_after: int = 1,
    ) -> Rule:
        """Add a rule; `times=None` strikes until removed. In order; the first rule to strike wins."""
        fault = Fault(kind, seconds, status, retry_after)
        where = None if chat is None else str(chat)
        rule = Rule(fault, method, where, None if bot is None else str(bot), chance, times, skip)
        self.rules.append(rule)
        return rule

    def remove(self, rule: Rule) -> None:
        """Drop one rule; unknown ones are no error."""
        self.rules = [one for one in self.rules if one is not rule]

    def clear(self) -> None:
        """Everything works again (late effects still come)."""
        self.rules.clear()
        self.inbound = Inbound()

    def draw(self, method: str, chat: str = "", bot: str = "") -> Fault | None:
        """The fault for this request, if one strikes; counts and records it."""
        for rule in self.rules:
            if not rule.matches(method, chat, bot):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            if rule.chance >= 1.0 or self._random.random() < rule.chance:
                rule.hits += 1
                self.hits.append(Hit(rule.fault.kind, method, chat, bot))
                return rule.fault
        return None

    def deal(self, batch: Sequence[T]) -> list[T]:
        """The batch as it is delivered: some items twice, some swapped with the next (`inbound`)."""
        dealt: list[T] = []
        for item in batch:
            dealt.append(item)
            if self.inbound.duplicate and self._random.random() < self.inbound.duplicate:
                dealt.append(item)
        if self.inbound.reorder:
            for place in range(len(dealt) - 1):
                if self._random.random() < self.inbound.reorder:
                    dealt[place], dealt[place + 1] = dealt[place + 1], dealt[place]
        return dealt

    def chance(self, probability: float) -> bool:
        """One seeded draw, for what a platform does itself."""
        return self._random.random() < probability

    async def carry_out(
        self, fault: Fault | None, request: web.Request, effect: Effect, answers: Answers
    ) -> web.StreamResponse:
        """Let the request happen, or go wrong. `effect` does the work and makes the ordinary answer."""
        if fault is None:
            return await effect()
        match fault.kind:
            case Kind.DROP_BEFORE:
                return cut(request)
            case Kind.DROP_AFTER:
                await effect()
                return cut(request)
            case Kind.ACCEPT_LATE:
                late = asyncio.create_task(self._later(fault.seconds, effect))
                self._late.add(late)
                late.add_done_callback(self._late.discard)
                await hung_up(request)
                return cut(request)
            case Kind.RATE_LIMIT:
                return answers.rate_limited(fault.retry_after)
            case Kind.ERROR_BEFORE:
                return answers.broken(fault.status)
            case Kind.ERROR_AFTER:
                await effect()
                return answers.broken(fault.status)
            case Kind.HTML:
                return web.Response(status=fault.status, text=HTML_PAGE, content_type="text/html")
            case Kind.SLOW:
                answer = await effect()
                await asyncio.sleep(fault.seconds)
                return answer
            case Kind.DISCONNECT:
                return await break_off(request, await effect())
        assert_never(fault.kind)

    async def _later(self, seconds: float, effect: Effect) -> None:
        await asyncio.sleep(seconds)
        await effect()

    async def idle(self) -> None:
        """Wait until no accepted-late effect is outstanding."""
        while self._late:
            await asyncio.wait(set(self._late))

    def forget(self) -> None:
        """Cancel outstanding late effects (the server closes)."""
        for task in tuple(self._late):
            task.cancel()


def cut(request: web.Request) -> web.Response:
    """Reset the connection at once; the returned response is never sent."""
    transport = request.transport
    if transport is not None:
        peer = transport.get_extra_info("socket")
        if peer is not None:
            with contextlib.suppress(OSError):
                # Linger 0: the client sees a reset, not an orderly end.
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


async def hung_up(request: web.Request, poll: float = 0.02) -> None:
    """Wait until the client has given up on this request."""
    # aiohttp offers no event for a client that leaves, so this looks again and again.
    while (transport := request.transport) is not None and not transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(poll)


async def break_off(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """Send the headers and half of the answer's body, then reset."""
    body = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b"{}"
    partial = web.StreamResponse(status=answer.status)
    partial.content_type = answer.content_type
    partial.content_length = len(body)
    await partial.prepare(request)
    await partial.write(body[: len(body) // 2])
    cut(request)
    return partial
