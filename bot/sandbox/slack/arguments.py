"""Reading a Web API request: the token and the arguments as sent, then each argument held to its type."""

import json
from typing import Any

from aiohttp import web

from bot.sandbox.slack.errors import JSON, RefusedError, invalid
from bot.sandbox.slack.methods import Argument, Method, Type

# bolt's per-request client adds this to every call. Slack bears it, though it is documented for few methods.
BORNE = "team_id"
_FLAGS = {"1": True, "true": True, "0": False, "false": False}


async def read_request(request: web.Request, method: Method | None) -> tuple[JSON, str, list[str]]:
    """(arguments as received without the token, token or "", names of multipart file fields)."""
    raw: JSON = dict(request.query)
    files: list[str] = []
    kind = request.content_type
    body_token = ""
    if request.method == "POST" and kind == "application/json":
        if method is not None and not method.takes_json:
            raise RefusedError("invalid_post_type")
        raw |= await _json_body(request)
        # With a JSON body the token counts only in the header, as at Slack.
        raw.pop("token", None)
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, str):
                raw[name] = value
            else:
                files.append(name)
    body_token = str(raw.pop("token", ""))
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return raw, (token.strip() if scheme.lower() == "bearer" else body_token), files


async def _json_body(request: web.Request) -> JSON:
    try:
        body = json.loads(await request.text())
    except ValueError:
        raise RefusedError("invalid_json") from None
    if not isinstance(body, dict):
        raise RefusedError("json_not_object")
    return body


def check(method: Method, raw: JSON) -> JSON:
    """The typed arguments (nulls left out); unknown, missing or ill-typed ones are `invalid_arguments`."""
    problems = [f"unknown argument: {name}" for name in raw if name not in method.arguments and name != BORNE]
    typed: JSON = {}
    for argument in method.arguments.values():
        value = raw.get(argument.name)
        if argument.name not in raw:
            if argument.required:
                problems.append(f"missing required field: {argument.name}")
        elif value is None:
            if not argument.nullable:
                problems.append(f"must not be null [json-pointer:/{argument.name}]")
        else:
            try:
                typed[argument.name] = _typed(argument, value)
            except ValueError as problem:
                problems.append(f"{problem} [json-pointer:/{argument.name}]")
    if problems:
        raise invalid("invalid_arguments", problems)
    return typed


def _typed(argument: Argument, value: Any) -> Any:
    match argument.type:
        case Type.TEXT:
            if isinstance(value, str):
                return value
            raise ValueError("must be a string")
        case Type.FLAG:
            if isinstance(value, bool):
                return value
            if isinstance(value, str) and value.lower() in _FLAGS:
                return _FLAGS[value.lower()]
            raise ValueError("must be a boolean")
        case Type.NUMBER:
            if isinstance(value, int) and not isinstance(value, bool):
                return value
            if isinstance(value, str) and value.isascii() and value.isdigit():
                return int(value)
            raise ValueError("must be a number")
        case Type.OBJECT:
            return _decoded(argument.name, value)


def _decoded(name: str, value: Any) -> Any:
    if isinstance(value, str):
        if name == "file_ids":
            return [part for part in value.split(",") if part]
        try:
            value = json.loads(value)
        except ValueError:
            if name == "blocks":
                raise RefusedError("invalid_blocks_format") from None
            if name == "metadata":
                raise RefusedError("invalid_metadata_format") from None
            raise ValueError("must be valid JSON") from None
    if isinstance(value, dict | list):
        return value
    raise ValueError("must be an object or an array")
