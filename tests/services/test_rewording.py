"""A model in the whole of a draft's life: consent, budget, record, and what the specialist sees of it."""

from __future__ import annotations

import json

import pytest

from bot.domain.events import ButtonPressed
from bot.domain.faq import Policy
from bot.domain.rules import DAY
from bot.ports.writer import Brief, Outcome, Written
from tests.support.casework import Casework
from tests.support.draft_desk import ENTRIES, SEAT, Always, DraftDesk, entry

SAME = "Go back to your previous aligner if it seats. Don't move forward over a gap."


class Scripted:
    """A writer that gives what it is told, and remembers what it was given."""

    model = "a-model"

    def __init__(self, *given: Written) -> None:
        self.given = list(given)
        self.briefs: list[Brief] = []

    def payload(self, brief: Brief) -> str:
        """The writer port."""
        return json.dumps([one.answer for one in brief.topics] + list(brief.facts))

    async def write(self, brief: Brief, payload: str) -> Written:
        """The writer port."""
        self.briefs.append(brief)
        return self.given.pop(0) if self.given else Written(Outcome.WRITTEN, SAME, reply=SAME)


class ModelDesk(DraftDesk):
    """With a writer."""

    writer: Scripted

    async def agrees(self, label: str = "Allow") -> None:
        """The dentist answers whether a model may be asked."""
        shown = self.desk.platforms["telegram"].shown
        asked = next(one for one in reversed(shown) if label in one.labels)
        token = asked.buttons[asked.labels.index(label)]
        await self.happens(ButtonPressed(await self.origin("dentist"), token))


@pytest.fixture
async def room(desk: Casework) -> ModelDesk:
    await desk.open_case()
    await desk.settle()
    return ModelDesk(desk, Always(*ENTRIES[:2]), writer=Scripted())


async def test_no_model_is_asked_before_the_dentist_agrees(room: ModelDesk) -> None:
    await room.asks(SEAT)
    assert room.writer.briefs == []
    assert ENTRIES[0].answer in room.cards[-1].text
    await room.agrees("Don’t allow")
    await room.asks(SEAT)
    assert room.writer.briefs == []
    asked = [one for one in room.desk.platforms["telegram"].shown if "outside language model" in one.text]
    assert len(asked) == 1


async def test_what_it_gets_is_kept_sealed_and_named_in_the_chain(room: ModelDesk) -> None:
    await room.asks(SEAT)
    await room.agrees()
    await room.asks("It is for Sarah Whitcombe, 07700 900142: " + SEAT)
    (brief,) = room.writer.briefs
    assert [one.answer for one in brief.topics] == [one.answer for one in ENTRIES[:2]]
    assert "Whitcombe" not in repr(brief)
    (call,) = await room.desk.rows("SELECT * FROM model_call")
    opened = await room.desk.do(
        lambda unit: unit.unseal(room.case, "model_call", "payload_sealed", call["id"], call["payload_sealed"])
    )
    assert opened.decode() == room.writer.payload(brief)
    entries = await room.desk.rows("SELECT action, details FROM audit_entry WHERE action LIKE 'model.%'")
    assert [row["action"] for row in entries] == ["model.consent", "model.consent", "model.asked", "model.answered"]
    hashed = await room.desk.do(lambda unit: unit.hash("content", opened.decode()))
    assert json.loads(entries[2]["details"])["hash"] == hashed


async def test_words_that_hold_are_shown_and_sent_only_when_approved(room: ModelDesk) -> None:
    await room.asks(SEAT)
    await room.agrees()
    await room.asks(SEAT)
    card = room.cards[-1]
    assert SAME in card.text
    assert "Reworded by the model" in card.text
    assert room.arrived == []
    await room.presses("Approve and send")
    assert room.arrived[0].startswith(SAME)
    (row,) = await room.desk.rows("SELECT origin FROM draft WHERE state = 'approved'")
    assert row["origin"] == "model"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (Written(Outcome.UNGROUNDED, why="number", reply="x"), "did not keep to the library"),
        (Written(Outcome.FAILED, why="time_out"), "gave no answer"),
        (Written(Outcome.RESTING), "gave no answer"),
        (Written(Outcome.WRITTEN, "x" * 3000), "gave no answer"),
    ],
)
async def test_whatever_fails_the_library_answers_and_says_so(room: ModelDesk, written: Written, says: str) -> None:
    await room.asks(SEAT)
    await room.agrees()
    room.writer.given = [written]
    await room.asks(SEAT)
    assert ENTRIES[0].answer in room.cards[-1].text
    assert says in room.cards[-1].text


async def test_the_days_budget_is_kept(room: ModelDesk) -> None:
    await room.asks(SEAT)
    await room.agrees()

    def used(unit: object) -> None:
        for at in range(200):
            unit.tx.execute(  # type: ignore[attr-defined]
                """INSERT INTO model_call(id, case_id, job_id, model, payload_sealed, outcome, at)
                   SELECT :id, case_id, id, 'm', :p, 'failed', CAST(:now AS BIGINT) FROM draft_job LIMIT 1""",
                {"id": at + 1, "p": b"x", "now": unit.now},  # type: ignore[attr-defined]
            )

    await room.desk.do(used)
    await room.asks(SEAT)
    assert room.writer.briefs == []
    room.desk.clock.advance(DAY)
    await room.asks(SEAT)
    assert len(room.writer.briefs) == 1


async def test_flagged_answers_are_ticked_in_a_models_words_too(room: ModelDesk) -> None:
    room.drafter = Always(entry("ipr", "How much?", SAME, Policy.DRAFT_FLAG))
    await room.asks(SEAT)
    await room.agrees()
    await room.asks(SEAT)
    await room.presses("Approve and send")
    assert room.arrived == []


async def test_a_successor_is_asked_anew(room: ModelDesk) -> None:
    await room.asks(SEAT)
    await room.agrees()
    await room.desk.do(lambda unit: unit.tx.execute("UPDATE model_consent SET person_id = 3"))
    await room.asks(SEAT)
    assert room.writer.briefs == []


async def test_a_renewed_card_says_so_beside_what_the_model_did(room: ModelDesk) -> None:
    await room.asks(SEAT)
    await room.agrees()
    await room.asks(SEAT)
    assert "Reworded by the model." in room.cards[-1].text
    for _ in range(2):
        await room.desk.says(room.case, "specialist", "One moment.")
        await room.looks()
        card = room.cards[-1].text
        assert card.count("Something was written or changed since: read it first.\nReworded by the model.") == 1
