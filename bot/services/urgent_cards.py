"""The cards of an urgent item: who is asked in their direct chat, what its sender sees, and how both end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.domain.names import short_name
from bot.domain.outbound import Button, ButtonStyle, Edit, Post
from bot.domain.richtext import plain
from bot.services import buttons, notices, outbox, relay
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, messages, seats

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """One urgent message with its case's two seats; `reader` None while nobody has the other one."""

    id: int
    message: Row
    author: Row
    reader: Row | None

    @property
    def card(self) -> str:
        """Its name in both chats, and that of its buttons' group."""
        return f"urgent:{self.id}"


def asking_of(unit: Unit, row: Row) -> Asking | None:
    """The message and the seats as they are now; None once nobody has its author's."""
    message = messages.get(unit.tx, row["message_id"])
    assert message is not None
    author = seats.of_case(unit.tx, row["case_id"], message["side"])
    if author is None:
        return None
    return Asking(row["id"], message, author, seats.of_case(unit.tx, row["case_id"], relay.OTHER[message["side"]]))


def page(unit: Unit, asking: Asking, reader: Row) -> None:
    """Ask the other side in their own direct chat: who, in which case, and nothing of what was said."""
    name, ref = short_name(asking.author["person_name"]), reader["ref"]
    notices.to_person(
        unit,
        PersonId(reader["person_id"]),
        say("draft.escalated_direct", no=asking.message["no"], name=name, ref=ref),
        buttons=((have_it(unit, asking, PersonId(reader["person_id"]), int(reader["case_epoch"])),),),
        notice=say("notice.urgent", name=name, ref=ref),
        card=asking.card,
    )


def today(unit: Unit, asking: Asking, reader: Row, *, silent: bool) -> None:
    """Ask the other side in their own direct chat to answer before the day ends; nothing of what was said."""
    name, ref = short_name(asking.author["person_name"]), reader["ref"]
    notices.to_person(
        unit,
        PersonId(reader["person_id"]),
        say("urgent.today_direct", no=asking.message["no"], name=name, ref=ref),
        buttons=((have_it(unit, asking, PersonId(reader["person_id"]), int(reader["case_epoch"])),),),
        notice=say("notice.today", name=name, ref=ref),
        card=asking.card,
        silent=silent,
    )


def page_too(unit: Unit, asking: Asking, person: Row, *, today: bool = False) -> None:
    """Ask somebody who has no seat in the case: they learn whose it is, not which, nor what was said."""
    assert asking.reader is not None
    names = {"name": short_name(asking.author["person_name"]), "reader": short_name(asking.reader["person_name"])}
    notices.to_person(
        unit,
        PersonId(person["id"]),
        say("urgent.stand_in_today" if today else "urgent.stand_in", **names),
        buttons=((have_it(unit, asking, PersonId(person["id"]), 0),),),
        notice=say("urgent.stand_in_today_notice" if today else "urgent.stand_in_notice", name=names["name"]),
        card=asking.card,
    )


def have_it(unit: Unit, asking: Asking, person_id: PersonId, epoch: int) -> Button:
    return buttons.make(
        unit,
        "urgent.seen",
        person_id=person_id,
        label=say("urgent.button.have_it"),
        case_id=CaseId(asking.message["case_id"]),
        case_epoch=epoch,
        data={"urgent": asking.id},
        group=asking.card,
        style=ButtonStyle.PRIMARY,
    )


def stop(unit: Unit, asking: Asking) -> tuple[tuple[Button, ...], ...]:
    """[Not urgent], for its sender."""
    made = buttons.for_seat(
        unit,
        asking.author,
        "urgent.stop",
        say("urgent.button.not_urgent"),
        data={"urgent": asking.id},
        group=asking.card,
        lasting=True,
    )
    return ((made,),)


def post_card(unit: Unit, asking: Asking, words: str, *, silent: bool = False) -> None:
    """The line in its sender's room that is kept up to date."""
    notices.to_seat(unit, asking.author, words, buttons=stop(unit, asking), card=asking.card, silent=silent)


def close(unit: Unit, asking: Asking, row: Row, here: str, there: str) -> None:
    """It is settled: no button of it works any more, and every line that asked says what came of it."""
    buttons.void_group(unit, asking.card)
    notices.resolved(unit, "urgent_unseen", asking.author["ref"])
    ref = asking.author["ref"]
    lane = notices.lane_of_seat(unit, asking.author)
    post = Post(body=plain(here), notice=say("notice.case", ref=ref), silent=True)
    outbox.enqueue(unit, lane, Edit(post, card=asking.card), case_id=CaseId(row["case_id"]))
    for person_id in filter(None, (row["reader_id"], row["second_id"])):
        account = accounts.reach(unit.tx, person_id)
        if account is None:
            continue
        account_lane = notices.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])
        words = f"{ref} · {there}" if person_id == row["reader_id"] else there
        outbox.enqueue(
            unit,
            account_lane,
            Edit(Post(body=plain(words), notice=say("notice.service"), silent=True), card=asking.card),
        )
