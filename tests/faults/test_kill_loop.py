"""`kill -9` on the real process, over and over, against faulty platforms: nothing lost, doubled or reordered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.killing import KillLoop, Verdict


def hold(verdict: Verdict, kills: int) -> None:
    print(f"\n{verdict}")  # noqa: T201 - the figures are the point of a soak run
    assert verdict.kills == kills
    assert verdict.said >= kills // 4
    assert verdict.clean, verdict


@pytest.mark.timeout(600)
async def test_a_short_slice(database_url: str, tmp_path: Path) -> None:
    hold(await KillLoop(database_url, tmp_path, 1).run(25), 25)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_thousand_kills(database_url: str, tmp_path: Path, seed: int) -> None:
    hold(await KillLoop(database_url, tmp_path, seed).run(1000), 1000)
