"""The intake form as a chat answers it, for tests of it."""

from __future__ import annotations

import json

from tests.support.front import INTAKE, Chat, Front


async def answer_four(chat: Chat) -> None:
    """The required answers, as typed and tapped."""
    await chat.command("new")
    await chat.types(INTAKE["pseudonym"])
    await chat.types(INTAKE["complaint"])
    await chat.types(INTAKE["event_date"])
    await chat.types(INTAKE["event_what"])
    await chat.presses("Yes, the patient has agreed")


async def intake_of(front: Front) -> dict[str, object]:
    def read(unit):  # type: ignore[no-untyped-def]
        (case,) = unit.tx.all("SELECT * FROM case_file")
        sealed = unit.unseal(case["id"], "case_file", "intake_sealed", case["id"], case["intake_sealed"])
        return json.loads(sealed)

    return await front.work.units.look(read)  # type: ignore[no-any-return]
