"""The durable middle: database, keys and units of work, without any platform. The service and the commands use it."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace

from bot.config import Config
from bot.domain.ids import IdSource
from bot.domain.rules import Rules
from bot.platforms.slack.capabilities import CAPABILITIES as SLACK
from bot.platforms.telegram.capabilities import CAPABILITIES as TELEGRAM
from bot.ports.clock import Clock, SystemClock
from bot.services.unit import Units
from storage import migrate
from storage.engine.base import Engine
from storage.engine.open import open_engine
from storage.keys import unlock
from storage.process import take_number
from storage.randomness import pool
from storage.sealing import Sealer

CAPABILITIES = {"slack": SLACK, "telegram": TELEGRAM}
ROLE = "run"
"""The role of whoever works on a database: one running service, or one command that writes."""


@dataclass(slots=True)
class Core:
    """An open database, its keys proven, and units of work over it."""

    engine: Engine
    units: Units
    sealer: Sealer

    async def close(self) -> None:
        """Let go of the database."""
        await self.engine.close()


async def open_core(config: Config, clock: Clock | None = None, rules: Rules | None = None) -> Core:
    """Open the database, bring its schema up to date, prove the key. Raises `storage` errors with one line each."""
    clock = clock or SystemClock()
    engine = await open_engine(config.database_url, data_dir=config.data_dir)
    try:
        await migrate.upgrade(engine, migrate.load(), clock.now())
        keys = await unlock(engine, config.key_file, clock.now())
        sealer = Sealer(keys)
        number = await engine.write(take_number)
    except BaseException:
        await engine.close()
        raise
    ids = IdSource(clock.now, pool.bits, number)
    rules = replace(
        rules or Rules(),
        public_url=config.public_url,
        upload_limit=config.upload_limit,
        draft_byline=config.draft_byline,
        model="" if config.model is None else config.model.model,
        model_daily=config.model_daily,
    )
    return Core(engine, Units(engine, clock, ids, sealer, CAPABILITIES, rules), sealer)


def settle_heap() -> None:
    """What stands after the start stays for good: the collector is spared walking through it every few messages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
