"""Getting events, commands and presses to the app: who is told, retries, doubles, disorder."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox.faults import Faults
from bot.sandbox.slack import payloads
from bot.sandbox.slack.carriers import Carrier, HttpCarrier, Parcel, Receipt, Route
from bot.sandbox.slack.errors import JSON
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.timeline import Timeline
from bot.sandbox.slack.world import Channel, Ids, Kind, Workspace

REORDER_SECONDS: Final = 0.1  # how long an event waits for one to be swapped with
_FAMILY: Final = {Kind.PUBLIC: "channels", Kind.PRIVATE: "groups", Kind.IM: "im"}
_READ: Final = {
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "file_shared": "files:read",
    "file_deleted": "files:read",
    "app_home_opened": "",
    "tokens_revoked": "",
    "app_uninstalled": "",
}


@dataclass(slots=True)
class EventSwitches:
    """What happens to events on their way. `muted` names event types that never arrive."""

    copies: int = 1
    fresh_ids: bool = False  # each copy, and each retry, carries another event_id
    muted: set[str] = field(default_factory=set)
    holding: bool = False
    held: list[tuple[Workspace, Parcel]] = field(default_factory=list)


class Courier:
    """Carries everything from Slack to the app, over whichever carrier the workspace uses."""

    def __init__(
        self,
        timeline: Timeline,
        ids: Ids,
        faults: Faults,
        settings: Callable[[], Settings],
    ) -> None:
        self.sockets = Sockets(timeline, settings)
        self.http = HttpCarrier(timeline, lambda: settings().ack_seconds)
        self.switches = EventSwitches()
        self.lost: list[JSON] = []  # event bodies given up after the last retry
        self.crashes: list[BaseException] = []  # errors of the fake itself
        self.attempts = 0
        self._timeline = timeline
        self._ids = ids
        self._faults = faults
        self._settings = settings
        self._tasks: set[asyncio.Task[None]] = set()
        self._lane_tail: dict[tuple[str, str], asyncio.Event] = {}
        self._swap: tuple[Workspace, Parcel] | None = None

    # --------------------------------------------------------------------------------------------- events
    def event(self, workspace: Workspace, event: JSON, channel: Channel | None) -> None:
        """Tell the app, if it is subscribed, has the scope and is a member."""
        if not _concerns(workspace, event, channel) or event["type"] in self.switches.muted:
            return
        body = payloads.event_body(workspace, event, self._ids.fresh("Ev"), self._timeline.now())
        copies = self.switches.copies + (1 if self._strikes(self._faults.inbound.duplicate) else 0)
        for copy in range(copies):
            parcel = Parcel(Route.EVENT, self._renamed(body) if copy else body, channel.id if channel else "")
            self._dispatch(workspace, parcel)

    def _strikes(self, chance: float) -> bool:
        return chance > 0 and self._faults.chance(chance)

    def _renamed(self, body: JSON) -> JSON:
        return body | {"event_id": self._ids.fresh("Ev")} if self.switches.fresh_ids else body

    def _dispatch(self, workspace: Workspace, parcel: Parcel) -> None:
        if self.switches.holding:
            self.switches.held.append((workspace, parcel))
        elif self._swap is not None:
            first, self._swap = self._swap, None
            self._send(workspace, parcel)
            self._send(*first)
        elif self._strikes(self._faults.inbound.reorder):
            self._swap = (workspace, parcel)
            asyncio.get_running_loop().call_later(REORDER_SECONDS, self._let_go, parcel)
        else:
            self._send(workspace, parcel)

    def _let_go(self, parcel: Parcel) -> None:
        if self._swap is not None and self._swap[1] is parcel:
            waiting, self._swap = self._swap, None
            self._send(*waiting)

    def hold(self) -> None:
        """Keep events back from now on."""
        self.switches.holding = True

    def release(self, order: Callable[[list[Any]], None] | None = None) -> None:
        """Send what was held; `order` may reverse or shuffle the list in place."""
        self.switches.holding = False
        held, self.switches.held = self.switches.held, []
        if order is not None:
            order(held)
        for workspace, parcel in held:
            self._send(workspace, parcel)

    def _send(self, workspace: Workspace, parcel: Parcel) -> None:
        self._spawn(self._carry(workspace, parcel))

    async def _carry(self, workspace: Workspace, parcel: Parcel) -> None:
        receipt = await self._first(workspace, parcel)
        for attempt, pause in enumerate(self._settings().event_retries, 1):
            if receipt.ok or not receipt.retry:
                break
            await self._timeline.sleep(pause)
            body = self._renamed(parcel.payload)
            receipt = await self._offer(workspace, Parcel(parcel.route, body, parcel.lane), attempt, receipt.reason)
        if not receipt.ok:
            self.lost.append(parcel.payload)

    async def _first(self, workspace: Workspace, parcel: Parcel) -> Receipt:
        """The first offer. Over HTTP those of one channel go one after the other, as they happened."""
        if workspace.request_url is None:
            return await self._offer(workspace, parcel, 0, "")
        key, mine = (workspace.id, parcel.lane), asyncio.Event()
        before, self._lane_tail[key] = self._lane_tail.get(key), mine
        try:
            if before is not None:
                await before.wait()
            return await self._offer(workspace, parcel, 0, "")
        finally:
            mine.set()
            if self._lane_tail.get(key) is mine:
                del self._lane_tail[key]

    async def _offer(self, workspace: Workspace, parcel: Parcel, attempt: int, reason: str) -> Receipt:
        self.attempts += 1
        carrier: Carrier = self.sockets if workspace.request_url is None else self.http
        return await carrier.offer(workspace, parcel, attempt, reason)

    # --------------------------------------------------------------------------------------- interactions
    async def ask(self, workspace: Workspace, route: Route, payload: JSON) -> Receipt:
        """A command or a press: the app's answer. Socket Mode sends an unacknowledged one once more."""
        receipt = await self._offer(workspace, Parcel(route, payload), 0, "")
        if not receipt.ok and workspace.request_url is None:
            receipt = await self._offer(workspace, Parcel(route, payload), 1, receipt.reason)
        return receipt

    # ------------------------------------------------------------------------------------------ life cycle
    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.crashes.append(error)

    async def settled(self) -> None:
        """Wait until nothing is on its way and no retry is due."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Give up what is on its way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.close()
        await self.http.close()


def _concerns(workspace: Workspace, event: JSON, channel: Channel | None) -> bool:
    kind = event["type"]
    if channel is not None and workspace.bot_user not in channel.members:
        return False
    family = _FAMILY[channel.kind] if channel else ""
    name = f"message.{family}" if kind == "message" else kind
    if workspace.subscriptions is not None and name not in workspace.subscriptions:
        return False
    if kind == "message":
        return f"{family}:history" in workspace.scopes
    needed = _READ.get(kind, f"{family}:read")
    return not needed or needed in workspace.scopes
