"""Numbers and addresses of the net that point at a person: NHS numbers, telephone numbers, e-mail, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.domain.dates import MONTHS
from bot.domain.identifier_types import Certainty, Finding, Kind

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_SPOKEN_EMAIL = re.compile(
    r"(?<!\S)[\w.+%-]{2,64}\s(?:at|\(at\)|\[at\])\s[\w-]{2,40}(?:\s(?:dot|\(dot\)|\[dot\])\s[a-z]{2,10}){1,3}\b",
    re.IGNORECASE,
)
_TEN = re.compile(r"(?<![\w+/.,:#-])\d(?:[ .-]?\d){9}(?![\w/]|[.,:-]\d)")
_NHS_CUE = re.compile(r"\bnhs\b[^\n\d]{0,24}\Z", re.IGNORECASE)
_OTHER_CUE = re.compile(
    r"\b(?:invoice|order|lot|batch|serial|ref|reference|gdc|tracking|parcel|po|account|device|licence|job|ticket)\b"
    r"[^\n\d]{0,16}\Z",
    re.IGNORECASE,
)
# One digit a step, or a long run of digits could be cut up in millions of ways.
_ABROAD = re.compile(r"(?<![\w.,/+#-])(?:\(?\+|00)\d{1,3}\)?(?:[ -]?\(0\))?(?:[ -]?\d){5,14}(?![\w/]|[.,:-]\d)")
_NATIONAL = re.compile(r"(?<![\w.,/+#-])\(?0\d{2,5}\)?(?:[ -]?\d){4,8}(?![\w/]|[.,:-]\d)")
_CUED_PHONE = re.compile(
    r"\b(?:tel|phone|telephone|mobile|mob|cell|whatsapp|landline|home|work|ring|call|text|number)\b"
    r"[\w\s.:,()'’-]{0,16}?(?<![\w.,/+#-])(?P<number>7\d{3}[ -]?\d{3}[ -]?\d{3}|[2-9]\d{2}[ -]\d{4})(?![\w/]|[.,:-]\d)",
    re.IGNORECASE,
)

_MONTH = "|".join(month[:3] for month in MONTHS)
_ORDINAL = r"\d{1,2}(?:\s?(?:st|nd|rd|th))?"
_DATE = re.compile(
    rf"""(?<![\w/.,-])(?:
      (?P<iso_y>\d{{4}})[-/.](?P<iso_m>\d{{1,2}})[-/.](?P<iso_d>\d{{1,2}})
    | (?P<d>\d{{1,2}})\s?(?P<sep>[-/.\\])\s?(?P<m>\d{{1,2}})\s?(?P=sep)\s?(?P<y>\d{{4}}|\d{{2}})
    | (?P<bd>\d{{1,2}})\s(?P<bm>\d{{1,2}})\s(?P<by>(?:19|20)?\d\d)
    | (?P<wd>{_ORDINAL})(?:\s+of)?[\s-]*(?P<wm>(?:{_MONTH})[a-z]{{0,6}})\.?[\s,'’-]*(?P<wy>\d{{4}}|\d{{2}})
    | (?P<um>(?:{_MONTH})[a-z]{{0,6}})\.?\s*(?P<ud>{_ORDINAL}),?\s+(?P<uy>\d{{4}})
    )(?![\w/]|[.,:-]\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_BIRTH_CUE = re.compile(
    r"(?:\b(?:d\.?\s?o\.?\s?b|date\s+of\s+birth|birth\s?-?date|birthday|born|b(?=\.))[^\w\n]{0,4}"
    r"(?:(?:is|was|on|the|of|in)\b\s*){0,2}[^\w\n]{0,3})\Z",
    re.IGNORECASE,
)
_BIRTH_AFTER = re.compile(r"[^\w\n]{0,3}(?:\(?d\.?o\.?b\b|date of birth\b)", re.IGNORECASE)
_EVENT_BEFORE = re.compile(
    r"\b(?:on|since|until|till|by|before|after|from|to|dated|seen|saw|visit|review|reviewed|fitted|placed|started|"
    r"finished|scan|scanned|taken|opg|letter|wedding|holiday|appointment|appt|booked|due|last|next|is|was|photos?|"
    r"records?|plan|aligner|tray|for|at)\W{0,3}\Z",
    re.IGNORECASE,
)
_NEAR = 12
YOUNGEST, OLDEST = 4, 105
"""Ages, in years, that make a bare date a possible date of birth."""


def nhs_number(digits: str) -> bool:
    """Whether ten digits hold the check digit of an NHS number (Modulus 11)."""
    if len(digits) != 10 or not (digits.isascii() and digits.isdecimal()) or len(set(digits)) == 1:
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    check = (11 - rest) % 11
    return check == int(digits[9])


def emails(text: str) -> Iterator[Finding]:
    """E-mail addresses, "name at host dot com" too."""
    for found in _EMAIL.finditer(text) if "@" in text else ():
        yield Finding(*found.span(), Kind.EMAIL)
    for found in _SPOKEN_EMAIL.finditer(text) if "dot" in text.lower() else ():
        yield Finding(*found.span(), Kind.EMAIL, Certainty.LIKELY)


def nhs_numbers(text: str) -> Iterator[Finding]:
    """Ten digits with the right check digit, or right after the letters NHS even if mistyped."""
    for found in _TEN.finditer(text):
        digits = _digits(found[0])
        before = text[max(0, found.start() - 40) : found.start()]
        cued = _NHS_CUE.search(before) is not None
        if not cued and (digits[0] in "0" or _OTHER_CUE.search(before)):
            continue
        if nhs_number(digits):
            yield Finding(*found.span(), Kind.NHS_NUMBER)
        elif cued:
            yield Finding(*found.span(), Kind.NHS_NUMBER, Certainty.LIKELY)


def phones(text: str) -> Iterator[Finding]:
    """British numbers as people write them, any number that begins with + or 00, and shorter ones after a cue."""
    for found in _ABROAD.finditer(text):
        digits = _digits(found[0])
        if 9 <= len(digits) - 2 * digits.startswith("00") <= 15:
            yield Finding(*found.span(), Kind.PHONE)
    for found in _NATIONAL.finditer(text):
        digits = _digits(found[0])
        grouped = all(len(group.strip("()")) > 1 for group in re.split(r"[ -]", found[0]))
        if len(digits) in (10, 11) and digits[1] not in "06" and grouped:
            yield Finding(*found.span(), Kind.PHONE)
    for found in _CUED_PHONE.finditer(text):
        yield Finding(*found.span("number"), Kind.PHONE, Certainty.LIKELY)


def birth_dates(text: str, today: date) -> Iterator[Finding]:
    """Dates called a date of birth in so many words."""
    for found in _DATE.finditer(text):
        before = text[max(0, found.start() - 40) : found.start()]
        if _day(found, today) is None:
            continue
        if _BIRTH_CUE.search(before) or _BIRTH_AFTER.match(text, found.end()):
            yield Finding(*found.span(), Kind.BIRTH_DATE)


def dates_beside(text: str, beside: list[Finding], today: date) -> Iterator[Finding]:
    """Full dates right after a name or number of a person, of a day on which a patient may have been born.

    A date that a word like "seen", "review" or "on" leads up to is a visit's or an event's.
    """
    if not beside:
        return
    ends = {one.end for one in beside}
    for found in _DATE.finditer(text):
        day = _day(found, today)
        if day is None or found["by"] or not YOUNGEST * 365 < (today - day).days < OLDEST * 366:
            continue
        near = (end for end in range(max(0, found.start() - _NEAR), found.start() + 1) if end in ends)
        if any(_leads_to(text[end : found.start()]) for end in near):
            yield Finding(*found.span(), Kind.BIRTH_DATE, Certainty.LIKELY)


def _leads_to(between: str) -> bool:
    """Whether what stands between a name and a date lets the date be theirs: the same line and sentence, no visit."""
    return "\n" not in between.strip(" \t") and not re.search(r"[.!?]\s", between) and not _EVENT_BEFORE.search(between)


def _digits(text: str) -> str:
    return "".join(character for character in text if "0" <= character <= "9")


def _day(found: re.Match[str], today: date) -> date | None:
    """The day a date names, two-digit years in the past hundred; None if there is no such day."""
    part = found.groupdict()
    if part["iso_y"]:
        year, month, day = part["iso_y"], int(part["iso_m"]), int(part["iso_d"])
    elif part["by"]:
        year, month, day = part["by"], int(part["bm"]), int(part["bd"])
    elif part["y"]:
        year, month, day = part["y"], int(part["m"]), int(part["d"])
    else:
        year = part["wy"] or part["uy"]
        month = _month(part["wm"] or part["um"])
        day = int(re.sub(r"\D", "", part["wd"] or part["ud"]))
    full = int(year)
    if len(year) == 2:
        full += today.year // 100 * 100
        full -= 100 * (full > today.year)
    try:
        return date(full, month, day)
    except ValueError:
        return None


def _month(word: str) -> int:
    """1 to 12; 0 for a word that only begins like one."""
    low = word.lower()
    for number, name in enumerate(MONTHS, 1):
        if name.lower().startswith(low.removesuffix("t") if low == "sept" else low):
            return number
    return 0
