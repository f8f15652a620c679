"""Closed lists for comparing what clinicians write: which words say nothing, and which say the same. British English.

Every word that is in none of these counts, and has to stand in the library as it stands in the text. So a list errs on
the safe side by being short; whoever adds to one makes the check weaker. The lists are of closed classes after Quirk et
al., A Comprehensive Grammar of the English Language (articles 5.10, auxiliaries 3.21, pronouns 6.2, subordinators
14.12, negation 10.54), less each word that can turn a meaning; the like words are from the shipped library's own.
"""

from __future__ import annotations


def _lined(text: str) -> list[str]:
    return text.split()


def _words(text: str) -> frozenset[str]:
    return frozenset(_lined(text))


def _alike(lines: str, parting: str | None = None) -> dict[str, str]:
    """Each word of a line stands for the line's first."""
    rows = [[one.strip() for one in line.split(parting)] for line in lines.strip().splitlines()]
    return {word: row[0] for row in rows for word in row if word}


SILENT = _words(
    """a an the be am is are was were been being do does did have has had having will shall
    to of in on at that which it its this these those they them their he him his she her here there
    and but so then therefore please"""
)
"""What may come, go and change: it neither denies, limits, hedges nor directs. Not `by`, `from`, `with` and `for`."""

COURTESIES = tuple(
    one.strip()
    for one in """
    thank you|thanks|thank you for asking|thanks for asking|many thanks|good question|hello|hi|dear colleague
    happy to help|happy to help further|glad to help|here is my advice|my advice|let me know|please let me know
    let me know how it goes|please let me know how it goes|let me know how you get on|i hope this helps|hope this helps
    kind regards|best wishes|in short|in brief|to sum up|in summary|to summarise|for this case|in this case
    for your case|for this patient|however|therefore|moreover|furthermore|additionally|in addition
    """.replace("\n", "|").split("|")
    if one.strip()
)
"""Any of these may stand between two sentences, or at the end or the beginning, with stops around it."""

CONTRACTIONS = _alike(
    """
    can not|cannot|can't
    will not|won't
    it is|it's
    that is|that's
    there is|there's
    let us|let's
    i am|i'm
    shall not|shan't
    """,
    "|",
)
CONTRACTED = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'s": ""}
"""Endings; "the patient's" counts as "the patient"."""

PHRASES = _alike(
    """
    |you should|you need to|you will need to|make sure that you|make sure you|be sure to|remember to|in order to
    |i am|as follows
    <=|up to|at most|no more than|not more than|a maximum of|no longer than|not exceeding
    >=|at least|no less than|not less than|no fewer than|a minimum of
    <|less than|fewer than
    >|more than
    %|per cent
    have-to|have to|has to|had to
    should|ought to
    can|is able to|are able to
    a-few|a few
    a-little|a little
    even-if|even if
    rather-than|rather than|instead of
    and|as well as
    before|prior to
    patient|your patient|your patients
    so|so that
    although|even though
    """,
    "|",
)
"""Words that count together. What stands for nothing is left away: "you should check" is "check"."""

SAME = _alike(
    """
    millimetre mm millimetres millimeter millimeters
    centimetre cm centimetres centimeter centimeters
    micron microns um micrometre micrometres
    % percent
    hour hours hr hrs hourly
    day days daily
    week weeks weekly
    month months monthly
    minute minutes
    degree degrees deg °
    aligner aligners tray trays
    stage stages step steps
    milligram mg milligrams
    millilitre ml millilitres
    megabyte mb megabytes
    photograph photographs photo photos
    refinement refinements
    < under below
    > over above
    about around roughly approximately ~
    usual common
    usually generally commonly
    often frequently
    enough sufficient
    start begin started starting starts beginning begins began
    use utilise used uses
    we i me my our us
    until till
    while whilst
    although though
    wear wore worn
    give gave given
    take took taken
    find found
    keep kept
    see saw seen
    send sent
    tell told
    hold held
    choose chose chosen
    go goes went gone going
    say said says
    first firstly
    """
)
"""Like words, and forms of one word that no rule finds."""

_COUNTED = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty"""
NUMBER_WORDS = {word: str(at) for at, word in enumerate(_lined(_COUNTED))} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
}

REACHING = _words("not no never nor neither none nothing nobody avoid unlikely only hardly except unless")
"""Denials and limits that reach as far as the next stop: where one stands, stops count too."""

CONDITIONS = _words("if unless until when whenever where wherever before after once provided providing even-if except")
"""They open a clause that the other one hangs on."""
OPENERS = CONDITIONS | _words("while whereas because although since")
"""They open a clause; stops around it count."""

LEANING = _words("it its this that these those they them then either otherwise both such one ones also instead so")
"""A sentence that begins with one of these, or with "if" and one of these, hangs on the sentence before it."""

# ------------------------------------------------------------------------- only to name what was found, in the record
MEASURES = _words(
    """millimetre centimetre micron % hour day week month year minute degree aligner stage visit contact surface tooth
    milligram millilitre megabyte half third quarter twice double minus < <= > >= about per each every"""
)
NEGATIONS = REACHING | _words("without barely rarely seldom rather refrain omit skip fail")
CERTAINTY = _words(
    """may might can could should would must have-to usually often sometimes likely possible always generally perhaps
    suggest need expect typical usual"""
)
TURNING = _words(
    """upper lower left right anterior posterior buccal lingual palatal mesial distal front back first last next
    previous more less most least increase reduce decrease raise lengthen shorten longer shorter early late earlier
    later sooner fast slow stop continue resume hold advance forward remove keep replace start up down out off over
    under into from with by for safe unsafe mild moderate severe stable unstable good poor high low small large both
    either all some any few several full part whole same different"""
)

DRUGS = _words(
    """aspirin ibuprofen paracetamol acetaminophen naproxen diclofenac codeine tramadol morphine
    oxycodone celecoxib
    amoxicillin penicillin metronidazole clindamycin azithromycin clarithromycin erythromycin doxycycline tetracycline
    lidocaine articaine prilocaine mepivacaine bupivacaine benzocaine chlorhexidine corsodyl prednisolone
    dexamethasone warfarin apixaban rivaroxaban clopidogrel heparin alendronate alendronic denosumab zoledronate
    bisphosphonate bisphosphonates steroid steroids antibiotic antibiotics painkiller painkillers analgesic analgesics
    nsaid nsaids fluoride hydrogen peroxide carbamide bleach benzydamine difflam insulin metformin phenytoin
    nifedipine amlodipine ciclosporin methotrexate"""
)
DRUG_ENDINGS = (
    "cillin", "mycin", "azole", "profen", "caine", "dronate", "dronic", "sone", "olone", "oxacin", "cycline", "triptan",
    "statin", "mab", "azepam", "barbital", "parin", "xaban",
)  # fmt: skip
