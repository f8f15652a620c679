"""Replies to a draft's card, by where their writer sees them; never their words."""

from __future__ import annotations

from storage.engine.base import Row, Tx, first


def add(
    tx: Tx,
    *,
    place: tuple[str, str, str],
    native_id: str,
    case_id: int,
    person_id: int,
    draft_id: int | None,
    words_hash: str,
    too_long: bool,
    at: int,
) -> None:
    """Remember a reply: `place` is platform, workspace and chat, `draft_id` the draft that it made."""
    tx.execute(
        """INSERT INTO card_reply(platform, workspace, chat, native_id, case_id, person_id, draft_id, words_hash,
                                  too_long, at)
           VALUES (:p, :w, :c, :n, :case, :person, :draft, :hash, :long, :at) ON CONFLICT DO NOTHING""",
        {
            **_where(place, native_id),
            "case": case_id,
            "person": person_id,
            "draft": draft_id,
            "hash": words_hash,
            "long": int(too_long),
            "at": at,
        },
    )


def at(tx: Tx, place: tuple[str, str, str], native_id: str) -> Row | None:
    """The reply that this native message is."""
    return tx.one(
        """SELECT * FROM card_reply
           WHERE platform = :p AND workspace = :w AND chat = :c AND native_id = :n""",
        _where(place, native_id),
    )


def changed(
    tx: Tx,
    place: tuple[str, str, str],
    native_id: str,
    *,
    draft_id: int | None,
    words_hash: str,
    too_long: bool,
    at: int,
) -> None:
    """Its writer changed it: what it reads by now, and the draft that stands for it."""
    tx.execute(
        """UPDATE card_reply SET draft_id = :draft, words_hash = :hash, too_long = :long, at = :at
           WHERE platform = :p AND workspace = :w AND chat = :c AND native_id = :n""",
        {
            **_where(place, native_id),
            "draft": draft_id,
            "hash": words_hash,
            "long": int(too_long),
            "at": at,
        },
    )


def newest(tx: Tx, case_id: int) -> Row | None:
    """The newest reply in a case."""
    return first(
        tx.kept(
            "SELECT * FROM card_reply WHERE case_id = :case ORDER BY at DESC, native_id DESC LIMIT 1", {"case": case_id}
        )
    )


def later(tx: Tx, case_id: int, draft_id: int) -> bool:
    """Whether a reply in a case made a draft after this one."""
    row = tx.one(
        "SELECT draft_id FROM card_reply WHERE case_id = :case AND draft_id > :draft LIMIT 1",
        {"case": case_id, "draft": draft_id},
    )
    return row is not None


def _where(place: tuple[str, str, str], native_id: str) -> dict[str, str]:
    platform, workspace, chat = place
    return {"p": platform, "w": workspace, "c": chat, "n": native_id}
