"""An OpenAI-compatible model that rewords library answers, off until it is configured. Its library is loaded when used.

Every fault, of the model, its server or the way there, ends in `Written` without words: the library's own are shown.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.domain.rules import MINUTE
from bot.drafting import grounding
from bot.ports.clock import Clock
from bot.ports.writer import Brief, Outcome, Written
from prompts import rewording_prompt

log = structlog.get_logger("model")
MOST_BYTES = 256 * 1024
"""Of a reply; a model that goes on for ever is cut off."""
MOST_TOKENS = 600
_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Where a model is, and its name there."""

    model: str
    base_url: str = ""
    api_key: str = field(default="", repr=False)


class _Useless(Exception):
    """A reply that cannot be used; its text is one word for the record."""


class ModelWriter:
    """The writer port. After `failures` in a row it rests for `rest` µs; `seconds` is the time-out of each try."""

    def __init__(
        self, config: ModelConfig, clock: Clock, *, seconds: float = 30.0, failures: int = 3, rest: int = 5 * MINUTE
    ) -> None:
        self._config = config
        self._clock = clock
        self._seconds = seconds
        self._most_failures = failures
        self._rest = rest
        self._failures = 0
        self._rests_until = 0
        self._client: Any = None

    @property
    def model(self) -> str:
        """The model's name."""
        return self._config.model

    def payload(self, brief: Brief) -> str:
        """The request's exact body."""
        entries = [{"title": one.title, "question": one.question, "answer": one.answer} for one in brief.topics]
        asked = json.dumps({"entries": entries, "facts": list(brief.facts)}, ensure_ascii=False)
        body = {
            "model": self._config.model,
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
            "messages": [
                {"role": "system", "content": rewording_prompt.system()},
                {"role": "user", "content": asked},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": _SCHEMA},
            },
        }
        return json.dumps(body, ensure_ascii=False)

    async def write(self, brief: Brief, payload: str) -> Written:
        """Ask, with one retry, and compare the answer with what it was made from."""
        if self._clock.now() < self._rests_until:
            return Written(Outcome.RESTING, why="resting")
        client = await self._opened()
        began, why, reply = time.monotonic(), "", ""
        for _ in range(2):
            try:
                async with asyncio.timeout(self._seconds):
                    reply = await _ask(client, json.loads(payload))
                text = _answer(reply)
            except _Useless as error:
                why = str(error)
            except TimeoutError:
                why = "time_out"
            except Exception as error:  # noqa: BLE001 - whatever a server or its library does, the library answers
                why = type(error).__name__
            else:
                self._failures = 0
                return self._judged(brief, text, reply, began)
        self._failed(why)
        return Written(Outcome.FAILED, why=why, reply=reply, milliseconds=_since(began))

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.close()

    def _judged(self, brief: Brief, text: str, reply: str, began: float) -> Written:
        faults = grounding.check(text, [one.answer for one in brief.topics], brief.facts)
        if faults:
            return Written(Outcome.UNGROUNDED, why=faults[0].kind, reply=reply, milliseconds=_since(began))
        return Written(Outcome.WRITTEN, text.strip(), reply=reply, milliseconds=_since(began))

    def _failed(self, why: str) -> None:
        self._failures += 1
        log.warning("model.failed", error=why, count=self._failures)
        if self._failures >= self._most_failures:
            self._rests_until, self._failures = self._clock.now() + self._rest, 0

    async def _opened(self) -> Any:
        """The client; 0.5 s and 23 MB the first time."""
        if self._client is None:
            openai = await asyncio.to_thread(importlib.import_module, "openai")
            key = self._config.api_key or "none"
            url = self._config.base_url or None
            self._client = openai.AsyncOpenAI(api_key=key, base_url=url, max_retries=0, timeout=self._seconds)
        return self._client


async def _ask(client: Any, body: dict[str, Any]) -> str:
    """The reply's body, as far as it is of any use."""
    received = bytearray()
    async with client.chat.completions.with_streaming_response.create(**body) as response:
        async for chunk in response.iter_bytes(16 * 1024):
            received += chunk
            if len(received) > MOST_BYTES:
                raise _Useless("too_large")
    return received.decode("utf-8", "replace")


def _answer(reply: str) -> str:
    """The words in a reply; raises `_Useless`."""
    try:
        choice = json.loads(reply)["choices"][0]
        message = choice["message"]
        content = message.get("content")
        if message.get("refusal"):
            raise _Useless("refused")
        if choice.get("finish_reason") not in (None, "stop"):
            raise _Useless("cut_off")
        answer = json.loads(content)["answer"]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise _Useless("not_as_asked") from None
    if not isinstance(answer, str) or not answer.strip():
        raise _Useless("empty")
    return answer


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
