"""The held-out vocabulary of altered meanings: from a thesaurus, written before the check and never copied into it.

What is found with these words is found by principle.
"""

from __future__ import annotations

import re


def _each(text: str, parting: str | None = None) -> list[str]:
    """The items of a list, over several lines."""
    return [one.strip() for line in text.strip().splitlines() for one in line.split(parting)]


IMPERATIVES = _each(
    """check send ask record plan agree keep say use note write tell brush include cover expect seat clean consider
    avoid warn show list leave add dry remember follow review compare polish confirm chart post see take
    find look treat give"""
)
REVERSALS = _each(
    """
    Refrain from {ing}|Fail to {verb}|Omit to {verb}|Neglect to {verb}|Skip the need to {verb}|Leave off {ing}
    Desist from {ing}|Abstain from {ing}|Forget to {verb}|There is little point to {verb}
    It is pointless to {verb}|It is useless to {verb}|It is unnecessary to {verb}|It is optional to {verb}
    It is contraindicated to {verb}|You need hardly {verb}|Hardly ever {verb}|Under no circumstances {verb}
    Resist the urge to {verb}|It would be a mistake to {verb}|Decline to {verb}|Beware of {ing}
    Nobody has to {verb}|It is needless to {verb}|Dispense with {ing}|Far from having to {verb}
    Feel free to {verb}|Give up {ing}|Put off {ing}|You are excused to {verb}|You cannot afford to {verb}
    Seldom {verb}|Rather than waste time, {verb}|Postpone {ing}|Try not to {verb}|Contrary to habit, {verb}
    Scarcely {verb}|It is inadvisable to {verb}|You may as well skip, or {verb}|Don't bother to {verb}
    """,
    "|",
)
OPPOSITES = _each(
    """
    upper lower|first last|before after|before during|before without|until after|until regardless|right wrong
    right left|anterior posterior|front back|front rear|back forward|buccal lingual|buccal palatal|mesial distal
    distal mesial|more less|more fewer|most few|most none|less more|longer briefer|longer shorter|shorten prolong
    shorten extend|lengthen curtail|lengthen shorten|increase diminish|reduce enlarge|reduce boost
    reduced restored|smaller bigger|larger smaller|deeper shallower|thin thick|thin generous|thinnest thickest
    tight slack|tight loose|high low|low high|early tardy|early late|soon eventually|sooner later|later sooner
    slow rapid|slower brisker|easier harder|light heavy|heavy gentle|heavy feather-light|mild marked|mild grave
    moderate extreme|severe trivial|small sizeable|large tiny|little much|several no|several countless
    always never|often rarely|often once|usually exceptionally|usually seldom|sometimes invariably|mostly scarcely
    fully partly|fully half-way|completely incompletely|partly wholly|clearly dubiously|current former
    current outdated|existing future|previous following|next preceding|old new|new old|final initial|fresh stale
    recent ancient|stop resume|stop proceed|hold discard|keep bin|wear shelve|wear omit|remove retain
    removed refitted|worn unworn|replace ignore|delay hasten|avoid pursue|avoid favour|open closed|opened shut
    close part|predictable erratic|reliable flimsy|accurate erroneous|inaccurate precise|reasonable reckless
    common rare|usual unheard-of|stable unstable|healthy diseased|good poor|good dismal|poor excellent
    adequate inadequate|possible impossible|likely improbable|even uneven|equally unequally|simple complex
    excellent mediocre|fixed removable|removable fixed|with without|without with|over beneath|below atop
    above beneath|behind before|into from|towards away from|out in|off on|up down|down up|between outside
    same different|each alternate|every hardly any|every every other|all some|any no|both neither|either neither
    least most|whole partial|one no|lighter stronger|temporary lasting|lifelong brief|nightly fortnightly
    plain carbonated|cool scalding|soft stiff|advise discourage|ask forbid|tell spare|agree refuse|record erase
    send withhold|explained concealed|approve reject|improve worsen|improved aggravated|settle flare|helps hinders
    allow prevent|stops eases|drift hold still|growing shrinking|increasing dwindling|falls rises|fell rose
    gained lost|seats rocks|engages slips|fit misfit|extrusion intrusion|intrusion extrusion|incisors molars
    canines incisors|molars premolars|enamel dentine|crown root|aligner retainer|attachment button|recession gain
    lose gain|mesial lateral
    """,
    "|",
)
CERTAINTY = _each(
    """
    may will|may shall|may certainly|might will|must might|must could|should could|should is free to|can cannot
    can has to|could must|would never|need need not|needs scarcely needs|usually invariably
    usually without exception|often always|about exactly|about precisely|likely certain|likely bound
    risk certainty|possible guaranteed|suggest insist|suggest deny|is is hardly|are are allegedly
    are are reportedly|reasonable compulsory|expect hope for|expect dread|on average in every case|some all
    some no|fairly wholly|typical exceptional|general unbreakable|can usually can always|prefer require
    would rather have to|to a degree entirely|sometimes at all times|if possible at any cost|roughly exactly
    """,
    "|",
)
CONDITIONS = _each(
    """
    if unless|if even if|if whether or not|if although|if except when|unless if|until even after|until as soon as
    when unless|when although|once before|once unless|where except where|before long after|only even|only also
    only not only|provided in spite that|because although|because despite that|rather than as well as
    including excluding|so that unless|whether that|enough barely|even scarcely|rather than besides|then never
    as long as even once|before instead of
    """,
    "|",
)
CLAIMS = _each(
    """
    It is perfectly safe.|No review is called for.|Nothing can go wrong here.|The rest is a matter of taste.
    You may disregard this.|All of the above is optional.|The opposite holds for molars.|Double it in adults.
    Ignore it in children.|This holds at any age.|Take it lightly.|Halve the wear.|Skip a stage.
    A fortnight will do.|Pregnancy is no bar.|Ice helps.|Bite hard on it.|File the edge down.
    Trim the tray to the margin.|Glue it.|It seldom matters.|Anybody may do it.|A nurse can do that.
    There is no hurry.|The sooner the better.|Go on regardless.|Patients love it.|It is covered by the guarantee.
    It always works.|Yes.|No.|Go ahead.|Not needed.|Carry on.|Never mind.|Let it go.|Know best.|Here it goes.
    Fine.|Approved.|Agreed.|As you like.|Stop there.|Do nothing.|Whatever happens.
    """,
    "|",
)
FIGURES = {"0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹"}
WIDE = {str(at): chr(0xFF10 + at) for at in range(10)} | {".": "\uff0e"}
ARABIC = {str(at): chr(0x660 + at) for at in range(10)}
SPOKEN = _each("""none couple trio quartet quintet half-dozen sevenfold octet ninefold decade""")
NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w.])")
COUNTED = re.compile(r"\b(?:one|two|three|five|eight)\b", re.I)
PERIODS = (
    "a fortnight",
    "a lustrum",
    "forever",
    "a heartbeat",
    "ages",
    "some time",
    "half a year",
    "overnight",
    "a sitting",
)
LEFT = (
    "can usually",
    "on average",
    "would rather",
    "to a degree",
    "if possible",
    "rather than",
    "so that",
    "as long as",
)
HEDGES = (
    "Generally, ",
    "In theory, ",
    "Ideally, ",
    "As a rule of thumb, ",
    "For most purposes, ",
    "If memory serves, ",
    "By and large, ",
    "Allegedly, ",
    "On a good day, ",
    "In children too, ",
    "Unlike what is taught, ",
)
