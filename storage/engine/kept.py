"""Reads that are remembered by SQLite's one writer until something they rest on is written.

Seats, accounts and people are read for each message and change once a month. Only the writing connection remembers, and
it is the only one that writes the file (the folder lock sees to that), so every change passes by here first. Whatever
cannot be told from a statement's text makes it forget everything.
"""

from __future__ import annotations

import re
from functools import lru_cache

from storage.engine.base import Params, Row, Value

MOST = 2000
"""Rows of parameters remembered for one query; beyond that it begins anew."""

Columns = frozenset[str] | None
"""The columns of a table; None: all of them."""

_NOISE = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|:\w+", re.DOTALL)
_WORDS = (
    "SELECT|DISTINCT|FROM|JOIN|LEFT|INNER|CROSS|ON|USING|WHERE|AND|OR|NOT|IN|IS|NULL|EXISTS|BETWEEN|LIKE|CASE|WHEN|THEN"
    "|ELSE|END|ORDER|GROUP|BY|ASC|DESC|LIMIT|HAVING|UNION|ALL|AS|COUNT|MIN|MAX|SUM|COALESCE|FOR|UPDATE"
)
_TABLE = re.compile(rf"\b(?:FROM|JOIN)\s+(\w+)(?:\s+(?:AS\s+)?(?!(?:{_WORDS})\b)(\w+))?", re.IGNORECASE)
_PLAIN = re.compile(rf"\bAS\s+\w+|\b(?:{_WORDS})\b|\b\d+\b|\W+", re.IGNORECASE)
_COLUMN = re.compile(r"\b(\w+)\.(\w+|\*)")
_WRITE = re.compile(
    r"\s*(?:(?P<put>INSERT\s+INTO|DELETE\s+FROM)\s+(?P<table>\w+)|UPDATE\s+(?P<changed>\w+)\s+SET\b)", re.IGNORECASE
)
_READ = re.compile(r"\s*SELECT\b", re.IGNORECASE)
_SET_ENDS = re.compile(r"\b(?:WHERE|FROM|RETURNING)\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def rests_on(sql: str) -> dict[str, Columns]:
    """The tables that a query reads, each with the columns that it names; with all of them where that is not plain."""
    text = _NOISE.sub("", sql)
    tables = {alias or table: table for table, alias in _TABLE.findall(text)}
    if _PLAIN.sub("", _COLUMN.sub("", _TABLE.sub("", text))):  # a word that may be a column of any of them
        return dict.fromkeys(tables.values())
    named: dict[str, set[str]] = {alias: set() for alias in tables}
    for alias, column in _COLUMN.findall(text):
        if alias in named:
            named[alias].add(column)
    found: dict[str, Columns] = {}
    for alias, table in tables.items():
        columns = None if alias == table or "*" in named[alias] else frozenset(named[alias])
        before = found.get(table, frozenset())
        found[table] = None if columns is None or before is None else before | columns
    return found


@lru_cache(maxsize=4096)
def changes(sql: str) -> tuple[str, Columns] | None:
    """The table that a statement writes, with the columns of it; ("", None) for a query, None where nobody can tell."""
    text = _NOISE.sub("", sql)
    if _READ.match(text):
        return "", None
    write = _WRITE.match(text)
    if write is None:
        return None
    if write["put"]:
        return write["table"], None
    return write["changed"], _columns_set(text[write.end() :])


def _columns_set(text: str) -> Columns:
    """What stands left of each `=` in a SET clause; None where it is not a plain list."""
    flat = _flat(text)
    end = _SET_ENDS.search(flat)
    names = [
        re.fullmatch(r"\s*(\w+)\s*=.*", part, re.DOTALL) for part in flat[: end.start() if end else None].split(",")
    ]
    return None if None in names else frozenset(name[1] for name in names if name is not None)


def _flat(text: str) -> str:
    """The text without what stands in brackets."""
    kept: list[str] = []
    depth = 0
    for letter in text:
        depth -= letter == ")"
        if depth == 0:
            kept.append(letter)
        depth += letter == "("
    return "".join(kept)


class Memory:
    """What one writing connection remembers: rows by query and parameters."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[Value, ...], list[Row]]] = {}
        self._touched: dict[str, tuple[dict[tuple[Value, ...], list[Row]], ...]] = {}
        self.names: dict[str, tuple[str, ...]] = {}
        """The columns' names by query: they stay as they are until the tables change."""

    def get(self, sql: str, params: Params) -> list[Row] | None:
        """The rows as they are, if they are remembered: the caller's own to change."""
        found = self._of(sql).get(tuple(params.values()))
        return None if found is None else [dict(row) for row in found]

    def put(self, sql: str, params: Params, rows: list[Row]) -> None:
        """Remember what a query gave."""
        kept = self._of(sql)
        if len(kept) >= MOST:
            kept.clear()
        kept[tuple(params.values())] = [dict(row) for row in rows]

    def runs(self, sql: str) -> None:
        """A statement is about to run: forget what it may change."""
        touched = self._touched.get(sql)
        if touched is None:
            change = changes(sql)
            if change is None:
                self.forget()
                self.names.clear()
                return
            touched = self._touched[sql] = self._rest_on(*change)
        for kept in touched:
            kept.clear()

    def forget(self) -> None:
        """A unit was undone: what it read of its own writes is not so."""
        for kept in self._rows.values():
            kept.clear()

    def _of(self, sql: str) -> dict[tuple[Value, ...], list[Row]]:
        kept = self._rows.get(sql)
        if kept is None:
            kept = self._rows[sql] = {}
            self._touched.clear()  # each statement has to be asked about this query too
        return kept

    def _rest_on(self, table: str, columns: Columns) -> tuple[dict[tuple[Value, ...], list[Row]], ...]:
        return tuple(kept for query, kept in self._rows.items() if _meet(rests_on(query), table, columns))


def _meet(reads: dict[str, Columns], table: str, columns: Columns) -> bool:
    if table not in reads:
        return False
    read = reads[table]
    return read is None or columns is None or bool(read & columns)
