"""Draft jobs and drafts: what a specialist may approve, bound to what they saw."""

from __future__ import annotations

from typing import Any

from storage.engine.base import Row, Tx


def offered(tx: Tx, case_id: int) -> bool:
    """Whether a draft of a case is open."""
    return bool(tx.kept("SELECT d.id FROM draft d WHERE d.case_id = :case AND d.state = 'open'", {"case": case_id}))


def add_job(tx: Tx, id: int, case_id: int, message_id: int, no: int, ready_at: int) -> None:
    """Ask for a draft to a dentist's message; it takes in an earlier one that nobody has looked at yet."""
    joined = tx.all(
        "UPDATE draft_job SET state = 'done' WHERE case_id = :case AND state = 'new' RETURNING first_no",
        {"case": case_id},
    )
    tx.execute(
        """INSERT INTO draft_job(id, case_id, message_id, first_no, state, ready_at)
           VALUES (:id, :case, :m, :first, 'new', :at) ON CONFLICT DO NOTHING""",
        {
            "id": id,
            "case": case_id,
            "m": message_id,
            "first": min([no, *(int(row["first_no"]) for row in joined)]),
            "at": ready_at,
        },
    )


def waiting_job(tx: Tx, case_id: int) -> Row | None:
    """The messages of a case that nobody has looked at yet."""
    return tx.one("SELECT * FROM draft_job WHERE case_id = :case AND state = 'new'", {"case": case_id})


def look_again(tx: Tx, case_id: int, ready_at: int) -> None:
    """The newest question of a case was changed, or what was offered for it is void: it is looked at once more."""
    tx.execute(
        """UPDATE draft_job SET state = 'new', attempts = 0, ready_at = :at WHERE id =
             (SELECT id FROM draft_job WHERE case_id = :case ORDER BY id DESC LIMIT 1)""",
        {"case": case_id, "at": ready_at},
    )


def at_once(tx: Tx, job_id: int, now: int) -> None:
    """What was looked at has changed meanwhile: it is looked at anew."""
    tx.execute(
        "UPDATE draft_job SET attempts = 0, ready_at = :now WHERE id = :id AND state = 'new'",
        {"id": job_id, "now": now},
    )


def asked_of(tx: Tx, message_id: int) -> bool:
    """Whether a draft to this message was ever asked for, and nothing newer was since."""
    row = tx.one(
        """SELECT message_id FROM draft_job WHERE case_id = (SELECT case_id FROM message WHERE id = :m)
           ORDER BY id DESC LIMIT 1""",
        {"m": message_id},
    )
    return row is not None and int(row["message_id"]) == message_id


def hurry(tx: Tx, case_id: int, now: int) -> None:
    """Somebody has the case from now on: what waited for them is looked at at once."""
    tx.execute(
        "UPDATE draft_job SET ready_at = :now WHERE case_id = :case AND state = 'new' AND ready_at > :now",
        {"case": case_id, "now": now},
    )


def due_jobs(tx: Tx, now: int, until: int, limit: int) -> list[Row]:
    """Take questions that wait for a draft, until `until`; later ones were put off by a clock put back since."""
    return tx.all(
        """UPDATE draft_job SET ready_at = :until, attempts = attempts + 1 WHERE id IN
             (SELECT id FROM draft_job WHERE state = 'new' AND (ready_at <= :now OR ready_at > :until)
              ORDER BY ready_at LIMIT :limit FOR UPDATE SKIP LOCKED)
           RETURNING *""",
        {"now": now, "until": until, "limit": limit},
    )


def next_job(tx: Tx) -> int | None:
    """When the next question may be looked at (µs)."""
    row = tx.one("SELECT MIN(ready_at) AS at FROM draft_job WHERE state = 'new'")
    return None if row is None or row["at"] is None else int(row["at"])


def job_done(tx: Tx, job_id: int) -> bool:
    """A question was looked at; False if it was before."""
    return tx.execute("UPDATE draft_job SET state = 'done' WHERE id = :id AND state = 'new'", {"id": job_id}) == 1


def void_open(tx: Tx, case_id: int, now: int) -> list[Row]:
    """The case moved on: no open draft of it may be approved any more; returns the voided rows."""
    return tx.all(
        """UPDATE draft SET state = 'void', settled_at = :now, to_tell = 1 WHERE case_id = :case AND state = 'open'
           RETURNING id, no, specialist_id""",
        {"case": case_id, "now": now},
    )


def stop(tx: Tx, case_id: int, now: int) -> bool:
    """Nothing is drafted any more: what is open is void, and a void card promises no fresh one any more."""
    voided = void_open(tx, case_id, now)
    retold = tx.execute(
        """UPDATE draft SET to_tell = 1 WHERE state = 'void' AND id =
             (SELECT id FROM draft WHERE case_id = :case ORDER BY no DESC LIMIT 1)""",
        {"case": case_id},
    )
    return bool(voided) or retold > 0


def withdraw_topic(tx: Tx, topic: str) -> list[Row]:
    """The answer that drafts were made from is gone: none may be approved or renew; those whose cards may show it."""
    shown = tx.all(
        """UPDATE draft SET state = 'withdrawn', to_tell = 0 WHERE topic = :t AND (state = 'open' OR (state = 'void'
             AND no = (SELECT MAX(other.no) FROM draft AS other WHERE other.case_id = draft.case_id))) RETURNING *""",
        {"t": topic},
    )
    tx.execute("UPDATE draft SET state = 'withdrawn', to_tell = 0 WHERE topic = :t AND state = 'void'", {"t": topic})
    return shown


def withdraw(tx: Tx, draft_id: int) -> None:
    """One draft's words are gone: it may not be approved, and does not renew."""
    tx.execute("UPDATE draft SET state = 'withdrawn', to_tell = 0 WHERE id = :id", {"id": draft_id})


def outdate(tx: Tx, draft_id: int, now: int) -> None:
    """What an open draft was made from is other words now: it renews."""
    tx.execute(
        "UPDATE draft SET state = 'void', settled_at = :now, to_tell = 1 WHERE id = :id AND state = 'open'",
        {"id": draft_id, "now": now},
    )


def outdate_topic(tx: Tx, topic: str, now: int) -> bool:
    """The same for every open draft that was made from one answer; False if there was none."""
    outdated = tx.execute(
        "UPDATE draft SET state = 'void', settled_at = :now, to_tell = 1 WHERE topic = :t AND state = 'open'",
        {"t": topic, "now": now},
    )
    return outdated > 0


def untold(tx: Tx, limit: int) -> list[Row]:
    """Drafts whose cards do not say yet what became of them, locked, oldest first."""
    return tx.all(
        "SELECT * FROM draft WHERE to_tell = 1 ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED",
        {"limit": limit},
    )


def told(tx: Tx, draft_id: int) -> None:
    """Its card says what became of it."""
    tx.execute("UPDATE draft SET to_tell = 0 WHERE id = :id", {"id": draft_id})


def add(tx: Tx, row: dict[str, Any]) -> int:
    """Keep a draft, open, given by its columns without its number; returns that number in the case."""
    found = tx.one("SELECT COALESCE(MAX(no), 0) + 1 AS no FROM draft WHERE case_id = :case", {"case": row["case_id"]})
    no = 1 if found is None else int(found["no"])
    tx.execute(
        """INSERT INTO draft(id, case_id, no, question_id, question_version, recipient_id, specialist_id, case_epoch,
                             topic, text_sealed, text_hash, state, made_at, root_id, origin, first_no, upto_no,
                             sheet_sealed, words, distance)
           VALUES (:id, :case_id, :no, :question_id, :question_version, :recipient_id, :specialist_id, :case_epoch,
                   :topic, :text_sealed, :text_hash, 'open', :made_at, :root_id, :origin, :first_no, :upto_no,
                   :sheet_sealed, :words, :distance)""",
        {**row, "no": no},
    )
    return no


def revise(
    tx: Tx,
    draft_id: int,
    *,
    rev: int,
    topic: str,
    origin: str,
    text: bytes,
    text_hash: str,
    sheet: bytes,
    distance: int,
) -> None:
    """What its card shows is changed by the specialist: what they ticked before counts no more."""
    tx.execute(
        """UPDATE draft SET rev = :rev, topic = :topic, origin = :origin, text_sealed = :text, text_hash = :hash,
             sheet_sealed = :sheet, distance = :distance, ticks = 0 WHERE id = :id""",
        {
            "id": draft_id,
            "rev": rev,
            "topic": topic,
            "origin": origin,
            "text": text,
            "hash": text_hash,
            "sheet": sheet,
            "distance": distance,
        },
    )


def set_ticks(tx: Tx, draft_id: int, ticks: int) -> None:
    """Which of its facts the specialist has looked at, a bit each."""
    tx.execute("UPDATE draft SET ticks = :ticks WHERE id = :id", {"id": draft_id, "ticks": ticks})


def all_open(tx: Tx) -> list[Row]:
    """Every open draft, locked, case by case."""
    return tx.all("SELECT * FROM draft WHERE state = 'open' ORDER BY case_id, id FOR UPDATE", {})


def set_sheet(tx: Tx, draft_id: int, sheet: bytes) -> None:
    """What else stands on its card is something else now; what would be sent is not."""
    tx.execute("UPDATE draft SET sheet_sealed = :sheet WHERE id = :id", {"id": draft_id, "sheet": sheet})


def set_shown_by(tx: Tx, draft_id: int, delivery_id: int | None) -> None:
    """Which delivery shows what it says now; None while its card shows something else."""
    tx.execute("UPDATE draft SET shown_by = :d WHERE id = :id", {"id": draft_id, "d": delivery_id})


def get(tx: Tx, draft_id: int) -> Row | None:
    """One draft, locked."""
    return tx.one("SELECT * FROM draft WHERE id = :id FOR UPDATE", {"id": draft_id})


def by_no(tx: Tx, case_id: int, no: int) -> Row | None:
    """A case's draft by its number, locked."""
    return tx.one("SELECT * FROM draft WHERE case_id = :case AND no = :no FOR UPDATE", {"case": case_id, "no": no})


def newest(tx: Tx, case_id: int) -> Row | None:
    """A case's newest draft, locked."""
    return tx.one("SELECT * FROM draft WHERE case_id = :case ORDER BY no DESC LIMIT 1 FOR UPDATE", {"case": case_id})


def open_of_platform(tx: Tx, platform: str) -> list[Row]:
    """Open drafts whose specialist reads them on a platform, oldest first."""
    return tx.all(
        """SELECT d.* FROM draft d JOIN seat s ON s.case_id = d.case_id AND s.side = 'specialist'
             AND s.state IN ('opening', 'open', 'held')
           WHERE d.state = 'open' AND s.platform = :platform ORDER BY d.id""",
        {"platform": platform},
    )


def quoting(tx: Tx, case_id: int, no: int) -> list[Row]:
    """Every draft whose card repeats a message of the case."""
    return tx.all(
        "SELECT * FROM draft WHERE case_id = :case AND first_no <= :no AND upto_no >= :no ORDER BY id",
        {"case": case_id, "no": no},
    )


def latest(tx: Tx, limit: int) -> list[Row]:
    """The newest drafts of all cases in any state, newest first; no content."""
    return tx.all(
        """SELECT d.id, d.no, d.topic, d.state, d.made_at, d.settled_at, c.ref
           FROM draft d JOIN case_file c ON c.id = d.case_id ORDER BY d.id DESC LIMIT :limit""",
        {"limit": limit},
    )


def not_delivered(tx: Tx, case_id: int, message_id: int) -> bool:
    """An approved draft did not arrive: its card has to say so; False if the message was no draft."""
    sent = {"case": case_id, "m": message_id}
    return tx.execute("UPDATE draft SET to_tell = 1 WHERE case_id = :case AND sent_message_id = :m", sent) > 0


def of_message(tx: Tx, case_id: int, message_id: int) -> Row | None:
    """The draft that was sent as this message, locked."""
    return tx.one(
        "SELECT * FROM draft WHERE case_id = :case AND sent_message_id = :m FOR UPDATE",
        {"case": case_id, "m": message_id},
    )


def settle(
    tx: Tx, draft_id: int, state: str, now: int, sent_message_id: int | None = None, dwell: int | None = None
) -> bool:
    """Approve or dismiss an open draft, `dwell` µs after it was shown; False if it is not open any more."""
    settled = tx.execute(
        """UPDATE draft SET state = :state, settled_at = :now, sent_message_id = :m, dwell = :dwell
           WHERE id = :id AND state = 'open'""",
        {"id": draft_id, "state": state, "now": now, "m": sent_message_id, "dwell": dwell},
    )
    return settled == 1
