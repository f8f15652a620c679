"""Messages of a case and the map to their native parts on both sides, kept for good."""

from __future__ import annotations

from collections.abc import Iterator

from storage import cases, seats
from storage.engine.base import Row, Tx, Value


def next_no(tx: Tx, case_id: int, side: str, now: int, turn: str = "") -> tuple[int, int | None, bool]:
    """The next message number of a case, and when (µs) this side last said something, by its platform's clock.

    What has no message of its platform behind it (tapped, redacted, brought by a link) has our clock, another one. It
    locks the case row, so numbers are commit order. Whose `turn` it is by then is noted along with it, as
    `cases.set_turn` does; last, whether the card is brought up to date soon anyway.
    """
    row = tx.one(
        """UPDATE case_file SET last_no = last_no + 1,
             turn_since = CASE WHEN :turn IN ('', turn) THEN turn_since ELSE CAST(:now AS BIGINT) END,
             turn = CASE WHEN :turn = '' THEN turn ELSE :turn END
           WHERE id = :case
           RETURNING last_no, card_at, turn_since,
             (SELECT MAX((SELECT m.said_at FROM message m WHERE m.seat_id = s.id AND m.kind IN ('text', 'file')
                            AND EXISTS (SELECT 1 FROM message_part p WHERE p.message_id = m.id AND p.role = 'source')
                          ORDER BY m.said_at DESC LIMIT 1))
              FROM seat s WHERE s.case_id = :case AND s.side = :side) AS said_at""",
        {"case": case_id, "side": side, "now": now, "turn": turn},
    )
    assert row is not None
    soon = cases.is_soon(row["card_at"], now)
    if turn and row["turn_since"] == now and not soon:  # not in the statement above: most messages leave it as it is
        cases.card_soon(tx, case_id, now)
        soon = True
    return int(row["last_no"]), None if row["said_at"] is None else int(row["said_at"]), soon


def add(
    tx: Tx,
    *,
    id: int,
    case_id: int,
    no: int,
    epoch: int,
    side: str,
    person_id: int,
    seat_id: int,
    kind: str,
    body: bytes,
    said_at: int,
    now: int,
    reply_to: int | None,
) -> Row:
    """Record one message, and give its row; it waits until it is delivered."""
    given: dict[str, Value] = {
        "id": id,
        "case_id": case_id,
        "no": no,
        "epoch": epoch,
        "side": side,
        "person_id": person_id,
        "seat_id": seat_id,
        "kind": kind,
        "state": "waiting",
        "body_sealed": body,
        "reply_to": reply_to,
        "said_at": said_at,
        "received_at": now,
    }
    tx.execute(
        """INSERT INTO message(id, case_id, no, epoch, side, person_id, seat_id, kind, state, body_sealed, reply_to,
                               said_at, received_at)
           VALUES (:id, :case_id, :no, :epoch, :side, :person_id, :seat_id, :kind, :state, :body_sealed, :reply_to,
                   :said_at, :received_at)""",
        given,
    )
    return {**given, **_NEW}


_NEW: Row = {"version": 1, "delivered_at": None, "told": "", "edited_at": 0, "refiled": 0, "again_id": None}
"""What the other columns of a new message hold."""


def get(tx: Tx, message_id: int) -> Row | None:
    """One message."""
    return tx.one("SELECT * FROM message WHERE id = :id", {"id": message_id})


def is_withdrawn(tx: Tx, message_id: int) -> bool:
    """Whether its author has taken a message back."""
    return tx.one("SELECT id FROM message WHERE id = :id AND state = 'withdrawn'", {"id": message_id}) is not None


def by_no(tx: Tx, case_id: int, no: int) -> Row | None:
    """A case's message by its number."""
    return tx.one("SELECT * FROM message WHERE case_id = :case AND no = :no", {"case": case_id, "no": no})


_ITS_OWN = """(SELECT p.{0} FROM message_part p WHERE p.message_id = message.id AND p.seat_id = message.seat_id
                 AND p.role = 'source' ORDER BY p.part LIMIT 1) AS {0}"""
_SETTLING = (
    f"id, case_id, no, person_id, seat_id, state, told, {_ITS_OWN.format('chat')}, {_ITS_OWN.format('native_id')}"
)
"""Of a message whose delivery has settled; `chat` and `native_id` are where its first part stands as its sender wrote
it, None for what was not written in an app."""


def delivered(tx: Tx, message_id: int, delivery_id: int, now: int) -> Row | None:
    """A message has arrived with its one delivery; None, and nothing is done, where others carry it or it is final."""
    return tx.one(
        f"""UPDATE message SET state = 'delivered', delivered_at = CAST(:now AS BIGINT)
            WHERE id = :id AND state IN ('waiting', 'uncertain', 'failed')
              AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message_id = :id AND d.id <> :delivery)
            RETURNING {_SETTLING}""",  # noqa: S608 - of constants
        {"id": message_id, "delivery": delivery_id, "now": now},
    )


def settling(tx: Tx, message_id: int, delivery_id: int) -> Row | None:
    """A message whose delivery has just settled, with how many `others` carry it or a part of it."""
    return tx.one(
        f"""SELECT {_SETTLING},
                   (SELECT COUNT(*) FROM delivery d WHERE d.message_id = message.id AND d.id <> :delivery) AS others
            FROM message WHERE id = :id""",  # noqa: S608 - of constants
        {"id": message_id, "delivery": delivery_id},
    )


def set_state(tx: Tx, message_id: int, state: str, now: int) -> None:
    """Move a message to the state its sender can see."""
    tx.execute(
        """UPDATE message SET state = :state,
             delivered_at = CASE WHEN :state = 'delivered' THEN CAST(:now AS BIGINT) ELSE delivered_at END
           WHERE id = :id""",
        {"id": message_id, "state": state, "now": now},
    )


def set_told(tx: Tx, message_id: int, told: str) -> None:
    """What its sender was last told of it in words."""
    tx.execute("UPDATE message SET told = :told WHERE id = :id", {"id": message_id, "told": told})


def set_body(tx: Tx, message_id: int, version: int, body: bytes, now: int) -> None:
    """A new version of what was said; the former one is kept in `message_version`."""
    tx.execute(
        """INSERT INTO message_version(message_id, version, body_sealed, replaced_at)
           SELECT id, version, body_sealed, CAST(:now AS BIGINT) FROM message WHERE id = :id""",
        {"id": message_id, "now": now},
    )
    tx.execute(
        "UPDATE message SET body_sealed = :body, version = :version WHERE id = :id",
        {"id": message_id, "body": body, "version": version},
    )


def set_again(tx: Tx, message_id: int, again_id: int) -> None:
    """What was taken back went on as another message."""
    tx.execute("UPDATE message SET again_id = :again WHERE id = :id", {"id": message_id, "again": again_id})


def set_refiled(tx: Tx, message_id: int) -> None:
    """Its sender exchanged a file of it."""
    tx.execute("UPDATE message SET refiled = refiled + 1 WHERE id = :id", {"id": message_id})


def waiting_longer(tx: Tx, before: int, now: int, limit: int) -> list[Row]:
    """Messages that wait since before `before` and whose senders were not told yet, oldest first.

    One that came later than `now` came before the clock was put back: nobody can say how long it has waited.
    """
    return tx.all(
        """SELECT * FROM message WHERE state IN ('waiting', 'uncertain') AND told = ''
             AND (received_at <= :before OR received_at > :now) ORDER BY received_at LIMIT :limit""",
        {"before": before, "now": now, "limit": limit},
    )


def undelivered(tx: Tx, case_id: int, side: str) -> list[Row]:
    """What one side said that has not arrived, in order."""
    return tx.all(
        """SELECT * FROM message WHERE case_id = :case AND side = :side AND state IN ('waiting', 'uncertain')
           ORDER BY no""",
        {"case": case_id, "side": side},
    )


def newest(tx: Tx, case_id: int, side: str) -> Row | None:
    """The last message that one side wrote, by its platform's clock; what was only tapped has ours, another one."""
    return tx.one(
        """SELECT * FROM message WHERE case_id = :case AND side = :side AND kind IN ('text', 'file')
           ORDER BY said_at DESC, no DESC LIMIT 1""",
        {"case": case_id, "side": side},
    )


def newest_of(tx: Tx, case_id: int, side: str) -> Row | None:
    """The last message in a case's own order that one side said and has not taken back."""
    return tx.one(
        """SELECT * FROM message WHERE case_id = :case AND side = :side AND state <> 'withdrawn'
           ORDER BY no DESC LIMIT 1""",
        {"case": case_id, "side": side},
    )


def recent(tx: Tx, case_id: int, limit: int) -> list[Row]:
    """The last messages of a case, newest first."""
    return tx.all(
        "SELECT * FROM message WHERE case_id = :case ORDER BY no DESC LIMIT :limit",
        {"case": case_id, "limit": limit},
    )


def between(tx: Tx, case_id: int, first: int, last: int) -> list[Row]:
    """The messages of a case from one number to another, in order."""
    return tx.all(
        "SELECT * FROM message WHERE case_id = :case AND no BETWEEN :first AND :last ORDER BY no",
        {"case": case_id, "first": first, "last": last},
    )


# --- the message map ---------------------------------------------------------------------------------------------


def add_part(
    tx: Tx,
    *,
    message_id: int,
    seat_id: int,
    role: str,
    part: int,
    platform: str,
    workspace: str,
    chat: str,
    native_id: str,
    copy: int = 0,
) -> None:
    """Map one native message to one part of a message; a repeat of the same is harmless. `copy` is its delivery."""
    tx.execute(
        """INSERT INTO message_part(message_id, seat_id, role, part, copy, platform, workspace, chat, native_id)
           VALUES (:m, :s, :role, :part, :copy, :p, :w, :chat, :native) ON CONFLICT DO NOTHING""",
        {
            "m": message_id,
            "s": seat_id,
            "role": role,
            "part": part,
            "copy": copy,
            "p": platform,
            "w": workspace,
            "chat": chat,
            "native": native_id,
        },
    )


def at(tx: Tx, platform: str, workspace: str, chat: str, native_id: str) -> Row | None:
    """The message a native one belongs to, with that part's `seat_id`, `role` and `part`."""
    for name in _names(tx, platform, workspace, chat):
        row = tx.one(
            """SELECT m.*, p.seat_id AS part_seat_id, p.role, p.part
               FROM message_part p JOIN message m ON m.id = p.message_id
               WHERE p.platform = :p AND p.workspace = :w AND p.chat = :c AND p.native_id = :n""",
            {"p": platform, "w": workspace, "c": name, "n": native_id},
        )
        if row is not None:
            return row
    return None


def delivery_at(tx: Tx, platform: str, workspace: str, chat: str, native_id: str) -> Row | None:
    """The line of the service that stands in a place as this native message: what made it, not what changed it since.

    What carries a person's words is no such line: `at` finds it.
    """
    for name in _names(tx, platform, workspace, chat):
        row = tx.one(
            """SELECT d.* FROM delivery d JOIN lane l ON l.id = d.lane_id
               WHERE d.native_id = :n AND d.native_id <> '' AND d.message_id IS NULL AND d.chat = :c
                 AND l.platform = :p AND l.workspace = :w AND d.kind = 'post' ORDER BY d.id DESC LIMIT 1""",
            {"p": platform, "w": workspace, "c": name, "n": native_id},
        )
        if row is not None:
            return row
    return None


def _names(tx: Tx, platform: str, workspace: str, chat: str) -> Iterator[str]:
    """What a chat is called, and, if nothing is found under that, what it was called before."""
    yield chat
    yield from seats.former_chats(tx, platform, workspace, chat)


def parts(tx: Tx, message_id: int, seat_id: int) -> list[Row]:
    """A message's parts in one seat, in order; of a part that stands there more than once, the newest copy first."""
    return tx.all(
        "SELECT * FROM message_part WHERE message_id = :m AND seat_id = :s ORDER BY part, copy DESC",
        {"m": message_id, "s": seat_id},
    )
