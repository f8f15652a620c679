"""Private channels for one person and the bot: made, verified, watched, archived."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import aclosing
from typing import Final

from bot.domain.addresses import Account, Place
from bot.domain.errors import NotSent, Reason, Refused
from bot.platforms.slack.capabilities import NAME_LIMIT, TOPIC_LIMIT, clip
from bot.platforms.slack.client import Workspace, Workspaces
from bot.platforms.slack.ids import Identity, Json, mapping, place, text
from bot.ports.gateway import Checkpoint, Room, Target

MEMBERS_FRESH: Final = 60.0
"""Seconds for which a look at the members holds."""
PERSON_FRESH: Final = 300.0
"""Seconds for which "this account is neither deactivated nor a guest" holds: one person has many rooms."""
_NAMES: Final = 50
_LOOKS: Final = 3


class Rooms:
    """Rooms of every workspace. `tick` is a clock in seconds for the caches, `pause` the wait between two looks."""

    def __init__(self, workspaces: Workspaces, tick: Callable[[], float], pause: float = 0.3) -> None:
        self._workspaces = workspaces
        self._tick = tick
        self._pause = pause
        self._members: dict[tuple[str, str, str], float] = {}
        self._people: dict[tuple[str, str], float] = {}
        self._changes = 0

    async def open(self, owner: Account, name: str, title: str, checkpoint: Checkpoint, resume: str) -> Room:
        """Create, invite, verify, set the topic. Every step may be repeated; `resume` is "name:…" or "id:…"."""
        workspace, me = await self._workspaces.of(owner.workspace)
        await self._check_person(workspace, owner)
        channel = await self._channel(workspace, me, owner, name, checkpoint, resume)
        await self._invite(workspace, channel, owner)
        await self._verify(workspace, me, channel, owner)
        await self.retitle(workspace, channel, title)
        return Room(place(owner.workspace, channel))

    async def retitle(self, workspace: Workspace, channel: str, title: str) -> None:
        """Set the channel's topic, which names nobody's treatment."""
        topic = clip(title, TOPIC_LIMIT)
        await workspace.call("conversations.setTopic", {"channel": channel, "topic": topic}, harmless=True)

    async def rename(self, workspace: Workspace, channel: str, name: str) -> None:
        """Name the channel, with a counter if the name is taken. Done when an earlier try did it already."""
        names = list(_candidates(name, ""))
        answer = await workspace.call("conversations.info", {"channel": channel}, harmless=True)
        if text(answer, "channel", "name") in names:
            return
        for candidate in names:
            try:
                await workspace.call("conversations.rename", {"channel": channel, "name": candidate}, harmless=True)
            except Refused as error:
                if error.detail != "name_taken":
                    raise
            else:
                return
        raise Refused(Reason.OTHER, "name_taken")

    async def close(self, workspace: Workspace, channel: str) -> None:
        """Archive the channel; one that is archived or gone is done."""
        try:
            await workspace.call("conversations.archive", {"channel": channel})
        except Refused as error:
            if error.detail not in ("already_archived", "is_archived", "channel_not_found"):
                raise

    async def check(self, target: Target) -> None:
        """Return if only the owner and the bot are there and the owner can read; `Refused(WRONG_MEMBERS)` if not."""
        workspace, me = await self._workspaces.of(target.place.workspace)
        await self._check_person(workspace, target.owner)
        key = (target.place.workspace, target.place.chat, target.owner.user)
        if self._tick() < self._members.get(key, 0.0):
            return
        before = self._changes
        problem = _problem(await self._who(workspace, target.place.chat), me, target.owner)
        if problem is not None:
            raise problem
        if before == self._changes:  # somebody may have come while we looked
            self._members[key] = self._tick() + MEMBERS_FRESH

    async def stands(self, target: Target) -> bool:
        """False if the channel is gone (or the bot is shut out, which looks the same); else as `check`, afresh."""
        workspace, _ = await self._workspaces.of(target.place.workspace)
        self.forget(target.place)
        try:
            answer = await workspace.call("conversations.info", {"channel": target.place.chat}, harmless=True)
            if mapping(answer, "channel").get("is_archived") is True:
                raise Refused(Reason.ROOM_GONE, "is_archived")
            await self.check(target)
        except Refused as error:
            if error.detail == "channel_not_found":
                return False
            raise
        return True

    def forget(self, where: Place) -> None:
        """Somebody came or went: look again before the next send."""
        self._changes += 1
        for key in [key for key in self._members if key[:2] == (where.workspace, where.chat)]:
            del self._members[key]

    async def direct(self, account: Account) -> Place:
        """The private chat with a person, opened if need be."""
        workspace, _ = await self._workspaces.of(account.workspace)
        answer = await workspace.call("conversations.open", {"users": account.user}, harmless=True)
        channel = text(answer, "channel", "id")
        if not channel:
            raise NotSent("no_channel_id")
        return place(account.workspace, channel)

    async def _check_person(self, workspace: Workspace, owner: Account) -> None:
        key = (owner.workspace, owner.user)
        if self._tick() < self._people.get(key, 0.0):
            return
        self._people.pop(key, None)
        answer = await workspace.call("users.info", {"user": owner.user}, harmless=True)
        user = mapping(answer, "user")
        if user.get("deleted") is True:
            raise Refused(Reason.NO_SUCH_PERSON, "deactivated")
        if user.get("is_restricted") is True or user.get("is_ultra_restricted") is True:
            raise Refused(Reason.WRONG_MEMBERS, "guest")
        if user.get("is_stranger") is True or not _belongs(user, owner.workspace):
            raise Refused(Reason.WRONG_MEMBERS, "foreign")
        self._people[key] = self._tick() + PERSON_FRESH

    async def _channel(
        self, workspace: Workspace, me: Identity, owner: Account, name: str, checkpoint: Checkpoint, resume: str
    ) -> str:
        kind, _, value = resume.partition(":")
        if kind == "id" and value:
            return value
        tried = value if kind == "name" else ""
        for candidate in _candidates(name, tried):
            if candidate != tried:
                await checkpoint(f"name:{candidate}")
            channel = await self._create(workspace, candidate)
            if not channel and candidate == tried:
                channel = await self._made_before(workspace, me, owner, candidate)
            if channel:
                await checkpoint(f"id:{channel}")
                return channel
        raise Refused(Reason.OTHER, "name_taken")

    async def _create(self, workspace: Workspace, name: str) -> str:
        """The new channel's id, "" when the name is taken."""
        try:
            answer = await workspace.call("conversations.create", {"name": name, "is_private": True})
        except Refused as error:
            if error.detail == "name_taken":
                return ""
            raise
        return text(answer, "channel", "id")

    async def _made_before(self, workspace: Workspace, me: Identity, owner: Account, name: str) -> str:
        """The channel an earlier try of ours made under this name, "" if it is another's."""
        args = {"types": "private_channel", "exclude_archived": True, "limit": 999}
        async with aclosing(workspace.pages("conversations.list", args, "channels")) as pages:
            async for one in pages:
                if text(one, "name") != name or text(one, "creator") != me.user:
                    continue
                channel = text(one, "id")
                if await self._who(workspace, channel) <= {me.user, owner.user}:
                    return channel
        return ""

    async def _invite(self, workspace: Workspace, channel: str, owner: Account) -> None:
        try:
            await workspace.call("conversations.invite", {"channel": channel, "users": owner.user}, harmless=True)
        except Refused as error:
            if error.detail != "already_in_channel":
                raise

    async def _verify(self, workspace: Workspace, me: Identity, channel: str, owner: Account) -> None:
        for look in range(_LOOKS):
            problem = _problem(await self._who(workspace, channel), me, owner)
            if problem is None:
                return
            if problem.detail != "owner_missing" or look == _LOOKS - 1:
                raise problem
            await asyncio.sleep(self._pause)

    async def _who(self, workspace: Workspace, channel: str) -> set[str]:
        """The members' user ids; of a crowd only the first page, which is too many already."""
        found: set[str] = set()
        async with aclosing(workspace.pages("conversations.members", {"channel": channel}, "members")) as pages:
            async for one in pages:
                if isinstance(one, str):
                    found.add(one)
                if len(found) > 3:
                    break
        return found


def _problem(members: set[str], me: Identity, owner: Account) -> Refused | None:
    if me.user not in members:
        return Refused(Reason.BOT_REMOVED, "bot_missing")
    if members - {me.user, owner.user}:
        return Refused(Reason.WRONG_MEMBERS, "others_present")
    return None if owner.user in members else Refused(Reason.WRONG_MEMBERS, "owner_missing")


def _belongs(user: Json, team: str) -> bool:
    teams = mapping(user, "enterprise_user").get("teams")
    return text(user, "team_id") in ("", team) or (isinstance(teams, list) and team in teams)


def _candidates(name: str, tried: str) -> Iterator[str]:
    """The wished name, then with a counter; from `tried` on if that is one of them."""
    base = re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-")[: NAME_LIMIT - 3] or "case"
    names = [base, *(f"{base}-{number}" for number in range(2, _NAMES + 1))]
    yield from names[names.index(tried) :] if tried in names else names
