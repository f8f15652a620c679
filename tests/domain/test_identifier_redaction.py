"""Redaction: neutral words for what was found, and nothing else touched."""

from __future__ import annotations

from datetime import date

from bot.domain.identifier_redaction import find_in, redact, redact_file_name
from bot.domain.identifier_types import Kind
from bot.domain.richtext import RichText, Span, bold, line, link, mention, plain
from bot.domain.richtext_spans import Kind as SpanKind

TODAY = date(2026, 6, 1)
WORDS = {kind: f"[{kind}]" for kind in Kind}


def redacted(body: RichText) -> RichText:
    return redact(body, find_in(body, TODAY), WORDS)


def test_each_finding_gives_way_to_its_word() -> None:
    body = plain("Sarah Whitcombe's mobile is 07700 900142 (dob 14/03/1991), UL2 lags <0.5 mm.")
    assert redacted(body).text == "[name]'s mobile is [phone] (dob [birth_date]), UL2 lags <0.5 mm."


def test_nothing_found_is_the_same_text() -> None:
    body = line("UL2 ", bold("lags"), " 0.5 mm")
    assert redacted(body) == body


def test_formatting_stays_around_it() -> None:
    body = line(bold("Mrs Okafor says "), "UL2 ", bold("hurts"))
    assert redacted(body) == line("[name]", bold(" says "), "UL2 ", bold("hurts"))


def test_a_link_gives_nothing_away() -> None:
    body = line(link("07700 900142", "tel:07700900142"), " or ", link("here", "https://example.org/?p=07700900142"))
    assert redacted(body) == plain("[phone] or here")
    kept = line("Mrs Okafor: ", link("the plan", "https://example.org/plan"))
    assert redacted(kept) == line("[name]: ", link("the plan", "https://example.org/plan"))


def test_a_mention_is_no_finding() -> None:
    body = line("ask ", mention("slack:T0001/U0002", "Kwame Mensah"), " about Efe Umeh")
    assert redacted(body) == line("ask ", mention("slack:T0001/U0002", "Kwame Mensah"), " about [name]")


def test_a_pre_block_keeps_its_kind() -> None:
    body = RichText("dob 14/03/1991", (Span(0, 14, SpanKind.CODE),))
    assert redacted(body).text == "dob [birth_date]"


def test_file_names() -> None:
    assert redact_file_name("whitcombe_sarah_upper.stl", "[name]") == "[name]_upper.stl"
    assert redact_file_name("upper.stl", "[name]") == "upper.stl"
    assert redact_file_name("Kwame_upper", "[name]") == "[name]_upper"
    assert redact_file_name("", "[name]") == ""
