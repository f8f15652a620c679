"""Every start takes a number of its own."""

from __future__ import annotations

import asyncio

from storage.engine.base import Engine
from storage.process import take_number


async def test_numbers_are_never_given_twice(engine: Engine) -> None:
    numbers = await asyncio.gather(*(engine.write(take_number) for _ in range(30)))
    assert len(set(numbers)) == 30
    assert max(numbers) - min(numbers) == 29
