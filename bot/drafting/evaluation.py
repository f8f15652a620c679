"""How well the library answers labelled questions: the figures of `chairside faq eval`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.drafting.search import Found
from bot.ports.drafter import Suggestion, Verdict


@dataclass(frozen=True, slots=True)
class Question:
    """One labelled question; `topic` None where no entry answers it."""

    text: str
    topic: str | None
    policy: str


def measure(
    questions: Sequence[Question],
    search: Callable[[str], list[Found]],
    suggest: Callable[[str], Suggestion],
    step: Callable[[], None] = lambda: None,
) -> dict[str, float | None]:
    """Shares from 0 to 1 and milliseconds a question; None where the questions hold none of that kind.

    `step` is called twice for each question: once it was searched for, and once it was judged.
    """
    if questions:
        search(questions[0].text)  # what is made at the first question is no part of the time
    ranks: list[int] = []
    inside: list[float] = []
    outside: list[float] = []
    began = time.perf_counter()
    for question in questions:
        found = search(question.text)
        top = found[0].score if found else 0.0
        if question.topic is None:
            outside.append(top)
        else:
            inside.append(top)
            topics = [one.topic for one in found]
            ranks.append(topics.index(question.topic) + 1 if question.topic in topics else 0)
        step()
    spent = time.perf_counter() - began
    verdicts: list[tuple[str, Verdict]] = []
    for question in questions:
        verdicts.append((question.policy, suggest(question.text).verdict))
        step()
    return {
        "recall_at_1": _share(rank == 1 for rank in ranks),
        "recall_at_5": _share(0 < rank <= 5 for rank in ranks),
        "mrr_at_10": _mean([1 / rank if 0 < rank <= 10 else 0.0 for rank in ranks]),
        "oos_auroc": _auroc(inside, outside),
        "escalation_recall": _share(got is Verdict.ESCALATE for want, got in verdicts if want == "escalate"),
        "false_escalation": _share(got is Verdict.ESCALATE for want, got in verdicts if want == "draft"),
        "none_without_draft": _share(got is not Verdict.DRAFT for want, got in verdicts if want == "none"),
        "ms_per_query": round(spent * 1000 / len(questions), 2) if questions else None,
    }


def _share(hits: Iterable[bool]) -> float | None:
    return _mean([float(hit) for hit in hits])


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _auroc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """How often a question that has an entry scores higher than one that has none; a tie counts half."""
    if not inside or not outside:
        return None
    order = sorted([(score, True) for score in inside] + [(score, False) for score in outside])
    total, below, at = 0.0, 0, 0
    while at < len(order):
        tied = [own for _, own in order[at : at + _run(order, at)]]
        mine = sum(tied)
        theirs = len(tied) - mine
        total += mine * (below + theirs / 2)
        below += theirs
        at += len(tied)
    return round(total / (len(inside) * len(outside)), 4)


def _run(order: Sequence[tuple[float, bool]], at: int) -> int:
    end = at
    while end < len(order) and order[end][0] == order[at][0]:
        end += 1
    return end - at
