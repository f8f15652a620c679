"""The intake form: four answers are required and stand first; the rest may wait until the plan."""

from __future__ import annotations

import re

from bot.domain.forms import NONE, Field, Form, Kind
from bot.domain.names import looks_like_full_name
from bot.domain.problems import Caution, clip


def pseudonym_caution(text: str) -> Caution | None:
    """Asks again where a pseudonym looks like a name, an NHS number, a date of birth or an address."""
    if looks_like_full_name(text):
        return Caution.of("intake.caution.full_name", text=clip(text))
    digits = re.sub(r"[\s-]", "", text)
    if _NHS.fullmatch(digits) and _is_nhs_number(digits):
        return Caution.of("intake.caution.identifier", text=clip(text))
    if _BIRTH_DATE.search(text) or "@" in text or _PHONE.fullmatch(re.sub(r"[\s()-]", "", text)):
        return Caution.of("intake.caution.identifier", text=clip(text))
    return None


_NHS = re.compile(r"\d{10}")
_BIRTH_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})(?!\d)")
_PHONE = re.compile(r"(?:\+|00)\d{9,14}|0\d{9,10}")


def _is_nhs_number(digits: str) -> bool:
    """The last digit is the check digit, modulus 11."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return int(digits[9]) == (0 if check == 11 else check)


INTAKE = Form(
    "intake",
    (
        Field("pseudonym", Kind.TEXT, required=True, low=2, high=40, caution=pseudonym_caution),
        Field("complaint", Kind.LONG_TEXT, required=True, low=3, high=1000),
        Field("event_date", Kind.DATE, required=True, high=60, none_allowed=True),
        Field("event_what", Kind.TEXT, low=2, high=80, after="event_date"),
        Field("consent", Kind.TICK, required=True, missing="intake.problem.consent"),
        Field("urgency", Kind.CHOICE, options=("routine", "soon", "urgent")),
        Field(
            "age_band",
            Kind.CHOICE,
            options=("under_18", "age_18_24", "age_25_34", "age_35_49", "age_50_64", "age_65_plus"),
        ),
        Field("teeth", Kind.TEETH, high=300),
        Field("movements", Kind.MOVEMENTS, high=1500),
        Field("overbite", Kind.MEASURE, low=-15, high=15, unit="mm"),
        Field("aligners", Kind.ARCHES, high=99),
        Field("days_per_aligner", Kind.NUMBER, low=3, high=42, unit="day"),
        Field(
            "history",
            Kind.MULTI,
            options=("perio", "trauma", "medicines", "previous_ortho", "short_roots", "under_18", NONE),
        ),
        Field(
            "system",
            Kind.CHOICE,
            options=("invisalign", "clearcorrect", "spark", "suresmile", "angel", "in_house", "other"),
        ),
    ),
)
"""Fields as issue and domain name them; `history` ticks and `overbite` set off forewarning rules."""
