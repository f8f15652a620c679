"""Questions and their drafts, whose words are canaries too; only whom a draft was made for approves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.faq import Entry, Policy
from bot.ports.drafter import Candidate, Strength, Suggestion, Verdict
from bot.services import draft_renewal
from bot.workers.drafts import DraftWorker
from prompts.wording import say
from storage import drafts as draft_rows
from tests.support.fence.facts import Facts
from tests.support.fence.oracle import Breach, Canary
from tests.support.fence.watch import Watch
from tests.support.fence.world import BY_ACCOUNT, Person, Stage

Row = dict[str, Any]


class Asked(Watch):
    """The drafts of a run, and the drafter of everybody."""

    def __init__(self, stage: Stage, world: int) -> None:
        super().__init__(stage, world)
        self.stamps: dict[int, tuple[object, ...]] = {}
        """Draft id to the state of its case when it was offered."""
        self.drafted: dict[int, Canary] = {}
        """Draft id to the words on its card."""

    def is_said(self, canary: Canary, message: Row) -> None:
        """The words are a message of a case from now on."""
        canary.state, canary.case, canary.side = "said", message["case_id"], message["side"]
        canary.message, canary.epoch = message["id"], self.facts.cases[message["case_id"]]["epoch"]

    def approved(self, draft: int, who: Person, before: Facts, said: list[Row]) -> None:
        """A draft's state after a press or a command: approved only by whom it was made for, as the case stood then."""
        if self.facts.drafts[draft]["state"] != "approved" or before.drafts[draft]["state"] == "approved":
            return
        case = before.drafts[draft]["case_id"]
        holds = self.stamps.get(draft) == before.stamp(case) and before.party(case, "specialist") == who.id
        if not holds or who.id in before.locked or len(said) != 1:
            raise Breach(f"draft {draft} no longer held and was approved by {who.handle}: {said}")
        canary = self.drafted[draft]
        if who.id not in canary.on_card:
            raise Breach(f"draft {draft} was approved before it was seen: {canary}")
        self.is_said(canary, said[0])

    def drafts(self) -> None:
        """Questions get drafts whose words are canaries too."""
        worker = DraftWorker(self.practice.units, self)
        jobs = self.run(self.practice.do(lambda unit: draft_rows.due_jobs(unit.tx, unit.now, unit.now + 1, 3)))
        for job in jobs:
            self.run(worker._one(job))
        self.run(self.practice.do(draft_renewal.tidy))
        before = self.look_again()
        for draft, row in self.facts.drafts.items():
            if draft not in before.drafts:
                self.stamps[draft] = self.facts.stamp(row["case_id"])
                if row["origin"] != "library":  # their own words once more, under what was said since
                    same = [
                        key
                        for key, one in self.facts.drafts.items()
                        if one["case_id"] == row["case_id"] and key < draft
                    ]
                    self.drafted[draft] = self.drafted[max(same)]
                    continue
                canary = self.drafted[draft] = self.oracle.canaries[row["topic"]]
                canary.state, canary.case, canary.side = "draft", row["case_id"], "specialist"
                name = next(
                    one.name for one in BY_ACCOUNT.values() if one.id == self.facts.party(row["case_id"], "specialist")
                )
                canary.exact = f"{_answer(canary)}\n\n{say('draft.byline', name=name)}"

    def suggest(self, text: str) -> Suggestion:
        """The drafter port."""
        canary = self.oracle.canary(0)
        answer = _answer(canary)
        entry = Entry(canary.word, "T", 1, Policy.DRAFT, ("?",), (), (), (), answer)
        return Suggestion(Verdict.DRAFT, (Candidate(entry, 0.9, Strength.STRONG),))

    def find(self, text: str) -> tuple[Candidate, ...]:
        """The drafter port; nobody here asks for an entry by its words."""
        return ()

    def refresh(self, entries: Sequence[Entry]) -> None:
        """The drafter port: canaries need no library."""


def _answer(canary: Canary) -> str:
    return f"Library: {canary.word}."
