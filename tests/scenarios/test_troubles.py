"""A bot blocked, a room lost: everybody is told where they are, and what was said arrives once the trouble ends."""

from __future__ import annotations

from pathlib import Path

from tests.support.sides import SlackSide, TelegramSide
from tests.support.theatre import Theatre, eventually


async def a_minute_passes(play: Theatre) -> None:
    """Once something that was said waits."""
    await eventually(lambda: play.rows("SELECT id FROM message WHERE state IN ('waiting', 'uncertain')"))
    await play.later(minutes=1)


async def test_bot_blocked(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await play.patel.blocks()
        await play.sam.sees("patel cannot be reached: they have blocked the bot or never pressed Start.")
        await specialist.says("Please send a photo")
        await a_minute_passes(play)
        await specialist.sees("#1 is waiting")
        await play.restart()
        await play.patel.unblocks()
        await dentist.sees("Please send a photo")
        await specialist.sees("#1 has now arrived.")


async def test_bot_blocked_without_a_word(tmp_path: Path) -> None:
    """The block is only found out by sending; Start lets everything go on."""
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.patel._chat.blocked = True
        await specialist.says("Please send a photo")
        await play.sam.sees("patel cannot be reached")
        await play.patel.start()
        await dentist.sees("Please send a photo")
        assert dentist.count("Please send a photo") == 1


async def test_bot_removed_from_the_channel(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        bot = play.workspace.data.bot_user
        await play.johal.removes(bot, specialist.room)
        await play.sam.sees(f"The room of {ref} is closed or the bot was removed from it. Nothing is lost")
        await dentist.says("Does this look right?")
        await a_minute_passes(play)
        await dentist.sees("#1 is waiting")
        await play.johal.invites(bot, specialist.room)
        await play.later(minutes=1)
        await specialist.sees("Does this look right?")
        await dentist.sees("#1 has now arrived.")


async def test_channel_archived_and_brought_back(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        await play.johal.archives(specialist.room)
        await play.sam.sees(f"The room of {ref} is closed")
        await dentist.says("Does this look right?")
        await a_minute_passes(play)
        await dentist.sees("#1 is waiting")
        await play.johal.archives(specialist.room, on=False)
        await specialist.sees("Does this look right?")


async def test_a_guest_who_is_gone_again_without_a_word(tmp_path: Path) -> None:
    """Slack does not always say that somebody left: the room is looked at by the hour and goes on by itself."""
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        await play.johal.invites("U0004", specialist.room)
        await play.sam.sees(f"Somebody else is in the room of {ref}")
        await dentist.says("Does this look right?")
        await a_minute_passes(play)
        await dentist.sees("#1 is waiting")
        specialist.room.members.remove("U0004")
        await play.later(minutes=61)
        await specialist.sees("Does this look right?")
        await play.shah.sees_nothing_like("Does this look right?")
        assert await play.rows("SELECT id FROM incident WHERE closed_at IS NULL") == []


async def test_channel_deleted(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        await play.johal.deletes_channel(specialist.room)
        await dentist.says("Does this look right?")
        await eventually(lambda: [one for one in play.johal.channels if one is not specialist.room])
        again = await play.room("johal", ref)
        await again.sees("Does this look right?")
        await again.sees("The room for this case was closed or deleted, so here it is again.")
        await again.says("It does")
        await dentist.sees("It does")


async def test_channel_deleted_without_a_word(tmp_path: Path) -> None:
    """The deletion is only found out by sending."""
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        del play.workspace.data.channels[specialist.room.id]
        await play.later(minutes=2)  # nobody goes by an older look at its members
        await dentist.says("Does this look right?")
        await play.sam.sees(f"The room of {ref} is closed or the bot was removed from it.")
        await play.later(minutes=2)
        again = await play.room("johal", ref)
        await again.sees("Does this look right?")
        assert await play.rows("SELECT id FROM incident WHERE closed_at IS NULL") == []


async def test_topic_deleted(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(dentist, TelegramSide)
        assert dentist.room is not None
        before = dentist.room
        await play.patel.deletes_topic(before)
        await specialist.says("Hold the aligner, please")
        await play.patel.sees_topic(ref)
        again = await play.room("patel", ref)
        await again.sees("The room for this case was closed or deleted, so here it is again.")
        await again.sees("Hold the aligner, please")
        card = await again.sees("What you type here goes to Dr Amar Johal on Slack.")
        await eventually(lambda: card.pinned)
        await again.says("Will do")
        await specialist.sees("Will do")
        assert [topic.name for topic in play.patel.topics] == [before.name]


async def test_topics_switched_off_and_messages_that_went_astray(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        _, specialist = await play.rooms(await play.open_case())
        play.telegram.bot().has_topics_enabled = False
        await play.patel.deletes_topic(play.patel.topics[0])
        await specialist.says("Hold the aligner, please")
        copy = await play.patel.sees("Hold the aligner, please")
        assert specialist.ref in copy.text
        await play.patel.says("Will do")
        await specialist.sees("Will do")
