"""Queueing what leaves: every message to a person is a delivery in a lane, in the transaction of its cause."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.codec import dump
from bot.domain.degradation import fit
from bot.domain.ids import CaseId, DeliveryId, LaneId, MessageId
from bot.domain.outbound import Button, CloseRoom, Delete, Edit, Payload, Pin, Post, RenameRoom
from bot.domain.richtext import RichText
from bot.services.unit import Unit
from storage import deliveries, lanes

KINDS: dict[type[Payload], str] = {
    Post: "post",
    Edit: "edit",
    Delete: "delete",
    Pin: "pin",
    RenameRoom: "rename_room",
    CloseRoom: "close_room",
}
FILES_ALONE, TEXT, CAPTION = 0, 1, 2
"""What a delivery holds of a person's words."""
TYPES: dict[str, type[Payload]] = {kind: payload for payload, kind in KINDS.items()}


def enqueue(
    unit: Unit,
    lane: LaneId,
    payload: Payload,
    *,
    case_id: CaseId | None = None,
    epoch: int = 0,
    late: bool = False,
) -> DeliveryId:
    """Queue one effect at the end of a lane. With an `epoch` it is void once the case's parties change."""
    post = payload if isinstance(payload, Post) else None
    delivery = DeliveryId(unit.new_id())
    lanes.lengthen(unit.tx, lane, unit.now)
    deliveries.add(
        unit.tx,
        id=delivery,
        lane_id=lane,
        kind=KINDS[type(payload)],
        payload=unit.seal(case_id or 0, "delivery", "payload_sealed", delivery, dump(payload)),
        now=unit.now,
        case_id=case_id,
        case_epoch=epoch,
        message_id=post.message if post else None,
        part=post.part if post and post.message else 0,
        card=post.card if post else "",
        late=late,
        words=TEXT if post is None else words_of(post),
    )
    unit.wake("outbox")
    return delivery


def words_of(post: Post) -> int:
    """Whether a person's words stand in a post, and how."""
    if not post.with_files:
        return TEXT
    return CAPTION if post.caption else FILES_ALONE


def post_text(
    unit: Unit,
    lane: LaneId,
    body: RichText,
    *,
    case_id: CaseId | None = None,
    epoch: int = 0,
    heading: str = "",
    footer: str = "",
    notice: str = "",
    buttons: tuple[tuple[Button, ...], ...] = (),
    message: MessageId | None = None,
    reply_to: MessageId | None = None,
    mention: bool = False,
    silent: bool = False,
    pin: bool = False,
    card: str = "",
    extra_parts: int = 0,
    platform: str | None = None,
    apart: int = 0,
) -> list[DeliveryId]:
    """Queue a text of any length: split where the lane's platform must, never cut. Buttons stand under the last part.

    `extra_parts` is how many more posts (files) of the same message will follow; `platform` is the lane's, where known.
    From character `apart` on it is a post of its own.
    """
    post = Post(
        body=body,
        heading=heading,
        footer=footer,
        notice=notice,
        buttons=buttons,
        reply_to=reply_to,
        message=message,
        mention=mention,
        silent=silent,
        pin=pin,
        card=card,
    )
    return post_parts(
        unit, lane, post, case_id=case_id, epoch=epoch, extra_parts=extra_parts, platform=platform, apart=apart
    )


def post_parts(
    unit: Unit,
    lane: LaneId,
    post: Post,
    *,
    case_id: CaseId | None = None,
    epoch: int = 0,
    extra_parts: int = 0,
    platform: str | None = None,
    apart: int = 0,
) -> list[DeliveryId]:
    """Queue a post of words alone in as many parts as they need; see `post_text`."""
    body, heading, footer = post.body, post.heading, post.footer
    pieces = pieces_for(unit, lane, body.slice(0, apart) if apart else body, heading, footer, platform=platform)
    if apart:
        pieces += pieces_for(unit, lane, body.slice(apart), "", footer, platform=platform)
    parts = len(pieces) + extra_parts
    made = [
        enqueue(unit, lane, _part(post, piece, index, len(pieces), parts), case_id=case_id, epoch=epoch)
        for index, piece in enumerate(pieces, 1)
    ]
    if post.pin and made:
        enqueue(unit, lane, Pin(made[0]), case_id=case_id, epoch=epoch)
    return made


def _part(post: Post, piece: RichText, index: int, last: int, parts: int) -> Post:
    """One part of a post: what stands above its words is the first's, what stands below them the last's."""
    if parts == 1 and piece is post.body:
        return post
    return replace(
        post,
        body=piece,
        heading=post.heading if index == 1 else "",
        footer=post.footer if index == last else "",
        buttons=post.buttons if index == last else (),
        reply_to=post.reply_to if index == 1 else None,
        part=index,
        parts=parts,
        mention=post.mention and index == 1,
        silent=post.silent or index > 1,
        card=post.card if index == 1 else "",
    )


def pieces_for(
    unit: Unit,
    lane: LaneId,
    body: RichText,
    heading: str,
    footer: str,
    *,
    limit: int | None = None,
    platform: str | None = None,
) -> list[RichText]:
    """The text as the lane's platform can show it, in pieces that fit, heading and footer counted in; at least one.

    `limit` is another than that of the platform's texts: that of its captions. `platform` is the lane's, where known.
    """
    if platform is None:
        row = lanes.get(unit.tx, lane)
        assert row is not None
        platform = str(row["platform"])
    capabilities = unit.capabilities[platform]
    most = capabilities.text_limit if limit is None else limit
    room = max(most - 2 * (len(heading) + len(footer)) - 64, 1)
    parts, _ = fit(body, capabilities.platform, room, capabilities.text_unit)
    return list(parts) or [body]
