"""What the intake of a case said."""

from __future__ import annotations

import json
from typing import Any

from bot.services.unit import Unit

Row = dict[str, Any]


def of_case(unit: Unit, case: Row) -> dict[str, Any]:
    """The answers by field name, as `bot.domain.forms.Answer`; empty once they are gone."""
    if case["intake_sealed"] is None:
        return {}
    sealed = unit.unseal(case["id"], "case_file", "intake_sealed", case["id"], case["intake_sealed"])
    answers: dict[str, Any] = json.loads(sealed)
    return answers
