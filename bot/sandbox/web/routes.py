"""The page over HTTP on loopback: its own files, what changes as server-sent events, and what people do."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

from aiohttp import web

from bot.sandbox.hands import REFUSALS
from bot.sandbox.people import ACCOUNTS, TEAM
from bot.sandbox.web.desk import Desk
from bot.sandbox.web.files import shown
from bot.sandbox.web.pictures import plan_of

PAGE: Final = files("bot.sandbox") / "page"
KINDS: Final = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
LARGEST: Final = 80 * 1024 * 1024
"""Bytes of a request: a file of 50 MB as base64."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing but this page's own files, from its own address."""
DESK: Final = web.AppKey("desk", Desk)


def application(desk: Desk) -> web.Application:
    """The page of one desk."""
    app = web.Application(client_max_size=LARGEST, middlewares=[_own_address_only])
    app[DESK] = desk
    app.add_routes(
        [
            web.get("/", _index),
            web.get("/page/{name:[a-z_]+\\.(?:css|js|svg)}", _asset),
            web.get("/events", _events),
            web.post("/do/{act:[a-z]+\\.[a-z]+}", _do),
            web.get("/timeline/{ref:[A-Z0-9-]+}", _timeline),
            web.get("/file/{platform:telegram|slack}/{file}", _file),
        ]
    )
    return app


@web.middleware
async def _own_address_only(request: web.Request, handler: Any) -> web.StreamResponse:
    """Answer only who asks for this address by its own name: another site's page must not play with it."""
    name, _, _ = request.host.partition(":")
    origin = request.headers.get("Origin")
    if name not in ("127.0.0.1", "localhost") or origin not in (None, f"http://{request.host}"):
        raise web.HTTPForbidden(text="This page answers on its own address only.")
    response: web.StreamResponse = await handler(request)
    return response


async def _index(request: web.Request) -> web.Response:
    return _static("index.html")


async def _asset(request: web.Request) -> web.Response:
    return _static(request.match_info["name"])


def _static(name: str) -> web.Response:
    file = PAGE / name
    if not file.is_file():
        raise web.HTTPNotFound
    headers = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    kind = KINDS[name.rpartition(".")[2]]
    return web.Response(body=file.read_bytes(), content_type=kind, charset="utf-8", headers=headers)


async def _events(request: web.Request) -> web.StreamResponse:
    """Every part that changed, each as an event of its name; all of them at first."""
    desk = request.app[DESK]
    telegram, slack = request.query.get("telegram", ""), request.query.get("slack", "")
    if {("telegram", telegram), ("slack", slack)} - {(one.platform, one.user) for one in ACCOUNTS}:
        raise web.HTTPNotFound
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await stream.prepare(request)
    before: dict[str, str] = {}
    try:
        while True:
            for name, part in (await desk.look(int(telegram), slack)).items():
                text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
                if before.get(name) != text:
                    before[name] = text
                    await stream.write(f"event: {name}\ndata: {text}\n\n".encode())
            await desk.change()
    except ConnectionError:
        return stream


async def _do(request: web.Request) -> web.Response:
    """Do one act; 409 with the reason where the app would not let a person do it."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        given = await request.json()
        await request.app[DESK].do(request.match_info["act"], dict(given))
    except REFUSALS as error:
        return web.json_response({"why": str(error).partition("\n")[0]}, status=409)
    except (KeyError, ValueError, TypeError) as error:
        return web.json_response({"why": f"This cannot be done: {type(error).__name__}"}, status=400)
    return web.json_response({})


async def _timeline(request: web.Request) -> web.Response:
    desk, ref = request.app[DESK], request.match_info["ref"]
    if not desk.stage.running:
        raise web.HTTPServiceUnavailable
    plan = await desk.stage.look(lambda unit: plan_of(unit, ref))
    picture = None if plan is None else await desk.pictures.draw(ref, plan)
    if picture is None:
        return web.Response(status=204)
    return shown(picture, f"{ref}.png", lasting=True)


async def _file(request: web.Request) -> web.Response:
    stage, name = request.app[DESK].stage, request.match_info["file"]
    if request.match_info["platform"] == "telegram":
        telegram = stage.telegram
        held = telegram.world.files.held(telegram.bot().id, name)
        if held is None:
            raise web.HTTPNotFound
        return shown(held.content, held.name)
    file = stage.slack.workspace(TEAM).data.files.get(name)
    if file is None or file.data is None or file.deleted:
        raise web.HTTPNotFound
    return shown(file.data, file.name)
