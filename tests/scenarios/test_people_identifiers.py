"""People 24: at most one identifier hint for each case and day, but for what presses."""

from __future__ import annotations

from pathlib import Path

from tests.support.theatre import Theatre


async def test_people_24_one_hint_a_case_and_day_but_for_what_presses(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("Is Kwame ok to go weekly?")
        await specialist.sees("Is Kwame ok to go weekly?")
        await dentist.sees("seems to hold a name.")

        await dentist.says("I told Annabel she would need buttons.")
        await specialist.sees("I told Annabel she would need buttons.")
        await play.restart()
        await dentist.says("Text her on 07700 900142, UL2 lags.")
        await specialist.sees("Text her on 07700 900142, UL2 lags.")
        await dentist.sees("seems to hold a phone number.")
        assert dentist.count("seems to hold") == 2

        await dentist.presses("Withdraw and resend redacted")
        await specialist.sees("Text her on [phone number], UL2 lags.")
        await specialist.sees_no_more("900142")
        await dentist.sees("is withdrawn, and this went instead")

        await play.later(days=1)
        await dentist.says("Saw Ewan McKenna, tracking ok.")
        await dentist.sees("seems to hold a name.", after=None)
        await specialist.sees("Saw Ewan McKenna, tracking ok.")
        rows = await play.rows("SELECT kinds, state FROM identifier_hint ORDER BY id")
        assert [(row["kinds"], row["state"]) for row in rows] == [
            ("name", "asked"),
            ("phone", "redacted"),
            ("name", "asked"),
        ]
        await specialist.never_saw("seems to hold")


async def test_people_24_what_is_fine_is_not_asked_about_again(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await specialist.says("Ring the lab on 0161 496 0338, please.")
        await specialist.sees("seems to hold a phone number.")
        await specialist.presses("It's fine")
        await specialist.sees("I will not ask about that again in this case.")
        await specialist.says("That is 0161 496 0338, until five.")
        await dentist.sees("That is 0161 496 0338, until five.")
        assert specialist.count("seems to hold") == 1
