"""One SQL text for both databases."""

from __future__ import annotations

import pytest

from storage.engine.translate import for_postgres, for_sqlite
from storage.errors import Misuse


@pytest.mark.parametrize(
    ("given", "postgres"),
    [
        ("SELECT :a + :b_2", b"SELECT %(a)s + %(b_2)s"),
        ("SELECT CAST(:a AS BIGINT), :a::bigint", b"SELECT CAST(%(a)s AS BIGINT), %(a)s::bigint"),
        ("SELECT ':a', \":b\", ''':c'", b"SELECT ':a', \":b\", ''':c'"),
        ("SELECT :a -- not :this\n, :b /* nor :that */", b"SELECT %(a)s -- not :this\n, %(b)s /* nor :that */"),
        ("SELECT $$ :a % $$, $t$ :b $t$", b"SELECT $$ :a %% $$, $t$ :b $t$"),
        ("SELECT 7 % 2 WHERE x LIKE '%:y%' -- 5 %", b"SELECT 7 %% 2 WHERE x LIKE '%%:y%%' -- 5 %%"),
        ("SELECT (ARRAY[1, 2])[1:2]", b"SELECT (ARRAY[1, 2])[1:2]"),
        ("SELECT 1 FOR UPDATE SKIP LOCKED", b"SELECT 1 FOR UPDATE SKIP LOCKED"),
    ],
)
def test_for_postgres(given: str, postgres: bytes) -> None:
    assert for_postgres(given) == postgres


@pytest.mark.parametrize(
    ("given", "sqlite"),
    [
        ("SELECT id FROM a WHERE id = :id FOR UPDATE", "SELECT id FROM a WHERE id = :id"),
        ("x IN (SELECT 1 LIMIT :k\n FOR UPDATE SKIP LOCKED) RETURNING id", "x IN (SELECT 1 LIMIT :k) RETURNING id"),
        ("SELECT 1 FROM a, b FOR NO KEY UPDATE OF a, b NOWAIT", "SELECT 1 FROM a, b"),
        ("SELECT 1 for share", "SELECT 1"),
        ("SELECT ' FOR UPDATE' -- FOR UPDATE", "SELECT ' FOR UPDATE' -- FOR UPDATE"),
        ("SELECT a FOR_UPDATE FROM b", "SELECT a FOR_UPDATE FROM b"),
    ],
)
def test_for_sqlite(given: str, sqlite: str) -> None:
    assert for_sqlite(given) == sqlite


@pytest.mark.parametrize("sql", ["COMMIT", " begin immediate", "-- x\nROLLBACK TO u", "/* y */ SAVEPOINT a", "END;"])
@pytest.mark.parametrize("translate", [for_postgres, for_sqlite])
def test_units_do_not_end_transactions(translate, sql: str) -> None:
    with pytest.raises(Misuse):
        translate(sql)
