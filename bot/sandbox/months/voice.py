"""How people of a simulation speak and press: as events, through the router, like anybody."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.addresses import Account, Place
from bot.domain.events import ButtonPressed, FileKind, InboundFile, MessageReceived, Origin
from bot.domain.filetypes import STL
from bot.domain.ids import CaseId
from bot.domain.localtime import local_day
from bot.domain.richtext import plain
from bot.sandbox.months.gateways import private_chat
from bot.sandbox.months.stage import Stage
from bot.services import relay
from bot.services.unit import Unit
from handlers.router import handle
from storage import attachments, messages, seats

Row = dict[str, Any]
_SCANS = tuple(
    InboundFile(f"{name}|{name}", f"{name}.stl", FileKind.DOCUMENT, "model/stl", 9_000_000)
    for name in ("upper", "lower", "bite")
)


def today(moment: int) -> date:
    """The day it is in London."""
    return local_day(moment, ZoneInfo("Europe/London"))


class Voice:
    """Says and presses what somebody says and presses."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.dice = stage, stage.dice
        self._native = itertools.count(1)

    async def say(self, person: Row, case_id: CaseId, words: str, *, scans: bool = False) -> bool:
        """Type into the person's room of a case, perhaps with scans; False while there is none."""

        def speak(unit: Unit) -> bool:
            seat = seats.of_case(unit.tx, case_id, person["role"])
            if seat is None or seat["person_id"] != person["id"] or not seat["chat"]:
                return False
            place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
            files = _SCANS if scans else ()
            origin = Origin(place, self.account(person), unit.now)
            handle(unit, MessageReceived(origin, str(next(self._native)), plain(words), None, files))
            message = messages.newest(unit.tx, case_id, person["role"]) if scans else None
            for row in attachments.of_message(unit.tx, message["id"]) if message is not None else ():
                relay.file_stored(unit, row["id"], STL, blob="months", sha256="0" * 64, size=9_000_000)
            return True

        self.acts(person)
        return await self.stage.do(speak)

    def acts(self, person: Row) -> None:
        """What comes next is the answer to what somebody does now."""
        self.stage.acted[person["id"]] = self.stage.now

    def account(self, person: Row) -> Account:
        """Somebody's account."""
        one = person["account"]
        return Account(one["platform"], one["workspace"], one["user_ref"])

    def person(self, person_id: int | None) -> Row | None:
        """Somebody by id."""
        return next((one for one in self.stage.people.values() if one["id"] == person_id), None)

    async def press(self, person: Row, token: str) -> None:
        """Press a button."""
        account = self.account(person)
        origin = Origin(private_chat(account), account, self.stage.now, direct=True)
        self.acts(person)
        await self.stage.do(lambda unit: handle(unit, ButtonPressed(origin, token)))
