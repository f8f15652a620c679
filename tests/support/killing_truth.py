"""What a kill loop's fakes saw, and the verdict on it: nothing lost, doubled unsaid, reordered or damaged."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from bot.sandbox.slack import FakeSlack
from bot.sandbox.slack.truth import What
from bot.sandbox.telegram import FakeTelegram
from bot.sandbox.telegram.truth import Act
from storage import audit
from storage.engine.base import Dialect
from tests.support.databases import open_url

CASES = 3
_WORD = re.compile(r"\b([dt]\d-\d{5})\b")


@dataclass
class Verdict:
    """What the truth lists say at the end."""

    kills: int = 0
    said: int = 0
    delivered: int = 0
    lost: list[str] = field(default_factory=list)
    slack_duplicates: list[str] = field(default_factory=list)
    telegram_repeats: int = 0
    unnumbered_repeats: list[str] = field(default_factory=list)
    reordered: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    broken_chains: list[int] = field(default_factory=list)
    integrity: str = ""
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Nothing lost, doubled, reordered or damaged."""
        wrong = (
            self.lost,
            self.slack_duplicates,
            self.unnumbered_repeats,
            self.reordered,
            self.broken_chains,
        )
        return not any(wrong) and self.integrity == "ok"


class Truth:
    """What the people of one run said, and what the fakes showed of it."""

    url: str
    slack: FakeSlack
    telegram: FakeTelegram
    said: dict[str, list[str]]
    verdict: Verdict

    def _seen(self) -> dict[str, list[tuple[str, str]]]:
        """What each room really shows, in order: (word, whole text)."""
        seen: dict[str, list[tuple[str, str]]] = {}
        for sight in self.slack.truth.of(user="U0002"):
            if sight.what is What.MESSAGE and sight.from_bot and (found := _WORD.search(sight.text)):
                seen.setdefault(f"slack:{found[1][1]}", []).append((found[1], sight.text))
        for number in range(CASES):
            for act in self.telegram.truth.of(700001 + number):
                if act.kind is Act.MESSAGE and act.by_bot and (found := _WORD.search(act.text)):
                    seen.setdefault(f"telegram:{found[1][1]}", []).append((found[1], act.text))
        return seen

    def _outstanding(self) -> int:
        seen = self._seen()
        return sum(len(words) - len({word for word, _ in seen.get(room, [])}) for room, words in self.said.items())

    def _look(self) -> None:
        verdict = self.verdict
        seen = self._seen()
        for room, words in self.said.items():
            copies = seen.get(room, [])
            verdict.said += len(words)
            counts = Counter(word for word, _ in copies)
            verdict.delivered += len(counts)
            verdict.lost += [word for word in words if word not in counts]
            firsts: list[str] = []
            for word, text in copies:
                if word not in firsts:
                    firsts.append(word)
                elif room.startswith("slack"):
                    verdict.slack_duplicates.append(f"{word} {self._apart(word):.2f} s apart")
                else:
                    verdict.telegram_repeats += 1
                    if "repeat" not in text or "#" not in text:
                        verdict.unnumbered_repeats.append(word)
            texts = dict(reversed(copies))
            last = ""
            for word in firsts:
                if word < last and "sent " not in texts[word]:
                    verdict.reordered.append(f"{last}>{word}")
                last = max(last, word)

    def _apart(self, word: str) -> float:
        """Seconds between the first and last copy of a word in Slack: says whether a late effect outlived the grace."""
        times = [one.at for one in self.slack.truth.of(user="U0002") if one.what is What.MESSAGE and word in one.text]
        return max(times) - min(times)

    async def _database(self) -> None:
        engine = await open_url(self.url)
        try:
            if engine.dialect is Dialect.SQLITE:
                row = await engine.read(lambda tx: tx.one("PRAGMA integrity_check"))
                self.verdict.integrity = "" if row is None else str(row["integrity_check"])
            else:
                row = await engine.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM delivery WHERE state = 'sending'"))
                self.verdict.integrity = "ok" if row is not None and row["n"] == 0 else "deliveries left in flight"
            for case in [0, *range(5000, 5000 + CASES)]:
                bad = await engine.read(lambda tx, case=case: audit.verify(tx, case))  # type: ignore[misc]
                if bad is not None:
                    self.verdict.broken_chains.append(case)
        finally:
            await engine.close()
