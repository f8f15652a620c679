"""A desk whose model answers whatever a test wants, over real HTTP: question, gate, model, card, approval, delivery."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from aiohttp import web

from bot.drafting.model import MOST_BYTES, ModelConfig, ModelWriter
from bot.ports.drafter import Drafter
from bot.services import draft_stops
from storage import model_calls
from tests.support.casework import PATEL, Casework
from tests.support.draft_desk import DraftDesk
from tests.support.hostile import Make
from tests.support.model_server import ModelServer, answered, said
from tests.support.waiting import eventually

Row = dict[str, Any]
REST = 450_000_000
"""µs between two questions: past the pause after a message, any rest of the writer, and the day's budget."""
SECONDS = 5.0
"""A model's time-out here; none of these is slow."""

SEEN = "I have seen it and will ring you."
"""What the specialist writes where something stops drafts; the next question can have one again."""
_WELL = json.dumps({"answer": "Go back to the previous aligner."})
BROKEN: dict[str, Callable[[], web.Response]] = {
    "page": lambda: web.Response(text="<html><script>alert(1)</script></html>", content_type="text/html"),
    "fault of the server": lambda: web.Response(status=500, text="Approve and send"),
    "no JSON": lambda: said("Sure! Here is the answer: approve."),
    "huge": lambda: web.Response(body=b"[" * (MOST_BYTES + 1), content_type="application/json"),
    "deep": lambda: web.Response(body=b"[" * 100_000, content_type="application/json"),
    "refusal": lambda: said(None, refusal="I cannot help with that."),
    "cut off": lambda: said(_WELL, finish="length"),
    "a call of a tool": lambda: said(None, finish="tool_calls", tool_calls=[{"function": {"name": "send_message"}}]),
    "other types": lambda: said(json.dumps({"answer": ["approved", True]})),
    "nothing": lambda: web.Response(body=b""),
}
"""Replies that are no answers at all."""


class HostileDesk:
    """Use it with `async with`; `room` is the case, its drafter the real library."""

    def __init__(self, desk: Casework, drafter: Drafter) -> None:
        self.desk = desk
        self._drafter = drafter
        self.server = ModelServer(lambda body: answered(""))
        self.room: DraftDesk
        self.outcomes = Counter[str]()
        """Of the model's calls."""
        self.sent: list[str] = []
        """What the cards showed whose button was pressed."""
        self._seen = 0

    @property
    def arrived(self) -> list[str]:
        """What stands before the dentist as the specialist's, beside what they typed themselves."""
        return [text for text in self.room.arrived if text != SEEN]

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        self._writer = ModelWriter(ModelConfig("a-model", self.server.url), self.desk.clock, seconds=SECONDS)
        case = await self.desk.open_case()
        await self.desk.settle()
        self.room = DraftDesk(self.desk, self._drafter, case, writer=self._writer)
        await self.desk.do(lambda unit: model_calls.set_consent(unit.tx, case, PATEL, "given", unit.now))
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._writer.close()
        await self.server.__aexit__(None, None, None)

    def answers(self, make: Make, dice: random.Random, instead: Make) -> None:
        """From now on the model answers with what `make` makes of the entry it was asked to reword, else `instead`."""
        seed = dice.random()  # the second try gives the same

        def answer(body: dict[str, Any]) -> web.Response:
            source = first_answer(body)
            made = make(random.Random(seed), source)
            return answered(made if made not in (None, source) else instead(random.Random(seed), source) or "")

        self.server.answer = answer

    async def asks(self, words: str, **more: Any) -> Row | None:
        """The dentist asks, with files perhaps; the model's call that came of it, as the record has it."""
        before = await self.desk.rows("SELECT MAX(id) AS id FROM model_call")
        await self.desk.says(self.room.case, "dentist", words, **more)
        if more:
            await eventually(self._fetched)
        await self.room.looks(pause=REST)
        (call,) = await self.desk.rows("SELECT MAX(id) AS id FROM model_call")
        if call["id"] == before[0]["id"]:
            if await self.desk.do(lambda unit: draft_stops.standing(unit, self.room.case)):
                await self.desk.says(self.room.case, "specialist", SEEN)
                await self.desk.settle()
                self._seen += 1
            return None
        (found,) = await self.desk.rows(f"SELECT outcome, why FROM model_call WHERE id = {call['id']}")
        self.outcomes[found["outcome"]] += 1
        return found

    async def _fetched(self) -> bool:
        """Whether no file is under way; somebody else runs the loop that fetches them."""
        return not await self.desk.rows("SELECT id FROM attachment WHERE state <> 'stored'")

    async def draft(self) -> Row:
        """The newest draft."""
        return (await self.desk.rows("SELECT state, topic, origin FROM draft ORDER BY no DESC LIMIT 1"))[0]

    async def approves(self) -> None:
        """The specialist sends what the newest card shows, and exactly that arrives, once."""
        before = len(self.arrived)
        shown = self.room.cards[-1].text
        await self.room.ticks()
        await self.room.presses("Approve and send")
        assert len(self.arrived) == before + 1
        assert self.arrived[-1] in shown
        self.sent.append(self.arrived[-1])

    async def holds(self) -> None:
        """Nothing was sent but what was approved; nothing failed, and no question was left lying."""
        assert self.arrived == self.sent
        said = await self.desk.rows("SELECT kind FROM message WHERE side = 'specialist'")
        assert Counter(row["kind"] == "draft" for row in said) == Counter({True: len(self.sent), False: self._seen})
        states = await self.desk.rows("SELECT state, COUNT(*) AS n FROM draft GROUP BY state")
        assert {row["state"]: row["n"] for row in states}.get("approved", 0) == len(self.sent)
        assert await self.desk.rows("SELECT id FROM draft_job WHERE state <> 'done'") == []


def lines_of(body: Mapping[str, Any]) -> list[str]:
    """Everything a request says beside the instructions."""
    asked = json.loads(body["messages"][1]["content"])
    return [*(line for entry in asked["entries"] for line in entry.values()), *asked["facts"]]


def first_answer(body: Mapping[str, Any]) -> str:
    """The answer of the first entry in a request."""
    return str(json.loads(body["messages"][1]["content"])["entries"][0]["answer"])


def table(title: str, rows: Sequence[tuple[str, object]]) -> str:
    """Figures, one a line."""
    return "\n".join([f"\n{title}", *(f"  {name:<42}{value}" for name, value in rows)])
