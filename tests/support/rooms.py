"""A small schema and units over it, for tests of the engine itself."""

from __future__ import annotations

from collections.abc import Callable

from storage.engine.base import Engine, Tx

TABLES = (
    "CREATE TABLE room(id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, body BYTEA, size BIGINT CHECK (size >= 0))",
    "CREATE TABLE guest(id BIGINT PRIMARY KEY, room_id BIGINT REFERENCES room(id) DEFERRABLE INITIALLY DEFERRED)",
)


async def make_rooms(engine: Engine) -> None:
    """Create the tables."""
    for table in TABLES:
        await engine.write(lambda tx, table=table: tx.execute(table))


def add(id_: int, name: object = None, body: bytes | None = None, size: object = None) -> Callable[[Tx], int]:
    """A unit that adds one room."""
    row = {"id": id_, "name": name or f"room {id_}", "body": body, "size": size}

    def unit(tx: Tx) -> int:
        return tx.execute("INSERT INTO room(id, name, body, size) VALUES (:id, :name, :body, :size)", row)

    return unit


async def ids(engine: Engine) -> list[int]:
    """Every room's id, in order."""
    rows = await engine.read(lambda tx: tx.all("SELECT id FROM room ORDER BY id"))
    return [row["id"] for row in rows]
