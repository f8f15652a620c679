"""What one person can see of their Slack: channels, messages, buttons, modals, App Home; and waiting for any of it."""

from collections.abc import Callable
from typing import Final, NoReturn, TypeVar

from bot.sandbox.slack import blocks as kit
from bot.sandbox.slack.errors import JSON, CannotDoError
from bot.sandbox.slack.team import Team
from bot.sandbox.slack.truth import Seen, What
from bot.sandbox.slack.views import View
from bot.sandbox.slack.world import Channel, Kind, Message, User

T = TypeVar("T")
PATIENCE: Final = 5.0  # real seconds
DM: Final = "DM"
Where = Channel | str | None
Button = tuple[JSON, JSON]  # the block and the element in it


class Onlooker:
    """One person's eyes. A channel is named by id, by part of its name, or `DM`: the chat with the app."""

    def __init__(self, team: Team, user: User) -> None:
        self.user = user
        self.warnings: list[str] = []  # what Slack itself told this person: an app that did not answer
        self._team = team

    @property
    def id(self) -> str:
        """The user id."""
        return self.user.id

    # --------------------------------------------------------------------------------------------- places
    @property
    def rooms(self) -> list[Channel]:
        """The channels this person is in, direct messages left out."""
        everything = self._team.workspace.channels.values()
        return [one for one in everything if self.id in one.members and one.kind is not Kind.IM]

    @property
    def channels(self) -> list[str]:
        """The names in this person's sidebar: channels they are in that are not archived."""
        return [one.name for one in self.rooms if not one.archived]

    def find_channel(self, where: Channel | str) -> Channel | None:
        """The channel of that id or name, else the newest one with the words in its name."""
        if isinstance(where, Channel):
            return where
        if where == DM:
            return self._team.workspace.dm(self.id)
        rooms = self.rooms
        exact = [one for one in rooms if where in (one.id, one.name)]
        direct = [one for one in (self._team.workspace.dm(self.id),) if one is not None and one.id == where]
        partly = [one for one in rooms if where in one.name]
        return next(iter([*exact, *direct, *reversed(partly)]), None)

    def channel(self, where: Channel | str) -> Channel:
        """The same; CannotDoError when this person sees no such channel."""
        found = self.find_channel(where)
        if found is None:
            raise CannotDoError(f"{self.user.real_name} has no channel {where!r}; there are: {self.channels}")
        return found

    # ------------------------------------------------------------------------------------------- messages
    def messages(self, where: Where = None, *, own: bool = False) -> list[Message]:
        """Messages standing now, oldest first: the app's only, unless `own`; None looks everywhere."""
        places = self._places(where)
        found = [one for place in places for one in place.standing() if not one.system and (own or one.from_bot)]
        return sorted(found, key=_ts)

    def ephemerals(self, where: Where = None) -> list[Message]:
        """Messages for this person alone, oldest first."""
        places = {place.id for place in self._places(where)}
        mine = self._team.workspace.ephemerals
        return [one for one in mine if one.ephemeral_to == self.id and (where is None or one.channel in places)]

    def _places(self, where: Where) -> list[Channel]:
        if where is not None:
            found = self.find_channel(where)
            return [] if found is None else [found]
        direct = self._team.workspace.dm(self.id)
        return [*self.rooms, *([direct] if direct else [])]

    def newest(self, text: str, where: Where = None, *, own: bool = True) -> Message | None:
        """The newest standing message that shows this text."""
        return next((one for one in reversed(self.messages(where, own=own)) if text in one.shown), None)

    def pinned(self, where: Channel | str) -> list[Message]:
        """What is pinned in a channel, oldest pin first."""
        channel = self.channel(where)
        return [channel.messages[ts] for ts in channel.pins]

    @property
    def seen(self) -> list[Seen]:
        """Everything that ever came before this person's eyes, in order."""
        return self._team.rooms.truth.of(self._team.workspace.id, self.id)

    # ------------------------------------------------------------------------------------------- surfaces
    @property
    def modal(self) -> View | None:
        """The modal on the screen."""
        return self._team.views.top(self.id)

    @property
    def home(self) -> View | None:
        """The app's Home, as last published."""
        return self._team.views.homes.get(self.id)

    def labels(self, where: Where = None) -> list[str]:
        """The labels of every button in sight."""
        return [kit.label(element) for _, found in self._holders(where) for _, element in found]

    def button(self, wanted: str, on: Message | View | None = None, where: Where = None) -> "Found | None":
        """(holder, block, element) of the newest button so labelled: exactly, else with the words in it."""
        holders = self._holders(where) if on is None else [(on, _elements(on))]
        for fits in (wanted.__eq__, lambda label: wanted in label):
            for holder, found in holders:
                for block, element in found:
                    if fits(kit.label(element)):
                        return holder, block, element
        return None

    def _holders(self, where: Where) -> list[tuple[Message | View, list[Button]]]:
        """What can be pressed: the modal, then messages newest first, then App Home."""
        messages = sorted([*self.messages(where), *self.ephemerals(where)], key=_ts, reverse=True)
        modal = [self.modal] if self.modal is not None and where is None else []
        home = [self.home] if self.home is not None and where is None else []
        holders: list[Message | View] = [*modal, *messages, *home]
        return [(holder, _elements(holder)) for holder in holders]

    # -------------------------------------------------------------------------------------------- waiting
    async def sees(
        self, text: str, channel: Where = None, timeout: float = PATIENCE, *, after: Message | None = None
    ) -> Message:
        """Wait until a message of the app shows `text`; the newest one, later than `after`."""

        def found() -> Message | None:
            one = self.newest(text, channel, own=False)
            return None if one is None or (after is not None and _ts(one) <= _ts(after)) else one

        return await self._until(found, timeout, f"does not see {text!r}", channel)

    async def sees_from(self, author: str, text: str, channel: Where = None, timeout: float = PATIENCE) -> Message:
        """Wait until a message of that user id shows `text`."""

        def found() -> Message | None:
            messages = reversed(self.messages(channel, own=True))
            return next((one for one in messages if one.user == author and text in one.shown), None)

        return await self._until(found, timeout, f"does not see {text!r} from {author}", channel)

    async def sees_ephemeral(self, text: str, channel: Where = None, timeout: float = PATIENCE) -> Message:
        """Wait for a message to this person alone that shows `text`."""

        def found() -> Message | None:
            return next((one for one in reversed(self.ephemerals(channel)) if text in one.shown), None)

        return await self._until(found, timeout, f"sees no ephemeral {text!r}", channel)

    async def sees_no_more(self, text: str, channel: Where = None, timeout: float = PATIENCE) -> None:
        """Wait until no message of the app shows `text`."""
        await self._until(
            lambda: True if self.newest(text, channel, own=False) is None else None,
            timeout,
            f"still sees {text!r}",
            channel,
        )

    async def sees_nothing_like(self, text: str, channel: Where = None) -> None:
        """Raise AssertionError if the app ever showed this person `text`, in any form."""
        place = None if channel is None else self.channel(channel).id
        for one in self.seen:
            names = [file.name for file in one.files]
            if one.from_bot and place in (None, one.channel) and any(text in w for w in (one.text, one.notice, *names)):
                raise AssertionError(f"{self.user.real_name} saw {text!r} in {one.text!r} ({one.what})")

    async def sees_channel(self, name: str, timeout: float = PATIENCE) -> Channel:
        """Wait for a channel with this in its name."""
        return await self._until(lambda: self.find_channel(name), timeout, f"has no channel {name!r}", None)

    async def sees_modal(self, text: str = "", timeout: float = PATIENCE) -> View:
        """Wait for a modal that shows `text`."""

        def found() -> View | None:
            return self.modal if self.modal is not None and text in self.modal.text else None

        return await self._until(found, timeout, f"sees no modal {text!r}", None)

    async def sees_home(self, text: str, timeout: float = PATIENCE) -> View:
        """Wait until App Home shows `text`."""

        def found() -> View | None:
            return self.home if self.home is not None and text in self.home.text else None

        return await self._until(found, timeout, f"sees no {text!r} in App Home", None)

    async def sees_reaction(self, name: str, on: Message, timeout: float = PATIENCE) -> None:
        """Wait for this reaction on a message."""
        await self._until(lambda: on.reactions.get(name), timeout, f"sees no :{name}: on {on.shown!r}", None)

    async def sees_pinned(self, text: str, channel: Channel | str, timeout: float = PATIENCE) -> Message:
        """Wait for a pinned message that shows `text`."""

        def found() -> Message | None:
            place = self.find_channel(channel)
            pinned = self.pinned(place) if place is not None else []
            return next((one for one in pinned if text in one.shown), None)

        return await self._until(found, timeout, f"sees no pinned {text!r}", channel)

    async def _until(self, found: Callable[[], T | None], timeout: float, failure: str, where: Where) -> T:
        answer = await self._team.rooms.truth.until(found, timeout)
        return answer if answer is not None else self._fail(failure, where)

    def _fail(self, failure: str, where: Where) -> NoReturn:
        shown = "\n---\n".join(one.shown for one in (self.messages(where) + self.ephemerals(where))[-5:])
        modal = f"\nmodal: {self.modal.text}" if self.modal else ""
        raise AssertionError(f"{self.user.real_name} {failure}; in sight:\n{shown or '(nothing)'}{modal}")

    def saw(self, what: What, where: Where = None) -> list[Seen]:
        """Everything of one kind this person saw."""
        place = None if where is None else self.channel(where).id
        return [one for one in self.seen if one.what is what and place in (None, one.channel)]


Found = tuple[Message | View, JSON, JSON]


def _elements(holder: Message | View) -> list[Button]:
    return [(block, element) for block in holder.blocks for element in kit.interactive(block)]


def _ts(message: Message) -> tuple[int, int]:
    seconds, _, rest = message.ts.partition(".")
    return int(seconds), int(rest)
