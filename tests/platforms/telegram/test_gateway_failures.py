"""Messages out that do not arrive: what each failure becomes, and that none of them tells too much."""

import asyncio

import pytest

from bot.domain.errors import NotSent, Reason, Refused, Unknown
from bot.domain.outbound import Post
from bot.platforms.telegram.gateway import TelegramGateway
from bot.platforms.telegram.ids import account, place
from bot.ports.gateway import Sent, Target
from bot.sandbox.faults import Kind
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import ASHA, nothing, post, target


async def send(gateway: TelegramGateway, content: Post, to: Target | None = None, reply_to: str | None = None) -> Sent:
    return await gateway.post(to or target(), content, "1", reply_to, nothing, "")


# -- people who cannot be reached -----------------------------------------------------------------------------------


async def test_blocked(gateway: TelegramGateway, asha: Person) -> None:
    await asha.blocks()
    with pytest.raises(Refused) as refused:
        await send(gateway, post())
    assert refused.value.reason is Reason.BLOCKED


async def test_never_started(gateway: TelegramGateway, telegram: FakeTelegram) -> None:
    telegram.add_user(700002, "Amar")
    for number in (700002, 700003):  # never pressed Start; never heard of
        with pytest.raises(Refused) as refused:
            await send(gateway, post(), target(chat=number, owner=number))
        assert refused.value.reason is Reason.NOT_STARTED


async def test_deactivated(gateway: TelegramGateway, asha: Person) -> None:
    await asha.deactivates()
    with pytest.raises(Refused) as refused:
        await send(gateway, post())
    assert refused.value.reason is Reason.NO_SUCH_PERSON


# -- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (Kind.DROP_BEFORE, 0),
        (Kind.DROP_AFTER, 1),
        (Kind.DISCONNECT, 1),
        (Kind.ERROR_BEFORE, 0),
        (Kind.ERROR_AFTER, 1),
        (Kind.HTML, 0),
    ],
)
async def test_what_nobody_can_know_is_unknown(
    gateway: TelegramGateway, asha: Person, telegram: FakeTelegram, kind: Kind, shown: int
) -> None:
    telegram.faults.add(kind, method="sendMessage")
    with pytest.raises(Unknown):
        await send(gateway, post("Once"))
    assert len(telegram.truth.messages(ASHA)) == shown  # and never sent a second time by itself


async def test_accepted_late(gateway: TelegramGateway, asha: Person, telegram: FakeTelegram) -> None:
    telegram.faults.add(Kind.ACCEPT_LATE, method="sendMessage", seconds=0.05)
    with pytest.raises(Unknown) as unknown:
        await send(gateway, post("Late"))
    assert "timeout" in unknown.value.detail.lower()
    await telegram.faults.idle()
    assert len(telegram.truth.messages(ASHA)) == 1


async def test_an_html_page_with_status_200_is_unknown(
    gateway: TelegramGateway, asha: Person, telegram: FakeTelegram
) -> None:
    telegram.faults.add(Kind.HTML, method="sendMessage", status=200)
    with pytest.raises(Unknown) as unknown:
        await send(gateway, post())
    assert unknown.value.detail == "unreadable"


async def test_a_rate_limit_is_not_sent_and_says_how_long(
    gateway: TelegramGateway, asha: Person, telegram: FakeTelegram
) -> None:
    telegram.faults.add(Kind.RATE_LIMIT, method="sendMessage", retry_after=7)
    with pytest.raises(NotSent) as paced:
        await send(gateway, post())
    assert (paced.value.paced, paced.value.retry_after) == (True, 7)
    assert telegram.truth.messages(ASHA) == []


async def test_a_refused_connection_is_not_sent(gateway: TelegramGateway, asha: Person, telegram: FakeTelegram) -> None:
    await telegram.down()
    with pytest.raises(NotSent) as refused:
        await send(gateway, post())
    assert not refused.value.paced
    await telegram.up()
    await send(gateway, post("Back"))
    assert [one.text for one in telegram.truth.messages(ASHA)] == ["Back"]


async def test_a_revoked_token(gateway: TelegramGateway, asha: Person, telegram: FakeTelegram) -> None:
    telegram.bot().revoked = True
    with pytest.raises(Refused) as refused:
        await send(gateway, post())
    assert refused.value.reason is Reason.ACCESS_REVOKED


async def test_no_error_ever_holds_the_token_or_the_words(
    gateway: TelegramGateway, asha: Person, telegram: FakeTelegram
) -> None:
    secret = telegram.token.partition(":")[2]
    failures: list[BaseException] = []
    for kind in Kind:
        telegram.faults.clear()
        telegram.faults.add(kind, method="sendMessage", seconds=0.01)
        try:
            await send(gateway, post("canary words"))
        except (NotSent, Unknown, Refused) as error:
            failures.append(error)
    await telegram.down()
    try:
        await send(gateway, post("canary words"))
    except NotSent as error:
        failures.append(error)
    await telegram.faults.idle()
    assert len(failures) >= 8
    for error in failures:
        # Not in itself, and not in what a traceback would show behind it.
        assert error.__suppress_context__
        assert error.__cause__ is None
        told = f"{error!s} {error!r} {vars(error)}"
        assert secret not in told
        assert "canary" not in told


async def test_a_group_that_moved(gateway: TelegramGateway, telegram: FakeTelegram) -> None:
    # Never a room of ours, but a wrong row must not loop for ever.
    person = telegram.add_user(700009, "Amar")
    await person.start()
    there = telegram.add_group(-500, "Old", person)
    await there.upgrades(person, -1000500)
    with pytest.raises(Refused) as refused:
        await send(gateway, post(), Target(place(-500), account(-500)))
    assert refused.value.reason is Reason.WRONG_MEMBERS


async def test_many_sends_share_the_connections(gateway: TelegramGateway, telegram: FakeTelegram) -> None:
    people = [telegram.add_user(700100 + number, "Asha") for number in range(40)]
    for person in people:
        await person.start()
    await asyncio.gather(*(send(gateway, post(f"for {one.id}"), target(chat=one.id, owner=one.id)) for one in people))
    for person in people:
        assert [one.text for one in person.messages()] == [f"for {person.id}"]
