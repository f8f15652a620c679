"""The fake Telegram: a strict Bot API server on loopback, and the people who use it."""

from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.limits import Limits
from bot.sandbox.telegram.people import MAIN, Person
from bot.sandbox.telegram.server import FakeTelegram
from bot.sandbox.telegram.state import Message, Topic
from bot.sandbox.telegram.truth import Kind, Seen, Truth

__all__ = ["MAIN", "ApiError", "FakeTelegram", "Kind", "Limits", "Message", "Person", "Seen", "Topic", "Truth"]
