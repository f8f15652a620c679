"""Form sessions: what a person has answered so far. One is under way per person, form and account."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def begin(
    tx: Tx,
    *,
    id: int,
    person_id: int,
    form: str,
    platform: str,
    chat: str,
    topic: str,
    answers: bytes,
    now: int,
) -> None:
    """Start a session; the caller has ended the one before it."""
    tx.execute(
        """INSERT INTO form_session(id, person_id, form, platform, place_chat, place_topic, answers_sealed, state,
                                    started_at, touched_at)
           VALUES (:id, :person, :form, :platform, :chat, :topic, :answers, 'asking', :now, :now)""",
        {
            "id": id,
            "person": person_id,
            "form": form,
            "platform": platform,
            "chat": chat,
            "topic": topic,
            "answers": answers,
            "now": now,
        },
    )


def get(tx: Tx, session_id: int) -> Row | None:
    """One session, locked."""
    return tx.one("SELECT * FROM form_session WHERE id = :id FOR UPDATE", {"id": session_id})


def asking(tx: Tx, person_id: int, form: str, platform: str, chat: str) -> Row | None:
    """The session that is under way, locked."""
    return tx.one(
        """SELECT * FROM form_session
           WHERE person_id = :person AND form = :form AND platform = :platform AND place_chat = :chat
             AND state = 'asking' FOR UPDATE""",
        {"person": person_id, "form": form, "platform": platform, "chat": chat},
    )


def save(tx: Tx, session_id: int, step: int, answers: bytes, version: int, now: int) -> None:
    """Keep the answers so far and where the questions stand."""
    tx.execute(
        """UPDATE form_session SET step = :step, answers_sealed = :answers, version = :version, touched_at = :now
           WHERE id = :id""",
        {"id": session_id, "step": step, "answers": answers, "version": version, "now": now},
    )


def end(tx: Tx, session_id: int, state: str, now: int) -> None:
    """Done or cancelled: the answers go."""
    tx.execute(
        "UPDATE form_session SET state = :state, touched_at = :now, answers_sealed = :gone WHERE id = :id",
        {"id": session_id, "state": state, "now": now, "gone": b""},
    )


def abandoned(tx: Tx, before: int, limit: int) -> list[Row]:
    """Sessions nobody has touched since `before`."""
    return tx.all(
        "SELECT * FROM form_session WHERE state = 'asking' AND touched_at < :before ORDER BY id LIMIT :limit",
        {"before": before, "limit": limit},
    )
