"""Seeded alterations of meaning, by words that the check has in no list of its own (`held_out_words`)."""

from __future__ import annotations

import random
import re

from tests.support.held_out_words import (
    ARABIC,
    CERTAINTY,
    CLAIMS,
    CONDITIONS,
    COUNTED,
    FIGURES,
    HEDGES,
    IMPERATIVES,
    LEFT,
    NUMBER,
    OPPOSITES,
    PERIODS,
    REVERSALS,
    SPOKEN,
    WIDE,
)
from tests.support.hostile import Make

SENTENCE = re.compile(r"(?<=[.!?])\s+")


def _swapped(dice: random.Random, text: str, pairs: list[str], *, whole: bool = False) -> str | None:
    """One of the pairs' words is the other; `whole`: the pair may be of several words."""
    able = []
    for pair in pairs:
        one, other = _parted(pair) if whole else pair.split(" ", 1)
        able += [(match, other) for match in re.finditer(rf"(?<![\w-]){one}(?![\w-])", text, re.I)]
    if not able:
        return None
    match, other = dice.choice(able)
    return text[: match.start()] + other + text[match.end() :]


def _parted(pair: str) -> tuple[str, str]:
    """A pair whose first half may have several words."""
    one = next((one for one in LEFT if pair.startswith(one + " ")), pair.split(" ", 1)[0])
    return one, pair.removeprefix(one).strip()


def _ing(verb: str) -> str:
    if verb in ("see", "agree"):
        return verb + "ing"
    if verb in ("plan",):
        return verb + "ning"
    return verb.removesuffix("e") + "ing"


def reversed_by_verb(dice: random.Random, text: str) -> str | None:
    """What is to be done is to be left."""
    verbs = "|".join(IMPERATIVES)
    able = list(re.finditer(rf"(?:^|(?<=[.;:] )|(?<=, and )|(?<=Please ))({verbs})\b", text, re.I))
    if not able:
        return None
    match, how = dice.choice(able), dice.choice(REVERSALS)
    verb = match.group().lower()
    made = how.format(verb=verb, ing=_ing(verb))
    return (
        text[: match.start()]
        + (made if match.group()[0].isupper() else made[0].lower() + made[1:])
        + text[match.end() :]
    )


def opposite(dice: random.Random, text: str) -> str | None:
    """A word is its opposite, or another of its kind."""
    return _swapped(dice, text, OPPOSITES)


def certainty(dice: random.Random, text: str) -> str | None:
    """A hedge is a certainty, a duty is a choice."""
    return _swapped(dice, text, CERTAINTY, whole=True)


def condition_turned(dice: random.Random, text: str) -> str | None:
    """A condition holds the other way round."""
    return _swapped(dice, text, CONDITIONS, whole=True)


def condition_dropped(dice: random.Random, text: str) -> str | None:
    """What was so on a condition is so."""
    word = r"(?:if|unless|until|when|once|where|before|provided|so that|because)"
    able = [
        *re.finditer(rf"(?:^|(?<=[.;:] )){word}\b[^.,;:]*, ", text, re.I),
        *re.finditer(rf",? \b{word}\b[^.,;:]*(?=[.,;:])", text, re.I),
    ]
    if not able:
        return None
    match = dice.choice(able)
    left = text[match.end() :]
    return text[: match.start()] + (left[:1].upper() + left[1:] if not match.start() else left)


def limit_left_out(dice: random.Random, text: str) -> str | None:
    """A word or a phrase that limits is gone."""
    able = [
        *re.finditer(
            r"\b(?:only|just|about|at least|up to|no more than|usually|often|may|can|fully|enough|some|mild to moderate"
            r"|still|actually|almost|mostly|on average|as a general ceiling,|sometimes|either|selected|simple|small"
            r"|first|slightly|already|several|without|each|every|current|previous|last|original|average) ",
            text,
            re.I,
        ),
        *re.finditer(
            r" (?:in|with|at|on|of|for|over|under|from|after|during) (?:the |an? )?(?!(?:it|them)\b)[\w-]+(?=[.,;])",
            text,
        ),
    ]
    if not able:
        return None
    match = dice.choice(able)
    return text[: match.start()] + text[match.end() :]


def sentence_left_out(dice: random.Random, text: str) -> str | None:
    """A sentence with a limit, a condition or a warning is gone."""
    parts = SENTENCE.split(text)
    limits = r"\d|\b(?:not|no|never|without|if|unless|until|only|risk|warn|stop|avoid|before|cannot|less|rather)\b"
    able = [at for at, part in enumerate(parts) if re.search(limits, part, re.I)]
    if len(parts) < 2 or not able:
        return None
    gone = dice.choice(able)
    return " ".join(part for at, part in enumerate(parts) if at != gone)


def part_left_out(dice: random.Random, text: str) -> str | None:
    """Half of a sentence is gone."""
    able = list(re.finditer(r"[,;:] [^.,;:]+(?=[.;])", text))
    if not able:
        return None
    match = dice.choice(able)
    return text[: match.start()] + text[match.end() :]


def figure_disguised(dice: random.Random, text: str) -> str | None:
    """A number in other characters or words, and not the same."""
    found = [*NUMBER.finditer(text), *COUNTED.finditer(text)]
    if not found:
        return None
    match = dice.choice(found)
    figure = match.group() if match.group()[0].isdigit() else str(dice.randrange(2, 9))
    digits = dice.choice("23456789")
    made = dice.choice(
        [
            figure + FIGURES[digits],
            "".join(WIDE[one] for one in digits + figure),
            "".join(ARABIC.get(one, one) for one in figure),
            f"{figure}½",
            f"{figure}{digits}/{digits}",
            f"{figure}x",
            f"{figure}e1",
            f"-{figure}",
            f".{figure}",
            f"{figure},{digits}",
            f"{figure} {digits}",
            f"half of {figure}",
            f"nearly {figure}",
            f"{figure} dozen",
            f"{figure}-odd",
            f"twice {figure}",
            f"a {dice.choice(SPOKEN)} of",
            "umpteen",
            "VII",
            "Ⅶ",
        ]
    )
    return text[: match.start()] + made + text[match.end() :]


def period_disguised(dice: random.Random, text: str) -> str | None:
    """A time is another, without a figure."""
    spans = r"(?:days?|weeks?|months?|hours?|years?|visits?)"
    able = list(re.finditer(rf"(?:\d[\d-]*|two|three|several|an?|about a|the next) {spans}\b", text))
    if not able:
        return None
    match = dice.choice(able)
    return text[: match.start()] + dice.choice(PERIODS) + text[match.end() :]


def claim_added(dice: random.Random, text: str) -> str | None:
    """A short sentence that the library does not have."""
    parts = SENTENCE.split(text)
    parts.insert(dice.randrange(len(parts) + 1), dice.choice(CLAIMS))
    return " ".join(parts)


def things_exchanged(dice: random.Random, text: str) -> str | None:
    """Two nouns of a sentence have changed places."""
    nouns = (
        r"\b(?:aligners?|attachments?|patient|teeth|tooth|scan|photographs|gap|contacts?|plan|visit|bite|retainer|IPR|wear"
        r"|rotations?|extrusions?|intrusion|enamel|bone|incisors|molars|canines|premolars|cost|date|refinement)\b"
    )
    parts = SENTENCE.split(text)
    able = [
        at for at, part in enumerate(parts) if len({match.lower().rstrip("s") for match in re.findall(nouns, part)}) > 1
    ]
    if not able:
        return None
    at = dice.choice(able)
    found = list(re.finditer(nouns, parts[at]))
    one = found[0]
    other = next(two for two in found if two.group().rstrip("s") != one.group().rstrip("s"))
    line = parts[at]
    parts[at] = (
        line[: one.start()] + other.group() + line[one.end() : other.start()] + one.group() + line[other.end() :]
    )
    return " ".join(parts)


def reach_changed(dice: random.Random, text: str) -> str | None:
    """A condition or a denial reaches further, or less far, by other stops."""
    able = [
        *(
            (match, ". " + text[match.end() :][:1].upper(), 1)
            for match in re.finditer(r"(?<=\w),? (?=(?:if|until|unless|before) )", text)
        ),
        *((match, ", ", 0) for match in re.finditer(r"(?<=[a-z])\. (?=(?:If|Until|Once|Do not) )", text)),
        *((match, match.group()[:-1] + ". ", 0) for match in re.finditer(r"\b(?:not|never|no|only|without) ", text)),
    ]
    if not able:
        return None
    match, made, skipped = dice.choice(able)
    left = text[match.end() + skipped :]
    return text[: match.start()] + made + (left[:1].lower() + left[1:] if made == ", " else left)


def hedged(dice: random.Random, text: str) -> str | None:
    """All of it is true more or less."""
    return dice.choice(HEDGES) + text[0].lower() + text[1:]


HELD_OUT: dict[str, Make] = {
    "reversed by a verb": reversed_by_verb,
    "opposite": opposite,
    "certainty": certainty,
    "condition turned": condition_turned,
    "condition dropped": condition_dropped,
    "limit left out": limit_left_out,
    "sentence left out": sentence_left_out,
    "part left out": part_left_out,
    "figure disguised": figure_disguised,
    "period disguised": period_disguised,
    "claim added": claim_added,
    "things exchanged": things_exchanged,
    "reach changed": reach_changed,
    "hedged": hedged,
}
