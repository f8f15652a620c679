"""Reading a Bot API request off the wire: JSON, form, multipart or query; and writing the answer."""

import json
from typing import Any, Final

from aiohttp import BodyPartReader, MultipartReader, web

from bot.sandbox.telegram.call import Upload
from bot.sandbox.telegram.errors import ApiError, bad, server_error, too_large, too_many
from bot.sandbox.telegram.files import UPLOAD_LIMIT

# Above what one file may weigh, so that its own check can answer.
BODY_LIMIT: Final = UPLOAD_LIMIT + (8 << 20)


async def read(request: web.Request) -> tuple[dict[str, object], dict[str, Upload]]:
    """Arguments as received (form strings or JSON values) and uploaded files. Raises 400 or 413."""
    args: dict[str, object] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if not request.body_exists:
        return args, uploads
    kind = request.content_type
    if kind == "application/json":
        try:
            body = json.loads(await request.text())
        except ValueError:
            raise bad("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad("object expected as request body")
        args |= body
    elif kind == "application/x-www-form-urlencoded":
        form = await request.post()
        args |= {name: value for name, value in form.items() if isinstance(value, str)}
    elif kind == "multipart/form-data":
        await _multipart(await request.multipart(), args, uploads)
    else:
        raise bad(f"unsupported content type {kind}")
    return args, uploads


async def _multipart(reader: MultipartReader, args: dict[str, object], uploads: dict[str, Upload]) -> None:
    total = 0
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad("can't parse multipart body")
        content = bytearray()
        while chunk := await part.read_chunk(1 << 18):
            total += len(chunk)
            # Read to the end all the same, or the client would see a reset instead of the answer.
            if total <= BODY_LIMIT:
                content += chunk
        if part.filename is None:
            args[part.name] = content.decode(errors="surrogateescape")
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            uploads[part.name] = Upload(part.filename, mime, bytes(content))
    if total > BODY_LIMIT:
        raise too_large()


def ok(result: Any) -> web.Response:
    """A successful answer."""
    return web.json_response({"ok": True, "result": result})


def refused(error: ApiError) -> web.Response:
    """A refusal with its HTTP status."""
    headers = {"Retry-After": str(error.parameters["retry_after"])} if "retry_after" in error.parameters else {}
    return web.json_response(error.body(), status=error.code, headers=headers)


class Answers:
    """How the Bot API words what the fault switches make happen."""

    def rate_limited(self, retry_after: int) -> web.StreamResponse:
        """429 with `parameters.retry_after`."""
        return refused(too_many(retry_after))

    def broken(self, status: int) -> web.StreamResponse:
        """A 5xx as JSON."""
        return refused(server_error(status))
