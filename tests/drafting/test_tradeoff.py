"""The curves of `chairside faq eval --report`, against sums done by hand."""

from __future__ import annotations

import math

from bot.drafting import tradeoff
from bot.drafting.evaluation import Question
from bot.drafting.search import Found


def test_drafts_by_least_score() -> None:
    scored = [(0.9, True, True), (0.5, True, False), (0.5, False, False), (0.2, True, True)]
    assert tradeoff.drafts(scored) == [(0.9, 1 / 3, 1.0), (0.5, 2 / 3, 1 / 3), (0.2, 1.0, 0.5)]


def test_calls_by_threshold() -> None:
    scored = [(math.inf, True), (1.0, False), (1.0, True), (-2.0, False)]
    assert tradeoff.calls(scored) == [(math.inf, 0.0, 0.5), (1.0, 0.5, 1.0), (-2.0, 1.0, 1.0)]


def test_the_points_in_use_and_what_there_is_nothing_for() -> None:
    asked = [Question("good", "a", "draft"), Question("weak", "a", "draft"), Question("bad", "b", "escalate")]
    scores = {"good": 0.8, "weak": 0.3, "bad": 0.9}
    alarms = {"good": -3.0, "weak": 0.5, "bad": math.inf}

    def search(text: str) -> list[Found]:
        return [Found("a", scores[text])]

    drafts, calls = tradeoff.panels(asked, search, alarms.__getitem__, 0.4, -0.3)
    assert drafts["now"]["at"] == (0.5, 1.0)  # the urgent one is never drafted, so it is in neither share
    assert calls["now"]["at"] == (0.5, 1.0)
    assert [one["title"] for one in tradeoff.panels(asked[:2], search, alarms.__getitem__, 0.4, -0.3)] == [
        drafts["title"]
    ]
    assert tradeoff.panels(asked[2:], search, alarms.__getitem__, 0.4, -0.3) == []
