"""What the Slack adapter is told about each workspace; nothing here reads the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

API_URL: Final = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SlackWorkspace:
    """One installed app: `key` is its name in the settings. With an app token it uses Socket Mode, else HTTP.

    The team id is not set but learnt (`auth.test`), so a token cannot be filed under the wrong workspace.
    """

    key: str
    bot_token: str = field(repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    api_url: str = API_URL

    @property
    def socket_mode(self) -> bool:
        """Events come over a socket that we open."""
        return self.app_token is not None

    @property
    def host(self) -> str:
        """The Web API's host, in lower case."""
        return (urlsplit(self.api_url).hostname or "").lower()

    @property
    def at_slack(self) -> bool:
        """The Web API is Slack's own, not a stand-in."""
        return self.host == "slack.com" or self.host.endswith(".slack.com")

    def faults(self) -> list[str]:
        """What keeps these settings from working, one line each, without any value."""
        found = []
        if not self.bot_token.startswith("xoxb-"):
            found.append("the bot token must be one that starts with xoxb-")
        if self.app_token is not None and not self.app_token.startswith("xapp-"):
            found.append("the app token must be one that starts with xapp-")
        if self.app_token is None and not self.signing_secret:
            found.append("set the app token (Socket Mode) or the signing secret (HTTP)")
        return found
