"""Sealed values open in their own place alone, and a key that was never committed is never used again."""

from __future__ import annotations

import asyncio
import hmac
import threading
from itertools import product

import pytest

from storage.engine.base import Engine, Tx
from storage.errors import Corrupt, ForeignKeyViolation, KeyGone
from storage.keys import Keys, derive
from storage.sealing import Sealer

PLACE = {"table": "message", "column": "body_sealed", "row_id": 11, "version": 1}
SECRET = "UL4, <0.2 mm, -1.5 für Mrs Oak".encode()


def seal(sealer: Sealer, case: int, data: bytes = SECRET, **place: object):
    return lambda tx: sealer.seal(tx, case, **{**PLACE, **place}, data=data)


def unseal(sealer: Sealer, case: int, sealed: bytes, **place: object):
    return lambda tx: sealer.unseal(tx, case, **{**PLACE, **place}, sealed=sealed)


@pytest.mark.parametrize("case", [0, 7])
@pytest.mark.parametrize("data", [b"", b"x", SECRET, bytes(100_000)])
async def test_there_and_back(engine: Engine, sealer: Sealer, case: int, data: bytes) -> None:
    sealed = await engine.write(seal(sealer, case, data))
    assert len(sealed) == len(data) + 29
    assert data not in sealed or len(data) < 2
    assert await engine.read(unseal(sealer, case, sealed)) == data
    assert await engine.write(seal(sealer, case, data)) != sealed


@pytest.mark.parametrize(
    "elsewhere",
    [{"table": "note"}, {"column": "title_sealed"}, {"row_id": 12}, {"version": 2}, {"row_id": "11 "}],
)
@pytest.mark.parametrize("case", [0, 7])
async def test_nowhere_else(engine: Engine, sealer: Sealer, case: int, elsewhere: dict[str, object]) -> None:
    sealed = await engine.write(seal(sealer, case))
    with pytest.raises(Corrupt) as refused:
        await engine.read(unseal(sealer, case, sealed, **elsewhere))
    assert "Oak" not in str(refused.value)


async def test_no_case_reads_another(engine: Engine, sealer: Sealer) -> None:
    sealed = {case: await engine.write(seal(sealer, case)) for case in (0, 7, 8)}
    for case, other in product(sealed, sealed):
        if case != other:
            with pytest.raises(Corrupt):
                await engine.read(unseal(sealer, case, sealed[other]))


async def test_no_byte_may_change(engine: Engine, sealer: Sealer) -> None:
    sealed = await engine.write(seal(sealer, 7))
    for at in range(len(sealed)):
        altered = bytearray(sealed)
        altered[at] ^= 1
        with pytest.raises(Corrupt):
            await engine.read(unseal(sealer, 7, bytes(altered)))
    for length in range(len(sealed)):
        with pytest.raises(Corrupt):
            await engine.read(unseal(sealer, 7, sealed[:length]))


async def test_a_place_with_a_bar_in_it(engine: Engine, sealer: Sealer) -> None:
    with pytest.raises(ValueError, match="bar"):
        await engine.write(seal(sealer, 7, row_id="1|2"))


async def test_a_case_without_a_key(engine: Engine, sealer: Sealer) -> None:
    with pytest.raises(KeyGone):
        await engine.read(unseal(sealer, 7, b"\x01" + bytes(40)))


async def test_plain_purposes(sealer: Sealer) -> None:
    sealed = sealer.seal_plain("inbox", "inbox", "body_sealed", 1, 1, SECRET)
    assert sealer.unseal_plain("inbox", "inbox", "body_sealed", 1, 1, sealed) == SECRET
    for purpose, row in (("held", 1), ("inbox", 2)):
        with pytest.raises(Corrupt):
            sealer.unseal_plain(purpose, "inbox", "body_sealed", row, 1, sealed)


async def test_a_key_of_a_unit_that_was_rolled_back_is_forgotten(engine: Engine, sealer: Sealer) -> None:
    def failing(tx: Tx) -> None:
        seal(sealer, 7)(tx)
        raise LookupError

    with pytest.raises(LookupError):
        await engine.write(failing)
    sealed = await engine.write(seal(sealer, 7))
    assert await engine.read(unseal(sealer, 7, sealed)) == SECRET
    assert await engine.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM case_key WHERE case_id = 7")) == {"n": 1}


async def test_a_key_of_a_shared_commit_that_failed_is_forgotten(engine: Engine, keys: Keys) -> None:
    """Units that share a COMMIT see each other's keys before they are saved; a rerun must not meet the old ones."""
    sealer = Sealer(keys)
    held, go = threading.Event(), threading.Event()
    kept: dict[int, bytes] = {}
    await engine.write(lambda tx: tx.execute("CREATE TABLE parent(id BIGINT PRIMARY KEY)"))
    await engine.write(
        lambda tx: tx.execute("CREATE TABLE child(id BIGINT REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)")
    )

    def gate(tx: Tx) -> None:
        held.set()
        assert go.wait(10)

    def keep(case: int):
        def unit(tx: Tx) -> None:
            kept[case] = seal(sealer, case)(tx)

        return unit

    def homeless(tx: Tx) -> None:
        seal(sealer, 7)(tx)
        tx.execute("INSERT INTO child(id) VALUES (1)")

    gating = asyncio.create_task(engine.write(gate))
    await asyncio.to_thread(held.wait, 10)
    work = [asyncio.create_task(engine.write(unit)) for unit in (homeless, keep(7), keep(8), homeless)]
    await asyncio.sleep(0)
    go.set()
    results = await asyncio.gather(gating, *work, return_exceptions=True)
    assert [type(result) for result in results] == [type(None), ForeignKeyViolation] + [type(None)] * 2 + [
        ForeignKeyViolation
    ]
    for reader in (sealer, Sealer(keys)):  # from memory and from the database alike
        for case, sealed in kept.items():
            assert await engine.read(unseal(reader, case, sealed)) == SECRET


async def test_many_units_make_one_key(engine: Engine, keys: Keys) -> None:
    sealers = [Sealer(keys) for _ in range(4)]  # as many processes
    values = await asyncio.gather(*(engine.write(seal(sealers[n % 4], 7)) for n in range(40)))
    fresh = Sealer(keys)
    for value in values:
        assert await engine.read(unseal(fresh, 7, value)) == SECRET


async def test_memory_is_bounded_and_can_be_wiped(engine: Engine, keys: Keys) -> None:
    sealer = Sealer(keys, cached=3)
    sealed = {case: await engine.write(seal(sealer, case)) for case in range(1, 8)}
    assert len(sealer._cache) == 3
    assert await engine.read(unseal(sealer, 1, sealed[1])) == SECRET
    await engine.write(lambda tx: tx.execute("DELETE FROM case_key WHERE case_id = 1"))
    assert await engine.read(unseal(sealer, 1, sealed[1])) == SECRET  # still in memory, until told
    sealer.forget(1)
    with pytest.raises(KeyGone):
        await engine.read(unseal(sealer, 1, sealed[1]))


async def test_a_key_forgotten_meanwhile_does_not_come_back(engine: Engine, keys: Keys) -> None:
    sealer = Sealer(keys)
    sealed = await engine.write(seal(sealer, 1))
    sealer.forget(1)

    def query(tx: Tx) -> bytes:
        opened = unseal(sealer, 1, sealed)(tx)
        sealer.forget(1)
        return opened

    assert await engine.read(query) == SECRET
    assert 1 not in sealer._cache


def _hmac(key: bytes, *parts: bytes) -> str:
    """Written out once more: HMAC-SHA256 over the parts, each with its length."""
    whole = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hmac.new(key, whole, "sha256").hexdigest()


async def test_keyed_hashes(engine: Engine, sealer: Sealer, keys: Keys) -> None:
    one = sealer.keyed_hash("dedupe", "slack", "Ev1")
    assert one == Sealer(keys).keyed_hash("dedupe", "slack", "Ev1") != ""
    assert len(one) == 64
    others = [("dedupe", "slackE", "v1"), ("dedupe", "slack", "Ev2"), ("nonce", "slack", "Ev1"), ("dedupe", "slack")]
    assert one not in {sealer.keyed_hash(*parts) for parts in others}
    assert one == _hmac(derive(keys.service, "index"), b"dedupe", b"slack", b"Ev1")
    many = sealer.keyed_hashes("dedupe", "slack")
    assert [many("Ev1"), many("Ev2")] == [one, sealer.keyed_hash("dedupe", "slack", "Ev2")]
    assert sealer.keyed_hash("x", 12) == sealer.keyed_hash("x", "12") == sealer.keyed_hash("x", b"12")
