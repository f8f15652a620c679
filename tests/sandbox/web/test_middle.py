"""What Chairside is doing, on both databases: the newest first, by name, and never what was said."""

from __future__ import annotations

import json

from bot.sandbox.web import middle_view
from bot.services.unit import Unit
from storage import drafts
from storage.engine.base import Engine
from storage.sealing import Sealer
from tests.support.casework import casework

SECRET = "canary-words-of-a-patient"


async def test_it_shows_states_and_numbers_and_no_words(engine: Engine, sealer: Sealer) -> None:
    desk = await casework(engine, sealer)
    case = await desk.open_case()
    asked = await desk.says(case, "dentist", SECRET)
    await desk.settle()
    await desk.says(case, "specialist", SECRET)

    def draft(unit: Unit) -> int:
        row = {
            "id": 5,
            "case_id": case,
            "question_id": asked,
            "question_version": 1,
            "recipient_id": 1,
            "specialist_id": 2,
            "case_epoch": 1,
            "topic": "not_seating",
            "text_sealed": b"sealed",
            "text_hash": "hash",
            "made_at": unit.now,
            "root_id": 5,
            "origin": "faq",
            "first_no": 1,
            "upto_no": 1,
            "sheet_sealed": None,
            "words": 1,
            "distance": 0,
        }
        return drafts.add(unit.tx, row)

    await desk.do(draft)
    shown = await desk.units.look(middle_view.view)

    (one,) = shown["cases"]
    assert (one["ref"], one["dentist"], one["specialist"]) == ("C-7K01", "Dr Asha Patel", "Dr Amar Johal")
    assert [row["state"] for row in shown["deliveries"][:1]] == ["queued"]
    assert {row["message"] for row in shown["deliveries"]} >= {1, 2}
    assert [(row["no"], row["topic"], row["state"]) for row in shown["drafts"]] == [(1, "not_seating", "open")]
    assert [row["seq"] for row in shown["record"]] == sorted((row["seq"] for row in shown["record"]), reverse=True)
    assert {row["case"] for row in shown["record"]} == {"C-7K01"}
    assert SECRET not in json.dumps(shown)
    numbers = [value for row in shown["record"] for value in row["details"].values() if isinstance(value, int)]
    assert len(numbers) > 2
    assert max(numbers) < 2**53  # a browser holds no larger ones
