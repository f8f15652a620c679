"""One workspace with everything that acts in it, as the Web API and the people use it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.slack.cabinet import Cabinet
from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.errors import JSON
from bot.sandbox.slack.membership import Membership
from bot.sandbox.slack.rooms import Rooms
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.truth import Seen, Truth, What
from bot.sandbox.slack.views import View, Views
from bot.sandbox.slack.world import Ids, Workspace


@dataclass(slots=True)
class ResponseLink:
    """A response_url: thirty minutes, five uses; `source` is (ts, ephemeral?) of the message acted on."""

    channel: str
    user: str
    expires: float
    uses: int
    source: tuple[str, bool] | None = None


@dataclass(slots=True)
class Team:
    """A workspace and its parts."""

    workspace: Workspace
    rooms: Rooms
    membership: Membership
    views: Views
    cabinet: Cabinet
    courier: Courier
    now: Callable[[], float]
    settings: Callable[[], Settings]
    base: Callable[[], str]
    links: dict[str, ResponseLink] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        workspace: Workspace,
        *,
        ids: Ids,
        now: Callable[[], float],
        settings: Callable[[], Settings],
        truth: Truth,
        courier: Courier,
        base: Callable[[], str],
    ) -> "Team":
        """Wire one workspace."""
        rooms = Rooms(workspace, ids, now, truth, courier.event)

        def note(kind: What, view: View) -> None:
            sight = Seen(now(), workspace.id, view.user, kind, ts=view.id, author=workspace.bot_user, text=view.text)
            truth.add(sight)

        def shown(view: View) -> None:
            note(What.MODAL if view.body["type"] == "modal" else What.HOME, view)

        views = Views(workspace, ids, now, settings, shown, lambda view: note(What.MODAL_CLOSED, view))
        cabinet = Cabinet(rooms, settings, base)
        return cls(workspace, rooms, Membership(rooms), views, cabinet, courier, now, settings, base)

    def response_url(self, channel: str, user: str, source: tuple[str, bool] | None = None) -> str:
        """A fresh response_url for something this person just did."""
        settings = self.settings()
        key = self.rooms.ids.fresh("R")
        expires = self.now() + settings.response_url_seconds
        self.links[key] = ResponseLink(channel, user, expires, settings.response_url_uses, source)
        return f"{self.base()}/actions/{self.workspace.id}/{key}"

    def tell(self, event: JSON) -> None:
        """An event that belongs to no channel."""
        self.courier.event(self.workspace, event, None)
