"""Names of patients and their families: by title, by cue, by how they are written, by the company they keep.

A name after Dr, Prof or Nurse is a colleague's and is left alone, and so is whoever a greeting addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain import identifier_cues as cues
from bot.domain.identifier_runs import BESIDE, Run, Words
from bot.domain.identifier_terms import MAKE_NOUNS, METHOD_NOUNS, excluded
from bot.domain.identifier_types import Certainty, Finding, Kind
from bot.domain.identifier_words import ordinary

_ASIDE = frozenset(",-–—'\"“‘")
_JOIN = re.compile(r"[ \u00a0]{1,2}|\. ?|, ?")
_HYPHEN_OR_BLANK = re.compile(r"[ -]{1,2}")
_HEADING = frozenset(",-–—:")
_TOOTH = re.compile(r"[1-4][1-8]|(?:UR|UL|LR|LL)")
_MODEL = re.compile(r"\d{1,3}|[a-z]\d+|[ivx]+|[A-Z]+\d*")
_AGED = re.compile(r"\s*,?\s*\(?(?:aged?\s+)?\d{1,2}\s?(?:yo?\b|yrs?\b|years?\b|[,)]|[mf]\b)", re.IGNORECASE)
_WHO = re.compile(
    r"\s*(?:,|-|–|—)?\s*(?:who(?:'s|’s)?|she(?:'s|’s)?|he(?:'s|’s)?|dob|d\.o\.b|born|aged)\b", re.IGNORECASE
)
_FILE = re.compile(rf"(?<![\w/.-])(?P<name>[^\W_][\w.()'’-]{{1,80}})\.(?:{cues.FILE_TYPES})\b", re.IGNORECASE)
_FILE_ENDS = re.compile(rf"\.(?:{cues.FILE_TYPES})\b", re.IGNORECASE)
_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_FILE_PART = re.compile(r"[A-ZÀ-ÖØ-Þ]?[^\W\d_A-ZÀ-ÖØ-Þ]+|[A-ZÀ-ÖØ-Þ]+")
_TITLES = cues.TITLES | cues.PROFESSIONAL
_CUES = cues.NAMED | cues.PATIENT | cues.RELATIVES
_CITED = re.compile(r"[ ,]{1,2}(?:et al\b|\(?(?:19|20)\d\d\b)")


def names(text: str) -> list[Finding]:
    """Every stretch of the text that reads like somebody's name. Other findings are best blanked out before."""
    found: list[Finding] = []
    clear = text
    if "://" in text or "www." in text.lower():
        clear = _URL.sub(_blank, clear)
    if _FILE_ENDS.search(text):
        found.extend(_in_files(text))
        clear = _FILE.sub(_blank, clear)
    return found + list(Reader(clear).read())


def _blank(match: re.Match[str]) -> str:
    return "\x00" * len(match[0])


def in_file_name(name: str) -> Iterator[Finding]:
    """Names within a file's name, such as whitcombe_sarah: unknown words side by side, or one with a capital."""
    run: list[re.Match[str]] = []
    for part in [*_FILE_PART.finditer(name), None]:
        word = "" if part is None else part[0].casefold()
        if part is not None and len(word) > 2 and not excluded(word) and not ordinary(word):
            run.append(part)
            continue
        if len(run) > 1 or (run and len(run[0][0]) > 3 and run[0][0].istitle()):
            yield Finding(run[0].start(), run[-1].end(), Kind.NAME, Certainty.LIKELY)
        run = []


def _in_files(text: str) -> Iterator[Finding]:
    for file in _FILE.finditer(text):
        for one in in_file_name(file["name"]):
            yield Finding(file.start("name") + one.start, file.start("name") + one.end, Kind.NAME, one.certainty)


class Reader(Words):
    """One pass over one text, the surest rules first. A name that a rule finds is taken for those after it."""

    def read(self) -> Iterator[Finding]:
        """What all rules find; one is only tried where something of what it looks for stands in the text at all."""
        lows = {token.low for token in self.all}
        if not lows.isdisjoint(_TITLES):
            yield from self.by_title()
        if "," in self.text:
            yield from self.surname_first()
        if not lows.isdisjoint(_CUES):
            yield from self.by_cue()
        yield from self.by_shape()
        if "'" in self.text or "’" in self.text:
            yield from self.family_of()

    # --- cues -----------------------------------------------------------------------------------------------------

    def by_title(self) -> Iterator[Finding]:
        """ "Mrs Whitcombe"; a colleague's name after "Dr" is taken, and none."""
        for index, token in enumerate(self.all):
            if token.low in cues.PROFESSIONAL and (token.capital or token.low != "nurse"):
                colleague = self.run(index + 1, 3, any_word=True)
                if colleague is not None and self.joined(index + 1, _JOIN):
                    self.take(Run(index, colleague.last))
            small = token.low in cues.SPELT_SMALL
            if token.low not in cues.TITLES or not (small or token.capital or token.text.isupper()):
                continue
            start = index + 1
            if self.low(start) == "and" and self.low(start + 1) in cues.TITLES:
                start += 2
            if not self.joined(start, _JOIN):
                continue
            run = self.run(start, 3, any_word=small or token.text.isupper()) or (
                self.small(start, 1) if small else None
            )
            if run is not None:
                yield self._finding(Run(index, run.last), Certainty.SURE)

    def surname_first(self) -> Iterator[Finding]:
        """ "PATEL, Rina"."""
        for index, token in enumerate(self.all[:-1]):
            if len(token.text) < 3 or not token.text.isupper() or token.possessive or self.taken[index]:
                continue
            after = self.all[index + 1]
            comma = after.before.strip() == "," and "\n" not in after.before
            named = token.unknown and after.capital and (after.unknown or after.ambiguous)
            if comma and named and not self.taken[index + 1] and not self.shouting:
                yield self._finding(Run(index, index + 2), Certainty.SURE)

    def by_cue(self) -> Iterator[Finding]:
        """ "patient named Olu Adeyemi", "her mum Rina"."""
        for index, token in enumerate(self.all):
            if token.low not in _CUES:
                continue
            start = index + 1
            if token.low in cues.NAMED:
                while self.low(start) in ("is", "was", "patient", "pt", "as"):
                    start += 1
                cue = token.low not in ("called", "names")
                run = self.run(start, 3) or (self.small(start, 3) if cue and self.close(start) else None)
            elif token.low in cues.PATIENT and not token.possessive:
                while self.low(start) in ("is", "called", "named", "name", "details"):
                    start += 1
                run = self.run(start, 3)
            elif token.low in cues.RELATIVES and not token.possessive:
                if self.low(start) in ("is", "called", "named"):
                    start += 1
                run = self.run(start, 2)
            else:
                continue
            if run is not None and self.close(start) and not self._blocked_after(run):
                yield self._finding(run, Certainty.SURE)

    def family_of(self) -> Iterator[Finding]:
        """ "sanjay's mum", "harry's scan", in small letters."""
        for index, token in enumerate(self.all[:-1]):
            after = self.all[index + 1]
            whose = token.possessive and len(token.text) > 2 and token.unknown and not self.taken[index]
            if whose and (after.low in cues.RELATIVES or after.low in cues.BELONGINGS):
                yield self._finding(Run(index, index + 1), Certainty.LIKELY)

    # --- shape ----------------------------------------------------------------------------------------------------

    def by_shape(self) -> Iterator[Finding]:
        """Words written like a name that are neither the language's nor the trade's."""
        last = 0
        for index in [index for index, token in enumerate(self.all) if token.text[0].isupper()]:
            run = self.run(index, 4) if index >= last else None
            if run is None:
                continue
            last = run.last
            if not run.single and self._no_part(run):
                run = Run(run.first + 1, run.last)
            certainty = self._judge(run)
            if certainty is not None:
                yield self._finding(run, certainty)

    def _no_part(self, run: Run) -> bool:
        """The first word only stands beside the name: "Will Kwame …", "from 14 June Keiko …"."""
        opener = self.all[run.first]
        day = opener.calendar and run.first > 0 and not self.all[run.first - 1].word
        return day or (opener.first and opener.low in ("will", "may"))

    def _judge(self, run: Run) -> Certainty | None:
        """Whether a run of name-like words is a name here."""
        if self._blocked_after(run):
            return None
        opener = self.all[run.first]
        before = self.all[run.first - 1] if run.first else None
        beside = before if before is not None and BESIDE.fullmatch(opener.before) else None
        if not run.single:
            if beside is not None and beside.low in cues.DETERMINERS | cues.TASTE:
                return None
            return Certainty.SURE
        if opener.before.strip() == "&" and self.taken[run.first - 1]:
            return Certainty.LIKELY
        evidence = self._person_after(run)
        if opener.ambiguous:
            speaks = self._next_beside(run) and self.low(run.last) in cues.SPEAKS
            sure = speaks or (not opener.first and evidence and not opener.calendar)
            return Certainty.LIKELY if sure else None
        if opener.first:
            return Certainty.LIKELY if evidence or self._headed(run) else None
        if beside is None:
            return Certainty.LIKELY if evidence or self._aside(run) else None
        if beside.capital and not beside.first and not beside.unknown and not (beside.ambiguous or beside.calendar):
            return None  # "the Dental Team": a proper noun of several words
        if beside.low in cues.GREETINGS:
            return Certainty.LIKELY if evidence and not self._addressed(run) else None
        if beside.low in cues.DETERMINERS | cues.TASTE and not evidence:
            return None
        if beside.low in cues.PLACING | {"to"} and self._placed(run):
            return None
        if beside.low in ("or", "and", "than", "vs", "versus") and self._listed(run):
            return None
        if self.low(run.last) in ("or", "vs") and not self._person_next(run.last + 1):
            return None
        return Certainty.LIKELY

    def _person_after(self, run: Run) -> bool:
        """What follows is what people do, have or are."""
        after = self.low(run.last)
        end = self.all[run.last - 1].stop
        if self.all[run.last - 1].possessive:
            return True
        if self._next_beside(run) and (after in cues.SAYS or after in cues.DOES):
            return True
        if after == "and" and self.low(run.last + 1) in ("her", "his", "their", "mum", "dad", "i"):
            return True
        if after == "and" and self._person_next(run.last + 1):
            return True
        if run.last < len(self.all) and self.all[run.last].before.strip() == "&" and self._person_next(run.last):
            return True
        return bool(_AGED.match(self.text, end) or _WHO.match(self.text, end))

    def _headed(self, run: Run) -> bool:
        """A message that opens with whom it is about: "Emily – tray 9", "Priyanka, aligner 4, lost"."""
        if run.last + 1 >= len(self.all) or self.all[run.last].before.strip() not in _HEADING:
            return False
        return self.low(run.last) in cues.TOPICS or bool(_TOOTH.fullmatch(self.all[run.last].text))

    def _says_after(self, run: Run) -> bool:
        return self._next_beside(run) and self.low(run.last) in cues.SAYS

    def _next_beside(self, run: Run) -> bool:
        return run.last < len(self.all) and BESIDE.fullmatch(self.all[run.last].before) is not None

    def _person_next(self, index: int) -> bool:
        run = self.run(index, 2)
        return run is not None and not self._blocked_after(run)

    def _aside(self, run: Run) -> bool:
        """Set off by a comma or a dash in mid-sentence, "- Beth, she …", and no item of a list."""
        opener = self.all[run.first]
        listed = self.text[max(0, opener.start - 40) : opener.start].count(",") > 2
        return not listed and opener.before.strip() in _ASIDE

    def _placed(self, run: Run) -> bool:
        """ "in Leeds", "flies to Malta": a place, unless a person's doing follows."""
        before = self.all[run.first - 1].low
        if before == "to":
            return any(self.low(run.first - back) in cues.TRAVEL for back in (2, 3))
        return not self._says_after(run) and not self.all[run.last - 1].possessive

    def _listed(self, run: Run) -> bool:
        """The other half of "X or Y" is a make, a method or an ordinary thing."""
        other = self.all[run.first - 2] if run.first > 1 else None
        if other is None or self.all[run.first - 1].low == "and":
            return other is not None and other.capital and not other.unknown and not other.first and not other.ambiguous
        return True

    def _addressed(self, run: Run) -> bool:
        """ "Hi Asha, …"."""
        rest = self.text[self.all[run.last - 1].stop :].lstrip(" ")
        return not rest or rest[0] in ",.!?\n-–—:;"

    def _blocked_after(self, run: Run) -> bool:
        """A method, a make, an author: "Bolton discrepancy", "Medit i700", "Zendura Flex", "Iliadi et al"."""
        last = self.all[run.last - 1]
        if _CITED.match(self.text, last.stop):
            return True
        if run.last >= len(self.all) or not _HYPHEN_OR_BLANK.fullmatch(self.all[run.last].before):
            return False
        after = self.all[run.last]
        if after.low in METHOD_NOUNS or (after.low in MAKE_NOUNS and not last.possessive):
            return True
        if last.possessive:
            return False
        if run.single and _MODEL.fullmatch(after.text):
            return after.text != "I" and not _AGED.match(self.text, last.stop)
        return after.capital and not (after.unknown or after.calendar or after.first)

    def _finding(self, run: Run, certainty: Certainty) -> Finding:
        self.take(run)
        return Finding(self.all[run.first].start, self.all[run.last - 1].end, Kind.NAME, certainty)
