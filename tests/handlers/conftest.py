"""Handlers run over both databases, through the router."""

import pytest

from storage.engine.base import Engine
from storage.sealing import Sealer
from tests.support.casework import casework
from tests.support.front import Front


@pytest.fixture
async def front(engine: Engine, sealer: Sealer) -> Front:
    """A practice, its people at their chats, and no case."""
    return Front(await casework(engine, sealer))
