"""A server on loopback that speaks as an OpenAI-compatible one does, and answers whatever a test wants."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

Answer = Callable[[dict[str, Any]], Awaitable[web.StreamResponse] | web.StreamResponse]


def said(content: object, *, finish: str = "stop", **more: Any) -> web.Response:
    """A chat completion whose message holds this content."""
    message = {"role": "assistant", "content": content, **more}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "test"}
    return web.json_response({**body, "choices": [{"index": 0, "message": message, "finish_reason": finish}]})


def answered(text: str) -> web.Response:
    """A completion as it was asked for, with this answer in it."""
    return said(json.dumps({"answer": text}))


class ModelServer:
    """Use it with `async with`; `requests` holds every body it got."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[dict[str, Any]] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._asked)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _asked(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(await request.json())
        made = self.answer(self.requests[-1])
        return made if isinstance(made, web.StreamResponse) else await made
