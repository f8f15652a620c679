"""Cases: who the parties are, the epoch that fences them, and whose turn it is."""

from __future__ import annotations

from storage.engine.base import Row, Tx

CARD_WAITS = 30_000_000
"""µs in which changes of a card are gathered, so that a lively talk does not edit it with every line."""


def get(tx: Tx, case_id: int) -> Row | None:
    """One case."""
    return tx.one("SELECT * FROM case_file WHERE id = :id", {"id": case_id})


def by_ref(tx: Tx, ref: str) -> Row | None:
    """A case by its reference."""
    return tx.one("SELECT * FROM case_file WHERE ref = :ref", {"ref": ref})


def set_turn(tx: Tx, case_id: int, side: str, now: int) -> bool:
    """Who owes the next reply; the clock starts anew only when the side changes, and the card follows soon.

    True if the card is brought up to date soon anyway.
    """
    row = tx.one(
        """UPDATE case_file SET turn_since = CASE WHEN turn = :side THEN turn_since ELSE CAST(:now AS BIGINT) END,
             card_at = CASE WHEN turn = :side OR card_at < CAST(:soon AS BIGINT) THEN card_at
                            ELSE CAST(:soon AS BIGINT) END,
             turn = :side WHERE id = :id RETURNING card_at""",
        {"id": case_id, "side": side, "now": now, "soon": now + CARD_WAITS},
    )
    return row is not None and is_soon(row["card_at"], now)


def is_soon(card_at: int | None, now: int) -> bool:
    """Whether a card that is due then (µs) follows soon anyway."""
    return card_at is not None and card_at <= now + CARD_WAITS


def card_soon(tx: Tx, case_id: int, now: int) -> None:
    """What the card says has changed: it is brought up to date once a burst of changes is over."""
    tx.execute(
        """UPDATE case_file SET card_at = CAST(:soon AS BIGINT)
           WHERE id = :id AND (card_at IS NULL OR card_at > CAST(:soon AS BIGINT))""",
        {"id": case_id, "soon": now + CARD_WAITS},
    )


def card_next(tx: Tx, case_id: int, at: int | None) -> None:
    """The card is up to date until then; None: for good."""
    tx.execute("UPDATE case_file SET card_at = CAST(:at AS BIGINT) WHERE id = :id", {"id": case_id, "at": at})


def cards_due(tx: Tx, now: int, limit: int) -> list[int]:
    """The cases whose card is to be brought up to date, the longest waiting first."""
    rows = tx.all(
        "SELECT id FROM case_file WHERE card_at <= :now ORDER BY card_at, id LIMIT :limit",
        {"now": now, "limit": limit},
    )
    return [int(row["id"]) for row in rows]


def next_card(tx: Tx) -> int | None:
    """When the next card is brought up to date (µs)."""
    row = tx.one("SELECT MIN(card_at) AS at FROM case_file WHERE card_at IS NOT NULL")
    return None if row is None or row["at"] is None else int(row["at"])


def lock(tx: Tx, case_id: int) -> Row | None:
    """One case, locked: read so by whatever changes its state or its parties.

    As an update locks it, and no harder: what only refers to the case is written meanwhile, by whoever holds its lanes.
    """
    return tx.one("SELECT * FROM case_file WHERE id = :id FOR NO KEY UPDATE", {"id": case_id})


def count(tx: Tx) -> int:
    """How many cases there are: references grow with them."""
    row = tx.one("SELECT COUNT(*) AS n FROM case_file")
    return 0 if row is None else int(row["n"])


def add(
    tx: Tx,
    *,
    id: int,
    ref: str,
    practice_id: int,
    dentist_id: int,
    account_id: int,
    state: str,
    urgency: str,
    event_on: str | None,
    now: int,
) -> bool:
    """Open a case file; False if the reference is taken. Its intake is sealed into it next."""
    return (
        tx.execute(
            """INSERT INTO case_file(id, ref, practice_id, dentist_id, account_id, state, urgency, event_on, created_at)
               VALUES (:id, :ref, :practice, :dentist, :account, :state, :urgency, :event, :now)
               ON CONFLICT (ref) DO NOTHING""",
            {
                "id": id,
                "ref": ref,
                "practice": practice_id,
                "dentist": dentist_id,
                "account": account_id,
                "state": state,
                "urgency": urgency,
                "event": event_on,
                "now": now,
            },
        )
        == 1
    )


def set_intake(tx: Tx, case_id: int, sealed: bytes | None) -> None:
    """What the intake form said, sealed."""
    tx.execute("UPDATE case_file SET intake_sealed = :sealed WHERE id = :id", {"id": case_id, "sealed": sealed})


def set_event(tx: Tx, case_id: int, event_on: str | None) -> None:
    """The day the treatment must be done by (ISO), or none."""
    tx.execute("UPDATE case_file SET event_on = CAST(:on AS TEXT) WHERE id = :id", {"id": case_id, "on": event_on})


def set_state(tx: Tx, case_id: int, state: str, now: int) -> None:
    """Where a case stands: waiting, unassigned, offered, open, retention or closed."""
    tx.execute(
        """UPDATE case_file SET state = :state,
             closed_at = CASE WHEN :state = 'closed' THEN CAST(:now AS BIGINT) ELSE NULL END
           WHERE id = :id""",
        {"id": case_id, "state": state, "now": now},
    )


def set_specialist(tx: Tx, case_id: int, specialist_id: int) -> None:
    """The specialist took the case."""
    tx.execute("UPDATE case_file SET specialist_id = :p WHERE id = :id", {"id": case_id, "p": specialist_id})


def set_dentist(tx: Tx, case_id: int, dentist_id: int) -> None:
    """Another dentist looks after the case."""
    tx.execute("UPDATE case_file SET dentist_id = :p WHERE id = :id", {"id": case_id, "p": dentist_id})


def raise_epoch(tx: Tx, case_id: int) -> int:
    """The parties change: everything made for the former ones is void from here on. The new epoch."""
    row = tx.one("UPDATE case_file SET epoch = epoch + 1 WHERE id = :id RETURNING epoch", {"id": case_id})
    assert row is not None
    return int(row["epoch"])


def in_state(tx: Tx, state: str) -> list[Row]:
    """Every case in one state, oldest first."""
    return tx.all("SELECT * FROM case_file WHERE state = :state ORDER BY id", {"state": state})


def over_of(tx: Tx, person_id: int, limit: int) -> list[Row]:
    """A person's cases that are over, the newest first: the parties are still those they had at the end."""
    return tx.all(
        """SELECT * FROM case_file WHERE (dentist_id = :p OR specialist_id = :p) AND state IN ('closed', 'retention')
           ORDER BY id DESC LIMIT :limit""",
        {"p": person_id, "limit": limit},
    )


def unassigned(tx: Tx, after: int, limit: int) -> list[int]:
    """Ids of unassigned cases beyond `after`, oldest first."""
    rows = tx.all(
        "SELECT id FROM case_file WHERE state = 'unassigned' AND id > :after ORDER BY id LIMIT :limit",
        {"after": after, "limit": limit},
    )
    return [int(row["id"]) for row in rows]


def waiting_for(tx: Tx, account_id: int) -> list[Row]:
    """Cases that wait until this account's claim is confirmed, oldest first."""
    return tx.all(
        "SELECT * FROM case_file WHERE account_id = :account AND state = 'waiting' ORDER BY id FOR NO KEY UPDATE",
        {"account": account_id},
    )


def overview(tx: Tx, *, closed: bool, ref: str = "") -> list[Row]:
    """Cases with their people, next check-in and what has not arrived, the longest-waiting first; no content.

    `closed` takes in those that are over; `ref` narrows it to one, over or not.
    """
    return tx.all(
        """SELECT c.id, c.ref, c.state, c.urgency, c.event_on, c.turn, c.turn_since, c.created_at, c.closed_at,
                  q.name AS practice, d.handle AS dentist, d.name AS dentist_name, s.handle AS specialist,
                  s.name AS specialist_name, o.due_at AS offer_due_at, p.handle AS offered_to,
             (SELECT w.due_at FROM owed w WHERE w.case_id = c.id AND w.slot = 'reply') AS answer_due,
             (SELECT w.due_at FROM owed w WHERE w.case_id = c.id AND w.slot = 'plan') AS plan_due,
             (SELECT MIN(k.due_at) FROM check_in k WHERE k.case_id = c.id AND k.state = 'planned') AS next_check_in,
             (SELECT COUNT(*) FROM message m WHERE m.case_id = c.id) AS messages,
             (SELECT COUNT(*) FROM message m WHERE m.case_id = c.id AND m.state IN ('waiting', 'uncertain')) AS on_way,
             (SELECT COUNT(*) FROM message m WHERE m.case_id = c.id AND m.state = 'failed') AS failed,
             (SELECT COUNT(*) FROM seat h WHERE h.case_id = c.id AND h.state = 'held') AS held
           FROM case_file c JOIN practice q ON q.id = c.practice_id JOIN person d ON d.id = c.dentist_id
           LEFT JOIN person s ON s.id = c.specialist_id
           LEFT JOIN offer o ON o.case_id = c.id AND o.state = 'open' LEFT JOIN person p ON p.id = o.specialist_id
           WHERE (:ref <> '' AND c.ref = :ref) OR (:ref = '' AND (:closed = 1 OR c.state <> 'closed'))
           ORDER BY CASE WHEN c.state = 'closed' THEN 1 ELSE 0 END, COALESCE(c.turn_since, c.created_at), c.id""",
        {"closed": int(closed), "ref": ref},
    )
