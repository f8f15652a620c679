"""A person's open cases with what each waits for, as counts and moments; nothing of what is said in them."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def of_person(tx: Tx, person_id: int) -> list[Row]:
    """One row a living seat: the seat's fields with its case's, oldest case first.

    `urgent` counts what the other side marked and nobody has yet, `drafts` what this person may approve; `due_at` is
    when the specialist's answer is due, `colour` how the event stands (NULL or '' without one).
    """
    return tx.all(
        """SELECT s.*, c.ref, c.turn, c.turn_since, c.event_on, c.epoch AS case_epoch, c.state AS case_state,
             (SELECT COUNT(*) FROM urgent u WHERE u.case_id = c.id AND u.state = 'asked' AND u.asker_id <> :p)
               AS urgent,
             (SELECT COUNT(*) FROM draft d WHERE d.case_id = c.id AND d.state = 'open' AND d.specialist_id = :p)
               AS drafts,
             (SELECT MIN(o.due_at) FROM owed o WHERE o.case_id = c.id) AS due_at, t.colour, t.finish_on
           FROM seat s JOIN case_file c ON c.id = s.case_id LEFT JOIN case_course t ON t.case_id = c.id
           WHERE s.person_id = :p AND s.state IN ('opening', 'open', 'held') AND c.state = 'open'
           ORDER BY c.id""",
        {"p": person_id},
    )
