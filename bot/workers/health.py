"""`/healthz` and `/readyz`: is the process alive, and does it do its work. No content, no counts of people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web


def health_routes(alive: Callable[[], bool], database: Callable[[], Awaitable[bool]]) -> list[web.RouteDef]:
    """`/healthz` answers 200 while the process does; `/readyz` 200 only while database, workers and platforms do."""

    async def healthz(request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(request: web.Request) -> web.Response:
        found = {"workers_and_platforms": alive(), "database": await database()}
        ready = all(found.values())
        return web.json_response({"status": "ok" if ready else "not ready", **found}, status=200 if ready else 503)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]
