"""Socket Mode: one-use tickets, websockets, envelopes, acknowledgements, and what can go wrong."""

import asyncio
import contextlib
import itertools
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.sandbox.slack.carriers import Parcel, Receipt, Route
from bot.sandbox.slack.errors import JSON
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.timeline import Timeline
from bot.sandbox.slack.world import Workspace

DEAF_POLL = 0.05  # real seconds between looks whether a deaf socket's app has gone


@dataclass(slots=True, eq=False)
class Connection:
    """One open websocket; a `deaf` one neither reads nor delivers, as a stalled server does."""

    team: str
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None = None
    waiting: dict[str, asyncio.Future[Receipt]] = field(default_factory=dict)
    hearing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def deaf(self) -> bool:
        """Whether it is stalled."""
        return not self.hearing.is_set()


class Sockets:
    """The websockets of every workspace. `fail_handshakes` counts how many coming handshakes are refused."""

    def __init__(self, timeline: Timeline, settings: Callable[[], Settings]) -> None:
        self.fail_handshakes = 0
        self.handshakes: list[str] = []  # "ok", "refused", "bad ticket", "too many", in order
        self.acknowledged: list[str] = []
        self._timeline = timeline
        self._settings = settings
        self._tickets: dict[str, tuple[str, float]] = {}
        self._open: dict[str, list[Connection]] = {}
        self._turn = itertools.count()

    def connections(self, team: str) -> list[Connection]:
        """The open sockets of one workspace."""
        return self._open.setdefault(team, [])

    def ticket(self, team: str) -> str:
        """A fresh ticket for one handshake."""
        ticket = uuid.uuid4().hex
        self._tickets[ticket] = (team, self._timeline.now() + self._settings().ticket_seconds)
        return ticket

    # ------------------------------------------------------------------------------------------- handshake
    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`GET /link?ticket=…`: the handshake, then the life of one connection."""
        # A ticket is burnt by the attempt, also by one that is refused.
        team, expires = self._tickets.pop(request.query.get("ticket", ""), ("", 0.0))
        if self.fail_handshakes > 0:
            self.fail_handshakes -= 1
            self.handshakes.append("refused")
            return web.Response(status=503, text="unavailable")
        if not team or expires < self._timeline.now():
            self.handshakes.append("bad ticket")
            return web.Response(status=403, text="invalid ticket")
        socket = web.WebSocketResponse(timeout=0.2, autoping=False)
        await socket.prepare(request)
        here = self.connections(team)
        if len(here) >= self._settings().most_sockets:
            self.handshakes.append("too many")
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.handshakes.append("ok")
        connection = Connection(team, socket, request.transport)
        connection.hearing.set()
        here.append(connection)
        try:
            with contextlib.suppress(ConnectionError):  # the app went away while we wrote
                await socket.send_json(_hello(request.query.get("app_id", ""), len(here)))
                await self._listen(connection)
        finally:
            self._forget(connection)
        return socket

    async def _listen(self, connection: Connection) -> None:
        socket = connection.socket
        while await self._hears(connection):
            message = await socket.receive()
            if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                return
            if not await self._hears(connection):
                return
            if message.type is WSMsgType.PING:
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._acknowledge(connection, message.data)

    async def _hears(self, connection: Connection) -> bool:
        """Wait while it is deaf; False when the app has given up meanwhile."""
        while connection.deaf:
            if connection.transport is None or connection.transport.is_closing():
                return False
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DEAF_POLL):
                    await connection.hearing.wait()
        return True

    def _acknowledge(self, connection: Connection, text: str) -> None:
        try:
            ack = json.loads(text)
        except ValueError:
            return
        envelope = str(ack.get("envelope_id"))
        self.acknowledged.append(envelope)
        waiting = connection.waiting.pop(envelope, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(Receipt(True, answer=ack.get("payload") or None))

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections(connection.team):
            self.connections(connection.team).remove(connection)
        for waiting in connection.waiting.values():
            if not waiting.done():
                waiting.set_result(Receipt(False, "connection_failed"))

    # ------------------------------------------------------------------------------------------- envelopes
    async def offer(self, workspace: Workspace, parcel: Parcel, attempt: int, reason: str) -> Receipt:
        """One envelope on one of the sockets, then wait for its acknowledgement."""
        here = self.connections(workspace.id)
        if not here:
            return Receipt(False, "no_connection")
        connection = here[next(self._turn) % len(here)]
        envelope = str(uuid.uuid4())
        body: JSON = {
            "envelope_id": envelope,
            "payload": parcel.payload,
            "type": parcel.route.value,
            "accepts_response_payload": parcel.route is not Route.EVENT,
        }
        if parcel.route is Route.EVENT:
            body |= {"retry_attempt": attempt, "retry_reason": reason}
        waiting: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope] = waiting
        due = self._timeline.now() + self._settings().ack_seconds
        self._timeline.at(due, lambda: None if waiting.done() else waiting.set_result(Receipt(False, "timeout")))
        if not connection.deaf:
            try:
                await connection.socket.send_json(body)
            except ConnectionError:
                connection.waiting.pop(envelope, None)
                return Receipt(False, "connection_failed")
        try:
            return await waiting
        finally:
            connection.waiting.pop(envelope, None)

    # --------------------------------------------------------------------------------------------- faults
    def deafen(self, team: str, *, on: bool = True) -> None:
        """Stall (or wake) every socket of a workspace: nothing is read, answered or delivered."""
        for connection in self.connections(team):
            if on:
                connection.hearing.clear()
            else:
                connection.hearing.set()

    async def refresh(self, team: str, reason: str = "refresh_requested") -> None:
        """Ask the app to connect anew, as Slack does every few hours, and close."""
        for connection in tuple(self.connections(team)):
            await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
            if reason == "refresh_requested":
                # No further envelope goes this way, though the app may still acknowledge.
                self.connections(team).remove(connection)

    def cut(self, team: str) -> None:
        """Break every socket of a workspace without a word."""
        for connection in tuple(self.connections(team)):
            if connection.transport is not None:
                connection.transport.abort()

    async def close(self) -> None:
        """Close every socket."""
        for connection in [one for here in self._open.values() for one in here]:
            connection.hearing.set()
            self._forget(connection)
            await connection.socket.close()


def _hello(app_id: str, connections: int) -> JSON:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": app_id},
    }
