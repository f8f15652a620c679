"""People 19, 30 and 31: the first five minutes of the three people, from the first word they read, counted and timed.

A person's time is reckoned, on the slow side: four words read a second, three characters typed, a second and a half for
a tap. Waiting for the service is measured and added.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.telegram import MAIN
from tests.scenarios.test_people_arriving import UNLINKED, invited
from tests.support.theatre import Theatre

FIVE_MINUTES = 300.0


@dataclass
class Minutes:
    """What somebody does and reads, and how long that takes them."""

    taps: int = 0
    read: int = 0
    typed: int = 0
    waited: float = 0.0
    _since: float = field(default_factory=time.monotonic)

    def reads(self, words: str) -> str:
        """They read this; what they waited for it counts."""
        self.waited += time.monotonic() - self._since
        self.read += len(words.split())
        self._since = time.monotonic()
        return words

    def taps_on(self, *labels: str) -> None:
        """They tap once for each."""
        self.taps += len(labels)
        self._since = time.monotonic()

    def types(self, words: str) -> str:
        """They type this and send it, which is a tap too."""
        self.typed += len(words)
        self.taps += 1
        self._since = time.monotonic()
        return words

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.read / 4 + self.typed / 3 + self.taps * 1.5 + self.waited


async def test_three_people_are_at_home_within_five_minutes(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=UNLINKED) as play:
        patel, johal, sam = play.patel, play.johal, play.sam
        dentist, specialist, coordinator = Minutes(), Minutes(), Minutes()

        # The dentist: from the link on a card to a case that is on its way.
        code = await invited(play)
        dentist.taps_on("the link", "Start")
        await patel.start(code)
        dentist.reads((await patel.sees("Sam is checking that it's you")).text)
        await patel.says(dentist.types("/new"))
        for question, said in (
            ("What shall we call this patient?", "AB"),
            ("What does the patient want?", "gaps closed"),
        ):
            dentist.reads((await patel.sees(question, MAIN)).text)
            await patel.says(dentist.types(said))
        for label in ("No date", "Yes, the patient has agreed"):
            dentist.taps_on(label)
            await patel.presses(label)
        dentist.reads((await patel.sees("Is this right?", MAIN)).text)
        dentist.taps_on("Send")
        await patel.presses("Send")
        ref = re.findall(r"C-\w+", dentist.reads((await patel.sees("this goes the moment that is done", MAIN)).text))[0]

        # The coordinator: one line about who joins, one tap; then a desk on which nothing is left.
        asked = await sam.sees("Dr Asha Patel (patel) has used their invitation")
        coordinator.reads(asked.shown)
        coordinator.taps_on("Confirm")
        assert await sam.presses("Confirm")
        coordinator.reads((await sam.sees_ephemeral("Dr Asha Patel is confirmed")).shown)
        coordinator.taps_on("Home")
        await sam.opens_home()
        desk = coordinator.reads((await sam.sees_home("Sam, your desk")).text)
        assert "gaps closed" not in desk
        assert "AB" not in desk.split()

        # The dentist reads four lines, and nobody is ranked.
        welcome = dentist.reads((await patel.sees("Welcome to Chairside, Dr Asha Patel")).text)
        assert len(welcome.splitlines()) == 4
        assert "Nobody ranks or rates dentists here, and nobody will." in welcome

        # The specialist: an offer, one tap, a room named after the dentist, an answer, and a desk that is up to date.
        specialist.reads((await johal.sees("asks for a specialist")).shown)
        specialist.taps_on("Accept")
        assert await johal.presses("Accept")
        theirs, ours = await play.rooms(ref)
        assert (await play.rows("SELECT room_name FROM seat WHERE side = 'specialist'"))[0]["room_name"] == (
            f"case-patel-{ref.removeprefix('C-').lower()}"
        )
        specialist.taps_on("the channel")
        specialist.reads((await ours.sees("What you type here goes to Dr Asha Patel on Telegram")).shown)  # type: ignore[attr-defined]
        await theirs.says(dentist.types("UL2 is not seating, aligner 1"))
        specialist.reads((await ours.sees("UL2 is not seating, aligner 1")).shown)  # type: ignore[attr-defined]
        specialist.taps_on("Home")
        await johal.opens_home()
        specialist.reads((await johal.sees_home("Your turn (1)")).text)
        await ours.says(specialist.types("Stay on it for a week and send a photo on Friday."))
        dentist.reads((await theirs.sees("Stay on it for a week")).text)  # type: ignore[attr-defined]

        for who, spent, most in (
            ("dentist", dentist, 12),
            ("specialist", specialist, 6),
            ("coordinator", coordinator, 3),
        ):
            assert 0 < spent.taps <= most, (who, spent)
            assert 5 < spent.seconds < FIVE_MINUTES, (who, spent.seconds, spent)
