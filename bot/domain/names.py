"""Names of people: short forms for rooms and notices, and what looks like a patient's full name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TITLES = frozenset({"dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "doctor"})
_PATIENT_TITLES = _TITLES | {"master", "lady", "lord"}
_PARTICLES = frozenset(re.findall(r"\w+", "de del della der den di da dos du van von ter la le bin al ó ní mac st"))
_AFTER_NAME = re.compile(r"[,(].*$")
# Words that stand in a practice's own reference: two of them, or one and a name, are no full name.
_NOT_NAMES = frozenset(
    re.findall(
        r"\w+",
        """adult ap bride case chart child client dental file first groom id lower male female mid new no
        number patient practice private px pt ref reference room second study teen test the treatment upper
        wedding with january february march april may june july august september october november december
        left right gap aligner""",
    )
)
_CAMEL = re.compile(r"[^\W\d_][^\W\d_A-Z]{2,}[A-Z][^\W\d_A-Z]{2,}\Z")


@lru_cache(maxsize=4096)  # the same few people are named with every message
def short_name(name: str) -> str:
    """How a person is called in notices: "Dr Asha Patel" is "Dr Patel", "Sam Reid" (no title) is "Sam"."""
    words = _words(name)
    if not words:
        return name.strip()
    if _bare(words[0]) in _TITLES and len(words) > 1:
        return " ".join([words[0], *_surname(words[1:])])
    return words[0]


def surname_slug(name: str) -> str:
    """The surname as part of a channel name, [a-z0-9-], at most 40 characters: "Dr Asha Patel" is "patel"."""
    words = _words(name)
    if words and _bare(words[0]) in _TITLES:
        words = words[1:]
    plain = unicodedata.normalize("NFKD", " ".join(_surname(words)).translate(_LETTERS))
    ascii_only = plain.encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40].rstrip("-") or "colleague"


def looks_like_full_name(text: str) -> bool:
    """Whether a pseudonym reads like first name and surname (or title and surname): a guess."""
    words = [word for word in re.split(r"[\s,._/]+", text.strip()) if word]
    if any(character.isdigit() for character in text):
        # "Jane Smith 42" is still a name; "Ward 7" or "AB 1042" is a reference.
        words = [word for word in words if not any(character.isdigit() for character in word)]
    if any(_CAMEL.match(word) for word in words):
        return True
    titled = len(words) > 1 and _bare(words[0]) in _PATIENT_TITLES
    names = [word for word in words if _is_name(word)]
    if titled:
        return any(_is_name(word) for word in words[1:])
    return len(names) >= 2 and any(len(_bare(word)) >= 3 for word in names)


def _is_name(word: str) -> bool:
    bare = _bare(word)
    letters = bare.replace("-", "").replace("'", "")
    return len(letters) >= 2 and letters.isalpha() and bare not in _NOT_NAMES and bare not in _PATIENT_TITLES


def _words(name: str) -> list[str]:
    return _AFTER_NAME.sub("", name).split()


def _bare(word: str) -> str:
    return word.replace("’", "'").strip(".'\"").casefold()


def _surname(words: list[str]) -> list[str]:
    """The last word, with the particles before it, but never a capitalised first word (a first name)."""
    start = len(words) - 1
    while start > 0 and _bare(words[start - 1]) in _PARTICLES and (start > 1 or words[0].islower()):
        start -= 1
    return words[max(start, 0) :]


# Letters that have no base letter to fall apart into.
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "æ": "ae", "œ": "oe", "’": "'"})
