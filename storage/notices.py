"""Notices of a day: how many of a kind a person had, and the lines that wait for their next one."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def lock_person(tx: Tx, person_id: int) -> Row | None:
    """The person, locked: of two notices at once one is counted first."""
    return tx.one("SELECT * FROM person WHERE id = :id FOR UPDATE", {"id": person_id})


def times(tx: Tx, person_id: int, day: str, kind: str) -> int:
    """How many notices of a kind they have had on a day."""
    row = tx.one(
        "SELECT times FROM notice_count WHERE person_id = :person AND day = :day AND kind = :kind",
        {"person": person_id, "day": day, "kind": kind},
    )
    return 0 if row is None else int(row["times"])


def count(tx: Tx, person_id: int, day: str, kind: str) -> None:
    """They have one more."""
    tx.execute(
        """INSERT INTO notice_count(person_id, day, kind, times) VALUES (:person, :day, :kind, 1)
           ON CONFLICT (person_id, day, kind) DO UPDATE SET times = notice_count.times + 1""",
        {"person": person_id, "day": day, "kind": kind},
    )


def last_wrote(tx: Tx, person_id: int) -> int | None:
    """When (µs) something of theirs last came in."""
    row = tx.one(
        """SELECT MAX((SELECT m.received_at FROM message m WHERE m.seat_id = s.id
                       ORDER BY m.said_at DESC LIMIT 1)) AS at
           FROM seat s WHERE s.person_id = :person""",
        {"person": person_id},
    )
    return None if row is None or row["at"] is None else int(row["at"])


# --- lines that wait ---------------------------------------------------------------------------------------------


def add(
    tx: Tx,
    *,
    id: int,
    person_id: int,
    case_id: int | None,
    topic: str,
    line: str,
    facts: str,
    ready_at: int,
    now: int,
) -> bool:
    """Let a line wait; False if one on the same topic waits or stands already."""
    return (
        tx.execute(
            """INSERT INTO reminder(id, person_id, case_id, topic, line, facts, state, ready_at, made_at)
               VALUES (:id, :person, :case, :topic, :line, :facts, 'waiting', :ready, :now)
               ON CONFLICT DO NOTHING""",
            {
                "id": id,
                "person": person_id,
                "case": case_id,
                "topic": topic,
                "line": line,
                "facts": facts,
                "ready": ready_at,
                "now": now,
            },
        )
        == 1
    )


def people_due(tx: Tx, now: int, limit: int) -> list[int]:
    """Whose lines are due, the longest waiting first."""
    rows = tx.all(
        """SELECT person_id, MIN(ready_at) AS first FROM reminder WHERE ready_at <= :now
           GROUP BY person_id ORDER BY first, person_id LIMIT :limit""",
        {"now": now, "limit": limit},
    )
    return [int(row["person_id"]) for row in rows]


def next_due(tx: Tx) -> int | None:
    """When the next line is due (µs)."""
    row = tx.one("SELECT MIN(ready_at) AS at FROM reminder WHERE ready_at IS NOT NULL")
    return None if row is None or row["at"] is None else int(row["at"])


def due(tx: Tx, person_id: int, now: int) -> list[Row]:
    """A person's lines that are due, with the case's state, oldest first, locked."""
    return tx.all(
        """SELECT r.*, c.state AS case_state FROM reminder r LEFT JOIN case_file c ON c.id = r.case_id
           WHERE r.person_id = :person AND r.ready_at <= :now ORDER BY r.made_at, r.id FOR UPDATE OF r""",
        {"person": person_id, "now": now},
    )


def put_off(tx: Tx, person_id: int, now: int, until: int) -> None:
    """A person's due lines wait until then."""
    tx.execute(
        "UPDATE reminder SET ready_at = :until WHERE person_id = :person AND ready_at <= :now",
        {"person": person_id, "now": now, "until": until},
    )


def sent(tx: Tx, reminder_id: int, notice_id: int, now: int) -> None:
    """It stands in a message by now."""
    tx.execute(
        """UPDATE reminder SET state = 'sent', ready_at = NULL, sent_at = :now, notice_id = :notice WHERE id = :id""",
        {"id": reminder_id, "notice": notice_id, "now": now},
    )


def of_notice(tx: Tx, notice_id: int) -> list[Row]:
    """The lines of one message that are not settled, locked."""
    return tx.all(
        "SELECT * FROM reminder WHERE notice_id = :notice AND state = 'sent' ORDER BY id FOR UPDATE",
        {"notice": notice_id},
    )


def newest_notice(tx: Tx, person_id: int) -> int | None:
    """The newest message of theirs in which a line is not settled."""
    row = tx.one(
        "SELECT MAX(notice_id) AS newest FROM reminder WHERE person_id = :person AND state = 'sent'",
        {"person": person_id},
    )
    return None if row is None or row["newest"] is None else int(row["newest"])


def again(tx: Tx, reminder_id: int, at: int) -> None:
    """Its person wants to hear of it again then."""
    tx.execute(
        "UPDATE reminder SET state = 'waiting', ready_at = :at, notice_id = NULL WHERE id = :id",
        {"id": reminder_id, "at": at},
    )


def settle(tx: Tx, reminder_id: int, state: str) -> None:
    """Nothing more is said of it."""
    tx.execute(
        "UPDATE reminder SET state = :state, ready_at = NULL WHERE id = :id", {"id": reminder_id, "state": state}
    )


def drop(tx: Tx, person_id: int, topic: str) -> bool:
    """What a topic was about has happened; whether a line of it waited or stood."""
    return (
        tx.execute(
            """UPDATE reminder SET state = 'void', ready_at = NULL
               WHERE person_id = :person AND topic = :topic AND state IN ('waiting', 'sent')""",
            {"person": person_id, "topic": topic},
        )
        == 1
    )


def drop_case(tx: Tx, case_id: int) -> int:
    """Nothing more is said of a case; how many lines waited or stood."""
    return tx.execute(
        "UPDATE reminder SET state = 'void', ready_at = NULL WHERE case_id = :case AND state IN ('waiting', 'sent')",
        {"case": case_id},
    )
