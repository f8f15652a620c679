"""The fake Slack: a strict Web API, Socket Mode and Events server on loopback, and the people who use it."""

from bot.sandbox.slack.errors import BadAnswerError, CannotDoError, RefusedError
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.onlooker import DM
from bot.sandbox.slack.people import Person
from bot.sandbox.slack.server import FakeSlack, FakeWorkspace
from bot.sandbox.slack.settings import MINIMUM_SCOPES, Settings
from bot.sandbox.slack.truth import Post, Seen, Truth, What
from bot.sandbox.slack.world import Channel, File, Message, TokenState

__all__ = [
    "DM",
    "MINIMUM_SCOPES",
    "BadAnswerError",
    "CannotDoError",
    "Channel",
    "FakeSlack",
    "FakeWorkspace",
    "File",
    "Limits",
    "Message",
    "Person",
    "Post",
    "RefusedError",
    "Seen",
    "Settings",
    "TokenState",
    "Truth",
    "What",
]
