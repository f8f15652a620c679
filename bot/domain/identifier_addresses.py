"""Where somebody lives: British postcodes, and house numbers with a street."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.identifier_types import Certainty, Finding, Kind, word_list

# The 124 postcode areas of Royal Mail and the Crown dependencies.
_AREAS = word_list(
    """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK
    FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG
    NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR
    TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
)
_POSTCODE = re.compile(
    r"(?<![\w-])(?P<area>[A-Za-z]{1,2})(?P<district>\d[A-Za-z0-9]?)(?P<gap> ?)"
    r"(?P<inward>\d[abd-hjlnp-uw-zABD-HJLNP-UW-Z]{2})(?![\w-])"
)
_HOME_CUE = re.compile(
    r"\b(?:post\s?code|zip|address|lives?|living|moved|deliver|delivery|send|courier|road|street|close|lane|drive|avenue|"
    r"flat|house|rd|ave|court|gardens|cottage|mews)\b",
    re.IGNORECASE,
)
_ORDINALS = frozenset({"st", "nd", "rd", "th", "hr", "pt", "dr"})

_TYPES = (
    "road|rd|street|str|st|avenue|ave|av|close|cl|lane|ln|drive|dr|crescent|cres|court|ct|gardens|gdns|grove|gr|place|pl|"
    "terrace|terr|way|square|sq|hill|park|mews|row|parade|walk|rise|view|green|broadway|mount|wharf|quay|vale|fields|"
    "meadows?|villas|buildings|embankment|bank|gate|circus|approach|croft|drove|end|heights|reach|rise|yard|paddocks?"
)
_STREET_WORDS = frozenset(
    _TYPES.replace("meadows?", "meadow|meadows").replace("paddocks?", "paddock|paddocks").split("|")
)
_LETTERS = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_UNIT = r"(?:(?:flat|apartment|apt|unit|room|suite|block)\s+\w{1,4}\s*,?\s+)"
_HOUSE = r"(?:[A-Z][\w'’-]+\s+){1,3}(?:House|Cottage|Court|Lodge|Farm|Hall|Barn|Mansions|Heights|Surgery|Villas|Manor)"
_NUMBER = r"\d{1,4}\s?[A-Za-z]?(?:\s?[-/]\s?\d{1,4}[a-z]?)?,?\s+"
_STREET = re.compile(
    rf"(?<![\w.,/#-])(?:(?i:{_UNIT}))?(?:(?:The\s+)?{_HOUSE},?\s+)?{_NUMBER}"
    rf"(?P<name>(?:(?:[A-Z][\w'’.-]*|the|of|and|le|la|de|upper|lower|old|new)\s+){{1,4}})(?P<type>(?i:{_TYPES}))\b"
)
_LOWER_STREET = re.compile(
    rf"(?<![\w.,/#-])(?:{_UNIT})?{_NUMBER}(?P<name>(?:[a-z][\w'’-]*\s+){{1,3}})(?P<type>{_TYPES})\b", re.IGNORECASE
)
_LIVES = re.compile(r"\b(?:lives?|living|address|moved|resides?)\b[\w\s,:'’]{0,16}\Z", re.IGNORECASE)
_NAMED_HOUSE = re.compile(
    rf"\b(?:lives?|living|address|moved|resides?|deliver(?:ed|y)?|sent?)\b[\s:]+(?:(?:is|to|at|on|in)\s+){{0,2}}"
    rf"(?P<where>(?:The\s+)?{_HOUSE}(?:,\s+(?:[A-Z][\w'’-]+\s+){{1,3}}(?i:{_TYPES}))?"
    rf"|(?:[A-Z][\w'’-]+\s+){{1,3}}(?:Road|Street|Avenue|Close|Lane|Drive|Crescent|Gardens|Grove|Terrace|Mews))\b"
)
_TOWN = re.compile(
    r",\s+[A-Z][a-z]+(?:[\s-](?:on|upon|under|le|by|in|the)[\s-][A-Z][a-z]+)?(?=\s*[,.;!?)\n]|\s+[A-Z]{1,2}\d|\Z)"
)
# Words that stand between a number and a word like "place" or "close" in a clinical sentence.
_CLINICAL = word_list(
    """
    class tray trays aligner aligners week weeks mm hours hour days day months upper lower left right in to will
    still not the and contacts contact gap gaps space spaces attachments attachment buttons button teeth tooth
    canine canines of scan scans degree degrees did does is are wont seats seat can should would holds took take
    first we it they
"""
)


def postcodes(text: str) -> Iterator[Finding]:
    """Full postcodes. In small letters with a blank only where an address is spoken of: "w3 8hr wear" is not one."""
    for found in _POSTCODE.finditer(text):
        area, district, inward = found["area"], found["district"], found["inward"]
        if area.upper() not in _AREAS or (area.upper() == "LL" and not district.isdecimal()):
            continue
        if area.upper() == "LL" and len(district) == 1:  # LL1 to LL8 are teeth; the area's districts begin at 11
            continue
        upper = found[0].isupper()
        before = text[max(0, found.start() - 60) : found.start()]
        cued = (
            _HOME_CUE.search(before) is not None or _HOME_CUE.search(text[found.end() : found.end() + 40]) is not None
        )
        if not upper and (inward[1:].lower() in _ORDINALS or (found["gap"] and not inward[1:].isupper())) and not cued:
            continue
        yield Finding(*found.span(), Kind.POSTCODE, Certainty.SURE if upper or cued else Certainty.LIKELY)


def addresses(text: str) -> Iterator[Finding]:
    """A number and a street, with the flat or house before it and the town after it."""
    streets = _names_a_street(text)
    for found in _STREET.finditer(text) if streets else ():
        if not _clinical(found["name"]):
            yield Finding(found.start(), _with_town(text, found.end()), Kind.ADDRESS)
    for found in _LOWER_STREET.finditer(text) if streets else ():
        led_up_to = _LIVES.search(text[max(0, found.start() - 40) : found.start()])
        followed = _POSTCODE.match(text[found.end() :].lstrip(" ,"))
        if (led_up_to or followed) and not _clinical(found["name"]):
            yield Finding(found.start(), _with_town(text, found.end()), Kind.ADDRESS, Certainty.LIKELY)
    for found in _NAMED_HOUSE.finditer(text):
        yield Finding(found.start("where"), _with_town(text, found.end("where")), Kind.ADDRESS, Certainty.LIKELY)


def _names_a_street(text: str) -> bool:
    """A number and some word for a street are there at all: a cheap look before the costly ones."""
    return _DIGIT.search(text) is not None and not _STREET_WORDS.isdisjoint(_LETTERS.findall(text.lower()))


def _clinical(name: str) -> bool:
    """Every word between the number and the street's kind is one of ours."""
    return all(word.strip(".,").lower() in _CLINICAL for word in name.split())


def _with_town(text: str, end: int) -> int:
    town = _TOWN.match(text, end)
    return end if town is None else town.end()
