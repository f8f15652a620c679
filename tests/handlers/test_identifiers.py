"""The identifier guard as its people meet it: typed into a room, answered with a button."""

from __future__ import annotations

from bot.domain.addresses import Place
from bot.domain.outbound import Toast
from tests.handlers.helpers import REF, opened
from tests.support.front import Chat, Front

PHONE = "Her mobile is 07700 900142, UL2 lags."
REDACT, FINE = "Withdraw and resend redacted", "It's fine"


async def room_of(front: Front, chat: Chat) -> Place:
    """The room of this account's only case, once it stands."""
    await opened(front)
    await front.work.settle()
    (seat,) = await front.rows(f"SELECT * FROM seat WHERE platform = '{chat.account.platform}'")
    return Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])


async def test_typed_into_the_room_it_goes_on_and_is_asked_about(front: Front) -> None:
    room = await room_of(front, front.patel)
    await front.patel.types(PHONE, place=room)
    assert PHONE in await front.johal.texts()
    asked = await front.patel.last()
    assert asked.text.startswith("#1 seems to hold a phone number.")
    assert asked.labels == [REDACT, FINE]
    assert asked.post.silent
    assert asked.post.notice == f"{REF}: a line about this case"
    assert "seems to hold" not in await front.johal.texts()


async def test_the_specialist_is_asked_too(front: Front) -> None:
    room = await room_of(front, front.johal)
    await front.johal.types("Is Kwame ok to go weekly?", place=room)
    assert (await front.johal.last()).text.startswith("#1 seems to hold a name.")


async def test_withdraw_and_resend_redacted(front: Front) -> None:
    room = await room_of(front, front.patel)
    await front.patel.types(PHONE, place=room)
    assert await front.patel.presses(REDACT) is None
    (asked,) = [
        one for one in await front.patel.reads() if one.text.startswith("#1 is withdrawn, and this went instead")
    ]
    assert "as #2" in asked.text
    assert "Her mobile is [phone number], UL2 lags." in asked.text
    assert asked.labels == []
    assert asked.edits == 1
    copies = [one for one in await front.johal.reads() if one.post.message is not None]
    assert [one.post.heading for one in copies] == ["Dr Asha Patel · dentist · #2"]
    assert "900142" not in await front.johal.texts()


async def test_it_is_fine(front: Front) -> None:
    room = await room_of(front, front.patel)
    await front.patel.types(PHONE, place=room)
    await front.patel.presses(FINE)
    assert "#1 stays as it is, and I will not ask about that again" in await front.patel.texts()
    await front.patel.types("07700 900142, as I said.", place=room)
    assert (await front.patel.texts()).count("seems to hold") == 0
    assert await front.audited("identifier.fine") == 1
    assert await front.one("SELECT COUNT(*) FROM message WHERE state = 'withdrawn'") == 0


async def test_a_press_counts_once_and_for_its_person_alone(front: Front) -> None:
    room = await room_of(front, front.patel)
    await front.patel.types(PHONE, place=room)
    token = (await front.patel.button(REDACT)).token
    fine = (await front.patel.button(FINE)).token
    assert isinstance(await front.johal.press(token, live=True), Toast)
    assert await front.one("SELECT COUNT(*) FROM message") == 1
    await front.patel.press(token)
    await front.patel.press(token)
    await front.patel.press(fine)
    assert await front.one("SELECT COUNT(*) FROM message") == 2
    assert await front.one("SELECT state FROM identifier_hint") == "redacted"


async def test_withdrawn_by_hand_first(front: Front) -> None:
    room = await room_of(front, front.patel)
    await front.patel.types(PHONE, place=room)
    token = (await front.patel.button(REDACT)).token
    await front.patel.command("withdraw", "1", place=room)
    assert await front.patel.press(token, live=True) == Toast("#1 was withdrawn before. Nothing more was sent.")


async def test_what_was_held_is_looked_at_once_it_goes(front: Front) -> None:
    room = await room_of(front, front.patel)
    await front.patel.types(f"note: {PHONE}", place=room)
    assert await front.one("SELECT COUNT(*) FROM identifier_hint") == 0
    await front.patel.presses("Send to Dr Amar Johal")
    assert await front.one("SELECT COUNT(*) FROM identifier_hint") == 1
