"""Steps that several handler tests share."""

from __future__ import annotations

from bot.domain.ids import CaseId
from tests.support.front import INTAKE, Chat, Front


async def asks(chat: Chat, **more: str) -> None:
    """The dentist starts a case; `more` are other answers than the usual ones."""
    await chat.command("new")
    for name in ("pseudonym", "complaint", "event_date", "event_what"):
        await chat.types(more.get(name, INTAKE[name]))
    await chat.presses("Yes, the patient has agreed")
    await chat.presses("Send")


REF = "C-7K3F"


async def opened(front: Front) -> CaseId:
    """An open case of Dr Patel and Dr Johal, with the reference REF."""
    case = await front.work.open_case()
    await front.do(lambda unit: unit.tx.execute("UPDATE case_file SET ref = :r WHERE id = :c", {"r": REF, "c": case}))
    return case
