"""Words and files of a message as posts: files that may stand together do, words stand with them where they fit.

No file holds up what goes with it for long: what is not there in time follows by itself, what cannot pass is left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from bot.domain.codec import dump, load
from bot.domain.errors import Reason
from bot.domain.events import FileKind
from bot.domain.ids import AttachmentId, CaseId, LaneId
from bot.domain.outbound import FileToSend, Payload, Post
from bot.domain.richtext import RichText, plain
from bot.domain.rules import SECOND
from bot.ports.gateway import Capabilities
from bot.services import large_files, outbox, parcels, voice_notes
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, deliveries, lanes, messages

Row = dict[str, Any]
SPARE = 128
"""Characters of a caption left for what is only known when it is sent: a gap, a repeat, that it is late."""
APART = frozenset({Reason.BAD_CONTENT, Reason.TOO_LARGE, Reason.OTHER})
"""Refusals that may be about one file alone."""


def send(
    unit: Unit,
    lane: LaneId,
    platform: str,
    post: Post,
    files: Sequence[Row],
    *,
    case_id: CaseId,
    epoch: int,
    apart: int = 0,
) -> None:
    """Queue what was said, with its files (attachment rows): `post` holds the words, and the heading for all of it.

    `platform` is the lane's. Words without files are a post of their own from character `apart` on.
    """
    capabilities = unit.capabilities[platform]
    groups = grouped(capabilities, files)
    caption = _as_caption(unit, lane, capabilities, post, groups)
    part = 1
    if caption is None and post.body.text:
        made = outbox.post_parts(
            unit, lane, post, case_id=case_id, epoch=epoch, extra_parts=len(files), platform=platform, apart=apart
        )
        if not groups:
            return
        part += len(made)
        post = dataclasses.replace(post, heading="", reply_to=None)
    parts = part - 1 + len(files)
    for group in groups:
        post = dataclasses.replace(
            post,
            body=_beside(unit, group) if caption is None else caption,
            caption=caption is not None,
            part=part,
            parts=parts,
        )
        outbox.enqueue(unit, lane, _of(post, [one["id"] for one in group]), case_id=case_id, epoch=epoch)
        post, caption = dataclasses.replace(post, heading="", reply_to=None), None
        part += len(group)


def grouped(capabilities: Capabilities, files: Iterable[Row]) -> list[list[Row]]:
    """Attachment rows as they may stand together in one message, in order; one that is too large is alone."""
    groups: list[tuple[frozenset[FileKind] | None, list[Row]]] = []
    for file in files:
        size = int(file["size"])
        kind = capabilities.shown_as(FileKind(file["kind"]), file["mime"], size)
        sort = next((group for group in capabilities.albums if kind in group), None)
        if size > capabilities.upload_limit:
            sort = None
        for other, rows in groups:
            room = len(rows) < capabilities.album_limit
            total = sum(int(row["size"]) for row in rows) + size
            if sort is not None and other == sort and room and total <= capabilities.upload_limit:
                rows.append(file)
                break
        else:
            groups.append((sort, [file]))
    return [rows for _, rows in groups]


def with_files(unit: Unit, lane: Row, seat: Row | None, row: Row, post: Post) -> Post | None:
    """The post with its stored files; None when the lane waits for them, or goes on without them.

    What is not there in time, or turns out not to fit in, follows in posts of its own.
    """
    ids = post.album or ((post.attachment,) if post.attachment is not None else ())
    if not ids:
        return post  # a file of the service's own, in the store already
    rows = [found for one in ids if (found := attachments.get(unit.tx, one)) is not None]
    stored = [one for one in rows if one["state"] in ("stored", "picture")]
    late = [one for one in rows if one["state"] == "to_fetch"]
    if late and _waits(unit, lane, row, post, some=bool(stored)):
        return None
    if not stored and not post.caption:
        parcels.void(unit, row, "file_not_passed_on")
        lanes.advance(unit.tx, lane["id"], unit.now)
        return None
    together = stored
    if not row["attempts"]:  # what went in the first try goes in any other
        groups = grouped(unit.capabilities[lane["platform"]], stored)
        together = groups[0] if groups else []
        _follow(unit, row, post, together, [*groups[1:], *grouped(unit.capabilities[lane["platform"]], late)])
    if seat is not None and len(together) == 1 and large_files.too_large(unit, seat, together[0]):
        return large_files.instead(unit, seat, post, together[0])
    files = tuple(_to_send(unit, one) for one in together)
    alone = dataclasses.replace(_of(post, [one["id"] for one in together]), file=None, files=())
    return dataclasses.replace(alone, file=files[0]) if len(files) == 1 else dataclasses.replace(alone, files=files)


def apart(unit: Unit, row: Row, payload: Payload | None, reason: Reason) -> bool:
    """A refused post of several things goes again as single ones, so that none takes the others with it.

    False if it was one thing, or if it may have arrived after all.
    """
    if not isinstance(payload, Post) or not payload.with_files or reason not in APART or row["repeated"]:
        return False
    several = len(payload.files) > 1
    if not (several or payload.caption) or int(row["attempts"]) >= unit.rules.poison_attempts:
        return False
    body = unit.unseal(row["case_id"] or 0, "delivery", "payload_sealed", row["id"], row["payload_sealed"])
    post = load(Post, body)
    deliveries.mark_void(unit.tx, row["id"], unit.now, "sent apart")
    unit.audit(row["case_id"] or 0, "service", "delivery.apart", delivery=row["id"], files=len(payload.carried))
    if post.caption:
        _enqueue_after(unit, row, dataclasses.replace(_of(post, ()), caption=False))
        post = dataclasses.replace(post, heading=_more(unit, post), reply_to=None)
    ids = post.album or ((post.attachment,) if post.attachment is not None else ())
    for index, one in enumerate(ids):
        found = attachments.get(unit.tx, one)
        if found is None or found["state"] != "stored":
            continue
        single = dataclasses.replace(_of(post, [one]), body=_beside(unit, [found]), caption=False)
        _enqueue_after(unit, row, dataclasses.replace(single, part=post.part + index))
        post = dataclasses.replace(post, heading="", reply_to=None)
    return True


def edited(unit: Unit, lane: LaneId, row: Row, post: Post) -> Post | None:
    """New words for the post of a delivery as they can stand there, under its files or alone; None if they cannot."""
    if row["words"] == outbox.CAPTION:
        return under_files(unit, lane, post)
    pieces = outbox.pieces_for(unit, lane, post.body, post.heading, post.footer)
    whole = len(pieces) == 1 and bool(post.body.text)
    return dataclasses.replace(post, body=pieces[0]) if whole else None


def under_files(unit: Unit, lane: LaneId, post: Post) -> Post | None:
    """A post's words as they can stand under files; None if they cannot. An app without captions takes them beside."""
    ends_in = lanes.get(unit.tx, lane)
    assert ends_in is not None
    most = unit.capabilities[str(ends_in["platform"])].caption_limit
    limit = most - SPARE if most else None
    pieces = outbox.pieces_for(unit, lane, post.body, post.heading, post.footer, limit=limit)
    return dataclasses.replace(post, body=pieces[0], caption=True) if len(pieces) == 1 else None


def which(unit: Unit, file: Row, message: Row) -> str:
    """A file as its sender knows it: by its message, and by its place in it where there are several."""
    of = len(attachments.of_message(unit.tx, message["id"]))
    if of == 1:
        return say("relay.file.which", no=message["no"])
    return say("relay.file.which_of", n=file["position"], of=of, no=message["no"])


def stands(unit: Unit, row: Row, seat: int, natives: Sequence[str], place: tuple[str, str, str]) -> None:
    """A delivery stands as one or several messages: each is known as a part. `place`: platform, workspace and chat."""
    for index, native in enumerate(natives):
        messages.add_part(
            unit.tx,
            message_id=row["message_id"],
            seat_id=seat,
            role="copy",
            part=int(row["part"]) + index,
            platform=place[0],
            workspace=place[1],
            chat=place[2],
            native_id=native,
            copy=row["id"],
        )


def _as_caption(
    unit: Unit, lane: LaneId, capabilities: Capabilities, post: Post, groups: Sequence[Sequence[Row]]
) -> RichText | None:
    """The words as they may stand under the first files, if they fit there and nothing else has to."""
    if not groups or not capabilities.caption_limit or not post.body.text or not _beside(unit, groups[0]).blank:
        return None
    if any(int(one["size"]) > capabilities.upload_limit for one in groups[0]):
        return None
    limit = capabilities.caption_limit - SPARE
    pieces = outbox.pieces_for(unit, lane, post.body, post.heading, "", limit=limit)
    return pieces[0] if len(pieces) == 1 else None


def _beside(unit: Unit, group: Sequence[Row]) -> RichText:
    """What stands with files of its own: the length of each voice note."""
    said = [voice_notes.shown(unit, one).text for one in group]
    return plain("\n".join(filter(None, said)))


def _of(post: Post, ids: Sequence[AttachmentId]) -> Post:
    one = ids[0] if len(ids) == 1 else None
    return dataclasses.replace(post, attachment=one, album=tuple(ids) if len(ids) > 1 else ())


def _waits(unit: Unit, lane: Row, row: Row, post: Post, *, some: bool) -> bool:
    """Whether a lane waits longer for files under way. Alone they keep their place, however long it takes."""
    until = unit.now + 5 * SECOND
    if post.caption or some:
        most = unit.rules.caption_wait if post.caption else unit.rules.album_wait
        if not 0 <= unit.now - int(row["queued_at"]) < most:
            return False
        until = min(until, int(row["queued_at"]) + most)
    lanes.wait(unit.tx, lane["id"], until, failed=False)
    return True


def _follow(unit: Unit, row: Row, post: Post, together: Sequence[Row], others: Sequence[Sequence[Row]]) -> None:
    """Fix what a delivery carries before its first try, and queue the other files behind what is queued by now."""
    if not others:
        return
    kept = _of(post, [one["id"] for one in together])
    sealed = unit.seal(row["case_id"] or 0, "delivery", "payload_sealed", row["id"], dump(kept))
    deliveries.set_payload(unit.tx, row["id"], sealed, outbox.words_of(kept))
    part = post.part + len(together)
    for group in others:
        rest = dataclasses.replace(
            _of(post, [one["id"] for one in group]),
            body=_beside(unit, group),
            caption=False,
            heading=_more(unit, post),
            reply_to=None,
            part=part,
        )
        _enqueue_after(unit, row, rest)
        part += len(group)


def _more(unit: Unit, post: Post) -> str:
    """The heading of files that stand apart from what they came with."""
    message = None if post.message is None else messages.get(unit.tx, post.message)
    return "" if message is None else say("relay.more", no=message["no"])


def _enqueue_after(unit: Unit, row: Row, post: Post) -> None:
    case_id = None if row["case_id"] is None else CaseId(row["case_id"])
    late = bool(row["late"])
    outbox.enqueue(unit, LaneId(row["lane_id"]), post, case_id=case_id, epoch=int(row["case_epoch"]), late=late)


def _to_send(unit: Unit, file: Row) -> FileToSend:
    about = parcels.file_about(unit, file)
    kind, case = FileKind(file["kind"]), CaseId(file["case_id"])
    return FileToSend(file["blob"], about.name, kind, file["mime"], int(file["size"]), case)
