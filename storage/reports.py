"""What `chairside report` counts: cases, refinements, who said something when, check-ins, drafts, load. Never words."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def cases(tx: Tx) -> list[Row]:
    """Every case that has had a specialist: its state, when it was made, and how many refinements it has had."""
    return tx.all(
        """SELECT c.id, c.state, c.created_at,
             (SELECT COUNT(*) FROM refinement r WHERE r.case_id = c.id AND r.kind = 'refinement') AS refinements,
             (SELECT COUNT(*) FROM refinement r WHERE r.case_id = c.id AND r.kind = 'mid_course') AS corrections
           FROM case_file c WHERE c.specialist_id IS NOT NULL ORDER BY c.id"""
    )


def said(tx: Tx, after: tuple[int, int], limit: int) -> list[Row]:
    """Who said something when, by case and number, beyond (case, number) `after`, a page at a time."""
    return tx.all(
        """SELECT case_id, no, side, said_at FROM message
           WHERE state <> 'withdrawn' AND (case_id > :case OR (case_id = :case AND no > :no))
           ORDER BY case_id, no LIMIT :limit""",
        {"case": after[0], "no": after[1], "limit": limit},
    )


def check_ins(tx: Tx) -> list[Row]:
    """Check-ins that were asked: when, and when they were answered (NULL: not)."""
    return tx.all("SELECT asked_at, answered_at FROM check_in WHERE asked_at IS NOT NULL ORDER BY asked_at, id")


def drafts(tx: Tx) -> list[Row]:
    """What became of each card: the state of its last revision, whose words it had, words changed, µs it was looked at.

    `began`: whose words it had at first.
    """
    return tx.all(
        """SELECT d.state, d.origin, d.distance, d.dwell, r.origin AS began
           FROM draft d JOIN draft r ON r.id = d.root_id
           WHERE d.state <> 'open' AND d.id = (SELECT MAX(n.id) FROM draft n WHERE n.root_id = d.root_id)
           ORDER BY d.id"""
    )


def loads(tx: Tx, now: int) -> list[Row]:
    """Listed specialists: open cases, capacity, and whether they are away now."""
    return tx.all(
        """SELECT p.handle, p.name, p.capacity,
             (SELECT COUNT(*) FROM case_file c WHERE c.specialist_id = p.id AND c.state = 'open') AS open_cases,
             (SELECT COUNT(*) FROM absence a WHERE a.person_id = p.id AND a.starts_at <= :now AND a.ends_at > :now)
               AS away
           FROM person p WHERE p.role = 'specialist' AND p.listed = 1 ORDER BY p.handle""",
        {"now": now},
    )
