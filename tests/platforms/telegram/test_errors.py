"""The table of failures: each wording of Telegram's and each fault of the wire, and what it means."""

import socket
import ssl
from collections.abc import Callable

import aiohttp
import orjson
import pytest
from aiohttp.client_reqrep import ConnectionKey
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    TelegramError,
    TimedOut,
)

from bot.domain.errors import DeliveryError, NotSent, Reason, Refused, Unknown
from bot.platforms.telegram.errors import UNCHANGED, delivery_error, says, translated
from bot.platforms.telegram.wire import Flood, WireError, WireTimeout, failure, loads, refusal, result

KEY = ConnectionKey("127.0.0.1", 1, False, True, None, None, None)

REFUSED = [
    (400, "Bad Request: message thread not found", Reason.ROOM_GONE),
    (400, "Bad Request: the chat is not a forum", Reason.ROOM_GONE),
    (400, "Bad Request: TOPIC_DELETED", Reason.ROOM_GONE),
    (400, "Bad Request: TOPIC_CLOSED", Reason.ROOM_GONE),
    (400, "Bad Request: BOT_FORUM_CREATE_FORBIDDEN", Reason.NO_TOPICS),
    (400, "Bad Request: chat not found", Reason.NOT_STARTED),
    (403, "Forbidden: bot can't initiate conversation with a user", Reason.NOT_STARTED),
    (403, "Forbidden: bot was blocked by the user", Reason.BLOCKED),
    (403, "Forbidden: user is deactivated", Reason.NO_SUCH_PERSON),
    (400, "Bad Request: user not found", Reason.NO_SUCH_PERSON),
    (400, "Bad Request: PEER_ID_INVALID", Reason.NO_SUCH_PERSON),
    (403, "Forbidden: bot was kicked from the supergroup chat", Reason.BOT_REMOVED),
    (403, "Forbidden: bot is not a member of the supergroup chat", Reason.BOT_REMOVED),
    (403, "Forbidden: the group chat was deleted", Reason.BOT_REMOVED),
    (400, "Bad Request: message to edit not found", Reason.TARGET_GONE),
    (400, "Bad Request: message to delete not found", Reason.TARGET_GONE),
    (400, "Bad Request: message to pin not found", Reason.TARGET_GONE),
    (400, "Bad Request: message to react not found", Reason.TARGET_GONE),
    (400, "Bad Request: MESSAGE_ID_INVALID", Reason.TARGET_GONE),
    (400, "Bad Request: message can't be edited", Reason.TOO_OLD),
    (400, "Bad Request: message can't be deleted for everyone", Reason.TOO_OLD),
    (400, "Bad Request: query is too old and response timeout expired or query ID is invalid", Reason.TOO_OLD),
    (400, "Bad Request: file is too big", Reason.TOO_LARGE),
    (400, "Bad Request: type of file mismatch: file of size 11 bytes is too big for a photo", Reason.TOO_LARGE),
    (413, "Request Entity Too Large", Reason.TOO_LARGE),
    (400, "Bad Request: wrong file_id or the file is temporarily unavailable", Reason.TARGET_GONE),
    (400, "Bad Request: can't parse entities: entity beginning at offset 3 ends after the end", Reason.BAD_CONTENT),
    (400, "Bad Request: ENTITY_TEXTURL_INVALID", Reason.BAD_CONTENT),
    (400, "Bad Request: message is too long", Reason.BAD_CONTENT),
    (400, "Bad Request: MEDIA_CAPTION_TOO_LONG", Reason.BAD_CONTENT),
    (400, "Bad Request: message text is empty", Reason.BAD_CONTENT),
    (400, "Bad Request: BUTTON_DATA_INVALID", Reason.BAD_CONTENT),
    (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", Reason.BAD_CONTENT),
    (400, "Bad Request: file must be non-empty", Reason.BAD_CONTENT),
    (400, "Bad Request: strings must be encoded in UTF-8", Reason.BAD_CONTENT),
    (400, "Bad Request: REACTION_INVALID", Reason.BAD_CONTENT),
    (400, "Bad Request: not enough rights to manage topics", Reason.MISSING_SCOPE),
    (400, "Bad Request: something nobody has read before", Reason.OTHER),
    (403, "Forbidden: for another reason", Reason.OTHER),
    (401, "Unauthorized", Reason.ACCESS_REVOKED),
    (404, "Not Found", Reason.ACCESS_REVOKED),
]


def said(status: int, description: str, **parameters: object) -> bytes:
    answer = {"ok": False, "error_code": status, "description": description}
    return orjson.dumps(answer | ({"parameters": parameters} if parameters else {}))


@pytest.mark.parametrize(("status", "description", "reason"), REFUSED)
def test_refusals(status: int, description: str, reason: Reason) -> None:
    meaning = delivery_error(refusal(status, said(status, description)))
    assert isinstance(meaning, Refused)
    assert meaning.reason is reason
    assert "canary" not in meaning.detail


def test_the_detail_is_from_the_table_and_never_from_the_answer() -> None:
    meaning = delivery_error(refusal(400, said(400, "Bad Request: canary can't parse entities: canary")))
    assert meaning.detail == "cant_parse_entities"
    assert delivery_error(refusal(400, said(400, "Bad Request: canary"))).detail == "bad_request"


def test_migrated_says_where_to() -> None:
    payload = said(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001)
    meaning = delivery_error(refusal(400, payload))
    assert isinstance(meaning, Refused)
    assert (meaning.reason, meaning.moved_to) == (Reason.MIGRATED, "-1001")


@pytest.mark.parametrize(
    ("payload", "header", "seconds"),
    [
        (said(429, "Too Many Requests: retry after 9", retry_after=9), None, 9.0),
        (said(429, "Too Many Requests"), "4", 4.0),
        (b"<html>slow down</html>", "11", 11.0),
        (b"<html>slow down</html>", None, None),
        (said(429, "Too Many Requests", retry_after="soon"), "x", None),
    ],
)
def test_a_rate_limit_is_not_sent_and_paced(payload: bytes, header: str | None, seconds: float | None) -> None:
    meaning = delivery_error(refusal(429, payload, header))
    assert isinstance(meaning, NotSent)
    assert (meaning.paced, meaning.retry_after) == (True, seconds)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
@pytest.mark.parametrize("body", [b"", b"<html>", said(500, "Internal Server Error")])
def test_a_5xx_is_unknown(status: int, body: bytes) -> None:
    assert isinstance(delivery_error(refusal(status, body)), Unknown)


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 407, 418])
def test_a_page_that_is_not_telegrams_says_nothing_about_people_or_tokens(status: int) -> None:
    meaning = delivery_error(refusal(status, b"<html>Please log in to the clinic's network</html>"))
    assert isinstance(meaning, NotSent)
    assert meaning.detail == f"http_{status}"


WIRE: list[tuple[Callable[[], BaseException], type[DeliveryError]]] = [
    (lambda: aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(111, "refused")), NotSent),
    (lambda: aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(-2, "unknown")), NotSent),
    (lambda: aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "handshake")), NotSent),
    (lambda: aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("wrong host")), NotSent),
    (lambda: aiohttp.ConnectionTimeoutError("pool or connect"), NotSent),
    (lambda: aiohttp.SocketTimeoutError("read"), Unknown),
    (lambda: aiohttp.ServerTimeoutError("total"), Unknown),
    (lambda: TimeoutError(), Unknown),
    (lambda: aiohttp.ServerDisconnectedError(), Unknown),
    (lambda: aiohttp.ClientOSError(104, "reset"), Unknown),
    (lambda: ConnectionResetError(104, "reset"), Unknown),
    (lambda: aiohttp.ClientPayloadError("cut off"), Unknown),
]


@pytest.mark.parametrize(("make", "kind"), WIRE)
def test_the_wire(make: Callable[[], BaseException], kind: type[DeliveryError]) -> None:
    assert type(delivery_error(failure(make()))) is kind  # as the transport raises it
    assert type(delivery_error(make())) is kind  # and bare


def test_a_body_known_to_be_incomplete_was_not_sent() -> None:
    for error in (aiohttp.ClientOSError(104, "reset"), TimeoutError()):
        assert isinstance(delivery_error(failure(error, sent=False)), NotSent)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Flood(3.5), NotSent),
        (Conflict("terminated by other getUpdates request"), NotSent),
        (InvalidToken("Unauthorized"), Refused),
        (EndPointNotFound("no such method"), Refused),
        (Forbidden("Forbidden: bot was blocked by the user"), Refused),
        (ChatMigrated(-1001), Refused),
        (BadRequest("Bad Request: whatever"), Refused),  # although it is a NetworkError
        (TimedOut(), Unknown),
        (NetworkError("anything"), Unknown),
        (WireError("closed", sent=False), NotSent),
        (WireError("reset", sent=True), Unknown),
        (WireTimeout("connect", sent=False), NotSent),
        (WireTimeout("read", sent=True), Unknown),
        (TelegramError("anything"), Unknown),
        (PassportDecryptionError("anything"), Unknown),
        (KeyError("an answer that the library cannot read"), Unknown),
    ],
)
def test_by_class(error: Exception, kind: type[DeliveryError]) -> None:
    assert type(delivery_error(error)) is kind


def test_ours_pass_through() -> None:
    mine = Refused(Reason.TOO_LARGE)
    assert delivery_error(mine) is mine


def test_translated_hides_the_cause() -> None:
    with pytest.raises(Unknown) as unknown, translated():
        raise KeyError("https://api.telegram.org/bot1:secret/sendMessage")
    assert unknown.value.__suppress_context__
    assert "secret" not in str(unknown.value)


def test_says() -> None:
    assert says(BadRequest("Bad Request: message is not modified: specified new message content"), UNCHANGED)
    assert not says(BadRequest("Bad Request: message to edit not found"), UNCHANGED)
    assert not says(NetworkError("message is not modified"), UNCHANGED)


def test_answers_are_read_with_lone_surrogates_and_refused_without_a_result() -> None:
    assert result(b'{"ok":true,"result":"\\ud83d"}')["result"] == "\ud83d"
    for odd in (b"", b"<html>", b"[]", b"{}", b'{"ok":true}', b'{"ok":false,"result":1}', b"null", b"\xff"):
        with pytest.raises(WireError) as wire:
            result(odd)
        assert wire.value.sent
    with pytest.raises(ValueError, match="nested too deep"):
        loads(b"[" * 200_000)
