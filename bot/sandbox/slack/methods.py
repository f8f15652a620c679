"""The Web API methods served: arguments, scopes, tier. A test holds the table against Slack's reference."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Type(StrEnum):
    """What an argument must be, once decoded."""

    TEXT = "str"
    FLAG = "bool"
    NUMBER = "num"
    OBJECT = "json"  # an object or list, or the same as JSON text


class TokenKind(StrEnum):
    """Which token a method takes."""

    BOT = "bot"
    APP = "app"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument; `nullable` ones may be JSON null."""

    name: str
    type: Type
    required: bool
    nullable: bool


@dataclass(frozen=True, slots=True)
class Method:
    """One method; any one of `scopes` admits a bot token; `takes_json` tells whether a JSON body is read."""

    name: str
    arguments: Mapping[str, Argument]
    scopes: tuple[str, ...]
    tier: int
    takes_json: bool
    token: TokenKind


def _arguments(text: str) -> dict[str, Argument]:
    """Read `name:type` words; `!` after the type means required, `?` nullable."""
    found = {}
    for word in text.split():
        name, kind = word.split(":")
        found[name] = Argument(name, Type(kind.rstrip("!?")), kind.endswith("!"), kind.endswith("?"))
    return found


_READ = "groups:read im:read mpim:read channels:read"
_WRITE = "groups:write im:write mpim:write channels:write channels:manage"
_HISTORY = "groups:history im:history mpim:history channels:history"
_TOPIC = (
    "channels:write.topic groups:write.topic mpim:write.topic im:write.topic channels:manage groups:write"
    " im:write mpim:write"
)
_INVITE = "channels:write.invites groups:write.invites channels:manage groups:write im:write mpim:write"
_LOOK = "as_user:bool attachments:json? blocks:json? markdown_text:str parse:str? text:str?"
_PAGE = "cursor:str limit:num"
_SPAN = "include_all_metadata:bool inclusive:bool latest:str oldest:str"

# name | arguments | bot scopes | tier | flags: j = reads a JSON body, a = app token, e = either token
_TABLE = f"""
auth.test | | | 5 | je
apps.connections.open | | | 3 | ja
chat.postMessage | channel:str! {_LOOK} icon_emoji:str? icon_url:str? link_names:bool metadata:json? \
mrkdwn:bool reply_broadcast:bool thread_ts:str? unfurl_links:bool unfurl_media:bool username:str? \
| chat:write | 5 | j
chat.update | channel:str! ts:str! as_user:bool? attachments:json? blocks:json? markdown_text:str parse:str? \
text:str? link_names:bool? metadata:json? reply_broadcast:bool file_ids:json | chat:write | 3 | j
chat.delete | channel:str! ts:str! as_user:bool | chat:write | 3 | j
chat.postEphemeral | channel:str! user:str! {_LOOK} icon_emoji:str icon_url:str link_names:bool \
metadata:json? thread_ts:str? username:str | chat:write | 4 | j
chat.getPermalink | channel:str! message_ts:str! | | 5 |
conversations.create | name:str! is_private:bool team_id:str? | {_WRITE} | 2 | j
conversations.invite | channel:str! users:str! force:bool | {_INVITE} | 3 | j
conversations.members | channel:str! {_PAGE} | {_READ} | 4 |
conversations.info | channel:str! include_locale:bool include_num_members:bool | {_READ} | 3 |
conversations.list | exclude_archived:bool team_id:str types:str {_PAGE} | {_READ} | 2 |
conversations.history | channel:str! {_PAGE} {_SPAN} | {_HISTORY} | 3 | j
conversations.replies | channel:str! ts:str! {_PAGE} {_SPAN} | {_HISTORY} | 3 |
conversations.open | channel:str? return_im:bool users:str prevent_creation:bool \
| channels:manage groups:write im:write mpim:write | 3 | j
conversations.archive | channel:str! | {_WRITE} | 2 | j
conversations.unarchive | channel:str! | {_WRITE} | 2 | j
conversations.rename | channel:str! name:str! | {_WRITE} | 2 | j
conversations.setTopic | channel:str! topic:str! | {_TOPIC} | 2 | j
conversations.setPurpose | channel:str! purpose:str! | {_TOPIC} | 2 | j
conversations.join | channel:str! | channels:join | 3 | j
conversations.leave | channel:str! | {_WRITE} | 3 | j
conversations.kick | channel:str! user:str | groups:write channels:manage | 3 | j
pins.add | channel:str! timestamp:str | pins:write | 2 | j
pins.remove | channel:str! timestamp:str | pins:write | 2 | j
pins.list | channel:str! | pins:read | 2 |
reactions.add | channel:str! name:str! timestamp:str! | reactions:write | 3 | j
reactions.get | channel:str file:str file_comment:str full:bool timestamp:str | reactions:read | 3 |
reactions.remove | name:str! file:str file_comment:str channel:str timestamp:str | reactions:write | 2 | j
users.info | user:str! include_locale:bool | users:read | 4 |
users.list | include_locale:bool team_id:str {_PAGE} | users:read | 2 |
users.conversations | exclude_archived:bool exclude_muted:bool team_id:str types:str user:str {_PAGE} \
| {_READ} | 3 |
views.open | trigger_id:str? interactivity_pointer:str? view:json! | | 4 | j
views.publish | user_id:str! view:json! hash:str interactivity_pointer:str | | 4 | j
views.update | view_id:str external_id:str view:json! hash:str | | 4 | j
views.push | trigger_id:str? interactivity_pointer:str? view:json! | | 4 | j
files.getUploadURLExternal | length:num! filename:str! snippet_type:str alt_txt:str | files:write | 4 |
files.completeUploadExternal | files:json! channel_id:str thread_ts:str channels:str initial_comment:str \
blocks:json username:str? icon_url:str icon_emoji:str | files:write | 4 | j
files.info | file:str! count:num page:num {_PAGE} | files:read | 4 |
files.delete | file:str! | files:write | 3 | j
"""


def _read(line: str) -> Method:
    name, arguments, scopes, tier, flags = (part.strip() for part in line.split("|"))
    token = TokenKind.APP if "a" in flags else TokenKind.EITHER if "e" in flags else TokenKind.BOT
    return Method(name, _arguments(arguments), tuple(scopes.split()), int(tier), "j" in flags, token)


METHODS: Final[Mapping[str, Method]] = {
    method.name: method for line in _TABLE.strip().splitlines() for method in [_read(line)]
}
