"""Two people's screens side by side, in order, from the truth lists of the fakes: what they really saw."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest

from rich.console import Console
from rich.text import Text

from bot.sandbox.people import DENTIST, SPECIALIST
from bot.sandbox.slack.truth import Seen as SlackSeen
from bot.sandbox.slack.truth import What
from bot.sandbox.slack.world import Kind
from bot.sandbox.stage import Stage
from bot.sandbox.telegram.truth import Act
from bot.sandbox.telegram.truth import Seen as TelegramSeen
from prompts.wording import say

LEFT, RIGHT = 0, 1
WIDEST = 120
IN_A_PIPE = 100
GAP = 3
QUIET = 0.15
"""Seconds without anything new after which both sides count as settled."""
OWN, SHOWN, ASIDE = "bold", "", "dim"


@dataclass(frozen=True, slots=True)
class Line:
    """Something one side sees: where, what, and how it is set."""

    side: int
    place: str
    text: str
    style: str = SHOWN


class Transcript:
    """Prints as things are seen; `pace` is seconds of pause for each line of ordinary length, 0 for none."""

    def __init__(self, stage: Stage, console: Console, pace: float) -> None:
        self._stage = stage
        self._console = console
        self._pace = pace
        self._width = (min(console.width, WIDEST) - GAP) // 2
        self._lines: asyncio.Queue[Line] = asyncio.Queue()
        self._places = ["", ""]
        self._shown: dict[object, str] = {}
        self._stop: list[Callable[[], None]] = []

    def listen(self) -> None:
        """Begin."""
        self._stop = [
            self._stage.telegram.truth.listen(self._telegram),
            self._stage.slack.truth.listen(self._slack),
        ]

    def end(self) -> None:
        """Show nothing more."""
        for stop in self._stop:
            stop()

    def heads(self, left: str, right: str) -> None:
        """Whose screens these are."""
        self._row(Text(left, style="bold"), Text(right, style="bold"))
        self._row(Text("─" * self._width), Text("─" * self._width))

    async def narrate(self, text: str) -> None:
        """A line across both sides, once they have settled."""
        await self.settle()
        self._console.print(Text(f"\n  {text}\n", style="italic cyan"))
        await asyncio.sleep(2 * self._pace)

    async def act(self, side: int, text: str) -> None:
        """What a person does that leaves no message: a press of a button."""
        await self.settle()
        self._lines.put_nowait(Line(side, self._places[side], text, OWN))
        await self.settle()

    async def settle(self) -> None:
        """Print everything seen so far, until both sides are quiet."""
        while True:
            try:
                async with asyncio.timeout(QUIET):
                    line = await self._lines.get()
            except TimeoutError:
                return
            self._print(line)
            if self._pace:
                await asyncio.sleep(self._pace * min(0.5 + len(line.text) / 150, 2.5))

    def _print(self, line: Line) -> None:
        if line.place != self._places[line.side]:
            self._places[line.side] = line.place
            self._cell(line.side, Text(f"· {line.place}", style="dim italic"))
        self._cell(line.side, Text(line.text, style=line.style))

    def _cell(self, side: int, text: Text) -> None:
        self._row(*((text, Text()) if side == LEFT else (Text(), text)))

    def _row(self, left: Text, right: Text) -> None:
        lines = zip_longest(left.wrap(self._console, self._width), right.wrap(self._console, self._width))
        for one, other in lines:
            line = Text() if one is None else one.copy()
            if other is not None and other.plain.strip():
                line.pad_right(self._width + GAP - line.cell_len)
                line.append_text(other)
            line.rstrip()
            self._console.print(line, soft_wrap=True)

    def _said(self, side: int, place: str, text: str, *, own: bool) -> None:
        self._put(side, place, say("sandbox.own", text=text) if own else text, OWN if own else SHOWN)

    def _put(self, side: int, place: str, text: str, style: str = SHOWN) -> None:
        self._lines.put_nowait(Line(side, place, text, style))

    # --- what each platform's list means on a screen -------------------------------------------------------------

    def _telegram(self, seen: TelegramSeen) -> None:
        if seen.chat != DENTIST:
            return
        place = seen.topic_name or say("sandbox.private")
        rows = ["  ".join(f"[{button.label}]" for button in row) for row in seen.buttons]
        before = self._shown.get((LEFT, seen.message_id), "")
        match seen.kind:
            case Act.MESSAGE:
                self._shown[LEFT, seen.message_id] = seen.text
                self._said(LEFT, place, "\n".join([seen.text, *rows]), own=not seen.by_bot)
            case Act.EDIT:
                self._shown[LEFT, seen.message_id] = seen.text
                self._changed(LEFT, place, before, seen.text)
            case Act.REACTION if seen.by_bot:
                self._put(LEFT, place, say("sandbox.delivered", mark=seen.text), ASIDE)
            case Act.TOPIC_OPENED:
                self._put(LEFT, place, say("sandbox.room", name=seen.topic_name), ASIDE)
            case Act.PINNED:
                self._put(LEFT, place, say("sandbox.pinned"), ASIDE)
            case _:
                return

    def _slack(self, seen: SlackSeen) -> None:
        if seen.user != SPECIALIST:
            return
        channel = self._stage.specialist.find_channel(seen.channel)
        room = channel is not None and channel.kind is not Kind.IM
        place = f"#{channel.name}" if channel is not None and room else say("sandbox.private")
        text = seen.text.replace(f"@{SPECIALIST}", f"@{self._stage.specialist.user.real_name}")
        key = (RIGHT, seen.channel, seen.ts)
        match seen.what:
            case What.MESSAGE:
                self._shown[key] = text
                self._said(RIGHT, place, text, own=not seen.from_bot)
            case What.EDIT:
                before, self._shown[key] = self._shown.get(key, ""), text
                self._changed(RIGHT, place, before, text)
            case What.EPHEMERAL:
                self._put(RIGHT, place, say("sandbox.only_you", text=text), ASIDE)
            case What.REACTION if seen.author != SPECIALIST:
                self._put(RIGHT, place, say("sandbox.delivered", mark="✉"), ASIDE)
            case What.SYSTEM if seen.author == SPECIALIST:
                self._put(RIGHT, place, say("sandbox.room", name=place), ASIDE)
            case What.PIN:
                self._put(RIGHT, place, say("sandbox.pinned"), ASIDE)
            case _:
                return

    def _changed(self, side: int, place: str, before: str, after: str) -> None:
        """The first line that is new; a message whose buttons alone went is left as it stands."""
        old = set(before.splitlines())
        fresh = [line for line in after.splitlines() if line and line not in old and not line.startswith("[")]
        if fresh:
            self._put(side, place, say("sandbox.now", text=fresh[0]), ASIDE)
