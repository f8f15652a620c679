"""Nothing the Bot API does not know gets through: tokens, methods, arguments, types."""

import aiohttp
import pytest

from bot.sandbox.telegram import FakeTelegram, Person
from bot.sandbox.telegram.server import token_for
from tests.sandbox.telegram.conftest import Api

pytestmark = pytest.mark.illegal_traffic


async def test_a_wrong_token_is_unauthorised(api: Api) -> None:
    status, answer = await api("getMe", token=token_for(999))
    assert (status, answer) == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})


async def test_a_malformed_token_and_an_unknown_method_are_not_found(api: Api, telegram: FakeTelegram) -> None:
    assert (await api("getMe", token="nonsense"))[0] == 404
    assert await api("sendFax") == (404, {"ok": False, "error_code": 404, "description": "Not Found"})
    assert telegram.violations == ["unknown method sendFax"]


async def test_a_revoked_token_is_unauthorised(api: Api, telegram: FakeTelegram) -> None:
    assert (await api("getMe"))[0] == 200
    telegram.bot().revoked = True
    assert (await api("getMe"))[0] == 401


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"colour": "red"}, "unknown argument colour"),
        ({"message_effect_id": "5"}, "not served"),
        ({"disable_notification": "yes"}, "can't parse sendMessage.disable_notification"),
        ({"disable_notification": 1}, "is not bool"),
        ({"message_thread_id": "seven"}, "can't parse"),
        ({"text": 7}, "is not str"),
        ({"chat_id": "seven hundred"}, "neither an id nor a @name"),
        ({"entities": {"type": "bold"}}, "is not [MessageEntity]"),
        ({"entities": [{"type": "bold", "offset": 0}]}, "field length of MessageEntity is missing"),
        ({"entities": [{"type": "bold", "offset": "0", "length": 1}]}, "is not int"),
        ({"reply_parameters": {"message_id": 1, "loud": True}}, "unknown field loud of ReplyParameters"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "x", "calback_data": "1"}]]}}, "unknown field calback_data"),
        ({"reply_markup": {"inline_keyboard": [{"text": "x"}]}}, "is not [InlineKeyboardButton]"),
        ({"reply_markup": '{"inline_keyboard": '}, "can't parse"),
        ({"link_preview_options": {"is_disabled": None}}, "is not bool"),
    ],
)
async def test_an_illegal_argument_is_refused(
    api: Api, telegram: FakeTelegram, asha: Person, extra: dict[str, object], words: str
) -> None:
    status, answer = await api("sendMessage", **({"chat_id": asha.id, "text": "hello"} | extra))
    assert status == 400
    assert words in answer["description"]
    assert len(telegram.violations) == 1
    assert telegram.truth.messages(asha.id) == []


async def test_the_same_request_without_the_mistake_passes(api: Api, telegram: FakeTelegram, asha: Person) -> None:
    status, answer = await api("sendMessage", chat_id=str(asha.id), text="hello", disable_notification="true")
    assert status == 200
    assert answer["result"]["text"] == "hello"
    assert telegram.violations == []


async def test_a_missing_argument_is_refused(api: Api, asha: Person) -> None:
    assert "message text is empty" in (await api("sendMessage", chat_id=asha.id))[1]["description"]
    assert "photo is missing" in (await api("sendPhoto", chat_id=asha.id))[1]["description"]


async def test_form_query_and_multipart_reach_the_same_method(telegram: FakeTelegram, asha: Person) -> None:
    url = f"{telegram.base_url}{telegram.token}/sendMessage"
    args = {"chat_id": str(asha.id), "text": "hello", "entities": '[{"type":"bold","offset":0,"length":5}]'}
    multipart = aiohttp.FormData(args, default_to_multipart=True)
    async with aiohttp.ClientSession() as session:
        async with session.post(url, data=args) as answer:
            assert answer.status == 200
        async with session.get(url, params=args) as answer:
            assert answer.status == 200
        async with session.post(url, data=multipart) as answer:
            assert answer.status == 200
    shown = telegram.truth.messages(asha.id)
    assert [one.entities[0]["type"] for one in shown] == ["bold"] * 3


async def test_a_file_nothing_refers_to_is_refused(telegram: FakeTelegram, asha: Person) -> None:
    form = aiohttp.FormData({"chat_id": str(asha.id), "text": "hello"})
    form.add_field("stray", b"bytes", filename="stray.bin")
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{telegram.base_url}{telegram.token}/sendMessage", data=form) as answer,
    ):
        assert "file stray" in (await answer.json())["description"]


async def test_an_error_of_the_fake_itself_is_raised_when_it_closes() -> None:
    server = await FakeTelegram().start()
    server.world.bots[server.token].ids = None  # type: ignore[assignment]
    person = server.add_user(700001, "Asha")
    server.bot().chats[person.id].started = True
    async with aiohttp.ClientSession() as session:
        url = f"{server.base_url}{server.token}/sendMessage"
        async with session.post(url, json={"chat_id": person.id, "text": "hello"}) as answer:
            assert answer.status == 500
    with pytest.raises(TypeError):
        await server.close()
