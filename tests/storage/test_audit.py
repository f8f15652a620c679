"""The audit chain: one entry an effect, in its own transaction, never changed, and every change found."""

from __future__ import annotations

import asyncio
import hashlib
import json

import pytest
from hypothesis import strategies as st

from storage import audit
from storage.engine.base import Dialect, Engine, Tx
from storage.errors import Integrity
from tests.support.richtext import holds_for

GUARDS = {
    Dialect.SQLITE: (
        "DROP TRIGGER audit_entry_update",
        "DROP TRIGGER audit_entry_delete",
        "DROP TRIGGER audit_head_update",
        "DROP TRIGGER audit_head_delete",
    ),
    Dialect.POSTGRESQL: ("SET LOCAL session_replication_role = replica",),
}


def entry(case: int = 7, action: str = "message.delivered", **details: object):
    return lambda tx: audit.append(tx, case, 1000, "person:12", action, details)


async def verify(engine: Engine, case: int = 7) -> int | None:
    return await engine.read(lambda tx: audit.verify(tx, case))


async def test_entries_are_numbered_and_chained(engine: Engine) -> None:
    assert [await engine.write(entry(message=n)) for n in (5, 6)] == [1, 2]
    assert await engine.write(entry(8)) == 1
    rows = await engine.read(lambda tx: tx.all("SELECT * FROM audit_entry WHERE case_id = 7 ORDER BY seq"))
    assert rows[0]["prev"] == bytes(32)
    assert rows[1]["prev"] == rows[0]["hash"]
    assert rows[1]["details"] == '{"message":6}'
    assert (rows[1]["at"], rows[1]["actor"], rows[1]["action"]) == (1000, "person:12", "message.delivered")
    assert [await verify(engine, case) for case in (7, 8, 9)] == [None, None, None]


def test_the_hash_is_what_the_documentation_says() -> None:
    """Written out once more, from the docstring, so that a verifier elsewhere can be held against it."""
    whole = b"chairside audit 1"
    for part in (bytes(32), b"7", b"1", b"1000", b"person:12", b"note.kept", b'{"a":1}'):
        whole += len(part).to_bytes(8, "big") + part
    expected = hashlib.sha256(whole).digest()
    assert audit.entry_hash(7, 1, 1000, "person:12", "note.kept", '{"a":1}', bytes(32)) == expected


async def test_details_are_canonical(engine: Engine) -> None:
    await engine.write(entry(z=None, b=[1, "two", {"y": True, "x": -3}], a="C-7K3F"))
    row = await engine.read(lambda tx: tx.one("SELECT details FROM audit_entry"))
    assert row == {"details": '{"a":"C-7K3F","b":[1,"two",{"x":-3,"y":true}],"z":null}'}
    assert await verify(engine) is None


TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=12)
VALUES = st.recursive(
    st.one_of(TOKENS, st.integers(), st.booleans(), st.none(), st.sampled_from(Dialect)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple), st.dictionaries(TOKENS, inner, max_size=3)
    ),
    max_leaves=8,
)


@holds_for(300, st.dictionaries(TOKENS, VALUES, max_size=6))
def test_what_is_hashed_is_sorted_json_without_blanks(details: dict[str, object]) -> None:
    assert audit.canonical(details) == json.dumps(details, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize(
    "details",
    [
        {"text": "It hurts at night"},
        {"text": "Müller"},
        {"text": "x" * 129},
        {"deep": [{"text": "two words"}]},
        {"a key": 1},
        {"line": "a\n"},
        {"share": 0.5},
        {"raw": b"x"},
    ],
)
async def test_content_is_refused(engine: Engine, details: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)) as refused:
        await engine.write(entry(**details))
    assert "night" not in str(refused.value)
    assert await engine.write(entry()) == 1
    for actor, action in (("Dr Asha Patel", "x"), ("person:1", "said something")):
        with pytest.raises(ValueError, match="never text"):
            await engine.write(lambda tx, a=actor, b=action: audit.append(tx, 7, 1, a, b))


async def test_no_effect_no_entry(engine: Engine) -> None:
    def failing(tx: Tx) -> None:
        entry()(tx)
        raise LookupError

    with pytest.raises(LookupError):
        await engine.write(failing)
    assert await engine.write(entry()) == 1
    assert await verify(engine) is None


async def test_many_writers_one_chain(engine: Engine) -> None:
    def effect(tx: Tx) -> None:
        entry(7)(tx)
        entry(0)(tx)

    await asyncio.gather(*(engine.write(effect) for _ in range(40)))
    for case in (0, 7):
        row = await engine.read(
            lambda tx, case=case: tx.one(
                "SELECT COUNT(*) AS n, MAX(seq) AS last FROM audit_entry WHERE case_id = :case", {"case": case}
            )
        )
        assert row == {"n": 40, "last": 40}
        assert await verify(engine, case) is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET actor = 'other' WHERE seq = 1",
        "DELETE FROM audit_entry WHERE seq = 2",
        "UPDATE audit_head SET seq = 1",
        "UPDATE audit_head SET seq = seq + 1",
        "UPDATE audit_head SET hash = prev FROM audit_entry",
        "DELETE FROM audit_head",
    ],
)
async def test_the_database_refuses_changes(engine: Engine, sql: str) -> None:
    for _ in range(2):
        await engine.write(entry())
    with pytest.raises(Integrity):
        await engine.write(lambda tx: tx.execute(sql))
    assert await verify(engine) is None
    assert await engine.write(entry()) == 3


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["audit_entry", "audit_head"])
async def test_postgresql_refuses_truncate(engine: Engine, table: str) -> None:
    with pytest.raises(Integrity):
        await engine.write(lambda tx: tx.execute(f"TRUNCATE {table}"))


@pytest.mark.parametrize(
    ("tampering", "first_bad"),
    [
        ("UPDATE audit_entry SET details = '{\"message\":9}' WHERE seq = 3", 3),
        ("UPDATE audit_entry SET at = at + 1 WHERE seq = 1", 1),
        ("UPDATE audit_entry SET case_id = 8 WHERE seq = 2", 2),
        ("DELETE FROM audit_entry WHERE seq = 4", 4),
        ("DELETE FROM audit_entry WHERE seq = 6", 6),
        ("DELETE FROM audit_entry", 1),
        ("DELETE FROM audit_head", 6),
        ("UPDATE audit_head SET seq = 4", 5),
        ("UPDATE audit_entry SET hash = prev WHERE seq = 6", 6),
        ("UPDATE audit_entry SET seq = 60 WHERE seq = 2", 2),
    ],
)
async def test_tampering_past_the_guards_is_found(engine: Engine, tampering: str, first_bad: int) -> None:
    for n in range(6):
        await engine.write(entry(message=n))

    def tamper(tx: Tx) -> None:
        for guard in GUARDS[tx.dialect]:
            tx.execute(guard)
        tx.execute(tampering)

    await engine.write(tamper)
    assert await verify(engine) == first_bad


async def test_an_entry_hashed_anew_breaks_the_next(engine: Engine) -> None:
    for n in range(3):
        await engine.write(entry(message=n))

    def forge(tx: Tx) -> None:
        for guard in GUARDS[tx.dialect]:
            tx.execute(guard)
        row = tx.one("SELECT * FROM audit_entry WHERE seq = 2")
        assert row is not None
        forged = audit.entry_hash(7, 2, row["at"], "person:99", row["action"], row["details"], row["prev"])
        tx.execute("UPDATE audit_entry SET actor = 'person:99', hash = :hash WHERE seq = 2", {"hash": forged})

    await engine.write(forge)
    assert await verify(engine) == 3


async def test_long_chains(engine: Engine) -> None:
    def many(tx: Tx) -> None:
        for _ in range(1100):
            entry()(tx)

    await engine.write(many)
    assert await verify(engine) is None
