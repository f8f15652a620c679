"""The switch of the model, what the specialist's draft says at each of its states, and how strict the stand-in is."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from bot.drafting.model import ModelConfig, ModelWriter
from bot.ports.clock import ManualClock
from bot.ports.writer import Brief, Topic
from bot.sandbox.hands import Hands
from bot.sandbox.model import KEY, NAME, first_answer
from bot.sandbox.script import parse
from bot.sandbox.stage import Stage
from bot.sandbox.troubles import Troubles

ANSWER = "Go back to the previous aligner if it seats."
BRIEF = Brief((Topic("Seating", "What if it does not seat?", ANSWER),), ("Aligners planned: 14 upper, 10 lower",))
CASE = """
title: A case
steps:
  - {who: patel, starts: ""}
  - {who: patel, sees: Welcome}
  - {who: patel, says: /new}
  - {who: patel, sees: "What shall we call this patient?"}
  - {who: patel, says: AB}
  - {who: patel, sees: "What does the patient want?"}
  - {who: patel, says: I want the gaps closed before my wedding}
  - {who: patel, sees: Is there a date}
  - {who: patel, says: in 13 weeks}
  - {who: patel, sees: "What happens on that date?"}
  - {who: patel, says: Wedding}
  - {who: patel, presses: "Yes, the patient has agreed"}
  - {who: patel, sees: "Is this right?"}
  - {who: patel, presses: Send}
  - {who: johal, presses: Accept}
  - {who: johal, sees_room: case-patel}
  - {who: patel, sees: has taken}
"""
OFF = """
title: Without a model
steps:
  - {who: patel, says: /model, in: AB}
  - {who: patel, sees: No model is set up here}
"""
ON = """
title: With one
steps:
  - {who: patel, says: /model, in: AB}
  - {who: patel, presses: Allow}
  - {who: patel, sees: "Agreed: in this case"}
  - {who: patel, says: "How many hours a day should the patient wear the aligners?", in: AB}
  - {who: johal, sees: Reworded by the model, in: case-patel}
"""
DOWN = """
title: Out of reach
steps:
  - {who: patel, says: "The new aligner, number 7, does not seat at UL2. What should I do?", in: AB}
  - {who: johal, sees: "The model gave no answer, so these are the library's own words.", in: case-patel}
  - {who: johal, sees_no: did not keep to the library, in: case-patel}
"""


async def turned(client: aiohttp.ClientSession, state: str) -> str:
    """The switch as the page shows it after `state` was chosen."""
    async with client.post(f"/do/model.{state}", json={}) as answer:
        assert answer.status == 200, await answer.text()
    async with client.get("/events", params={"telegram": "700001", "slack": "U0002"}) as stream:
        name = b""
        async for line in stream.content:
            if line.startswith(b"event: "):
                name = line[7:].strip()
            elif line.startswith(b"data: ") and name == b"troubles":
                return str(json.loads(line[6:])["model"])
    raise AssertionError("the page says nothing of it")


async def test_a_draft_falls_back_and_says_so_while_the_model_is_down(stage: Stage, url: str) -> None:
    hands = Hands(stage, Troubles(stage))

    async def plays(story: str) -> None:
        for step in parse(story).steps:
            await hands.do(step)

    async with aiohttp.ClientSession(url) as client:
        await plays(CASE)
        await plays(OFF)
        assert await turned(client, "on") == "on"
        await plays(ON)
        assert (stage.model.asked, stage.model.errors) == (1, [])
        assert await turned(client, "down") == "down"
        await plays(DOWN)
        assert stage.model.asked == 1
        assert await turned(client, "off") == "off"
        await plays(OFF)
        async with client.post("/do/model.sideways", json={}) as answer:
            assert answer.status == 400


async def test_a_script_turns_it_too_and_a_killed_service_stays_so(stage: Stage) -> None:
    switches = Troubles(stage)
    await switches.turn("service", trouble=True)
    for step, state in zip(
        parse("title: x\nsteps: [{trouble: model up}, {trouble: model down}]").steps, ("on", "down"), strict=True
    ):
        await Hands(stage, switches).do(step)
        assert (switches.model, switches.on["model"], stage.running) == (state, state == "down", False)
    await switches.turn("service", trouble=False)
    assert stage.running


def _body(**changed: Any) -> dict[str, Any]:
    writer = ModelWriter(ModelConfig(NAME), ManualClock(1_000_000))
    return {**json.loads(writer.payload(BRIEF)), **changed}


def test_it_repeats_the_first_entry() -> None:
    assert first_answer(_body()) == ANSWER


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"stream": True}, "exactly the fields"),
        ({"model": "another"}, "model: unknown"),
        ({"temperature": "0"}, "temperature: should be a number"),
        ({"response_format": {"type": "json_object"}}, "response_format: 'json_schema' is missing"),
        ({"messages": []}, "the system's words, then the user's"),
        (
            {"messages": [{"role": "system", "content": "x"}, {"role": "user", "content": '{"entries": []}'}]},
            "JSON with entries and facts",
        ),
    ],
)
def test_what_the_product_never_asks_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        first_answer(_body(**changed))


async def test_an_unknown_path_or_key_is_an_error(stage: Stage) -> None:
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{stage.model.base_url}/models", headers={"Authorization": f"Bearer {KEY}"}) as answer:
            assert answer.status == 404
        async with client.post(f"{stage.model.base_url}/chat/completions", json=_body()) as answer:
            assert answer.status == 401
    assert stage.model.errors == ["unknown request: GET /v1/models", "this key is not known here"]
