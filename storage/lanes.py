"""Lanes: one row orders one destination and carries its lease, back-off and pauses. See docs/architecture.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from storage import cases, seats
from storage.engine.base import Dialect, Params, Row, Tx

ON_HOLD = "on_hold"
"""The purpose of a lane that nothing is put into but the line that tells its person they are on hold."""


def for_seat(tx: Tx, lane_id: int, seat_id: int) -> None:
    """Make the lane of a seat; its address is read from the seat whenever something is sent."""
    tx.execute(
        """INSERT INTO lane(id, seat_id, case_id, platform, workspace, user_ref)
           SELECT :lane, s.id, s.case_id, s.platform, s.workspace, a.user_ref
             FROM seat s JOIN account a ON a.id = s.account_id WHERE s.id = :seat""",
        {"lane": lane_id, "seat": seat_id},
    )


def of_seat(tx: Tx, seat_id: int) -> Row | None:
    """The lane of a seat."""
    return tx.one("SELECT * FROM lane WHERE seat_id = :seat", {"seat": seat_id})


def for_account(tx: Tx, new_id: int, platform: str, workspace: str, user: str, purpose: str = "") -> int:
    """The lane to one account's private chat, made if it is missing; returns its id."""
    key = {"p": platform, "w": workspace, "u": user, "for": purpose}
    tx.execute(
        """INSERT INTO lane(id, platform, workspace, user_ref, purpose) VALUES (:id, :p, :w, :u, :for)
           ON CONFLICT (platform, workspace, user_ref, purpose) WHERE seat_id IS NULL DO NOTHING""",
        {"id": new_id, **key},
    )
    row = tx.one(
        """SELECT id FROM lane WHERE platform = :p AND workspace = :w AND user_ref = :u AND purpose = :for
             AND seat_id IS NULL""",
        key,
    )
    assert row is not None
    return int(row["id"])


def get(tx: Tx, lane_id: int) -> Row | None:
    """One lane."""
    return tx.one("SELECT * FROM lane WHERE id = :id", {"id": lane_id})


def lock(tx: Tx, lane_id: int) -> Row | None:
    """One lane, locked: nobody claims its head meanwhile."""
    return tx.one("SELECT * FROM lane WHERE id = :id FOR UPDATE", {"id": lane_id})


def lock_case(tx: Tx, case_id: int) -> None:
    """Lock a case, then the lanes of its rooms in order: until the commit nobody claims what is in them.

    What is read of their deliveries after this is as it stands; what was read before may have left meanwhile.
    """
    cases.lock(tx, case_id)
    tx.all("SELECT id FROM lane WHERE case_id = :case ORDER BY id FOR UPDATE", {"case": case_id})


def lengthen(tx: Tx, lane_id: int, now: int) -> None:
    """A lane gets one place more, its tail: a sequence is the only order that is commit order."""
    tx.execute(
        """UPDATE lane SET tail_seq = tail_seq + 1,
             ready_at = CASE WHEN paused <> '' THEN NULL ELSE COALESCE(ready_at, CAST(:now AS BIGINT)) END
           WHERE id = :lane""",
        {"lane": lane_id, "now": now},
    )


_READY = """SELECT * FROM lane WHERE (ready_at <= :now OR ready_at > :far)
              AND REPLACE(:full, '|' || platform || '/' || workspace || '|', '') = :full
            ORDER BY ready_at, id LIMIT :limit"""


def ready(tx: Tx, now: int, far: int, limit: int, full: Collection[tuple[str, str]] = ()) -> list[Row]:
    """Lanes whose head may go, oldest first, locked against other workers; also those put off beyond `far`.

    `full` are bots (platform, workspace) that admit nothing: their lanes are left out.
    """
    return tx.all(f"{_READY} FOR UPDATE SKIP LOCKED", {"now": now, "far": far, "limit": limit, "full": _listed(full)})


def heads(
    tx: Tx, now: int, far: int, limit: int, full: Collection[tuple[str, str]] = ()
) -> tuple[dict[int, Row], dict[int, Row]]:
    """What `ready` with the same arguments is about: deliveries by lane, as `deliveries.head` has them, seats by id.

    Another worker's lanes may be among them in place of some of one's own: what is not there is read by itself. So are
    seats on SQLite, which remembers them.
    """
    which: Params = {"now": now, "far": far, "limit": limit, "full": _listed(full)}
    found = tx.all(
        f"""SELECT d.*, m.state AS message_state FROM ({_READY}) l JOIN delivery d ON d.lane_id = l.id
              AND d.seq = l.head_seq LEFT JOIN message m ON m.id = d.message_id""",  # noqa: S608 - of constants
        which,
    )
    theirs: list[Row] = []
    if tx.dialect is not Dialect.SQLITE:
        theirs = tx.all(f"{seats.FULL} WHERE s.id IN (SELECT seat_id FROM ({_READY}) l)", which)  # noqa: S608 - the same
    return {int(row["lane_id"]): row for row in found}, {int(row["id"]): row for row in theirs}


def next_ready(tx: Tx, full: Collection[tuple[str, str]] = ()) -> int | None:
    """When the earliest lane becomes ready (µs), None if all are empty or paused; without those of `full` bots."""
    row = tx.one(
        """SELECT ready_at FROM lane WHERE ready_at IS NOT NULL
             AND REPLACE(:full, '|' || platform || '/' || workspace || '|', '') = :full
           ORDER BY ready_at LIMIT 1""",  # not MIN, which would look at every lane for its bot
        {"full": _listed(full)},
    )
    return None if row is None else int(row["ready_at"])


def _listed(bots: Collection[tuple[str, str]]) -> str:
    return "".join(f"|{platform}/{workspace}|" for platform, workspace in sorted(bots))


def lease(tx: Tx, claimed: Iterable[tuple[int, int]], until: int, owner: str) -> None:
    """Give the heads of locked lanes to a worker until `until`: (lane, the fence that its settlement must show)."""
    tx.many(
        "UPDATE lane SET ready_at = :until, epoch = :fence, owner = :me WHERE id = :lane",
        [{"lane": lane, "until": until, "fence": fence, "me": owner} for lane, fence in claimed],
    )


def holds(tx: Tx, lane_id: int, fence: int) -> Row | None:
    """The lane, locked, while the lease with this fence is still its newest."""
    row = lock(tx, lane_id)
    return row if row is not None and int(row["epoch"]) == fence else None


def settled(tx: Tx, lane_id: int, fence: int, seq: int, now: int, *, mentioned: bool, said: bool) -> Row | None:
    """The head, at place `seq`, stands and the next one may go; None, and nothing is done, for a lease that was lost.

    `mentioned`: it carried a mention; `said`: a person's words, so what is missing before them has been said too. Of
    the lane come `ready_at` and `chat`, and `revoked`: whether an incident says that the service had lost its access.
    """
    return tx.one(
        """UPDATE lane SET head_seq = head_seq + 1, failures = 0, owner = '',
             ready_at = CASE WHEN head_seq + 1 > tail_seq OR paused <> '' THEN NULL ELSE CAST(:now AS BIGINT) END,
             mentioned_at = CASE WHEN :mentioned = 1 THEN CAST(:now AS BIGINT) ELSE mentioned_at END,
             gap_no = CASE WHEN :said = 1 THEN 0 ELSE gap_no END
           WHERE id = :lane AND epoch = :fence AND head_seq = :seq
           RETURNING ready_at, chat,
             EXISTS (SELECT 1 FROM incident WHERE kind = 'access_revoked' AND closed_at IS NULL) AS revoked
        """,
        {"lane": lane_id, "fence": fence, "seq": seq, "now": now, "mentioned": int(mentioned), "said": int(said)},
    )


def advance(tx: Tx, lane_id: int, now: int) -> None:
    """The head is settled: the next one may go at once, pacing permitting."""
    tx.execute(
        """UPDATE lane SET head_seq = head_seq + 1, failures = 0, owner = '',
             ready_at = CASE WHEN head_seq + 1 > tail_seq OR paused <> '' THEN NULL ELSE CAST(:now AS BIGINT) END
           WHERE id = :lane""",
        {"lane": lane_id, "now": now},
    )


def wait(tx: Tx, lane_id: int, until: int, *, failed: bool) -> None:
    """Leave the head where it is until `until`; `failed` counts towards the back-off."""
    tx.execute(
        """UPDATE lane SET ready_at = CASE WHEN paused <> '' THEN NULL ELSE CAST(:until AS BIGINT) END,
             owner = '', failures = failures + :failed WHERE id = :lane""",
        {"lane": lane_id, "until": until, "failed": int(failed)},
    )


def put_off(tx: Tx, lane_id: int, until: int) -> None:
    """Look at a leased lane again at `until`; the lease itself stays as it is."""
    tx.execute("UPDATE lane SET ready_at = :until WHERE id = :lane", {"lane": lane_id, "until": until})


def idle(tx: Tx, lane_id: int) -> None:
    """Nothing in the lane is left to send."""
    tx.execute("UPDATE lane SET ready_at = NULL, owner = '' WHERE id = :lane", {"lane": lane_id})


def pause(tx: Tx, lane_id: int, why: str) -> None:
    """Stop a lane until `resume`; what is queued stays queued."""
    tx.execute(
        "UPDATE lane SET paused = :why, ready_at = NULL, owner = '' WHERE id = :lane",
        {"lane": lane_id, "why": why},
    )


def resume(tx: Tx, lane_id: int, now: int) -> None:
    """Let a paused lane go on from its head."""
    tx.execute(
        """UPDATE lane SET paused = '', failures = 0,
             ready_at = CASE WHEN head_seq <= tail_seq THEN CAST(:now AS BIGINT) ELSE NULL END
           WHERE id = :lane AND paused <> ''""",
        {"lane": lane_id, "now": now},
    )


def nudge(tx: Tx, lane_id: int, now: int) -> None:
    """Bring a waiting, unleased lane forward: what its head waited for is there."""
    tx.execute(
        """UPDATE lane SET ready_at = CAST(:now AS BIGINT)
           WHERE id = :lane AND owner = '' AND paused = '' AND head_seq <= tail_seq""",
        {"lane": lane_id, "now": now},
    )


def of_user(tx: Tx, platform: str, workspace: str, user: str) -> list[Row]:
    """Every lane that ends at one account: its seats' rooms and its private chat."""
    return tx.all(
        "SELECT * FROM lane WHERE platform = :p AND workspace = :w AND user_ref = :u ORDER BY id",
        {"p": platform, "w": workspace, "u": user},
    )


def set_chat(tx: Tx, lane_id: int, chat: str) -> None:
    """Remember the private chat an account lane ends in."""
    tx.execute("UPDATE lane SET chat = :chat WHERE id = :lane", {"lane": lane_id, "chat": chat})


def set_gap(tx: Tx, lane_id: int, no: int) -> None:
    """Number of a parked message the next one must mention; 0 once it was said."""
    tx.execute("UPDATE lane SET gap_no = :no WHERE id = :lane", {"lane": lane_id, "no": no})


# --- pacing: one row a chat, since several lanes may share one -----------------------------------------------------


def pace(tx: Tx, platform: str, workspace: str, chat: str) -> Row:
    """The chat's pacing row, made if it is missing, locked."""
    key = {"p": platform, "w": workspace, "c": chat}
    query = "SELECT * FROM chat_pace WHERE platform = :p AND workspace = :w AND chat = :c FOR UPDATE"
    row = tx.one(query, key)
    if row is None:
        tx.execute("INSERT INTO chat_pace(platform, workspace, chat) VALUES (:p, :w, :c) ON CONFLICT DO NOTHING", key)
        row = tx.one(query, key)
    assert row is not None
    return row


def set_tat(tx: Tx, platform: str, workspace: str, chat: str, tat: int) -> None:
    """Commit the chat's next theoretical arrival time."""
    tx.execute(
        "UPDATE chat_pace SET tat = :tat WHERE platform = :p AND workspace = :w AND chat = :c",
        {"p": platform, "w": workspace, "c": chat, "tat": tat},
    )


def block_chat(tx: Tx, platform: str, workspace: str, chat: str, until: int, cut_until: int) -> None:
    """The platform said 429: nothing goes to this chat before `until`, and it gets no bursts until `cut_until`."""
    pace(tx, platform, workspace, chat)
    tx.execute(
        """UPDATE chat_pace SET blocked_until = :until, burst_cut_until = :cut
           WHERE platform = :p AND workspace = :w AND chat = :c""",
        {"p": platform, "w": workspace, "c": chat, "until": until, "cut": cut_until},
    )
