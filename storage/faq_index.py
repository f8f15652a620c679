"""The lexical index of the FAQ library: one in-memory FTS5 table, whichever database holds the cases."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{1,}|\d+")
_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "with",
        "from",
        "by",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "can",
        "could",
        "i",
        "my",
        "me",
        "we",
        "our",
        "you",
        "your",
        "she",
        "her",
        "he",
        "his",
        "it",
        "its",
        "they",
        "them",
        "this",
        "that",
        "these",
        "there",
        "what",
        "when",
        "how",
        "why",
        "if",
        "so",
        "as",
        "not",
        "no",
        "will",
        "would",
        "should",
        "any",
        "just",
        "get",
        "got",
        "hi",
        "hello",
        "thanks",
        "please",
    ]
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A topic and how well its best row matches: BM25 without its sign, higher is better."""

    topic: str
    score: float


class LexicalIndex:
    """Rows of (topic, text); a query gives the best topics. Safe to use from any thread."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.execute("CREATE VIRTUAL TABLE entry USING fts5(topic UNINDEXED, body, tokenize='porter')")
        self._connection.executemany("INSERT INTO entry(topic, body) VALUES (?, ?)", rows)

    def search(self, text: str, limit: int = 5) -> list[Hit]:
        """The best topics for a text, best first; empty if none of its words is known."""
        words = [word.lower() for word in _WORD.findall(text)]
        asked = [word for word in dict.fromkeys(words) if word not in _STOP][:60]
        if not asked:
            return []
        query = " OR ".join(f'"{word}"' for word in asked)
        with self._lock:
            # One plain query: SQLite cannot rank inside a grouped one.
            rows = self._connection.execute(
                "SELECT topic, -bm25(entry) FROM entry WHERE entry MATCH ?", (query,)
            ).fetchall()
        best: dict[str, float] = {}
        for topic, score in rows:
            best[topic] = max(score, best.get(topic, score))
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        return [Hit(topic, score) for topic, score in ranked[:limit]]

    def close(self) -> None:
        """Give the memory back."""
        with self._lock:
            self._connection.close()
