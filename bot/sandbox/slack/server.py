"""The fake Slack as a whole: an HTTP and websocket server on loopback, its workspaces and their people."""

import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from bot.sandbox.door import Door
from bot.sandbox.faults import Faults
from bot.sandbox.slack.calls_app import revoke
from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.gate import Gate
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.people import Person
from bot.sandbox.slack.settings import MINIMUM_SCOPES, Settings
from bot.sandbox.slack.team import Team
from bot.sandbox.slack.timeline import Timeline
from bot.sandbox.slack.truth import Truth
from bot.sandbox.slack.world import Ids, TokenState, User, Workspace
from bot.sandbox.wirelog import WireLog

BODY_LIMIT: Final = 1 << 30


class FakeWorkspace:
    """One workspace as tests and the sandbox handle it; `data` is its state."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.data = team.workspace
        self._people: dict[str, Person] = {}

    # --------------------------------------------------------------------------------------------- people
    def add_user(
        self,
        user_id: str,
        real_name: str,
        name: str = "",
        *,
        is_restricted: bool = False,
        is_ultra_restricted: bool = False,
    ) -> Person:
        """A member; a guest of many channels is restricted, of one channel ultra-restricted."""
        user = User(user_id, name or real_name.lower().replace(" ", "."), real_name, self.data.id)
        user.is_restricted, user.is_ultra_restricted = is_restricted, is_ultra_restricted
        self.data.users[user_id] = user
        return self.user(user_id)

    def user(self, user_id: str) -> Person:
        """That member, by id or by user name."""
        if user_id not in self.data.users:
            named = [one.id for one in self.data.users.values() if one.name == user_id]
            user_id = named[0] if len(named) == 1 else user_id
        user = self.data.users[user_id]
        return self._people.setdefault(user_id, Person(self.team, user))

    def deactivate(self, user_id: str, *, on: bool = True) -> None:
        """Deactivate (or bring back) a member; they stay in their channels, as at Slack."""
        self.data.users[user_id].deleted = on

    # ---------------------------------------------------------------------------------------------- the app
    @property
    def bot_token(self) -> str:
        """SLACK_BOT_TOKEN."""
        return self.data.bot_token

    @property
    def app_token(self) -> str:
        """SLACK_APP_TOKEN."""
        return self.data.app_token

    @property
    def signing_secret(self) -> str:
        """SLACK_SIGNING_SECRET."""
        return self.data.signing_secret

    def revoke(self) -> None:
        """The token is revoked and the app uninstalled; the app is told, then refused."""
        revoke(self.team)
        self.data.state = TokenState.REVOKED

    def set_state(self, state: TokenState) -> None:
        """What the bot token is worth, silently."""
        self.data.state = state

    async def use_http(self, request_url: str | None, *, verify: bool = False) -> bool:
        """Send everything to this URL (None: Socket Mode again); False when it fails url_verification."""
        self.data.request_url = request_url
        return not verify or request_url is None or await self.team.courier.http.verify(self.data)

    # --------------------------------------------------------------------------------------------- sockets
    @property
    def sockets(self) -> int:
        """How many websockets the app has open."""
        return len(self.team.courier.sockets.connections(self.data.id))

    def deafen(self, *, on: bool = True) -> None:
        """Stall the open sockets, as a server that hangs."""
        self.team.courier.sockets.deafen(self.data.id, on=on)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app to connect anew (`warning`, `refresh_requested`, `link_disabled`)."""
        await self.team.courier.sockets.refresh(self.data.id, reason)

    def cut(self) -> None:
        """Break the open sockets without a word."""
        self.team.courier.sockets.cut(self.data.id)


class FakeSlack:
    """A Slack on loopback. `async with FakeSlack() as slack:`, then point a client at `slack.base_url`.

    `now` (seconds) rules limits, expiry, retries and timestamps; waiting on the network is real time. The wire log
    is the one named in the environment unless given; tests that send illegal requests give `WireLog(None)`.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        limits: Limits | None = None,
        faults: Faults | None = None,
        wire_log: WireLog | None = None,
        port: int = 0,
    ) -> None:
        """`limits` default to the enforcing ones; `settings` may be changed at any time."""
        self.faults = faults if faults is not None else Faults()
        self.settings = Settings(limits=limits if limits is not None else Limits())
        self.truth = Truth()
        self.timeline = Timeline(now)
        self._now = now
        self._ids = Ids()
        self._wire_log = wire_log if wire_log is not None else WireLog.from_environment()
        self._teams: dict[str, Team] = {}
        self._workspaces: dict[str, FakeWorkspace] = {}
        self.courier = Courier(self.timeline, self._ids, self.faults, lambda: self.settings)
        self.gate = Gate(self._teams, self.faults, self._wire_log)
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_route("*", "/api/{method}", self.gate.api)
        app.router.add_post("/upload/v1/{ticket}", self.gate.upload)
        app.router.add_get("/files-pri/{file}/download/{name}", self.gate.download)
        app.router.add_post("/actions/{team}/{key}", self.gate.response)
        app.router.add_get("/link/", self.courier.sockets.handle)
        self._door = Door(app, port)

    # ---------------------------------------------------------------------------------------------- server
    async def start(self) -> Self:
        """Listen."""
        await self._door.open()
        return self

    async def close(self) -> None:
        """Stop for good. Raises the first error of the fake itself, if it had any."""
        await self.courier.close()
        self.faults.forget()
        for team in self._teams.values():
            team.cabinet.close()
        await self._door.close()
        await self.timeline.close()
        self._wire_log.close()
        for crash in (*self.gate.crashes, *self.courier.crashes):
            raise crash

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def down(self) -> None:
        """Refuse connections and break the open ones, websockets too; nothing is forgotten."""
        await self._door.down()

    async def up(self) -> None:
        """Listen again on the same port."""
        await self._door.up()

    @property
    def url(self) -> str:
        """Scheme, host and port, without a slash."""
        return self._door.url

    @property
    def base_url(self) -> str:
        """SLACK_API_URL, and slack_sdk's `base_url`."""
        return f"{self.url}/api/"

    @property
    def violations(self) -> list[str]:
        """Refused requests that a correct client never sends."""
        return self.gate.violations

    async def settled(self) -> None:
        """Wait until every event has been acknowledged or given up."""
        await self.courier.settled()

    # ------------------------------------------------------------------------------------------ workspaces
    def add_workspace(
        self,
        team_id: str,
        name: str = "",
        *,
        scopes: Iterable[str] | None = None,
        manifest: dict[str, Any] | None = None,
        app_name: str = "Chairside",
    ) -> FakeWorkspace:
        """A workspace with the app installed: by the manifest, else with the scopes given or the minimum ones."""
        number = team_id[1:]
        bot = f"U{number}BOT"
        workspace = Workspace(
            id=team_id,
            name=name or f"Workspace {number}",
            bot_token=f"xoxb-{number}-sandbox",
            app_token=f"xapp-{number}-sandbox",
            signing_secret=f"signing-{number}-sandbox",
            app_id=f"A{number}",
            bot_id=f"B{number}",
            bot_user=bot,
            scopes=set(MINIMUM_SCOPES.split() if scopes is None else scopes),
        )
        workspace.users[bot] = User(bot, app_name.lower(), app_name, team_id, is_bot=True)
        if manifest is not None:
            workspace.install(manifest)
        self._teams[team_id] = Team.build(
            workspace,
            ids=self._ids,
            now=self._now,
            settings=lambda: self.settings,
            truth=self.truth,
            courier=self.courier,
            base=lambda: self.url,
        )
        added = self._workspaces[team_id] = FakeWorkspace(self._teams[team_id])
        return added

    def workspace(self, team_id: str) -> FakeWorkspace:
        """One of the workspaces."""
        return self._workspaces[team_id]
