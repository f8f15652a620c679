"""What has come to a stop, as a coordinator sees it: references, handles and moments, never content."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def late_steps(tx: Tx, before: int) -> list[Row]:
    """Open cases with a check-in asked before a moment and not answered: `ref` and `since`, the oldest first."""
    return tx.all(
        """SELECT c.ref, MIN(k.asked_at) AS since FROM check_in k JOIN case_file c ON c.id = k.case_id
           WHERE k.state = 'asked' AND k.asked_at <= :before AND c.state = 'open' GROUP BY c.ref ORDER BY since""",
        {"before": before},
    )


def without_records(tx: Tx, before: int) -> list[Row]:
    """Open cases made before a moment whose dentist has sent no file: `ref` and `since`, the oldest first."""
    return tx.all(
        """SELECT c.ref, c.created_at AS since FROM case_file c
           WHERE c.state = 'open' AND c.created_at <= :before AND NOT EXISTS
             (SELECT 1 FROM attachment a JOIN message m ON m.id = a.message_id
              WHERE m.case_id = c.id AND m.side = 'dentist' AND a.state = 'stored')
           ORDER BY c.created_at""",
        {"before": before},
    )


def old_plans(tx: Tx, before: int) -> list[Row]:
    """Open cases whose plan was asked for before a moment and is not there, whoever owes what: `ref`, `since`."""
    return tx.all(
        """SELECT c.ref, o.since FROM owed o JOIN case_file c ON c.id = o.case_id
           WHERE o.slot = 'plan' AND o.since <= :before AND c.state = 'open' ORDER BY o.since""",
        {"before": before},
    )


def silent(tx: Tx, before: int) -> list[Row]:
    """Open cases in which nobody has said anything since a moment: `ref` and `since`, the oldest first."""
    return tx.all(
        """SELECT ref, since FROM
             (SELECT c.ref, COALESCE((SELECT MAX(m.received_at) FROM message m WHERE m.case_id = c.id), c.created_at)
                AS since
              FROM case_file c WHERE c.state = 'open' AND c.created_at <= :before) AS quiet
           WHERE since <= :before ORDER BY since""",
        {"before": before},
    )


def past_event(tx: Tx) -> list[Row]:
    """Open cases whose predicted finish is after the patient's date, which nobody has acknowledged: `ref`, `since`."""
    return tx.all(
        """SELECT c.ref, k.told_at AS since FROM case_course k JOIN case_file c ON c.id = k.case_id
           WHERE c.state = 'open' AND c.event_on IS NOT NULL AND k.finish_on > c.event_on AND NOT EXISTS
             (SELECT 1 FROM forewarning f WHERE f.case_id = c.id AND f.rule = 'deadline'
                AND f.state IN ('acknowledged', 'told'))
           ORDER BY k.told_at"""
    )


def held(tx: Tx, before: int) -> list[Row]:
    """People whose messages have waited for their word since before a moment: `handle` and `since`."""
    return tx.all(
        """SELECT p.handle, MIN(h.held_at) AS since FROM held h JOIN person p ON p.id = h.person_id
           WHERE h.state = 'held' AND h.held_at <= :before GROUP BY p.handle ORDER BY since""",
        {"before": before},
    )


def seen_to(tx: Tx, what: str, subject: str, until: int) -> None:
    """A coordinator has taken care of it: it is not listed before `until` (µs)."""
    tx.execute(
        """INSERT INTO stuck_seen(what, subject, until) VALUES (:what, :subject, :until)
           ON CONFLICT (what, subject) DO UPDATE SET until = excluded.until""",
        {"what": what, "subject": subject, "until": until},
    )


def resting(tx: Tx, now: int) -> set[tuple[str, str]]:
    """What was seen to and is not listed yet again."""
    rows = tx.all("SELECT what, subject FROM stuck_seen WHERE until > :now", {"now": now})
    return {(row["what"], row["subject"]) for row in rows}
