"""A stand-in for an OpenAI-compatible server on loopback: it repeats the first entry's answer, word for word."""

from __future__ import annotations

import json
from typing import Any, Final

from aiohttp import web

from bot.sandbox.door import Door

NAME: Final = "sandbox-model"
KEY: Final = "sandbox-no-secret"
MOST_BYTES: Final = 256 * 1024
"""Of a request."""
_FIELDS: Final = {"model", "temperature", "max_tokens", "messages", "response_format"}


class FakeModel:
    """Answers what `bot.drafting.model` asks and refuses anything else, as `errors` keeps; off the air after `down`."""

    def __init__(self) -> None:
        self.asked = 0
        self.errors: list[str] = []
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_route("*", "/{path:.*}", self._unknown)
        self._door = Door(app)

    @property
    def base_url(self) -> str:
        """What OPENAI_BASE_URL is set to."""
        return f"{self._door.url}/v1"

    @property
    def is_up(self) -> bool:
        """Whether it takes connections."""
        return self._door.is_up

    async def start(self) -> None:
        """Listen on a free port."""
        await self._door.open()

    async def down(self) -> None:
        """Refuse every connection; the port stays its own."""
        await self._door.down()

    async def up(self) -> None:
        """Listen again."""
        await self._door.up()

    async def close(self) -> None:
        """Stop for good."""
        await self._door.close()

    async def _complete(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return self._refused(401, "this key is not known here")
        try:
            text = first_answer(json.loads(await request.text()))
        except ValueError as error:
            return self._refused(400, str(error))
        self.asked += 1
        message = {"role": "assistant", "content": json.dumps({"answer": text}, ensure_ascii=False), "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        number = f"chatcmpl-{self.asked}"
        return web.json_response(
            {"id": number, "object": "chat.completion", "created": 0, "model": NAME, "choices": [choice]}
        )

    async def _unknown(self, request: web.Request) -> web.Response:
        return self._refused(404, f"unknown request: {request.method} {request.path}")

    def _refused(self, status: int, why: str) -> web.Response:
        self.errors.append(why)
        error = {"message": why, "type": "invalid_request_error", "param": None, "code": None}
        return web.json_response({"error": error}, status=status)


def first_answer(body: Any) -> str:
    """The first entry's answer in a request for a structured rewording; ValueError names what is wrong in it."""
    if not isinstance(body, dict) or set(body) != _FIELDS:
        raise ValueError(f"a request has exactly the fields {', '.join(sorted(_FIELDS))}")
    if body["model"] != NAME:
        raise ValueError("model: unknown")
    for name in ("temperature", "max_tokens"):
        if isinstance(body[name], bool) or not isinstance(body[name], int | float) or body[name] < 0:
            raise ValueError(f"{name}: should be a number that is not negative")
    _structured(body["response_format"])
    return _answer(_user_words(body["messages"]))


def _structured(wanted: Any) -> None:
    try:
        kind, strict, schema = wanted["type"], wanted["json_schema"]["strict"], wanted["json_schema"]["schema"]
        fits = kind == "json_schema" and strict is True and schema["required"] == ["answer"]
        fits = fits and schema["properties"] == {"answer": {"type": "string"}} and not schema["additionalProperties"]
    except (KeyError, TypeError) as error:
        raise ValueError(f"response_format: {error} is missing") from None
    if not fits:
        raise ValueError("response_format: should be a strict JSON schema with one string, answer")


def _user_words(messages: Any) -> str:
    try:
        roles, words = [one["role"] for one in messages], [one["content"] for one in messages]
    except (KeyError, TypeError):
        raise ValueError("messages: each has a role and content") from None
    if roles != ["system", "user"] or not all(isinstance(one, str) and one for one in words):
        raise ValueError("messages: should be the system's words, then the user's")
    return str(words[1])


def _answer(asked: str) -> str:
    try:
        given = json.loads(asked)
        entries, facts = given["entries"], given["facts"]
        answers = [(one["title"], one["question"], one["answer"])[2] for one in entries]
    except (ValueError, KeyError, TypeError):
        raise ValueError("messages: the user's words should be JSON with entries and facts") from None
    if not isinstance(facts, list) or not answers or not isinstance(answers[0], str) or not answers[0]:
        raise ValueError("messages: entries should begin with one that has an answer, facts be a list")
    return answers[0]
