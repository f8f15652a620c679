"""Migration files: splitting them into statements, each for one database or for both."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.engine.base import Dialect
from storage.errors import SchemaProblem

_TOKEN = re.compile(
    r"""
      (?P<marker> ^[ \t]*--[ \t]*dialect:[ \t]*(?P<dialect>\S*)[ \t]*$ )
    | (?P<comment> --[^\n]* | /\*.*?\*/ )
    | (?P<text> '(?:[^']|'')*' | "(?:[^"]|"")*" | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
    | (?P<end> ; )
    | (?P<open> ' | " | /\* | \$\w*\$ )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_SQLITE_TRIGGER = re.compile(r"\s*CREATE\s+(?:TEMP\w*\s+)?TRIGGER\b.*\bBEGIN\b", re.DOTALL | re.IGNORECASE)
_TRIGGER_END = re.compile(r";\s*END\s*$", re.IGNORECASE)
_KEY = re.compile(r"\bBIGINT\s+PRIMARY\s+KEY\b", re.IGNORECASE)
_DIALECTS: dict[str, Dialect | None] = {"both": None, **{dialect.value: dialect for dialect in Dialect}}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its `;`; `dialect` is None where it serves both databases."""

    sql: str
    dialect: Dialect | None

    def text_for(self, dialect: Dialect) -> str | None:
        """The text for this database; None where the statement is not meant for it.

        SQLite keeps `INTEGER PRIMARY KEY` as the row's own number; under any other name it costs a second tree.
        """
        if self.dialect not in (None, dialect):
            return None
        return _KEY.sub("INTEGER PRIMARY KEY", self.sql) if dialect is Dialect.SQLITE else self.sql


def split(text: str, name: str) -> tuple[Statement, ...]:
    """Split a file at the `;` that end statements; those in strings, comments, $$ bodies and triggers do not.

    Raises SchemaProblem, with the line, for whatever cannot be split for certain.
    """
    found: list[Statement] = []
    dialect: Dialect | None = None
    parts: list[str] = []  # the statement so far, without comments
    at = 0
    for token in _TOKEN.finditer(text):
        parts.append(text[at : token.start()])
        at = token.end()
        line = text.count("\n", 0, token.start()) + 1
        if token["open"]:
            raise SchemaProblem(f"{name}, line {line}: a string, comment or $$ body is not closed")
        if token["marker"]:
            if "".join(parts).strip():
                raise SchemaProblem(f"{name}, line {line}: a dialect marker stands inside a statement")
            if token["dialect"] not in _DIALECTS:
                raise SchemaProblem(f"{name}, line {line}: the dialects are {', '.join(_DIALECTS)}")
            dialect = _DIALECTS[token["dialect"]]
        elif token["text"]:
            parts.append(token[0])
        elif token["end"]:
            sql = "".join(parts)
            if _SQLITE_TRIGGER.match(sql) and not _TRIGGER_END.search(sql):
                parts.append(";")
                continue
            if sql.strip():
                found.append(Statement(sql.strip(), dialect))
            parts = []
    if ("".join(parts) + text[at:]).strip():
        raise SchemaProblem(f"{name}: the last statement does not end with ;")
    return tuple(found)
