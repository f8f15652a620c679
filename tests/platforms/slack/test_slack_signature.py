"""Signatures: refused or accepted, never raised about; each accepted once."""

import hmac
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.http import parse
from bot.platforms.slack.signature import WINDOW, Seen, genuine, sign

NOW = 1_700_000_000.0
BODY = b'{"type":"event_callback"}'


def test_slacks_own_recipe() -> None:
    by_hand = "v0=" + hmac.new(b"s3", b"v0:1700000000:" + BODY, sha256).hexdigest()
    assert sign("s3", "1700000000", BODY) == by_hand
    assert genuine("s3", "1700000000", by_hand, BODY, NOW)


@pytest.mark.parametrize("offset", [0, WINDOW, -WINDOW])
def test_within_the_window(offset: int) -> None:
    at = str(int(NOW) + offset)
    assert genuine("s3", at, sign("s3", at, BODY), BODY, NOW)


@pytest.mark.parametrize(
    ("timestamp", "signature", "body"),
    [
        (str(int(NOW) - WINDOW - 1), None, BODY),
        (str(int(NOW) + WINDOW + 1), None, BODY),
        ("1700000000", sign("other", "1700000000", BODY), BODY),
        ("1700000000", sign("s3", "1700000000", BODY), BODY + b" "),
        ("1700000001", sign("s3", "1700000000", BODY), BODY),
        ("", "", BODY),
        ("soon", None, BODY),
        ("-1700000000", None, BODY),
        ("1e9", None, BODY),
        ("١٧٠٠٠٠٠٠٠٠", None, BODY),
        ("9" * 400, None, BODY),
        ("1700000000", "v0=ÿ" + "0" * 63, BODY),
        ("1700000000", "v1=" + "0" * 64, BODY),
        ("1700000000", sign("s3", "1700000000", BODY).upper(), BODY),
        ("1700000000", sign("s3", "1700000000", BODY) + "\n", BODY),
    ],
)
def test_refused(timestamp: str, signature: str | None, body: bytes) -> None:
    given_signature = sign("s3", timestamp, body) if signature is None else signature
    assert not genuine("s3", timestamp, given_signature, body, NOW)


def test_no_secret_accepts_nothing() -> None:
    assert not genuine("", "1700000000", sign("", "1700000000", BODY), BODY, NOW)


@given(st.text(max_size=30), st.text(max_size=90), st.binary(max_size=50))
def test_malformed_input_never_raises(timestamp: str, signature: str, body: bytes) -> None:
    assert not genuine("s3", timestamp, signature, body, NOW)


def test_each_signature_once() -> None:
    seen = Seen()
    assert seen.first("a", NOW)
    assert not seen.first("a", NOW + WINDOW)
    assert seen.first("b", NOW)
    seen.forget("b")
    assert seen.first("b", NOW + 1)
    assert seen.first("a", NOW + 2 * WINDOW + 1)


def test_memory_is_bounded_by_the_window() -> None:
    seen = Seen()
    for number in range(3000):
        assert seen.first(str(number), NOW + number)
    assert len(seen._known) <= 2 * WINDOW + 2
    assert len(seen._order) <= 2 * WINDOW + 2


def test_payloads_of_every_form() -> None:
    form = "application/x-www-form-urlencoded"
    assert parse(b'{"a":1}', "application/json") == {"a": 1}
    assert parse(b"payload=%7B%22type%22%3A%22block_actions%22%7D", form) == {"type": "block_actions"}
    # bolt's own parser loses this one
    assert parse(b"command=%2Fcase&text=note+the+payload", form) == {"command": "/case", "text": "note the payload"}
    assert parse(b"command=%2Fcase&text=&trigger_id=1", form) == {"command": "/case", "text": "", "trigger_id": "1"}
    assert parse(b"command=%2Fcase&payload=x", form) == {"command": "/case", "payload": "x"}


@given(st.binary(max_size=60), st.sampled_from(["application/json", "application/x-www-form-urlencoded", ""]))
def test_bodies_that_are_none_never_raise(body: bytes, content_type: str) -> None:
    parse(body, content_type)


@pytest.mark.parametrize("body", [b"[1]", b"1", b"\xff", b"{", b"payload=x", b"payload=[1]", b""])
def test_bodies_that_are_none(body: bytes) -> None:
    assert (
        parse(body, "application/json" if not body.startswith(b"payload") else "application/x-www-form-urlencoded")
        is None
    )
