"""Files in: the token goes to Slack's own file hosts and to nobody else, whatever an address or a redirect says."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Final

import aiohttp
from yarl import URL

from bot.domain.errors import NotSent, Reason, Refused
from bot.platforms.slack.attachments import ELSEWHERE, GONE
from bot.platforms.slack.capabilities import CONNECT_TIMEOUT
from bot.platforms.slack.client import Workspace
from bot.platforms.slack.errors import FAILURES, outcome
from bot.platforms.slack.ids import mapping, text

HOSTS: Final = frozenset({"files.slack.com", "files-origin.slack.com", "slack-files.com"})
"""The only hosts that may see the token in a download, exactly."""
CHUNK: Final = 64 * 1024
_HOPS: Final = 5
_STALL: Final = 30.0
_REFUSALS: Final = {
    401: Reason.ACCESS_REVOKED,
    403: Reason.MISSING_SCOPE,
    404: Reason.TARGET_GONE,
    410: Reason.TARGET_GONE,
}


async def download(workspace: Workspace, file_id: str, limit: int) -> AsyncGenerator[bytes, None]:
    """The file in chunks of at most `CHUNK` bytes; `Refused(TOO_LARGE)` past `limit` bytes. Safe to repeat."""
    answer = await workspace.call("files.info", {"file": file_id}, harmless=True)
    file = mapping(answer, "file")
    if text(file, "mode") in ELSEWHERE or file.get("is_external") is True:
        raise Refused(Reason.BAD_CONTENT, "file_elsewhere")
    if text(file, "mode") in GONE:
        raise Refused(Reason.TARGET_GONE, "file_gone")
    announced = file.get("size")
    size = announced if isinstance(announced, int) else 0
    if size > limit:
        raise Refused(Reason.TOO_LARGE, "announced")
    address = text(file, "url_private_download") or text(file, "url_private")
    html = text(file, "mimetype") == "text/html"
    taken = 0
    async with AsyncExitStack() as stack:
        try:
            response = await _follow(workspace, stack, address)
            _check(response, html)
            async for chunk in response.content.iter_chunked(CHUNK):
                taken += len(chunk)
                if taken > limit:
                    raise Refused(Reason.TOO_LARGE, "received")
                yield chunk
        except FAILURES as error:
            raise outcome(error, harmless=True) from None
    if taken < size:
        raise NotSent("cut_short")


def allowed(url: URL, workspace: Workspace) -> bool:
    """The token may go to this address."""
    host = (url.host or "").lower()
    if workspace.config.at_slack:
        return url.scheme == "https" and host in HOSTS and url.port == 443
    return host == workspace.config.host or (url.scheme == "https" and host in HOSTS)


async def _follow(workspace: Workspace, stack: AsyncExitStack, address: str) -> aiohttp.ClientResponse:
    """Redirects by hand: each address is looked at before the token is shown to it."""
    timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_TIMEOUT, sock_read=_STALL)
    headers = {"Authorization": f"Bearer {workspace.config.bot_token}"}
    url = URL(address)
    for _ in range(_HOPS):
        if not url.absolute or not allowed(url, workspace):
            raise Refused(Reason.BAD_CONTENT, "foreign_host")
        response = await stack.enter_async_context(
            workspace.session.get(
                url, headers=headers, timeout=timeout, proxy=workspace.web.proxy, allow_redirects=False
            )
        )
        if response.status not in (301, 302, 303, 307, 308):
            return response
        url = url.join(URL(response.headers.get("Location", "")))
        response.close()
    raise Refused(Reason.BAD_CONTENT, "too_many_redirects")


def _check(response: aiohttp.ClientResponse, html: bool) -> None:
    status = response.status
    if status == 429:
        raise NotSent("http_429", paced=True)
    if status in _REFUSALS:
        raise Refused(_REFUSALS[status], f"http_{status}")
    if status != 200:
        raise NotSent(f"http_{status}")
    if response.content_type == "text/html" and not html:
        raise Refused(Reason.MISSING_SCOPE, "login_page")  # what Slack shows to a token that may not read the file
