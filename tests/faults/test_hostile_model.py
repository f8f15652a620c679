"""A thousand hostile answers of a model go the whole way from the question to the delivery: none is shown or sent."""

from __future__ import annotations

import random
import sys
from collections import Counter

import pytest

from bot.domain.faq import Entry, Policy
from bot.drafting.retrieval import Library
from prompts import library
from storage.engine.base import Dialect, Engine
from storage.sealing import Sealer
from tests.support.casework import casework
from tests.support.hostile import ALTERED, FAITHFUL, HOSTILE, Make, foreign_added
from tests.support.hostile_desk import BROKEN, HostileDesk, table
from tests.support.hostile_meanings import HELD_OUT

ENTRIES = [one for one in library.load() if one.policy is not Policy.NEVER_AUTO]
MEANINGS: dict[str, Make] = {**ALTERED, **HELD_OUT}
FAMILIES: dict[str, Make] = {**MEANINGS, **HOSTILE}
APPROVED = 7
"""Of so many cards one is approved."""


@pytest.fixture(scope="module")
def ours() -> Library:
    return Library(library.load())


async def _hostile(desk: HostileDesk, seed: int, count: int) -> None:
    dice, kinds = random.Random(seed), [*FAMILIES, *BROKEN]
    caught, missing = Counter[str](), 0
    for at in range(count):
        kind = kinds[at % len(kinds)]
        if kind in BROKEN:
            desk.server.answer = lambda body, kind=kind: BROKEN[kind]()
        else:
            desk.answers(FAMILIES[kind], dice, foreign_added)
        entry = _able(dice, FAMILIES.get(kind, foreign_added))
        call = await desk.asks(dice.choice(entry.questions))
        if call is None:
            missing += 1  # not a question, or one for a person: nothing was asked of the model
            continue
        assert call["outcome"] in ("failed", "ungrounded"), (kind, call)
        assert call["outcome"] == "ungrounded" or kind not in MEANINGS, (kind, call)
        caught[f"{kind}: {call['why']}"] += 1
        await _library_stands(desk)
        if desk.outcomes.total() % APPROVED == 0:
            await desk.approves()
    await desk.holds()
    unapproved = len(desk.arrived) - len(desk.sent)
    total = desk.outcomes.total()
    rows = [("questions", count), ("hostile outputs", total), ("not asked of the model", missing)]
    rows += [(f"  {kind}", number) for kind, number in sorted(caught.items())] if count > 200 else []
    rows += [("shown to the specialist", desk.outcomes["written"]), ("approved library answers", len(desk.sent))]
    sys.stdout.write(table("hostile model", [*rows, ("unapproved sends", unapproved)]) + "\n")
    assert total > count * 0.8
    assert desk.outcomes["written"] == unapproved == 0
    assert len(desk.sent) == total // APPROVED


def _able(dice: random.Random, make: Make) -> Entry:
    """An entry in whose answer there is something to alter so."""
    while True:
        entry = dice.choice(ENTRIES)
        if make(random.Random(1), entry.answer) not in (None, entry.answer):
            return entry


async def _library_stands(desk: HostileDesk) -> None:
    """On the card stand the library's own words, and it says why."""
    draft = await desk.draft()
    assert (draft["state"], draft["origin"]) == ("open", "library")
    (entry,) = (one for one in ENTRIES if one.id == draft["topic"])
    assert entry.answer in desk.room.cards[-1].text
    assert "The model" in desk.room.cards[-1].text


async def _faithful(desk: HostileDesk, seed: int, each: int) -> None:
    dice = random.Random(seed)
    for name, make in FAITHFUL.items():
        for _ in range(each):
            entry = dice.choice(
                [one for one in ENTRIES if make(random.Random(1), one.answer) not in (None, one.answer)]
            )
            desk.answers(make, dice, FAITHFUL["opened"])
            call = await desk.asks(dice.choice(entry.questions))
            if call is not None and call["outcome"] == "written":
                assert (await desk.draft())["origin"] == "model", name
                await desk.approves()
    await desk.holds()
    total, shown = desk.outcomes.total(), desk.outcomes["written"]
    rows = [("rewordings", total), ("shown and approved", shown), ("flagged", total - shown)]
    sys.stdout.write(table("faithful model", rows) + "\n")
    assert shown >= 0.8 * total > 0


SLICE = {Dialect.SQLITE: 60, Dialect.POSTGRESQL: 20}
FULL = {Dialect.SQLITE: 1180, Dialect.POSTGRESQL: 240}
"""Questions; some are not put to a model, and a thousand outputs have to be left."""


async def test_a_slice_of_the_thousand(engine: Engine, sealer: Sealer, dialect: Dialect, ours: Library) -> None:
    async with HostileDesk(await casework(engine, sealer), ours) as desk:
        await _hostile(desk, 51, SLICE[dialect])


async def test_faithful_answers_go_all_the_way(engine: Engine, sealer: Sealer, dialect: Dialect, ours: Library) -> None:
    async with HostileDesk(await casework(engine, sealer), ours) as desk:
        await _faithful(desk, 52, 4 if dialect is Dialect.SQLITE else 1)


@pytest.mark.soak
async def test_a_thousand_hostile_outputs(engine: Engine, sealer: Sealer, dialect: Dialect, ours: Library) -> None:
    async with HostileDesk(await casework(engine, sealer), ours) as desk:
        await _hostile(desk, 53, FULL[dialect])
        assert desk.outcomes.total() >= (1000 if dialect is Dialect.SQLITE else 200)


@pytest.mark.soak
async def test_three_hundred_faithful_answers(engine: Engine, sealer: Sealer, dialect: Dialect, ours: Library) -> None:
    async with HostileDesk(await casework(engine, sealer), ours) as desk:
        await _faithful(desk, 54, 50 if dialect is Dialect.SQLITE else 5)
