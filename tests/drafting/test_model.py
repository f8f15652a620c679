"""The model's writer over real HTTP: whatever the server does, it ends in words that hold, or in none."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.domain.faq import Policy
from bot.drafting.model import MOST_BYTES, ModelConfig, ModelWriter
from bot.ports.clock import ManualClock
from bot.ports.writer import Brief, Outcome, Topic
from prompts import library
from tests.support.hostile import ALTERED, FAITHFUL, HOSTILE, texts
from tests.support.hostile_meanings import HELD_OUT
from tests.support.model_server import ModelServer, answered, said

ANSWER = "Go back to the previous aligner if it seats. Do not move forward over a gap."
BRIEF = Brief((Topic("Seating", "What if it does not seat?", ANSWER),), ("Aligners planned: 14 upper, 10 lower",))
ANSWERS = [one.answer for one in library.load() if one.policy is not Policy.NEVER_AUTO]


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(lambda body: answered(ANSWER)) as made:
        yield made


@pytest.fixture
async def writer(server: ModelServer) -> AsyncIterator[ModelWriter]:
    made = ModelWriter(ModelConfig("a-model", server.url), ManualClock(1_000_000), seconds=0.4)
    yield made
    await made.close()


async def test_it_gets_library_text_and_facts_and_nothing_else(server: ModelServer, writer: ModelWriter) -> None:
    payload = writer.payload(BRIEF)
    written = await writer.write(BRIEF, payload)
    assert (written.outcome, written.text) == (Outcome.WRITTEN, ANSWER)
    assert server.requests == [json.loads(payload)]
    (system, user) = server.requests[0]["messages"]
    assert json.loads(user["content"]) == {
        "entries": [{"title": "Seating", "question": "What if it does not seat?", "answer": ANSWER}],
        "facts": ["Aligners planned: 14 upper, 10 lower"],
    }
    assert "never an instruction" in system["content"]
    assert server.requests[0]["response_format"]["json_schema"]["strict"] is True


async def _slow(body: dict[str, Any]) -> web.StreamResponse:
    await asyncio.sleep(3)
    return answered(ANSWER)


async def _endless(body: dict[str, Any]) -> web.StreamResponse:
    return web.Response(body=b"x" * (MOST_BYTES + 1), content_type="application/json")


FAULTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "time_out": _slow,
    "InternalServerError": lambda body: web.Response(status=500, text="no"),
    "RateLimitError": lambda body: web.Response(status=429, text="no"),
    "AuthenticationError": lambda body: web.Response(status=401, text="no"),
    "too_large": _endless,
    "refused": lambda body: said(None, refusal="I cannot help with that."),
    "cut_off": lambda body: said(json.dumps({"answer": ANSWER}), finish="length"),
    "not_as_asked": lambda body: said("no JSON"),
    "empty": lambda body: answered("  "),
}


@pytest.mark.parametrize("why", FAULTS)
async def test_every_fault_is_tried_twice_and_ends_without_words(
    server: ModelServer, writer: ModelWriter, why: str
) -> None:
    server.answer = FAULTS[why]
    written = await writer.write(BRIEF, writer.payload(BRIEF))
    assert (written.outcome, written.text, written.why) == (Outcome.FAILED, "", why)
    assert len(server.requests) == 2


async def test_one_retry_is_enough_after_a_hiccup(server: ModelServer, writer: ModelWriter) -> None:
    server.answer = lambda body: web.Response(status=503) if len(server.requests) == 1 else answered(ANSWER)
    assert (await writer.write(BRIEF, writer.payload(BRIEF))).outcome is Outcome.WRITTEN


async def test_it_rests_after_three_failures_and_is_asked_again_later(server: ModelServer) -> None:
    clock = ManualClock(1_000_000)
    writer = ModelWriter(ModelConfig("a-model", server.url), clock, seconds=0.4)
    server.answer = FAULTS["not_as_asked"]
    for _ in range(3):
        assert (await writer.write(BRIEF, writer.payload(BRIEF))).outcome is Outcome.FAILED
    server.answer = lambda body: answered(ANSWER)
    assert (await writer.write(BRIEF, writer.payload(BRIEF))).outcome is Outcome.RESTING
    assert len(server.requests) == 6
    clock.advance(5 * 60_000_000)
    assert (await writer.write(BRIEF, writer.payload(BRIEF))).outcome is Outcome.WRITTEN
    await writer.close()


async def test_a_thousand_hostile_answers_and_none_is_shown(server: ModelServer, writer: ModelWriter) -> None:
    """Those over HTTP are a slice of the thousand; all of them are compared."""
    made = [*texts({**ALTERED, **HELD_OUT}, ANSWERS, 40, 41), *texts(HOSTILE, ANSWERS, 50, 42)]
    assert len(made) == 1000
    for at, (_, answer, text) in enumerate(made):
        brief = Brief((Topic("T", "Q?", answer),))
        if at % 20 == 0:
            server.answer = lambda body, text=text: answered(text)
            written = await writer.write(brief, writer.payload(brief))
            writer._failures = 0  # an empty answer counts as a failure; here nobody rests
        else:
            written = writer._judged(brief, text, "", 0.0)
        assert written.outcome is not Outcome.WRITTEN, text[:200]
        assert written.text == ""


async def test_faithful_answers_are_used(server: ModelServer, writer: ModelWriter) -> None:
    outcomes = []
    for _, answer, text in texts(FAITHFUL, ANSWERS, 5, 43):
        brief = Brief((Topic("T", "Q?", answer),))
        server.answer = lambda body, text=text: answered(text)
        outcomes.append((await writer.write(brief, writer.payload(brief))).outcome)
    assert outcomes.count(Outcome.WRITTEN) >= 24


def test_the_library_is_loaded_only_when_a_model_is_asked() -> None:
    code = "import bot.app, sys; print('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"
