"""Use cases run over both databases."""

import pytest

from storage.engine.base import Engine
from storage.sealing import Sealer
from tests.support.casework import Casework, casework


@pytest.fixture
async def desk(engine: Engine, sealer: Sealer) -> Casework:
    """A practice with people and no case."""
    return await casework(engine, sealer)
