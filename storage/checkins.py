"""Check-ins: rows with a due moment and the local rule it came from; unique per case, step and occurrence.

`ready_at` is when a row is looked at next: its due moment, the end of a claim's lease, or its next reminder.
"""

from __future__ import annotations

from storage.engine.base import Row, Tx, first


def begin(tx: Tx, *, id: int, case_id: int, person_id: int, step: str, sheet_id: int, now: int) -> None:
    """A script begins now: it is asked at once, and has its number within the case."""
    tx.execute(
        """INSERT INTO check_in(id, case_id, person_id, step, occurrence, due_at, local_rule, state, asked_at, asks,
                                sheet_id)
           VALUES (:id, :case, :person, :step,
                   (SELECT COALESCE(MAX(occurrence), 0) + 1 FROM check_in WHERE case_id = :case AND step = :step),
                   :now, 'at once', 'asked', :now, 1, :sheet)""",
        {"id": id, "case": case_id, "person": person_id, "step": step, "sheet": sheet_id, "now": now},
    )


def claim(tx: Tx, now: int, until: int, limit: int) -> list[Row]:
    """Lease what is due until `until`, the oldest first; of each its `id` and `person_id`."""
    return tx.all(
        """UPDATE check_in SET ready_at = :until, attempts = attempts + 1 WHERE id IN
             (SELECT id FROM check_in WHERE ready_at <= :now ORDER BY ready_at, id LIMIT :limit FOR UPDATE SKIP LOCKED)
           RETURNING id, person_id""",
        {"now": now, "until": until, "limit": limit},
    )


def of_person_due(tx: Tx, person_id: int, now: int) -> list[Row]:
    """What is due of a person, leased or not, in order, with the case's `case_state` and `ref`; locked."""
    return tx.all(
        """SELECT k.*, c.state AS case_state, c.ref FROM check_in k JOIN case_file c ON c.id = k.case_id
           WHERE k.person_id = :person AND k.ready_at IS NOT NULL
             AND (k.ready_at <= :now OR (k.attempts > 0 AND k.due_at <= :now))
           ORDER BY k.due_at, k.id FOR UPDATE OF k""",
        {"person": person_id, "now": now},
    )


def next_due(tx: Tx) -> int | None:
    """When one is to be looked at next (µs)."""
    row = tx.one("SELECT MIN(ready_at) AS at FROM check_in WHERE ready_at IS NOT NULL")
    return None if row is None or row["at"] is None else int(row["at"])


def get(tx: Tx, check_in_id: int) -> Row | None:
    """One check-in, locked."""
    return tx.one("SELECT * FROM check_in WHERE id = :id FOR UPDATE", {"id": check_in_id})


def asked(tx: Tx, check_in_id: int, sheet_id: int, now: int, again_at: int | None) -> None:
    """It stands in a sheet now, once more; without an answer it is looked at again at `again_at`."""
    tx.execute(
        """UPDATE check_in SET state = 'asked', sheet_id = :sheet, ready_at = CAST(:again AS BIGINT), attempts = 0,
             wished = 0, asks = asks + 1, asked_at = COALESCE(asked_at, CAST(:now AS BIGINT)) WHERE id = :id""",
        {"id": check_in_id, "sheet": sheet_id, "again": again_at, "now": now},
    )


def put_off(tx: Tx, check_in_id: int, at: int) -> None:
    """It may not be asked before then."""
    tx.execute("UPDATE check_in SET ready_at = :at, attempts = 0 WHERE id = :id", {"id": check_in_id, "at": at})


def wished(tx: Tx, check_in_id: int, at: int) -> None:
    """Its person wants to be asked then; that is no miss."""
    tx.execute(
        """UPDATE check_in SET state = 'planned', due_at = :at, ready_at = :at, wished = 1, attempts = 0, asks = 0,
             asked_at = NULL WHERE id = :id""",
        {"id": check_in_id, "at": at},
    )


def reopen(tx: Tx, check_in_id: int, sheet_id: int, again_at: int | None) -> None:
    """Its person answers anew, in the sheet it stands in; nothing is kept of the former answers but the audit."""
    drop_answers(tx, check_in_id)
    tx.execute(
        "UPDATE check_in SET state = 'asked', ready_at = CAST(:again AS BIGINT), attempts = 0 WHERE id = :id",
        {"id": check_in_id, "again": again_at},
    )
    tx.execute("UPDATE check_in_sheet SET state = 'open' WHERE id = :id", {"id": sheet_id})


def settle(tx: Tx, check_in_id: int, state: str, now: int) -> None:
    """Nothing more is asked: answered, void, skipped (too late), rested (nobody answered), dismissed (not relevant)."""
    tx.execute(
        """UPDATE check_in SET state = :state, ready_at = NULL, attempts = 0,
             answered_at = CASE WHEN :state = 'answered' THEN CAST(:now AS BIGINT) ELSE answered_at END
           WHERE id = :id""",
        {"id": check_in_id, "state": state, "now": now},
    )


def note(tx: Tx, check_in_id: int, message_id: int | None, level: str, bad: bool) -> None:
    """What its answers so far amount to, and the message that says them."""
    tx.execute(
        "UPDATE check_in SET message_id = CAST(:message AS BIGINT), level = :level, bad = :bad WHERE id = :id",
        {"id": check_in_id, "message": message_id, "level": level, "bad": int(bad)},
    )


def former(tx: Tx, row: Row) -> Row | None:
    """The check-in that was answered before this one in the same case, scripts left out."""
    return tx.one(
        """SELECT * FROM check_in WHERE case_id = :case AND id <> :id AND message_id IS NOT NULL
             AND local_rule <> 'at once' AND due_at <= :due ORDER BY due_at DESC, id DESC LIMIT 1""",
        {"case": row["case_id"], "id": row["id"], "due": row["due_at"]},
    )


def of_case(tx: Tx, case_id: int) -> list[Row]:
    """Every check-in of a case, in order."""
    return tx.all("SELECT * FROM check_in WHERE case_id = :case ORDER BY due_at, id", {"case": case_id})


def open_of_case(tx: Tx, case_id: int) -> list[Row]:
    """What is planned or asked in a case, locked."""
    return tx.all(
        """SELECT * FROM check_in WHERE case_id = :case AND state IN ('planned', 'asked') ORDER BY id FOR UPDATE""",
        {"case": case_id},
    )


def void_planned(tx: Tx, case_id: int) -> None:
    """The case is over: nothing more is asked."""
    tx.execute(
        """UPDATE check_in SET state = 'void', ready_at = NULL
           WHERE case_id = :case AND state IN ('planned', 'asked')""",
        {"case": case_id},
    )


def stop(tx: Tx, case_id: int) -> int:
    """Nothing is asked until `go_on`; how many were to come."""
    return tx.execute(
        "UPDATE check_in SET ready_at = NULL WHERE case_id = :case AND ready_at IS NOT NULL", {"case": case_id}
    )


def go_on(tx: Tx, case_id: int) -> int:
    """What `stop` stopped is due as it was; how many."""
    return tx.execute(
        "UPDATE check_in SET ready_at = due_at WHERE case_id = :case AND state = 'planned' AND ready_at IS NULL",
        {"case": case_id},
    )


def ask_anew(tx: Tx, case_id: int, step_ids: list[str], person_id: int) -> None:
    """The parties changed: open check-ins of these steps move along, and what was asked is asked again, soon."""
    for step in step_ids:
        tx.execute(
            """UPDATE check_in SET person_id = :person, ready_at = due_at, attempts = 0, asks = 0, sheet_id = NULL,
                 wished = CASE WHEN state = 'asked' THEN 1 ELSE wished END, state = 'planned'
               WHERE case_id = :case AND step = :step AND state IN ('planned', 'asked')""",
            {"case": case_id, "step": step, "person": person_id},
        )


# --- sheets: the messages they stand in --------------------------------------------------------------------------


def open_sheet(
    tx: Tx,
    *,
    id: int,
    person_id: int,
    lane_id: int,
    case_id: int | None,
    case_epoch: int,
    day: str,
    skipped: str,
    now: int,
) -> None:
    """A message in which a person answers."""
    tx.execute(
        """INSERT INTO check_in_sheet(id, person_id, lane_id, case_id, case_epoch, day, state, skipped, made_at)
           VALUES (:id, :person, :lane, :case, :epoch, :day, 'open', :skipped, :now)""",
        {
            "id": id,
            "person": person_id,
            "lane": lane_id,
            "case": case_id,
            "epoch": case_epoch,
            "day": day,
            "skipped": skipped,
            "now": now,
        },
    )


def sheet(tx: Tx, sheet_id: int) -> Row | None:
    """One sheet, locked."""
    return tx.one("SELECT * FROM check_in_sheet WHERE id = :id FOR UPDATE", {"id": sheet_id})


def open_sheets(tx: Tx, person_id: int) -> list[Row]:
    """A person's sheets that are not over, the oldest first."""
    return tx.all(
        "SELECT * FROM check_in_sheet WHERE person_id = :person AND state = 'open' ORDER BY id", {"person": person_id}
    )


def end_sheet(tx: Tx, sheet_id: int, state: str) -> None:
    """It is done, or another one took over."""
    tx.execute("UPDATE check_in_sheet SET state = :state WHERE id = :id", {"id": sheet_id, "state": state})


def of_sheet(tx: Tx, sheet_id: int) -> list[Row]:
    """What stands in a sheet, in order."""
    return tx.all("SELECT * FROM check_in WHERE sheet_id = :sheet ORDER BY due_at, id", {"sheet": sheet_id})


def open_script(tx: Tx, case_id: int, person_id: int) -> Row | None:
    """The script a person is answering in the room of a case, the newest."""
    return first(
        tx.kept(
            """SELECT k.* FROM check_in k JOIN check_in_sheet s ON s.id = k.sheet_id
               WHERE s.person_id = :person AND s.state = 'open' AND s.case_id = :case AND k.state = 'asked'
               ORDER BY k.id DESC LIMIT 1""",
            {"person": person_id, "case": case_id},
        )
    )


# --- answers -----------------------------------------------------------------------------------------------------


def answers(tx: Tx, check_in_id: int) -> list[Row]:
    """What was answered so far, in order."""
    return tx.all(
        "SELECT * FROM check_in_answer WHERE check_in_id = :id ORDER BY answered_at, question, choice",
        {"id": check_in_id},
    )


def answers_of_case(tx: Tx, case_id: int) -> list[Row]:
    """Every answer in a case with its step, in the order they were given."""
    return tx.all(
        """SELECT c.step, a.question, a.choice FROM check_in_answer a JOIN check_in c ON c.id = a.check_in_id
           WHERE c.case_id = :case ORDER BY a.answered_at, c.id, a.question, a.choice""",
        {"case": case_id},
    )


def put_answer(tx: Tx, check_in_id: int, question: str, choice: str, words: bytes | None, now: int) -> None:
    """Keep an answer; the same once more changes only its words."""
    tx.execute(
        """INSERT INTO check_in_answer(check_in_id, question, choice, words_sealed, answered_at)
           VALUES (:id, :question, :choice, :words, :now)
           ON CONFLICT (check_in_id, question, choice) DO UPDATE SET words_sealed = excluded.words_sealed""",
        {"id": check_in_id, "question": question, "choice": choice, "words": words, "now": now},
    )


def drop_answers(tx: Tx, check_in_id: int, question: str = "") -> None:
    """Forget the answers to one question, or to all."""
    tx.execute(
        "DELETE FROM check_in_answer WHERE check_in_id = :id AND (question = :question OR :question = '')",
        {"id": check_in_id, "question": question},
    )
