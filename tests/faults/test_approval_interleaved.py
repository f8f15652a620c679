"""At every await of an approval something else happens: what is sent equals what was shown, once."""

from __future__ import annotations

import pytest

from bot.domain.rules import Rules
from bot.services import buttons, drafts
from storage.engine.base import Dialect, Engine
from storage.sealing import Sealer
from tests.support.casework import Casework, casework
from tests.support.interleaving import OTHERS, Play

pytestmark = pytest.mark.parametrize("dialect", [Dialect.SQLITE], indirect=True)


@pytest.fixture
async def desk(engine: Engine, sealer: Sealer) -> Casework:
    return await casework(engine, sealer, Rules(find_grace=2_000_000, backoff_first=100_000, pacing=False))


async def _play(desk: Casework, number: int, at: int, name: str) -> int:
    play = Play(desk, number)
    await play.opens()
    passed = await play.runs(at, name)
    await play.holds()
    return passed


async def test_nothing_else_happens(desk: Casework) -> None:
    play = Play(desk, 1)
    await play.opens()
    assert await play.runs(0, "crash") > 20
    await play.holds()
    assert len(play.room.arrived) == 1


@pytest.mark.parametrize("name", OTHERS)
async def test_at_some_awaits(desk: Casework, name: str) -> None:
    """A slice of the soak run: other awaits for each thing that happens."""
    first = list(OTHERS).index(name)
    for number, at in enumerate(range(1 + first % 6, 40, 6), 1):
        await _play(desk, number, at, name)


@pytest.mark.soak
@pytest.mark.parametrize("name", OTHERS)
async def test_at_every_await(desk: Casework, name: str) -> None:
    awaits = await _play(desk, 1, 0, name)
    assert awaits > 20
    for at in range(1, awaits + 10):
        await _play(desk, 1 + at, at, name)


async def test_without_the_guards_it_is_seen(desk: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a press counts whatever the card showed."""
    monkeypatch.setattr(drafts, "_holds", lambda *args: args[1]["state"] == "open")
    monkeypatch.setattr(buttons, "void_group", lambda *args: 0)

    async def at_each() -> None:
        for at in range(1, 40):
            await _play(desk, at, at, "edit")

    with pytest.raises(AssertionError):
        await at_each()
