"""The words that carry numbers, limits, denials and directions in what clinicians write. British English."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NEGATIONS = frozenset(_words("not no never without nor neither none nothing cannot avoid avoids avoiding unlikely"))

CONTRACTIONS = {
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    **{
        f"{verb}n't": f"{verb} not"
        for verb in _words("do does did is are was were has have had would could should must need")
    },
    "it's": "it is",
    "that's": "that is",
    "there's": "there is",
    "they're": "they are",
    "you're": "you are",
    "we're": "we are",
    "i'm": "i am",
    "i'd": "i would",
    "we'd": "we would",
    "i'll": "i will",
    "we'll": "we will",
    "they've": "they have",
    "you've": "you have",
    "we've": "we have",
    "haven't": "have not",
    "let's": "let us",
}

_COUNTED = _words("zero one two three four five six seven eight nine ten eleven twelve")
NUMBER_WORDS = {word: str(at) for at, word in enumerate(_COUNTED)} | {
    "half": "half",
    "third": "third",
    "quarter": "quarter",
    "twice": "twice",
    "once": "once",
    "thrice": "thrice",
    "double": "double",
    "twenty": "20",
    "thirty": "30",
    "fifty": "50",
    "hundred": "hundred",
    "thousand": "thousand",
}

_UNITS = {
    "mm": "mm millimetre millimetres millimeter millimeters",
    "cm": "cm centimetre centimetres centimeter centimeters",
    "um": "um micron microns micrometre micrometres",
    "%": "% percent",
    "hour": "hour hours hr hrs h hourly",
    "day": "day days daily",
    "week": "week weeks weekly",
    "month": "month months monthly",
    "year": "year years",
    "minute": "minute minutes",
    "second": "seconds",
    "degree": "degree degrees deg °",
    "aligner": "aligner aligners tray trays",
    "stage": "stage stages step steps",
    "visit": "visit visits",
    "contact": "contact contacts",
    "surface": "surface surfaces",
    "tooth": "tooth teeth",
    "scan": "scan scans",
    "patient": "patient patients",
    "photograph": "photograph photographs photo photos",
    "mg": "mg milligram milligrams",
    "ml": "ml millilitre millilitres",
    "g": "g gram grams",
    "mb": "mb megabyte megabytes",
    "round": "round rounds",
    "molar": "molar molars",
    "newton": "n newton newtons",
}
UNITS = {word: name for name, words in _UNITS.items() for word in words.split()}

PER = {
    word: name
    for name, words in {
        "contact": "contact",
        "surface": "surface",
        "tooth": "tooth",
        "arch": "arch",
        "side": "side",
        "quadrant": "quadrant",
        "aligner": "aligner tray",
        "stage": "stage",
        "day": "day",
        "week": "week",
        "month": "month",
        "year": "year",
        "visit": "visit",
        "patient": "patient",
        "hour": "hour",
    }.items()
    for word in words.split()
}

COMPARE = {
    words: name
    for name, many in {
        "<": ("<", "under", "below", "less than", "fewer than", "short of"),
        "<=": ("≤", "up to", "at most", "no more than", "not more than", "a maximum of", "maximum", "ceiling"),
        ">": (">", "over", "above", "more than", "beyond", "exceeding"),
        ">=": ("≥", "at least", "a minimum of", "minimum", "no less than", "not less than"),
        "+": ("longer than", "later than"),
        "-": ("shorter than", "earlier than"),
    }.items()
    for words in many
}

_TURNING = """
upper maxillary|lower mandibular|left|right|anterior|posterior|buccal labial|lingual palatal|mesial|distal|front|back
occlusal incisal|gingival cervical|intrusion intrude intruding|extrusion extrude extruding|extruded|intruded
under below|over above beyond
before|after afterwards|during|until|unless|since
increase increases increasing increased raise raising|decrease decreases decreasing decreased reduce reduces reducing
lengthen longer|shorten shorter shortening|more|less fewer|worse|better|early earlier sooner soon
late later|fast faster|slow slower
stop stops stopping|start starts starting begin|continue continuing resume|hold holding|advance advancing forward|skip
remove removes removing removed|keep keeps keeping leave|place placing fit|wear wearing worn|discard throw
safe safely|unsafe dangerous harmless|harmful|always|only|all|most|some|few|rarely seldom|often|usually usual
must|may can might could|should|mild|moderate|severe|stable|unstable|healthy|active
first|last|next|previous|both|either|same|different|normal|abnormal|possible|impossible|predictable|unpredictable
temporary|permanent|thin|thick|tight|loose|good|poor|high|low|small|large
january|february|march|april|june|july|august|september|october|november|december
monday|tuesday|wednesday|thursday|friday|saturday|sunday
""".replace("\n", "|")
TURNING = {word: group.split()[0] for group in _TURNING.split("|") if group.strip() for word in group.split()}

SMALL = frozenset(
    _words("""a an the and or but of to in on at for with from by is are was were be been being am do does
    did have has had
    i my me we our us you your she her he his it its they them their this that these those there here what which who
    when where how why if so as than then will would shall just also very too any each every per about around roughly
    into out up down over under again further once please thank thanks""")
)

ALLOWED = frozenset(
    _words("""patient person people dentist case question answer advice general generally case let know look
    see make sure use goes
    help need want tell ask say give take get go come try note follow remember mind sum summary short short-term brief
    way time thing part point reason step kind best well fine ok yes important useful likely common typically expected
    expect however therefore because while though although otherwise instead meanwhile ideally overall moreover
    regard respect hope happy glad sorry hello dear share provide confirm check""")
)
"""Words that a rewording may bring along: they claim nothing."""

DRUGS = frozenset(
    _words("""aspirin ibuprofen paracetamol acetaminophen naproxen diclofenac codeine tramadol morphine
    oxycodone celecoxib
    amoxicillin penicillin metronidazole clindamycin azithromycin clarithromycin erythromycin doxycycline tetracycline
    lidocaine articaine prilocaine mepivacaine bupivacaine benzocaine chlorhexidine corsodyl prednisolone
    dexamethasone warfarin apixaban rivaroxaban clopidogrel heparin alendronate alendronic denosumab zoledronate
    bisphosphonate bisphosphonates steroid steroids antibiotic antibiotics painkiller painkillers analgesic analgesics
    nsaid nsaids fluoride hydrogen peroxide carbamide bleach benzydamine difflam insulin metformin phenytoin
    nifedipine amlodipine ciclosporin methotrexate""")
)
DRUG_ENDINGS = (
    "cillin", "mycin", "azole", "profen", "caine", "dronate", "dronic", "sone", "olone", "oxacin", "cycline", "triptan",
    "statin", "mab", "azepam", "barbital", "parin", "xaban",
)  # fmt: skip
