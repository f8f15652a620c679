"""What `init` and `doctor` ask of a workspace: do the tokens work, and which scopes are missing or too many."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import DeliveryError
from bot.platforms.slack.client import Workspace
from bot.platforms.slack.errors import FAILURES, outcome
from bot.platforms.slack.manifest import REFUSED, SCOPES


@dataclass(frozen=True, slots=True)
class Health:
    """One workspace as found. `error` and `socket_error` are codes, empty if all is well; not `bot`: a user token."""

    key: str
    team: str = ""
    team_name: str = ""
    user: str = ""
    bot: bool = False
    granted: frozenset[str] = frozenset()
    error: str = ""
    socket_mode: bool = False
    socket_error: str = ""

    @property
    def missing(self) -> frozenset[str]:
        """Scopes the bot needs and has not."""
        return frozenset(SCOPES) - self.granted if not self.error else frozenset()

    @property
    def surplus(self) -> frozenset[str]:
        """Scopes the bot has and does not need."""
        return self.granted - frozenset(SCOPES)

    @property
    def refused(self) -> frozenset[str]:
        """Surplus scopes that must go before the bot may run."""
        return self.granted & REFUSED


async def check(workspace: Workspace) -> Health:
    """Ask Slack; never raises for what Slack or the network says. Also learns who the bot is."""
    key, socket = workspace.config.key, workspace.config.socket_mode
    try:
        identity = await workspace.identify()
    except DeliveryError as error:
        return Health(key, error=error.detail, socket_mode=socket)
    return Health(
        key,
        team=identity.team,
        team_name=identity.name,
        user=identity.user,
        bot=bool(identity.bot),
        granted=workspace.scopes,
        socket_mode=socket,
        socket_error=await _socket(workspace) if socket else "",
    )


async def _socket(workspace: Workspace) -> str:
    """The code of what is wrong with the app token, "" if a socket could be opened (none is)."""
    try:
        await workspace.web.apps_connections_open(app_token=workspace.config.app_token or "")
    except FAILURES as error:
        return outcome(error, harmless=True).detail
    return ""
