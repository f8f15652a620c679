"""Drafts over a practice without real platforms: a dentist asks, the library answers, the specialist presses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.addresses import Account, Place
from bot.domain.events import (
    ButtonPressed,
    CommandReceived,
    FormSubmitted,
    InboundEvent,
    MessageEdited,
    MessageReceived,
    Origin,
)
from bot.domain.faq import Entry, Policy, Source
from bot.domain.ids import CaseId, CheckInId, MessageId, PersonId
from bot.domain.outbound import OpenForm, Reply, Toast
from bot.domain.richtext import RichText, plain
from bot.ports.drafter import Candidate, Drafter, Strength, Suggestion, Verdict
from bot.ports.writer import Writer
from bot.services import check_in_answers, check_in_sheets, draft_renewal
from bot.services.unit import Unit
from bot.workers.drafts import DraftWorker
from bot.workers.lookups import LookupWorker
from handlers.router import handle
from storage import checkins
from storage import drafts as rows
from tests.support.casework import JOHAL, PEOPLE, Casework
from tests.support.platforms import Shown

PAUSE = 5_000_000
CASE = CaseId(1001)
SEAT = "The new aligner will not seat fully, what should I do?"
WEAR = "How many hours a day should they wear the aligners?"


def entry(topic: str, question: str, answer: str, policy: Policy = Policy.DRAFT, ask: tuple[str, ...] = ()) -> Entry:
    """An entry of a small library."""
    return Entry(topic, topic.title(), 1, policy, (question,), (), ask, (Source("A study", "", True),), answer)


ENTRIES = (
    entry("seat", SEAT, "Go back to the previous aligner if it seats. Do not move forward over a gap."),
    entry("wear", WEAR, "The usual prescription is 20-22 hours a day."),
    entry("ipr", "How much IPR may I do?", "Up to 0.5 mm per contact.", Policy.DRAFT_FLAG),
    entry("date", "Can we finish by the wedding?", "No date is promised.", ask=("event date", "aligner number")),
)


class Always:
    """A drafter that always offers the same entries."""

    def __init__(self, *entries: Entry) -> None:
        self._found = Suggestion(Verdict.DRAFT, tuple(Candidate(one, 0.5, Strength.FAIR) for one in entries))

    def suggest(self, text: str) -> Suggestion:
        """The drafter port."""
        return self._found

    def find(self, text: str) -> tuple[Candidate, ...]:
        """The drafter port."""
        return self._found.candidates

    def refresh(self, entries: Sequence[Entry]) -> None:
        """The drafter port."""


@dataclass
class DraftDesk:
    """One case on a desk. The specialist is on Slack, the dentist on Telegram."""

    desk: Casework
    drafter: Drafter
    case: CaseId = CASE
    writer: Writer | None = None
    """A model, where one is configured."""
    toasts: list[str] = field(default_factory=list)
    """What presses and commands were answered at once."""
    form: OpenForm | None = None
    _replies: int = 0

    async def asks(self, text: str) -> MessageId:
        """The dentist says something, the pause passes, and what is to be looked at is looked at."""
        made = await self.desk.says(self.case, "dentist", text)
        await self.looks()
        return made

    async def says(self, *texts: str) -> None:
        """The dentist, message upon message through the app, then the look at them."""
        for number, text in enumerate(texts):
            native = f"{self.desk.clock.now()}{number}"
            await self.happens(MessageReceived(await self.origin("dentist"), native, plain(text)))
        await self.looks()

    async def looks(self, *, pause: int = PAUSE) -> None:
        """As the draft worker does, then everything goes out."""
        self.desk.clock.advance(pause)
        worker = DraftWorker(self.desk.units, self.drafter, self.writer)
        await self.desk.do(draft_renewal.tidy)
        for job in await self.desk.do(lambda unit: rows.due_jobs(unit.tx, unit.now, unit.now + 60_000_000, 8)):
            await worker._one(job)
        await self.desk.settle()

    async def looks_up(self) -> None:
        """As the lookup worker does, then everything goes out."""
        worker = LookupWorker(self.desk.units, self.drafter, DraftWorker(self.desk.units, self.drafter).refresh)
        await worker.look_up()
        await self.desk.settle()

    @property
    def ref(self) -> str:
        """The case's reference."""
        return f"C-7K{self.case - 1000:02}"

    @property
    def cards(self) -> list[Shown]:
        """Every card as it stands before the specialist, the oldest first."""
        shown = self.desk.platforms["slack"].shown
        return [one for one in shown if one.notice == f"{self.ref}: a draft waits for you"]

    @property
    def arrived(self) -> list[str]:
        """What stands before the dentist as said by the specialist."""
        shown = self.desk.platforms["telegram"].shown
        said = [one for one in shown if "· specialist · #" in one.heading and not one.deleted]
        return [one.text for one in said if self.ref in one.notice]

    def token(self, label: str) -> str:
        """The newest button with these words on it."""
        for card in reversed(self.cards):
            for words, token in zip(card.labels, card.buttons, strict=True):
                if label in words:
                    return token
        raise AssertionError(f"no button {label!r}: {[card.labels for card in self.cards]}")

    async def origin(self, side: str = "specialist", person: PersonId | None = None) -> Origin:
        """Where somebody is who does something in a side's room."""
        seat = await self.desk.seat(self.case, side)
        place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
        sender = Account(seat["platform"], seat["workspace"], seat["user_ref"])
        if person is not None:
            sender = Account(*PEOPLE[person][3:6])
        return Origin(place, sender, self.desk.clock.now(), live=True)

    async def happens(self, event: InboundEvent, *, settle: bool = True) -> Reply | None:
        """One event through the router; what was answered at once is kept."""
        reply = await self.desk.do(lambda unit: handle(unit, event))
        if isinstance(reply, Toast):
            self.toasts.append(reply.text)
        if isinstance(reply, OpenForm):
            self.form = reply
        if settle:
            await self.desk.settle()
        return reply

    async def presses(self, label: str, person: PersonId = JOHAL, *, settle: bool = True) -> Reply | None:
        """Press the newest button with these words."""
        event = ButtonPressed(await self.origin(person=person), self.token(label))
        return await self.happens(event, settle=settle)

    async def ticks(self) -> None:
        """Tick every fact of the newest card."""
        for _ in range(sum("☐" in label for label in self.cards[-1].labels)):
            await self.presses("☐")

    async def edits(self, words: str) -> Reply | None:
        """Put words into the window and send it."""
        await self.presses("Edit")
        assert self.form is not None
        return await self.happens(FormSubmitted(await self.origin(), self.form.token, {"words": words}))

    async def replies(self, words: str | RichText) -> str:
        """Answer the newest card; the reply as its app knows it."""
        self._replies += 1
        native, body = f"90{self._replies}", plain(words) if isinstance(words, str) else words
        origin = await self.origin()
        await self.happens(MessageReceived(origin, native, body, self.cards[-1].id))
        return native

    async def changes(self, native: str, words: str, origin: Origin | None = None) -> None:
        """Edit a reply, a moment later; from where it was written, if that is no seat any more."""
        self.desk.clock.advance(1_000_000)
        where = replace(origin or await self.origin(), at=self.desk.clock.now())
        await self.happens(MessageEdited(where, native, plain(words)))

    @property
    def told(self) -> list[str]:
        """What stands in the specialist's room that is no card, the oldest first."""
        cards = {one.id for one in self.cards}
        shown = self.desk.platforms["slack"].shown
        return [one.text for one in shown if self.ref in one.notice and one.id not in cards]

    async def checks_in(self, choice: str) -> None:
        """The dentist answers a review's question what is new."""
        seat = await self.desk.seat(self.case, "dentist")
        person = PersonId(seat["person_id"])

        def asked(unit: Unit) -> CheckInId:
            made, sheet = CheckInId(unit.new_id()), check_in_sheets.post_script(unit, seat)
            row = {"id": made, "case_id": self.case, "person_id": person, "step": "review", "sheet_id": sheet}
            checkins.begin(unit.tx, **row, now=unit.now)
            check_in_sheets.send(unit, sheet)
            return made

        made = await self.desk.do(asked)
        assert await self.desk.do(lambda unit: check_in_answers.answer(unit, made, "new", choice, person)) is None

    async def commands(self, name: str, args: str = "", side: str = "specialist") -> None:
        """Type a command in a side's room."""
        await self.happens(CommandReceived(await self.origin(side), name, args))
