"""The two pages behind links to files: our own HTML, styles and scripts, and nothing from anywhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from string import Template
from typing import Final

from aiohttp import web

from prompts.wording import load, say

SAFE: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
ASSETS: Final = {
    "page.css": "text/css",
    "sha256.js": "text/javascript",
    "link.js": "text/javascript",
    "upload.js": "text/javascript",
    "download.js": "text/javascript",
}
_PREFIX: Final = "large.page."


def routes() -> list[web.RouteDef]:
    """The pages and what they load. A GET looks at no link: their secret stands behind the # and is never sent."""
    folder = files("bot.workers") / "pages"
    words = _words()
    made = [
        _plain("upload", _filled((folder / "upload.html").read_text("utf-8"), words), "text/html"),
        _plain("download", _filled((folder / "download.html").read_text("utf-8"), words), "text/html"),
    ]
    made += [_plain(name, (folder / name).read_text("utf-8"), kind) for name, kind in ASSETS.items()]
    return made


def _plain(name: str, text: str, kind: str) -> web.RouteDef:
    async def give(request: web.Request) -> web.Response:
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=SAFE)

    return web.get(f"/files/{name}", give)


def _filled(page: str, words: Mapping[str, str]) -> str:
    data = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    return Template(page).substitute({name: escape(text) for name, text in words.items()}, words=data)


def _words() -> dict[str, str]:
    """What the pages say; values that only they know stay as {name}."""
    wording = load()
    found = {}
    for key in wording.texts:
        if key.startswith(_PREFIX):
            values = {name: f"{{{name}}}" for name in wording.placeholders(key)}
            found[key.removeprefix(_PREFIX)] = say(key, **values)
    return found
