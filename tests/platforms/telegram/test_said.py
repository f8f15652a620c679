"""A message goes out as the library would send it, and of the answer only what is kept is read."""

from typing import Any

import pytest
from aiohttp import web
from telegram import LinkPreviewOptions, ReplyParameters

from bot.domain.errors import Unknown
from bot.domain.outbound import Button, ButtonStyle, Post
from bot.domain.richtext import RichText, bold, line
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.gateway import TelegramGateway
from bot.platforms.telegram.ids import place
from bot.platforms.telegram.render import render
from bot.platforms.telegram.said import Said, told
from bot.platforms.telegram.transport import Transport
from bot.ports.gateway import Sent
from tests.platforms.telegram.support import ASHA, OK, TOKEN, MemoryFiles, Server, library, nothing, post, target

BUTTONS = (
    (Button("Approve", "tok1", ButtonStyle.PRIMARY), Button("Later", "tok2")),
    (Button("Open", url="https://example.org/a"),),
)
TOPIC = 77


@pytest.mark.parametrize(
    ("said", "topic", "reply_to"),
    [
        (post("Hello"), None, None),
        (post("Hello", silent=True, buttons=BUTTONS), None, "5"),
        (Post(line("Ünï \u2028 𝄞 ", bold("UL4")), heading="Dr Johal", footer="sent 10:02"), TOPIC, None),
        (Post(RichText("It does not seat"), heading="Dr Johal", buttons=BUTTONS, silent=True), TOPIC, "12"),
    ],
)
async def test_it_leaves_as_the_library_would_send_it(
    server: Server, transport: Transport, said: Post, topic: int | None, reply_to: str | None
) -> None:
    requests: list[tuple[str, dict[str, str], Any]] = []

    async def note(request: web.Request) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name != "Content-Length"}
        requests.append((request.path, headers, await request.json()))
        thread = {} if topic is None else {"message_thread_id": topic, "is_topic_message": True}
        return web.json_response({"ok": True, "result": {**OK["result"], **thread}})

    server.handler = note
    client = TelegramClient(TelegramConfig(token=TOKEN, api_url=server.door.url), transport=transport)
    gateway = TelegramGateway(client, MemoryFiles())
    sent = await gateway.post(target(topic=topic), said, "1", reply_to, nothing, "")
    assert sent == Sent("1", place(ASHA, topic))
    shown = render(said)
    await library(server, transport).send_message(
        ASHA,
        shown.text,
        entities=shown.entities,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        message_thread_id=topic,
        disable_notification=said.silent or None,
        reply_markup=shown.keyboard,
        reply_parameters=ReplyParameters(int(reply_to), allow_sending_without_reply=True) if reply_to else None,
    )
    ours, theirs = requests
    assert ours == theirs


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"message_id": 7, "chat": {"id": ASHA}}, Said(7, ASHA, None, in_topic=False)),
        ({"message_id": 7, "chat": {"id": ASHA}, "message_thread_id": 3}, Said(7, ASHA, 3, in_topic=False)),
        (
            {"message_id": 7, "chat": {"id": ASHA}, "message_thread_id": 3, "is_topic_message": True},
            Said(7, ASHA, 3, in_topic=True),
        ),
        ({"message_id": 7, "chat": {"id": ASHA}, "date": "odd", "entities": 4}, Said(7, ASHA, None, in_topic=False)),
    ],
)
def test_what_an_answer_tells(answer: object, said: Said) -> None:
    assert told(answer) == said


@pytest.mark.parametrize(
    "answer",
    [True, None, [], {}, {"message_id": 7}, {"chat": {"id": 1}}, {"message_id": "7", "chat": {"id": 1}}],
    ids=str,
)
def test_an_answer_that_is_no_message_leaves_the_send_in_doubt(answer: object) -> None:
    with pytest.raises(Unknown):
        told(answer)
