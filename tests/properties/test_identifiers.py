"""What holds for the identifier guard whatever people write."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import strategies as st

from bot.domain import identifier_addresses, identifier_numbers, identifiers
from bot.domain.identifier_names import Reader
from bot.domain.identifier_redaction import find_in, redact, redact_file_name
from bot.domain.identifier_tokens import tokens
from bot.domain.identifier_types import Finding, Kind, Known
from bot.domain.identifiers import find, pressing
from bot.domain.richtext import RichText
from tests.support.richtext import any_rich, holds_for, texts

PIECES = (
    "Mr ", "Mrs ", "Dr ", "Sarah ", "Whitcombe", "'s ", "’s ", "J. ", "OKAFOR, ", "patient named ", "called ", "dob ",
    "14/03/1991", "31/02/1991", "29 February 2000 ", "99/99/99", "NHS ", "999 137 9118", "9992758228",
    "07700 900142", "+44 ", "0161 496 0338", "a.b@c.example ", " at x dot com", "22 Alder Close", ", LS6 3QF",
    "Flat 3, ", "UL2 ", "LL4 2ND ", "BPE 323/242 ", "Hawley ", "aligner 7 ", "x_y.stl ", "\n", ". ", " - ", "(", ")",
    "I'm ", "May ", "will ", "ß", "İ", "ﬁ", "١٢", "\x00", "\u200b", "😀",
)  # fmt: skip
messages = st.one_of(texts, st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
names = st.lists(messages, max_size=3).map(tuple)
vaults = st.builds(Known, exempt=names, sure=names, seen=names)


@holds_for(300, messages, days, vaults)
def test_findings_lie_in_the_text_in_order_and_apart(text: str, day: date, known: Known) -> None:
    found = find(text, day, known)

    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(text[one.start : one.end].strip() for one in found)
    assert pressing(text, found) in (True, False)
    assert find(text, day, known) == found


@holds_for(400, messages)
def test_a_rule_that_is_not_tried_finds_nothing(text: str) -> None:
    every = Reader(text)
    rules = (every.by_title, every.surname_first, every.by_cue, every.by_shape, every.family_of)

    assert list(Reader(text).read()) == [one for rule in rules for one in rule()]


@holds_for(300, messages)
def test_words_stand_where_they_are_said_to(text: str) -> None:
    position = 0
    for token in tokens(text):
        assert text[position : token.start] == token.before
        assert text[token.start : token.end] == token.text
        assert token.start < token.end <= token.stop
        position = token.stop
    assert not tokens(text[position:].lstrip("'’"))


@holds_for(400, messages, days)
def test_what_has_too_few_digits_is_no_number(text: str, day: date) -> None:
    digits = sum(sign.isdecimal() for sign in text)

    for least, found in (
        (identifiers.NHS_DIGITS, identifier_numbers.nhs_numbers(text)),
        (identifiers.PHONE_DIGITS, identifier_numbers.phones(text)),
        (identifiers.DATE_DIGITS, identifier_numbers.birth_dates(text, day)),
        (identifiers.POSTCODE_DIGITS, identifier_addresses.postcodes(text)),
    ):
        assert digits >= least or not list(found)


@holds_for(200, st.one_of(any_rich, messages.map(RichText)), days)
def test_redaction_touches_nothing_else(body: RichText, day: date) -> None:
    found = find_in(body, day)
    _holds(body, found, redact(body, found, {kind: f"[{kind}]" for kind in Kind}))


@holds_for(200, any_rich, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9), st.sampled_from(Kind)), max_size=4))
def test_redaction_of_any_findings(body: RichText, cuts: list[tuple[int, int, Kind]]) -> None:
    found: list[Finding] = []
    position = 0
    for gap, length, kind in cuts:
        start, end = position + gap, position + gap + length
        if end > len(body.text):
            break
        found.append(Finding(start, end, kind))
        position = end
    _holds(body, tuple(found), redact(body, found, {kind: f"[{kind}]" for kind in Kind}))


def _holds(body: RichText, found: tuple[Finding, ...], clean: RichText) -> None:
    rest, position = clean.text, 0
    for one in found:
        kept = body.text[position : one.start] + f"[{one.kind}]"
        assert rest.startswith(kept)
        rest, position = rest[len(kept) :], one.end
    assert rest == body.text[position:]
    assert {span.kind for span in clean.spans} <= {span.kind for span in body.spans}
    if not found:
        assert clean == body


@holds_for(100, messages)
def test_a_file_name_keeps_its_type(name: str) -> None:
    clean = redact_file_name(name, "[name]")

    assert clean.rpartition(".")[2] == name.rpartition(".")[2] or "." not in name
