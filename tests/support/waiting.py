"""What tests wait for."""

from __future__ import annotations

import asyncio
import inspect
import socket
from collections.abc import Callable
from typing import Any


async def eventually(true: Callable[[], Any], seconds: float = 8.0) -> Any:
    """Wait until something that no truth list tells has come true, and return it; `true` may be async."""
    async with asyncio.timeout(seconds):
        while True:
            answer = true()
            if inspect.isawaitable(answer):
                answer = await answer
            if answer:
                return answer
            await asyncio.sleep(0.01)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
