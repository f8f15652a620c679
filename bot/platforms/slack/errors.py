"""The one place where a Slack failure becomes one of ours.

connection never made, DNS, TLS, 429, "ratelimited"       NotSent
time-out, reset, 5xx, no JSON, "internal_error"           Unknown (NotSent where a repeat changes nothing)
{"ok": false, "error": CODE}                              Refused, by the table
"""

from __future__ import annotations

import ssl
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.errors import DeliveryError, NotSent, Reason, Refused, Unknown

FAILURES: Final = (
    SlackClientError,
    aiohttp.ClientError,
    OSError,  # TimeoutError and ssl.SSLError among them
    ValueError,  # an answer that is no JSON or no UTF-8
    AttributeError,  # the library's own way to meet a text/plain answer
)
"""Everything a call through slack_sdk or aiohttp is known to raise; nothing else is caught."""

_NEVER_LEFT: Final = (
    aiohttp.ClientConnectorError,  # refused, DNS, proxy, TLS handshake and certificate
    aiohttp.ServerFingerprintMismatch,
    aiohttp.ConnectionTimeoutError,
    ssl.SSLCertVerificationError,
)

_PACED: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_LATER: Final = frozenset(
    {"request_timeout", "external_channel_migrating", "team_added_to_org", "fetch_members_failed"}
)
_DOUBT: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "update_failed", "file_update_failed"}
)

_REASONS: Final = {
    Reason.ROOM_GONE: (
        "channel_not_found is_archived channel_is_limited_access no_channel invalid_channel is_inactive_channel "
        "posting_to_channel_denied"
    ),
    Reason.BOT_REMOVED: "not_in_channel user_not_in_channel",
    Reason.NO_SUCH_PERSON: (
        "user_not_found users_not_found user_not_visible user_disabled no_user users_list_not_supplied invalid_users "
        "not_enough_users org_user_not_in_team invitee_cant_see_channel invalid_user_combination"
    ),
    Reason.WRONG_MEMBERS: (
        "user_is_restricted user_is_ultra_restricted ura_max_channels cant_invite cant_invite_self "
        "no_external_invite_permission app_cannot_join_channel"
    ),
    Reason.TARGET_GONE: (
        "message_not_found file_not_found file_deleted file_is_deleted file_not_shared thread_not_found "
        "cant_update_message cant_delete_message bad_timestamp not_pinnable not_reactable cannot_reply_to_message "
        "not_found not_visible no_access no_item_specified invalid_thread_ts"
    ),
    Reason.TOO_OLD: "edit_window_closed is_inactive",
    Reason.TOO_LARGE: (
        "msg_too_long msg_blocks_too_long metadata_too_large view_too_large file_upload_size_restricted too_long "
        "too_many_attachments attachment_payload_limit_exceeded storage_limit_reached"
    ),
    Reason.BAD_CONTENT: (
        "invalid_blocks invalid_blocks_format block_mismatch no_text invalid_arguments invalid_arg_name "
        "missing_argument invalid_array_arg invalid_charset invalid_form_data invalid_post_type missing_post_type "
        "invalid_json json_not_object invalid_metadata_format invalid_metadata_schema invalid_attachments "
        "blocked_file_type file_type_not_allowed file_uploads_except_images_disabled invalid_name "
        "invalid_name_maxlength invalid_name_punctuation invalid_name_required invalid_name_specials "
        "missing_file_data unable_to_share_files"
    ),
    Reason.ACCESS_REVOKED: (
        "invalid_auth not_authed account_inactive token_revoked token_expired team_not_found access_denied "
        "ekm_access_denied org_login_required app_access_restricted team_access_not_granted not_allowed_token_type "
        "two_factor_setup_required not_authorized accesslimited invalid_team forbidden_team"
    ),
    Reason.MISSING_SCOPE: (
        "missing_scope no_permission restricted_action restricted_action_read_only_channel "
        "restricted_action_thread_only_channel restricted_action_non_threadable_channel "
        "restricted_action_thread_locked thread_locked cannot_create_channel file_uploads_disabled "
        "messages_tab_disabled"
    ),
}
REASONS: Final = {code: reason for reason, codes in _REASONS.items() for code in codes.split()}
"""Slack's error codes by what they mean for us; a code that is not here is OTHER."""


def outcome(error: BaseException, *, harmless: bool = False) -> DeliveryError:
    """What a failed call means. `harmless`: a repeat would change nothing, so doubt counts as "not sent".

    `detail` is a code or a class name, never the words of the error: those may hold an address with a token.
    """
    if isinstance(error, DeliveryError):
        return NotSent(error.detail) if harmless and isinstance(error, Unknown) else error
    if isinstance(error, _NEVER_LEFT):
        return NotSent(type(error).__name__)
    if isinstance(error, aiohttp.InvalidURL):
        return Refused(Reason.OTHER, type(error).__name__)
    if isinstance(error, SlackApiError):
        return _answered(error.response, harmless)
    return _doubt(type(error).__name__, harmless)


def _answered(response: Any, harmless: bool) -> DeliveryError:
    # The library hands over its own response, or aiohttp's where the body was no JSON.
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    data = getattr(response, "data", None)
    found = data.get("error") if isinstance(data, dict) else None
    code = found if isinstance(found, str) and found.isascii() and len(found) <= 80 else ""
    if status == 429 or code in _PACED:
        return NotSent(code or "429", retry_after=_seconds(getattr(response, "headers", None)), paced=True)
    if status >= 500 or code in _DOUBT or not code:
        return _doubt(code or f"http_{status}", harmless)
    if code in _LATER:
        return NotSent(code)
    return Refused(REASONS.get(code, Reason.OTHER), code)


def _doubt(detail: str, harmless: bool) -> DeliveryError:
    return NotSent(detail) if harmless else Unknown(detail)


def _seconds(headers: Any) -> float | None:
    """`Retry-After` in seconds, None if it is missing or odd."""
    try:
        value = float(headers.get("Retry-After", ""))
    except (AttributeError, TypeError, ValueError):
        return None
    return value if 0 <= value < 86_400 else None
