"""Who the patients of a simulation are: what is known of them at intake and what is planned, drawn at the rates."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from bot.domain.ipr import IprRow, rows_to_json
from bot.domain.movements import Per, plan_to_json
from bot.domain.movements_text import read_movements
from prompts.simulation import Plan

_IPR = tuple(IprRow(4, contact, 0.2, Per.CONTACT) for contact in ((13, 12), (12, 11), (21, 22), (22, 23)))


def intake(dice: random.Random, rates: Plan, today: date) -> dict[str, Any]:
    """The answers of an intake form: some patients have a date to be ready for, some facts are known already."""
    answers: dict[str, Any] = {
        "pseudonym": "AB",
        "complaint": "The gaps between her teeth",
        "consent": True,
        "event_date": "none",
    }
    if dice.random() < rates.dated:
        answers["event_date"] = (today + timedelta(weeks=dice.randint(*rates.date_weeks))).isoformat()
    if dice.random() < rates.known:
        answers["overbite"] = float(dice.randint(*rates.overbite))
        answers["history"] = [dice.choice(rates.history)]
    return answers


def plan(dice: random.Random, rates: Plan) -> dict[str, Any]:
    """The facts of a plan form."""
    number, days = dice.randint(*rates.aligners), dice.choice(rates.days)
    facts: dict[str, Any] = {"aligners": {"upper": number, "lower": number}, "days_per_aligner": days}
    facts["movements"] = plan_to_json(read_movements(dice.choice(rates.movements)))
    if dice.random() < rates.ipr:
        facts["ipr"] = {"rows": rows_to_json(_IPR)}
        facts["attachments"] = [1]
    return facts
