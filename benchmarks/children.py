"""The programs under measurement, each in a process of its own: `... -m benchmarks.children wire|bare|chairside|paced`.

Settings come as JSON on standard input: {"env": {...}, "routes": [[channel, chat, topic], ...]} (not for Chairside).
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from aiohttp import ClientSession
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.app import serve
from bot.cli.logs import configure
from bot.cli.run import fast_loop
from bot.config import read
from bot.domain.rules import Rules


async def wire(env: dict[str, str], routes: list[list[str]]) -> None:
    """No library but aiohttp, nothing looked at or kept: what is left is the fakes, the sockets and the machine."""
    to_telegram = {channel: (int(chat), int(topic)) for channel, chat, topic in routes}
    to_slack = {(chat, topic): channel for channel, (chat, topic) in to_telegram.items()}
    slack, telegram = env["SLACK_API_URL"].rstrip("/"), f"{env['TELEGRAM_API_URL']}/bot{env['TELEGRAM_BOT_TOKEN']}"
    bearer = {"Authorization": f"Bearer {env['SLACK_BOT_TOKEN']}"}
    tasks = set[asyncio.Task[None]]()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)

    def aside(work: Coroutine[Any, Any, None]) -> None:
        tasks.add(task := asyncio.create_task(work))
        task.add_done_callback(tasks.discard)

    async with ClientSession() as session:

        async def post(url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
            async with session.post(url, json=body, headers=headers) as answer:
                return await answer.json()

        async def from_slack() -> None:
            app = {"Authorization": f"Bearer {env['SLACK_APP_TOKEN']}"}
            socket = (await post(f"{slack}/apps.connections.open", {}, app))["url"]
            async with session.ws_connect(socket) as events:
                async for frame in events:
                    envelope = frame.json()
                    if "envelope_id" not in envelope:
                        continue
                    await events.send_json({"envelope_id": envelope["envelope_id"]})
                    event = envelope["payload"]["event"]
                    if event["type"] == "message" and "bot_id" not in event and event["channel"] in to_telegram:
                        chat, topic = to_telegram[event["channel"]]
                        said = {"chat_id": chat, "message_thread_id": topic, "text": event["text"]}
                        aside(post(f"{telegram}/sendMessage", said))

        async def from_telegram() -> None:
            offset = 0
            while True:
                for update in (await post(f"{telegram}/getUpdates", {"offset": offset, "timeout": 10}))["result"]:
                    offset = update["update_id"] + 1
                    message = update.get("message", {})
                    channel = to_slack.get((message.get("chat", {}).get("id"), message.get("message_thread_id")))
                    if channel is not None and "text" in message:
                        aside(post(f"{slack}/chat.postMessage", {"channel": channel, "text": message["text"]}, bearer))

        aside(from_slack())
        aside(from_telegram())
        await stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def bare(env: dict[str, str], routes: list[list[str]]) -> None:
    """bolt and python-telegram-bot as documented, default transports, nothing stored: text across, both ways."""
    to_telegram = {channel: (int(chat), int(topic)) for channel, chat, topic in routes}
    to_slack = {(chat, topic): channel for channel, (chat, topic) in to_telegram.items()}
    client = AsyncWebClient(token=env["SLACK_BOT_TOKEN"], base_url=env["SLACK_API_URL"])
    app = AsyncApp(token=env["SLACK_BOT_TOKEN"], client=client)
    telegram = (
        Application.builder()
        .token(env["TELEGRAM_BOT_TOKEN"])
        .base_url(f"{env['TELEGRAM_API_URL']}/bot")
        .base_file_url(f"{env['TELEGRAM_API_URL']}/file/bot")
        .build()
    )

    @app.event("message")  # type: ignore[untyped-decorator, unused-ignore]
    async def from_slack(event: dict[str, Any]) -> None:
        if "bot_id" in event or event["channel"] not in to_telegram:
            return
        chat, topic = to_telegram[event["channel"]]
        await telegram.bot.send_message(chat, event["text"], message_thread_id=topic)

    async def from_telegram(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is None or message.text is None or message.message_thread_id is None:
            return
        channel = to_slack.get((message.chat_id, message.message_thread_id))
        if channel is not None:
            await app.client.chat_postMessage(channel=channel, text=message.text)

    telegram.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, from_telegram))
    handler = AsyncSocketModeHandler(app, env["SLACK_APP_TOKEN"])
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with telegram:
        await telegram.start()
        assert telegram.updater is not None
        await telegram.updater.start_polling()
        await handler.connect_async()
        await stop.wait()
        await handler.close_async()
        await telegram.updater.stop()
        await telegram.stop()


def main() -> None:
    """Run one of the two until SIGTERM."""
    order = json.loads(sys.stdin.readline())
    if sys.argv[1] in ("bare", "wire"):
        asyncio.run((bare if sys.argv[1] == "bare" else wire)(order["env"], order["routes"]))
        return
    configure("json", "warning")
    with asyncio.Runner(loop_factory=fast_loop()) as runner:  # as `chairside run` does
        runner.run(serve(read(order["env"], env_file=None), rules=Rules(pacing=sys.argv[1] == "paced")))


if __name__ == "__main__":
    main()
