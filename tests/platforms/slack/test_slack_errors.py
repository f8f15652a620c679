"""The whole table: each failure of the libraries and each code of Slack's, and what it means for us."""

import json
import ssl
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from multidict import CIMultiDict
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from bot.domain.errors import DeliveryError, NotSent, Reason, Refused, Unknown
from bot.platforms.slack.errors import FAILURES, REASONS, outcome

SPECIFICATION = Path(__file__).parents[4] / "shared" / "specs" / "slack_docs_methods.slack-api-ref.f4837c0.json"
REQUEST = aiohttp.RequestInfo(
    URL("https://slack.com/api/x"), "POST", CIMultiDict().copy(), URL("https://slack.com/api/x")
)  # type: ignore[arg-type]
KEY: Any = SimpleNamespace(ssl=True, host="slack.com", port=443)


def answered(status: int, data: Any, headers: dict[str, str] | None = None) -> SlackApiError:
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/x",
        req_args={},
        data=data,
        headers=CIMultiDict(headers or {}),
        status_code=status,
    )
    return SlackApiError("failed", response)


def error(code: str, status: int = 200) -> SlackApiError:
    return answered(status, {"ok": False, "error": code})


NEVER_LEFT: list[BaseException] = [
    aiohttp.ClientConnectorError(KEY, OSError(111, "refused")),
    aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "no such name")),
    aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError("handshake")),
    aiohttp.ClientConnectorCertificateError(KEY, ssl.SSLCertVerificationError("bad")),
    aiohttp.ClientProxyConnectionError(KEY, OSError(111, "refused")),
    aiohttp.ServerFingerprintMismatch(b"a", b"b", "slack.com", 443),
    aiohttp.ConnectionTimeoutError("connecting"),
]
DOUBT: list[BaseException] = [
    aiohttp.SocketTimeoutError("reading"),
    aiohttp.ServerTimeoutError("reading"),
    TimeoutError(),
    aiohttp.ServerDisconnectedError(),
    aiohttp.ClientOSError(104, "reset"),
    ConnectionResetError(104, "reset"),
    aiohttp.ClientConnectionResetError("closing"),
    aiohttp.ClientPayloadError("cut"),
    aiohttp.ClientResponseError(REQUEST, ()),
    BrokenPipeError(),
    AttributeError("'str' object has no attribute 'get'"),
    json.JSONDecodeError("x", "<html>", 0),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    SlackRequestError("odd"),
    answered(200, {}),  # an HTML page: the library finds no JSON in it
    answered(502, {}),
    answered(404, {}),
    error("internal_error"),
    error("fatal_error"),
    error("service_unavailable", 503),
    error("channel_not_found", 500),
    SlackApiError("failed", SimpleNamespace(status=200)),  # broken JSON: the library hands over aiohttp's response
]


def told(exception: BaseException, *, harmless: bool = False) -> tuple[type[DeliveryError], str]:
    found = outcome(exception, harmless=harmless)
    return type(found), found.detail


@pytest.mark.parametrize("exception", NEVER_LEFT, ids=lambda one: type(one).__name__)
def test_what_never_left_is_not_sent(exception: BaseException) -> None:
    found = outcome(exception)
    assert isinstance(found, NotSent)
    assert not found.paced
    assert isinstance(exception, FAILURES)


@pytest.mark.parametrize("exception", DOUBT, ids=lambda one: type(one).__name__)
def test_what_may_have_happened_is_unknown(exception: BaseException) -> None:
    assert isinstance(outcome(exception), Unknown)
    assert isinstance(outcome(exception, harmless=True), NotSent)
    assert isinstance(exception, FAILURES)


@pytest.mark.parametrize(
    ("exception", "after"),
    [
        (answered(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"}), 30.0),
        (answered(429, {}, {"Retry-After": "1"}), 1.0),
        (answered(429, {"ok": False, "error": "ratelimited"}), None),
        (answered(429, {}, {"Retry-After": "soon"}), None),
        (answered(429, {}, {"Retry-After": "-5"}), None),
        (answered(429, {}, {"Retry-After": "nan"}), None),
        (error("ratelimited"), None),
        (error("message_limit_exceeded"), None),
    ],
)
def test_pacing(exception: SlackApiError, after: float | None) -> None:
    found = outcome(exception)
    assert isinstance(found, NotSent)
    assert found.paced
    assert found.retry_after == after


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("channel_not_found", Reason.ROOM_GONE),
        ("is_archived", Reason.ROOM_GONE),
        ("not_in_channel", Reason.BOT_REMOVED),
        ("user_not_found", Reason.NO_SUCH_PERSON),
        ("user_disabled", Reason.NO_SUCH_PERSON),
        ("user_is_restricted", Reason.WRONG_MEMBERS),
        ("message_not_found", Reason.TARGET_GONE),
        ("cant_update_message", Reason.TARGET_GONE),
        ("edit_window_closed", Reason.TOO_OLD),
        ("msg_too_long", Reason.TOO_LARGE),
        ("msg_blocks_too_long", Reason.TOO_LARGE),
        ("invalid_blocks", Reason.BAD_CONTENT),
        ("invalid_auth", Reason.ACCESS_REVOKED),
        ("token_revoked", Reason.ACCESS_REVOKED),
        ("account_inactive", Reason.ACCESS_REVOKED),
        ("missing_scope", Reason.MISSING_SCOPE),
        ("restricted_action", Reason.MISSING_SCOPE),
        ("some_code_of_tomorrow", Reason.OTHER),
    ],
)
def test_refusals(code: str, reason: Reason) -> None:
    found = outcome(error(code))
    assert isinstance(found, Refused)
    assert (found.reason, found.detail) == (reason, code)
    assert isinstance(outcome(error(code), harmless=True), Refused)


def test_later_codes_are_not_sent() -> None:
    assert told(error("request_timeout")) == (NotSent, "request_timeout")


def test_details_hold_no_words_of_the_error() -> None:
    secret = "xoxb-1-secret https://slack.com/?token=xoxb-1-secret"
    for exception in (OSError(secret), aiohttp.ClientPayloadError(secret), ValueError(secret), error(secret * 9)):
        assert "secret" not in outcome(exception).detail
        assert "secret" not in str(outcome(exception))


def test_our_own_errors_pass_through() -> None:
    assert told(Unknown("x"), harmless=True) == (NotSent, "x")
    kept = Refused(Reason.TOO_LARGE, "x")
    assert outcome(kept) is kept


def test_an_address_that_is_none_is_refused() -> None:
    assert isinstance(outcome(aiohttp.InvalidUrlClientError("x")), Refused)


USED = (
    "chat.postMessage chat.update chat.delete pins.add reactions.add conversations.history conversations.replies "
    "conversations.create conversations.invite conversations.members conversations.setTopic conversations.archive "
    "conversations.list conversations.open conversations.info conversations.rename users.info "
    "files.getUploadURLExternal files.completeUploadExternal files.info"
)
SETTLED_BY_CALLERS = "name_taken already_in_channel already_archived already_pinned already_reacted"
# Features this app does not use, and requests it never makes.
NEVER_MET = (
    "alt_txt_too_large as_user_not_supported cant_archive_general cant_archive_required cant_broadcast_message "
    "canvas_disabled_file_team canvas_disabled_user_team canvas_globally_disabled channels_limit_exceeded "
    "draft_already_deleted draft_already_sent draft_has_conflict draft_not_found duplicate_channel_not_found "
    "duplicate_message_not_found file_share_limit_reached invalid_cursor invalid_limit invalid_metadata_filter_keys "
    "invalid_ts_latest invalid_ts_oldest invalid_types list_record_comment_fetch_failed markdown_text_conflict "
    "max_file_sharing_exceeded metadata_must_be_sent_from_app method_not_supported_for_channel_type "
    "no_dual_broadcast_content_update send_on_behalf_not_allowed slack_connect_blocked_file_type "
    "slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked slack_connect_file_link_sharing_blocked "
    "slack_connect_file_upload_sharing_blocked slack_connect_lists_sharing_blocked snippet_too_large "
    "streaming_state_conflict template_not_visible too_many_contact_cards too_many_emoji too_many_pins "
    "too_many_reactions too_many_users unknown_snippet_type unknown_subtype"
)


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the platforms' specifications are not beside this tree")
def test_every_listed_code_of_the_methods_we_use_has_its_place() -> None:
    methods = {name.lower(): spec for name, spec in json.loads(SPECIFICATION.read_text()).items()}
    listed = {code for method in USED.split() for code in methods[method.lower()]["errors"]}
    assert len(listed) > 100
    placed = {code for code in listed if not isinstance(outcome(error(code)), Refused) or code in REASONS}
    assert listed - placed == set(SETTLED_BY_CALLERS.split()) | set(NEVER_MET.split())
