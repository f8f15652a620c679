"""Reading a room again after an outage: what was said, edited or deleted while no event reached us.

Slack's history is newest first and leaves out what stands only in threads; it names neither edits nor deletions. So the
room is read back to the last look and some way behind it, every thread with newer replies as well; an edit shows by
`edited.ts`, a deletion by absence, which is believed only where something older still stands (else it was the
workspace's retention) and Slack itself says that the message is not there.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

from bot.domain.addresses import Place
from bot.domain.errors import NotSent, Reason, Refused
from bot.domain.rules import DAY, MINUTE
from bot.platforms.slack import replay
from bot.platforms.slack.client import Workspace, Workspaces
from bot.platforms.slack.ids import Identity, Json, micros, objects, stamp, text
from bot.platforms.slack.updates import queue_of
from bot.ports.history import LOOK_BACK, Known, Missed, Wanted
from bot.ports.inbound import RawUpdate

PAGE: Final = 200
PAGES_BEHIND: Final = 3
"""Pages of history that are read at most when the last look is within them."""
PAGES_MOST: Final = 50
OVERLAP: Final = 5 * MINUTE
"""Read again although it was looked at: history may show a message a little later than it was said."""
THREADS: Final = 40
ASKED: Final = 40
"""Single messages that are asked for by name, most in one go."""
REPLIES_BEHIND: Final = 2 * DAY
"""How far back a reply that stands only in its thread is asked for."""
PER_MINUTE: Final = 36.0
"""Calls a minute and method: Slack allows about 50, and sends in doubt are looked up by the same methods."""
BURST: Final = 12.0
TRIES: Final = 4


@dataclass(slots=True)
class _Bucket:
    """A token bucket; `due` in seconds of the loop's clock."""

    due: float = 0.0

    def wait(self, now: float) -> float:
        """Take a turn; how many seconds until it."""
        step = 60.0 / PER_MINUTE
        self.due = max(self.due, now - step * (BURST - 1)) + step
        return max(0.0, self.due - step - now)


@dataclass(slots=True)
class _Read:
    """What of a room was read. `standing` by ts; `floor` (µs): everything after it was looked at."""

    standing: dict[str, Json] = field(default_factory=dict)
    floor: int = 0
    limited: bool = False
    whole: bool = True

    def add(self, found: list[Json]) -> None:
        """Keep messages by ts."""
        self.standing.update((ts, one) for one in found if (ts := text(one, "ts")))


class SlackHistory:
    """`bot.ports.history.History` for every workspace."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def queue(self, place: Place) -> str:
        """As for a room's live events."""
        return queue_of(place.workspace, place.chat)

    async def read(self, wanted: Wanted) -> Missed:
        """Read one room and its threads, oldest first."""
        workspace, me = await self._workspaces.of(wanted.place.workspace)
        read = await self._history(workspace, wanted)
        until = max([wanted.since, *(micros(ts) for ts in read.standing)])
        await self._threads(workspace, wanted, read)
        gone = await self._gone(workspace, wanted, read)
        after = wanted.since - OVERLAP
        fresh = sorted((one for one in read.standing.values() if micros(text(one, "ts")) > after), key=_moment)
        updates: list[RawUpdate] = []
        moments: list[int] = []
        for one in fresh:
            update = replay.said(wanted.place, me, one)
            if update is not None:
                updates.append(update)
                moments.append(_moment(one))
        updates += _edits(wanted, me, read, after)
        updates += [replay.deleted(wanted.place, me, wanted.owner.user, known.native) for known in gone]
        return Missed(tuple(updates), tuple(moments), until, read.whole)

    async def _history(self, workspace: Workspace, wanted: Wanted) -> _Read:
        read = _Read(floor=max(wanted.since - LOOK_BACK, 0))
        args = {"channel": wanted.place.chat, "oldest": stamp(read.floor), "limit": PAGE}
        cursor = ""
        for page in range(1, PAGES_MOST + 1):
            answer = await self._call(workspace, "conversations.history", {**args, "cursor": cursor or None})
            found = objects(answer, "messages")
            read.add(found)
            read.limited = read.limited or answer.get("is_limited") is True
            cursor = text(answer, "response_metadata", "next_cursor")
            if not cursor:
                return read
            reached = min((_moment(one) for one in found), default=0)
            if page >= PAGES_BEHIND and reached < wanted.since - OVERLAP:
                read.floor = reached
                return read
        read.floor = min(micros(ts) for ts in read.standing)
        read.whole = False
        return read

    async def _threads(self, workspace: Workspace, wanted: Wanted, read: _Read) -> None:
        """Replies are in no history: every thread that has some after the last look is read from there on."""
        after = wanted.since - OVERLAP
        parents = [one for one in read.standing.values() if _is_parent(one) and _last_reply(one) > after]
        parents.sort(key=_last_reply, reverse=True)
        read.whole = read.whole and len(parents) <= THREADS
        for parent in parents[:THREADS]:
            args = {"channel": wanted.place.chat, "ts": text(parent, "ts"), "oldest": stamp(max(after, 0))}
            cursor = ""
            for _ in range(PAGES_MOST):
                more = {**args, "limit": PAGE, "cursor": cursor or None}
                try:
                    answer = await self._call(workspace, "conversations.replies", more)
                except Refused as error:
                    if error.reason is not Reason.TARGET_GONE:
                        raise
                    break  # deleted since its room was read: the event for that is on its way
                read.add(objects(answer, "messages"))
                cursor = text(answer, "response_metadata", "next_cursor")
                if not cursor:
                    break

    async def _gone(self, workspace: Workspace, wanted: Wanted, read: _Read) -> list[Known]:
        """Messages that we know and that stand there no more; a reply found in its thread is kept for its edits."""
        stands = {ts for ts, one in read.standing.items() if text(one, "subtype") != "tombstone"}
        oldest = min((micros(ts) for ts in read.standing), default=0)
        gone: list[Known] = []
        asked = 0
        for known in (one for one in wanted.known if one.counts):
            at = micros(known.native)
            if known.native in read.standing:
                if known.native not in stands:
                    gone.append(known)
                continue
            if read.limited or at <= read.floor or not 0 < oldest < at:
                continue
            if (known.reply and at < wanted.since - REPLIES_BEHIND) or asked >= ASKED:
                continue
            asked += 1
            found = await self._one(workspace, wanted.place.chat, known.native)
            if found is None:
                gone.append(known)
            else:
                read.add([found])
        return gone

    async def _one(self, workspace: Workspace, channel: str, ts: str) -> Json | None:
        """One message, if Slack still has it."""
        args = {"channel": channel, "ts": ts, "latest": ts, "oldest": ts, "inclusive": True, "limit": 1}
        try:
            answer = await self._call(workspace, "conversations.replies", args)
        except Refused as error:
            if error.detail in ("thread_not_found", "message_not_found"):
                return None
            raise
        found = [one for one in objects(answer, "messages") if text(one, "ts") == ts]
        # Slack may show the thread's parent instead of the reply asked for: then it is there.
        return found[0] if found else {}

    async def _call(self, workspace: Workspace, method: str, args: Json) -> Json:
        """One call in its turn; a rate limit is waited out a few times."""
        loop = asyncio.get_running_loop()
        bucket = self._buckets.setdefault((workspace.config.key, method), _Bucket())
        for attempt in range(1, TRIES + 1):
            await asyncio.sleep(bucket.wait(loop.time()))
            try:
                return await workspace.call(method, args, harmless=True)
            except NotSent as error:
                if not error.paced or attempt == TRIES:
                    raise
                await asyncio.sleep(error.retry_after or 1.0)
        raise AssertionError("unreachable")


def _edits(wanted: Wanted, me: Identity, read: _Read, after: int) -> list[RawUpdate]:
    """What was edited since we last heard of it, in the order of the edits."""
    known = {one.native: one.edited_at for one in wanted.known}
    changed: list[tuple[int, Json]] = []
    for ts, one in read.standing.items():
        at = micros(text(one, "edited", "ts"))
        heard = known.get(ts)
        if at and (at > heard if heard is not None else at > after):
            changed.append((at, one))
    changed.sort(key=lambda pair: pair[0])
    made = (replay.edited(wanted.place, me, one) for _, one in changed)
    return [update for update in made if update is not None]


def _moment(message: Json) -> int:
    return micros(text(message, "ts"))


def _is_parent(message: Json) -> bool:
    return text(message, "thread_ts") == text(message, "ts") and message.get("reply_count") != 0


def _last_reply(message: Json) -> int:
    """When a thread was last replied to; where Slack does not say, it is taken for new."""
    said = text(message, "latest_reply")
    return micros(said) if said else 1 << 62
