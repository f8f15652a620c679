"""One SQL text for both databases: `:name` for psycopg, no row locks for SQLite; translated once."""

from __future__ import annotations

import re
from functools import lru_cache

from storage.errors import Misuse

_PARTS = re.compile(
    r"""
      (?P<verbatim> '(?:[^']|'')*' | "(?:[^"]|"")*" | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ | --[^\n]* | /\*.*?\*/ )
    | (?P<cast> :: )
    | (?<![\w:]) : (?P<name> [A-Za-z_]\w* )
    | (?P<percent> % )
    | (?P<lock> \s+FOR\s+(?:NO\s+KEY\s+UPDATE|UPDATE|KEY\s+SHARE|SHARE)
        (?:\s+OF\s+\w+(?:\s*,\s*\w+)*)? (?:\s+SKIP\s+LOCKED|\s+NOWAIT)? \b )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CONTROL = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
    r"(?:BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|ATTACH|DETACH)\b",
    re.DOTALL | re.IGNORECASE,
)
_CACHED = 4096


def _refuse_control(sql: str) -> None:
    # Group commit and reruns rest on the engine alone deciding where a transaction begins and ends.
    if _CONTROL.match(sql):
        raise Misuse("a unit must not begin, end or divide its transaction")


@lru_cache(maxsize=_CACHED)
def for_sqlite(sql: str) -> str:
    """The text without `FOR UPDATE …`: the writing transaction already holds the one lock there is."""
    _refuse_control(sql)

    def part(match: re.Match[str]) -> str:
        return "" if match["lock"] else match[0]

    return _PARTS.sub(part, sql)


@lru_cache(maxsize=_CACHED)
def for_postgres(sql: str) -> bytes:
    """The text with `%(name)s` for `:name` and every `%` doubled; casts, strings and comments are kept."""
    _refuse_control(sql)

    def part(match: re.Match[str]) -> str:
        if match["name"]:
            return f"%({match['name']})s"
        return match[0].replace("%", "%%")  # psycopg reads a lone % even inside strings and comments

    return _PARTS.sub(part, sql).encode()
