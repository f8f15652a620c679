"""Albums between all pairs of apps: they stay together, their words stay with them, and no file takes another along."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bot.sandbox.faults import Kind
from tests.scenarios.test_pairings import roster_of
from tests.support.albums import albums, gets_together, hashes, sends_all
from tests.support.papers import page, picture
from tests.support.theatre import RULES, Theatre, eventually

DIRECTIONS = ("telegram-slack", "slack-telegram", "telegram-telegram", "slack-slack")
PHOTOS = [(f"view{shade}.png", picture(shade)) for shade in (10, 20, 30)]
WORDS = "Fit of aligner 6, UL2 does not seat"


@pytest.mark.fidelity("Album", how="together, each picture can be replied to")
@pytest.mark.parametrize("pairing", DIRECTIONS)
async def test_an_album_stays_together_and_each_of_its_pictures_is_the_message(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        sent = await sends_all(dentist, PHOTOS, WORDS)
        words = await specialist.sees(WORDS)
        assert "Dr Asha Patel · dentist" in specialist.words(words)
        shown = await gets_together(specialist, [data for _, data in PHOTOS])
        assert specialist.count(WORDS) == 1
        await dentist.marked(sent[0])
        await play.restart()

        for number, picture_shown in enumerate(shown, 1):  # a reply to any of them
            await specialist.says(f"To picture {number}", reply_to=picture_shown)
            answer = await dentist.sees(f"To picture {number}")
            assert dentist.answers(answer).startswith(WORDS)
        follow_up = await dentist.says("One more thing about these", reply_to=sent[-1])
        reply = await specialist.sees("One more thing about these")
        assert WORDS in specialist.answers(reply)
        assert follow_up is not None

        await dentist.edits(sent[0], WORDS.replace("UL2", "UL3"))
        await specialist.sees("UL3 does not seat")
        await specialist.sees_no_more("UL2 does not seat")
        await dentist.takes_back(sent[-1])
        await specialist.sees("has withdrawn #1")
        await eventually(lambda: not albums(specialist))


@pytest.mark.parametrize("pairing", DIRECTIONS)
async def test_a_mixture_goes_together_as_far_as_the_other_app_lets_it(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        plans = [("plan.pdf", page("one")), ("consent.pdf", page("two"))]
        if dentist.platform == "slack":  # Telegram lets nobody send these together
            await sends_all(dentist, [*PHOTOS[:2], *plans], "Photos and plans")
        else:
            await sends_all(dentist, PHOTOS[:2], "Photos and plans")
            await sends_all(dentist, plans)
        await specialist.sees("Photos and plans")
        if pairing == "slack-slack":
            await gets_together(specialist, [data for _, data in (*PHOTOS[:2], *plans)])
        else:
            await gets_together(specialist, [data for _, data in PHOTOS[:2]])
            await gets_together(specialist, [data for _, data in plans])


@pytest.mark.fidelity("File that cannot pass", how="refused aloud, the text and the others go")
@pytest.mark.parametrize("pairing", DIRECTIONS)
async def test_a_file_that_cannot_pass_takes_neither_the_words_nor_the_others(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        files = [PHOTOS[0], ("torn.jpg", b"\xff\xd8\xff\xe0torn"), PHOTOS[2]]
        await sends_all(dentist, files, WORDS)
        await specialist.sees(WORDS)
        await gets_together(specialist, [PHOTOS[0][1], PHOTOS[2][1]])
        await dentist.sees("File 2 of 3 with #1 was not passed on: the photo is damaged")
        await specialist.sees("A file that came with #1 could not be passed on")


@pytest.mark.fidelity("Caption over the limit", how="split off whole")
@pytest.mark.parametrize("pairing", ["slack-telegram", "telegram-telegram"])
async def test_words_over_the_limit_of_a_caption_are_split_off_whole(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        long = " ".join(f"Line {number}: UL4 is <0.2 mm off." for number in range(32))[:1024]
        await sends_all(dentist, PHOTOS, long)
        said = await specialist.sees(long[-60:])
        assert long in specialist.words(said)
        assert said.media is None
        await gets_together(specialist, [data for _, data in PHOTOS])
        await dentist.says("Short again")
        await specialist.sees("Short again")


async def test_an_album_half_gathered_at_a_restart_is_handed_over_after_it(tmp_path: Path) -> None:
    rules = dataclasses.replace(RULES, album_pause=1_000_000)
    async with Theatre(tmp_path, rules=rules) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        name = "10000000000000077"
        await play.patel.sends_file("photo", PHOTOS[0][1], caption=WORDS, topic=dentist.room, album=name)
        await eventually(lambda: play.rows("SELECT id FROM album_part"))
        await play.down()
        await play.patel.sends_file("photo", PHOTOS[1][1], topic=dentist.room, album=name)
        await play.up()
        await specialist.sees(WORDS)
        await gets_together(specialist, [data for _, data in PHOTOS[:2]])


@pytest.mark.parametrize("pairing", ["telegram-slack", "slack-slack"])
@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.DROP_AFTER, Kind.ERROR_AFTER])
async def test_a_stop_between_upload_and_showing_makes_no_second_album(
    tmp_path: Path, pairing: str, kind: Kind
) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.slack.faults.add(kind, method="files.completeUploadExternal", times=1)
        await sends_all(dentist, PHOTOS, WORDS)
        await eventually(lambda: play.rows("SELECT id FROM delivery WHERE state = 'uncertain'"))
        await play.restart()
        await gets_together(specialist, [data for _, data in PHOTOS])
        await dentist.says("And that is that")
        await specialist.sees("And that is that")
        assert len(albums(specialist)) == 1


async def test_a_lost_answer_repeats_an_album_on_telegram_and_says_so(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster_of("slack-telegram")) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.telegram.faults.add(Kind.DROP_AFTER, method="sendMediaGroup")
        await sends_all(dentist, PHOTOS, WORDS)
        await specialist.sees("This may be a repeat")
        first, second = albums(specialist)
        assert hashes(first) == hashes(second)
        assert len(second) == len(PHOTOS)


@pytest.mark.parametrize("pairing", ["telegram-slack", "slack-telegram"])
async def test_a_download_that_is_down_holds_up_no_words(tmp_path: Path, pairing: str) -> None:
    rules = dataclasses.replace(RULES, caption_wait=300_000)
    async with Theatre(tmp_path, roster=roster_of(pairing), rules=rules) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        here = play.telegram if dentist.platform == "telegram" else play.slack
        down = here.faults.add(Kind.DROP_BEFORE, method="download", times=None)
        await sends_all(dentist, PHOTOS, WORDS)
        await specialist.sees(WORDS)
        assert albums(specialist) == []
        here.faults.remove(down)
        await gets_together(specialist, [data for _, data in PHOTOS])
