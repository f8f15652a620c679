"""python-telegram-bot's requests over one aiohttp session: JSON out, files streamed, nothing logged."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import aiohttp
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.platforms.telegram.capabilities import SEND_TIMEOUT, UPLOAD_TIMEOUT
from bot.platforms.telegram.upload import Upload, UploadPayload
from bot.platforms.telegram.wire import WireError, dumps, failure, refusal, result

CONNECT_TIMEOUT: Final = 5.0
"""Seconds to get a connection, waiting for a free one included."""
IDLE_TIMEOUT: Final = 30.0
"""Seconds a download may stand still."""
POOL: Final = 64
"""Connections at once."""
_JSON: Final = {"Content-Type": "application/json"}


class Transport(BaseRequest):
    """One session for every call of one bot: the library's, the poller's and downloads."""

    def __init__(
        self,
        session: aiohttp.ClientSession | None = None,
        *,
        send_timeout: float = SEND_TIMEOUT,
        upload_timeout: float = UPLOAD_TIMEOUT,
        connect_timeout: float = CONNECT_TIMEOUT,
    ) -> None:
        """A `session` given stays its owner's; without one `initialize` opens its own. Times in seconds."""
        self._session = session
        self._own = session is None
        self._send = send_timeout
        self._upload = upload_timeout
        self._connect = connect_timeout

    @property
    def read_timeout(self) -> float:
        """Seconds for an ordinary call, from start to end."""
        return self._send

    async def initialize(self) -> None:
        """Open the session, unless one was given or is open."""
        if self._own and (self._session is None or self._session.closed):
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=POOL), cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close the session, if it is our own."""
        if self._own and self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """The library's way in: status and body of a 2xx answer, all else raised (`wire`).

        A `read_timeout` in seconds is for the whole call; the other three are ours to know.
        """
        seconds = float(read_timeout) if isinstance(read_timeout, int | float) else None
        if request_data is None:
            return await self._exchange(method, url, None, None, seconds or self._send)
        if not request_data.contains_files:
            body = dumps(request_data.parameters)
            return await self._exchange(method, url, body, _JSON, seconds or self._send)
        form, uploads = _form(request_data)
        return await self._exchange(method, url, form, None, seconds or self._upload, uploads)

    async def call(self, url: str, params: Mapping[str, object], *, seconds: float | None = None) -> object:
        """The `result` of one method as plain JSON; `seconds` from start to end."""
        _, payload = await self._exchange("POST", url, dumps(dict(params)), _JSON, seconds or self._send)
        answer: object = result(payload)["result"]
        return answer

    @contextlib.asynccontextmanager
    async def stream(self, url: str) -> AsyncIterator[aiohttp.StreamReader]:
        """A download's body, as it comes. Raises as `do_request`; redirects are not followed."""
        timeout = aiohttp.ClientTimeout(total=None, connect=self._connect, sock_read=IDLE_TIMEOUT)
        try:
            async with self._open().get(URL(url, encoded=True), timeout=timeout, allow_redirects=False) as response:
                if response.status != 200:
                    raise refusal(response.status, await response.read())
                yield response.content
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise failure(error) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The library's own would log the body of an answer it cannot read."""
        return result(payload)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            raise WireError("closed", sent=False)
        return self._session

    async def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | aiohttp.FormData | None,
        headers: Mapping[str, str] | None,
        seconds: float,
        uploads: tuple[Upload, ...] = (),
    ) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(total=seconds, connect=min(self._connect, seconds))
        try:
            # aiohttp repeats requests on a stale connection for idempotent methods only, so never a POST.
            async with self._open().request(
                method,
                URL(url, encoded=True),
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                status = response.status
                payload = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # `from None`: aiohttp's exceptions name the address, and the address holds the token.
            raise failure(error, sent=all(upload.complete for upload in uploads)) from None
        if not 200 <= status <= 299:
            raise refusal(status, payload, response.headers.get("Retry-After"))
        return status, payload


def _form(data: RequestData) -> tuple[aiohttp.FormData, tuple[Upload, ...]]:
    # Telegram reads file names as plain UTF-8, not percent-encoded.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    uploads: list[Upload] = []
    for name, (filename, content, mime) in data.multipart_data.items():
        if isinstance(content, Upload):
            uploads.append(content)
            form.add_field(name, UploadPayload(content, mime), filename=filename, content_type=mime)
        else:
            form.add_field(name, content, filename=filename, content_type=mime)
    return form, tuple(uploads)
