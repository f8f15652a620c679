"""At every await of an approval, and at the same moment, something else happens: what is sent equals what was shown,
once. On both databases: SQLite takes its units one by one, PostgreSQL really runs them side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.domain.rules import Rules
from bot.services import buttons, draft_stops, drafts
from bot.services.unit import Unit
from storage import urgent
from storage.engine.base import Dialect, Engine
from storage.sealing import Sealer
from tests.support.casework import Casework, casework
from tests.support.interleaved_events import OTHERS, STOPS
from tests.support.interleaving import Play

STRIDE = {Dialect.SQLITE: 8, Dialect.POSTGRESQL: 24}
"""Of so many awaits the default run takes one; the soak run takes them all."""
TOGETHER = [name for name in OTHERS if name != "crash"]


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
async def test_at_some_awaits(desk: Casework, dialect: Dialect, name: str) -> None:
    """A slice of the soak run: other awaits for each thing that happens."""
    stride = STRIDE[dialect]
    first = list(OTHERS).index(name) * 5
    for number, at in enumerate(range(1 + first % stride, 40, stride), 1):
        await _play(desk, number, at, name)


@pytest.mark.soak
@pytest.mark.parametrize("name", OTHERS)
async def test_at_every_await(desk: Casework, name: str) -> None:
    awaits = await _play(desk, 1, 0, name)
    assert awaits > 20
    for at in range(1, awaits + 10):
        await _play(desk, 1 + at, at, name)


async def _side_by_side(desk: Casework, names: Sequence[str], each: int) -> None:
    for number, name in enumerate(list(names) * each, 1):
        play = Play(desk, number)
        await play.opens()
        await play.together(name)
        await play.holds()


async def test_at_the_same_moment(desk: Casework) -> None:
    await _side_by_side(desk, TOGETHER, 1)


@pytest.mark.soak
@pytest.mark.parametrize("name", TOGETHER)
async def test_at_the_same_moment_many_times(desk: Casework, name: str) -> None:
    await _side_by_side(desk, [name], 80)


@pytest.mark.parametrize("dialect", [Dialect.SQLITE], indirect=True)
async def test_without_the_guards_it_is_seen(desk: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a press counts whatever the card showed."""
    monkeypatch.setattr(drafts, "_holds", lambda *args: args[1]["state"] == "open")
    monkeypatch.setattr(buttons, "void_group", lambda *args: 0)

    async def at_each() -> None:
        for at in range(1, 40):
            await _play(desk, at, at, "edit")

    with pytest.raises(AssertionError):
        await at_each()


def _nothing_stops(patch: pytest.MonkeyPatch) -> None:
    """What needs a person stops no draft."""
    patch.setattr(draft_stops, "flag", lambda *args: None)
    patch.setattr(urgent, "raised_after", lambda *args: False)


def _it_ends_once_somebody_has_it(patch: pytest.MonkeyPatch) -> None:
    """[I have it] counts as an answer."""
    standing = draft_stops.flag

    def asked(unit: Unit, case_id: int) -> int | None:
        waits = unit.tx.all("SELECT id FROM urgent WHERE case_id = :case AND state = 'asked'", {"case": case_id})
        return standing(unit, case_id) if waits else None

    patch.setattr(draft_stops, "flag", asked)
    patch.setattr(urgent, "raised_after", lambda *args: False)


def _cards_stay_open(patch: pytest.MonkeyPatch) -> None:
    """What was offered before stays as it was."""
    patch.setattr(draft_stops, "begin", lambda *args: None)


@pytest.mark.parametrize("dialect", [Dialect.SQLITE], indirect=True)
@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (_nothing_stops, "urgent"),
        (_nothing_stops, "escalation by meaning"),
        (_nothing_stops, "flagged check-in"),
        (_it_ends_once_somebody_has_it, "urgent, and somebody has it"),
        (_cards_stay_open, "urgent"),
    ],
)
async def test_without_the_stop_it_is_seen(
    desk: Casework, monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None], name: str
) -> None:
    assert name in STOPS
    fault(monkeypatch)

    async def at_each() -> None:
        for at in range(1, 40):
            await _play(desk, at, at, name)

    with pytest.raises(AssertionError):
        await at_each()
