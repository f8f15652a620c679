"""What the platforms' limits leave: everything said at once, and how near to the ideal it is all on the other side.

The fakes enforce their limits. The ideal is what the fake's own numbers allow a sender who knows them; ours keeps a
little below, so that it is never told to wait. `python -m benchmarks.limits [telegram|slack CHATS EACH]`
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.practice import FIRST, SPECIALIST, furnish, settings
from benchmarks.relay import Stage
from bot.sandbox.slack.limits import Limits as SlackLimits
from bot.sandbox.telegram.limits import Limits as TelegramLimits

RUNS = (("telegram", 90, 10), ("telegram", 20, 20), ("slack", 20, 20))


@dataclass(frozen=True)
class Outcome:
    """One run: `seconds` from the first word until the last was shown; the ideal by the fake's own limits."""

    to: str
    chats: int
    each: int
    lost: int
    inversions: int
    told_to_wait: int
    seconds: float
    ideal: float

    def line(self) -> str:
        """For people."""
        return (
            f"to {self.to:<8} {self.chats:>3} chats x {self.each}: lost {self.lost}, inversions {self.inversions}, "
            f"429s {self.told_to_wait}, {self.seconds:.1f} s, ideal {self.ideal:.1f} s: {self.seconds / self.ideal:.2f}"
        )


class Crowd(Stage):
    """Everybody says everything at once, towards one platform."""

    def __init__(self, to: str, cases: int, each: int) -> None:
        super().__init__("chairside", cases)
        self.to = to
        self.each = each
        self.shown: list[str] = []

    async def measure(self) -> Outcome:
        """Open the rooms without limits, then talk with them."""
        async with self.slack, self.telegram:
            with tempfile.TemporaryDirectory() as folder:
                env = settings(self.slack, self.telegram, Path(folder))
                for number in range(self.cases):
                    await self.telegram.user(FIRST + number).start()
                await furnish(env, self.cases)
                child = await self._child("paced", env, [])
                await self._rooms()
                self._listen()
                await self._first_lines()
                self.slack.settings.limits, self.telegram.limits = SlackLimits(), TelegramLimits()
                before = self._refused()
                began = time.perf_counter()
                words = [word for _ in range(self.each) for word in await self._round()]
                await self._settled()
                seconds = max(self.arrived[word] for word in words) - began
                child.terminate()
                await child.wait()
        counts = Counter(word for word in self.shown if word in set(words))
        return Outcome(
            self.to,
            self.cases,
            self.each,
            len(set(words) - counts.keys()),
            self._inversions(set(words)) + sum(count - 1 for count in counts.values()),
            self._refused() - before,
            seconds,
            self._ideal(),
        )

    async def _first_lines(self) -> None:
        """A room's first message brings lines of the service with it: they are not what is measured."""
        await self._round()
        await self._settled()
        await asyncio.sleep(35)  # every bucket is full again

    async def _round(self) -> list[str]:
        words = []
        for case in range(self.cases):
            word = f"m-{case:03}-{len(self.sent):06}"
            self.sent[word] = time.perf_counter()
            words.append(word)
            if self.to == "slack":
                asha = self.telegram.user(FIRST + case)
                await asha.says(f"hold aligner 6 {word}", topic=asha.topics[0])
            else:
                johal = self.slack.workspace("T0001").user(SPECIALIST)
                await johal.says(f"hold aligner 6 {word}", self.channels[case])
            await asyncio.sleep(0)  # the fakes are this very process: what was said leaves before more is
        return words

    def _arrive(self, text: str) -> None:
        super()._arrive(text)
        self.shown += [word for word in text.split() if word.startswith("m-")]

    def _inversions(self, words: set[str]) -> int:
        last: dict[str, str] = {}
        found = 0
        for word in self.shown:
            if word in words:
                case = word[:5]
                found += word < last.get(case, "")
                last[case] = max(word, last.get(case, ""))
        return found

    def _refused(self) -> int:
        return self.slack.gate.meter.refused + self.telegram.world.meter.refused

    def _ideal(self) -> float:
        if self.to == "slack":
            slack = SlackLimits()
            return (self.each - slack.post_burst) / slack.posts_per_second
        telegram = TelegramLimits()
        assert telegram.chat_rate is not None
        assert telegram.bot_rate is not None
        return max(
            (self.each - telegram.chat_burst) / telegram.chat_rate,
            (self.each * self.cases - telegram.bot_burst) / telegram.bot_rate,
        )


def main() -> None:
    """Print one line a run: all three, or the one that is asked for."""
    runs = [(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))] if sys.argv[1:] else RUNS
    for to, cases, each in runs:
        print(asyncio.run(Crowd(to, cases, each).measure()).line(), flush=True)


if __name__ == "__main__":
    main()
