"""Whatever the library, the dentist and the specialist write: a draft's card is one message on every platform."""

from __future__ import annotations

import random

import pytest

from bot.domain.codec import load
from bot.domain.drafts import TEXT_MOST, length
from bot.domain.faq import PATIENT_MOST, Entry, Policy, Source
from bot.domain.ids import CaseId
from bot.domain.outbound import Edit, Post
from bot.domain.problems import clip
from bot.platforms.slack import render as slack
from bot.platforms.telegram import render as telegram
from bot.services.outbox import TYPES
from bot.services.unit import Unit
from tests.support.casework import Casework
from tests.support.draft_desk import SEAT, Always, DraftDesk

PIECES = (
    "word ",
    "UL4 ",
    "<0.2 mm ",
    "🦷",
    "👩🏽‍⚕️ ",
    "한국어 ",
    "नमस्ते ",
    "\\",
    '"',
    "\n",
    "\n\n",
    "x" * 90,
    "é",
    "‑1.5 mm. ",
)
FULL = ("a" * TEXT_MOST, "🦷" * (TEXT_MOST // 2), "word " * (TEXT_MOST // 5), '"\n' * (TEXT_MOST // 2))


def text(dice: random.Random, most: int) -> str:
    """Words of at most `most`, often of nearly that."""
    made = ""
    wanted = dice.choice((most, most, dice.randrange(1, most + 1)))
    while length(made) < wanted:
        made += dice.choice(PIECES) * dice.choice((1, 1, 9))
    while length(made) > most:
        made = made[:-1]
    return made.strip() or "x"


def entry(dice: random.Random, topic: str) -> Entry:
    """As large as entries may be: answer and words for the patient up to `TEXT_MOST`, all else of any size."""
    patient = text(dice, PATIENT_MOST) if dice.random() < 0.4 else ""
    answer = dice.choice(FULL) if dice.random() < 0.3 and not patient else text(dice, TEXT_MOST - length(patient))
    sources = tuple(Source(text(dice, 600), "", True) for _ in range(dice.choice((0, 1, 12))))
    ask = tuple(text(dice, 200).replace("\n", " ") for _ in range(dice.choice((0, 2, 8))))
    policy = dice.choice((Policy.DRAFT, Policy.DRAFT_FLAG))
    return Entry(topic, text(dice, 300), 1, policy, ("?",), (), ask, sources, answer, patient_words=patient)


async def fits(room: DraftDesk) -> int:
    """Every card that was shown so far could be; how many there were."""

    def work(unit: Unit) -> list[Post]:
        found = []
        for row in unit.tx.all("SELECT * FROM delivery WHERE case_id IS NOT NULL AND kind IN ('post', 'edit')"):
            place = (row["case_id"], "delivery", "payload_sealed", row["id"], row["payload_sealed"])
            made = load(TYPES[row["kind"]], unit.unseal(*place))
            post = made.post if isinstance(made, Edit) else made
            assert isinstance(post, Post)
            if post.notice == f"{room.ref}: a draft waits for you":
                found.append(post)
        return found

    posts = await room.desk.do(work)
    for post in posts:
        slack.blocks(post)
        telegram.render(post)
    return len(posts)


@pytest.mark.parametrize("seed", range(8))
async def test_a_card_is_one_message(desk: Casework, seed: int) -> None:
    dice = random.Random(seed)
    for number in range(1, 4):
        case = await desk.open_case(number)
        await desk.settle()
        options = [entry(dice, f"one{place}") for place in range(3)]
        room = DraftDesk(desk, Always(*options), CaseId(case))
        for _ in range(dice.choice((0, 1, 3))):
            await desk.says(case, "dentist", text(dice, 4000))
        await room.asks(SEAT)
        await room.presses("Other answers")
        listed = room.cards[-1]
        assert all(clip(one.title, 80) in listed.text for one in options)
        for place in [label.removeprefix("Read ") for label in listed.labels if label.startswith("Read ")]:
            await room.presses(f"Read {place}")
            assert options[int(place) - 1].answer in room.cards[-1].text
            await room.presses("Other answers")
        await room.presses("Use 2")
        assert options[1].answer in room.cards[-1].text
        written = text(dice, TEXT_MOST - length(options[1].patient_words))
        await room.edits(written)
        assert written in room.cards[-1].text
        await room.ticks()
        await room.presses("Approve and send")
        assert await fits(room) >= 6
