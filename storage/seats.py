"""Seats: a private place seen by one person and the bot. The only source of where anything goes."""

from __future__ import annotations

from storage.engine.base import Row, Tx, first

FULL = """SELECT s.*, a.user_ref, a.state AS account_state, p.name AS person_name, p.role AS person_role,
                 p.timezone AS person_timezone, p.locked AS person_locked, c.ref, c.state AS case_state,
                 c.epoch AS case_epoch, c.practice_id, c.dentist_id, c.specialist_id, c.expected_until,
                 l.id AS lane_id
          FROM seat s JOIN account a ON a.id = s.account_id JOIN person p ON p.id = s.person_id
          JOIN case_file c ON c.id = s.case_id LEFT JOIN lane l ON l.seat_id = s.id"""


_LIVING = "('opening', 'open', 'held')"


def add(
    tx: Tx,
    *,
    id: int,
    case_id: int,
    side: str,
    person_id: int,
    account_id: int,
    platform: str,
    workspace: str,
    room_name: str,
    title_sealed: bytes,
    epoch: int,
    now: int,
) -> None:
    """Take a seat; its room is made by its lane's first claim."""
    tx.execute(
        """INSERT INTO seat(id, case_id, side, person_id, account_id, platform, workspace, state, room_name,
                            room_title_sealed, epoch, created_at)
           VALUES (:id, :case, :side, :person, :account, :platform, :workspace, 'opening', :name, :title, :epoch,
                   :now)""",
        {
            "id": id,
            "case": case_id,
            "side": side,
            "person": person_id,
            "account": account_id,
            "platform": platform,
            "workspace": workspace,
            "name": room_name,
            "title": title_sealed,
            "epoch": epoch,
            "now": now,
        },
    )


def get(tx: Tx, seat_id: int) -> Row | None:
    """One seat with its person's, account's and case's fields."""
    return first(tx.kept(f"{FULL} WHERE s.id = :id", {"id": seat_id}))


def of_case(tx: Tx, case_id: int, side: str) -> Row | None:
    """The living seat of one side of a case."""
    return first(
        tx.kept(
            f"{FULL} WHERE s.case_id = :case AND s.side = :side AND s.state IN {_LIVING}",
            {"case": case_id, "side": side},
        )
    )


def living(tx: Tx, case_id: int) -> list[Row]:
    """Both living seats of a case, dentist first."""
    return tx.kept(f"{FULL} WHERE s.case_id = :case AND s.state IN {_LIVING} ORDER BY s.side", {"case": case_id})


def at_place(tx: Tx, platform: str, workspace: str, chat: str, topic: str) -> list[Row]:
    """Every seat, closed ones too, whose room is exactly this place; newest first."""
    return tx.kept(
        f"""{FULL} WHERE s.platform = :p AND s.workspace = :w AND s.chat = :chat AND s.topic = :topic
            ORDER BY s.id DESC""",
        {"p": platform, "w": workspace, "chat": chat, "topic": topic},
    )


def case_of(seat: Row) -> Row:
    """What a seat's row tells of its case, under the names that the case's own row has."""
    named = ("practice_id", "dentist_id", "specialist_id", "expected_until", "ref")
    return {"id": seat["case_id"], "state": seat["case_state"], "epoch": seat["case_epoch"]} | {
        name: seat[name] for name in named
    }


def of_person(tx: Tx, person_id: int) -> list[Row]:
    """A person's living seats in open cases, oldest first."""
    return tx.all(f"{FULL} WHERE s.person_id = :p AND s.state IN {_LIVING} ORDER BY s.id", {"p": person_id})


def last_in_cases(tx: Tx, person_id: int) -> dict[int, int]:
    """When (µs) something last came in each case that a person has a living seat in; none for a silent case."""
    rows = tx.all(
        """SELECT m.case_id, MAX(m.received_at) AS at FROM message m
           WHERE m.case_id IN (SELECT case_id FROM seat WHERE person_id = :p AND state IN ('opening', 'open', 'held'))
           GROUP BY m.case_id""",
        {"p": person_id},
    )
    return {int(row["case_id"]): int(row["at"]) for row in rows}


def last_of_person(tx: Tx, case_id: int, person_id: int) -> Row | None:
    """The newest seat, closed ones too, that a person has or had in a case."""
    return tx.one(
        f"{FULL} WHERE s.case_id = :case AND s.person_id = :p ORDER BY s.id DESC LIMIT 1",
        {"case": case_id, "p": person_id},
    )


def open_room(tx: Tx, seat_id: int, chat: str, topic: str, *, shared: bool) -> None:
    """The room exists and holds only its person and the bot."""
    tx.execute(
        """UPDATE seat SET state = 'open', chat = :chat, topic = :topic, shared = :shared, held_reason = '', resume = ''
           WHERE id = :id AND state <> 'closed'""",
        {"id": seat_id, "chat": chat, "topic": topic, "shared": int(shared)},
    )


def reopen(tx: Tx, seat_id: int, resume: str = "") -> None:
    """The room is gone: make it anew, or go on from `resume`, before anything else is sent."""
    tx.execute(
        "UPDATE seat SET state = 'opening', chat = '', topic = '', resume = :r WHERE id = :id AND state <> 'closed'",
        {"id": seat_id, "r": resume},
    )


def hold(tx: Tx, seat_id: int, reason: str, probe_at: int) -> None:
    """Something is wrong with the room: nothing is sent until it is put right; it is looked at again at `probe_at`."""
    tx.execute(
        "UPDATE seat SET state = 'held', held_reason = :r, probe_at = :at WHERE id = :id AND state <> 'closed'",
        {"id": seat_id, "r": reason, "at": probe_at},
    )


def take_probes(tx: Tx, now: int, until: int, limit: int) -> list[Row]:
    """Held seats whose rooms are to be looked at, put off until `until`; also those put off for longer than that."""
    rows = tx.all(
        """UPDATE seat SET probe_at = :until WHERE id IN
             (SELECT id FROM seat WHERE state = 'held' AND (probe_at <= :now OR probe_at > :until)
              ORDER BY probe_at LIMIT :limit FOR UPDATE SKIP LOCKED)
           RETURNING id""",
        {"now": now, "until": until, "limit": limit},
    )
    return [row for row in (get(tx, found["id"]) for found in rows) if row is not None]


def probe_at(tx: Tx, seat_id: int, at: int) -> None:
    """Look at a held seat's room at this moment."""
    tx.execute("UPDATE seat SET probe_at = :at WHERE id = :id AND state = 'held'", {"id": seat_id, "at": at})


def release(tx: Tx, seat_id: int) -> None:
    """The room is right again; a seat that never had one is opened."""
    tx.execute(
        """UPDATE seat SET state = CASE WHEN chat = '' THEN 'opening' ELSE 'open' END, held_reason = ''
           WHERE id = :id AND state = 'held'""",
        {"id": seat_id},
    )


def leave(tx: Tx, seat_id: int) -> None:
    """Nothing that is said here counts any more; our last lines still go, then the room is closed."""
    tx.execute("UPDATE seat SET state = 'leaving' WHERE id = :id AND state <> 'closed'", {"id": seat_id})


def close(tx: Tx, seat_id: int, now: int) -> None:
    """The seat is over; its place stays on record so that later messages there are refused, not guessed."""
    tx.execute(
        "UPDATE seat SET state = 'closed', closed_at = :now WHERE id = :id AND state <> 'closed'",
        {"id": seat_id, "now": now},
    )


def close_of_lane(tx: Tx, lane_id: int, now: int) -> None:
    """The seat that a lane belongs to is over."""
    tx.execute(
        """UPDATE seat SET state = 'closed', closed_at = :now
           WHERE id = (SELECT seat_id FROM lane WHERE id = :lane) AND state <> 'closed'""",
        {"lane": lane_id, "now": now},
    )


def set_title(tx: Tx, seat_id: int, title_sealed: bytes) -> None:
    """What the room is called from now on."""
    tx.execute("UPDATE seat SET room_title_sealed = :title WHERE id = :id", {"id": seat_id, "title": title_sealed})


def set_resume(tx: Tx, seat_id: int, resume: str) -> None:
    """Commit a platform's id while the room is being made."""
    tx.execute("UPDATE seat SET resume = :r WHERE id = :id", {"id": seat_id, "r": resume})


def move_chat(tx: Tx, platform: str, workspace: str, old: str, new: str) -> None:
    """A chat got a new id: what was said in it is still found, by either."""
    moved = {"p": platform, "w": workspace, "old": old, "new": new}
    tx.execute("UPDATE seat SET chat = :new WHERE platform = :p AND workspace = :w AND chat = :old", moved)
    for former in (old, *former_chats(tx, platform, workspace, old)):
        tx.execute(
            """INSERT INTO chat_former(platform, workspace, chat, former) VALUES (:p, :w, :new, :former)
               ON CONFLICT DO NOTHING""",
            {"p": platform, "w": workspace, "new": new, "former": former},
        )


def former_chats(tx: Tx, platform: str, workspace: str, chat: str) -> list[str]:
    """What a chat was called before it moved; mostly nothing."""
    rows = tx.all(
        "SELECT former FROM chat_former WHERE platform = :p AND workspace = :w AND chat = :c ORDER BY former",
        {"p": platform, "w": workspace, "c": chat},
    )
    return [row["former"] for row in rows]


def set_told_where(tx: Tx, seat_id: int) -> None:
    """The first-send line was shown."""
    tx.execute("UPDATE seat SET told_where = 1 WHERE id = :id", {"id": seat_id})
