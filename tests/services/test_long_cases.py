"""What a message costs the database does not grow with what was said in its case before."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.ids import CaseId
from bot.services.unit import Unit
from storage.engine.sqlite_tx import SqliteTx
from tests.support.casework import Casework

BEFORE = 1_000
"""Messages that were said in the case, by each side."""
Row = dict[str, Any]


@pytest.fixture
def most(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The most steps of SQLite's machine that each statement took at once, counted loop by loop, by its text."""
    found: dict[str, int] = {}

    def counted(carry_out: Callable[..., Any]) -> Callable[..., Any]:
        def whole(tx: SqliteTx, sql: str, params: Any) -> Any:
            steps = itertools.count()
            tx._connection.set_progress_handler(lambda: next(steps) < 0, 1)
            try:
                return carry_out(tx, sql, params)
            finally:
                tx._connection.set_progress_handler(None, 1)
                name = " ".join(sql.split())
                found[name] = max(found.get(name, 0), next(steps))

        return whole

    monkeypatch.setattr(SqliteTx, "_run", counted(SqliteTx._run))
    monkeypatch.setattr(SqliteTx, "_run_many", counted(SqliteTx._run_many))
    return found


async def talk(desk: Casework, case: CaseId, most: dict[str, int]) -> dict[str, int]:
    """Both sides say something, and it arrives; the steps of the second time, when all that is asked once is known."""
    for _ in range(2):
        most.clear()
        for side in ("dentist", "specialist"):
            await desk.says(case, side, "Aligner 6 does not seat.")
            await desk.settle()
    return dict(most)


def aged(unit: Unit, case: int) -> None:
    """As if the case had been talked in for long: everything that is kept of a message stands there many times over."""
    newest = unit.tx.all("SELECT * FROM message WHERE case_id = :case ORDER BY no DESC LIMIT 2", {"case": case})
    first = int(newest[0]["no"]) + 1
    drafted: Row = {
        "recipient_id": 1, "specialist_id": 2, "case_epoch": 1, "topic": "t", "text_sealed": b"", "text_hash": "",
        "state": "void", "made_at": 0, "case_id": case, "question_version": 1,
    }  # fmt: skip
    for place in range(2 * BEFORE):
        like, no, id = newest[place % 2], first + place, 10**6 * (place + 1)
        put(unit, "message", {**like, "id": id, "no": no, "said_at": like["said_at"] - place})
        for part in unit.tx.all("SELECT * FROM message_part WHERE message_id = :m", {"m": like["id"]}):
            put(unit, "message_part", {**part, "message_id": id, "native_id": f"{part['native_id']}-{place}"})
        for sent in unit.tx.all("SELECT * FROM delivery WHERE message_id = :m", {"m": like["id"]}):
            seq = {"lane": sent["lane_id"]}
            unit.tx.execute("UPDATE lane SET head_seq = head_seq + 1, tail_seq = tail_seq + 1 WHERE id = :lane", seq)
            tail = unit.tx.one("SELECT tail_seq FROM lane WHERE id = :lane", seq)
            assert tail is not None
            put(unit, "delivery", {**sent, "id": id + 1, "seq": tail["tail_seq"], "message_id": id})
        job = {"id": id + 2, "case_id": case, "message_id": id, "state": "done", "ready_at": 0, "first_no": no}
        put(unit, "draft_job", job)
        put(unit, "draft", {**drafted, "id": id + 3, "no": place + 1, "question_id": id})
    last = {"case": case, "no": first + 2 * BEFORE - 1}
    unit.tx.execute("UPDATE case_file SET last_no = :no WHERE id = :case", last)


def put(unit: Unit, table: str, row: Row) -> None:
    """One row, given by its columns."""
    names = ", ".join(row)
    unit.tx.execute(f"INSERT INTO {table}({names}) VALUES ({', '.join(f':{name}' for name in row)})", row)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_no_statement_of_a_message_looks_through_what_was_said_before(
    desk: Casework, most: dict[str, int]
) -> None:
    case = await desk.open_case()
    await desk.settle()
    young = await talk(desk, case, most)
    await desk.do(lambda unit: aged(unit, case))
    old = await talk(desk, case, most)
    assert len(young) > 20
    assert {sql: steps for sql, steps in old.items() if steps > young.get(sql, 0) + 20} == {}
