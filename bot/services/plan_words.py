"""A version of the plan as people read it."""

from __future__ import annotations

from bot.domain.dates import spoken
from bot.domain.ipr import row_words
from bot.domain.movements import describe_movement
from bot.domain.plans import PLAN, PlanFacts
from bot.domain.richtext import RichText, bold
from prompts.wording import say

FEW = 12
"""Rows of the IPR table that a card shows; of more it says how many."""


def lines_of(facts: PlanFacts) -> list[RichText]:
    """One line a field that has an answer."""
    rows = [
        _row("aligners", say("plan.arches", upper=facts.upper, lower=facts.lower)),
        _row("days_per_aligner", str(facts.days)),
    ]
    if facts.fit_on is not None:
        rows.append(_row("fit_date", spoken(facts.fit_on)))
    if facts.attachments:
        rows.append(_row("attachments", ", ".join(map(str, facts.attachments))))
    if facts.review_days is not None:
        rows.append(_row("review_weeks", str(facts.review_days // 7)))
    if facts.movements_text:
        read = "; ".join(map(describe_movement, facts.movements))
        rows.append(_row("movements", read if facts.movements and not facts.unread else facts.movements_text))
    if facts.ipr:
        words = [row_words(row) for row in facts.ipr[:FEW]]
        if len(facts.ipr) > FEW:
            words.append(say("plan.ipr_more", n=len(facts.ipr) - FEW))
        rows.append(_row("ipr", "\n".join(["", *words])))
    if facts.document:
        rows.append(_row("document", facts.document))
    return rows


def _row(name: str, words: str) -> RichText:
    return bold(say(PLAN.key(PLAN.field(name), "label"))) + f": {words}"
