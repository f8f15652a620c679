"""Web API: auth.test, apps.connections.open, views.* and files.*."""

from typing import Any, Final

from bot.sandbox.slack import payloads, views
from bot.sandbox.slack.calls_chat import check_blocks, check_thread, need_scope
from bot.sandbox.slack.errors import JSON, RefusedError, invalid
from bot.sandbox.slack.lookup import find_user
from bot.sandbox.slack.team import Team
from bot.sandbox.slack.world import Channel, File, Kind, next_ts

COMMENT: Final = 40_000


async def auth_test(team: Team, args: JSON) -> JSON:
    """auth.test with the bot token; the scopes come in the x-oauth-scopes header."""
    workspace = team.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.users[workspace.bot_user].name,
        "team_id": workspace.id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


async def app_auth_test(team: Team, args: JSON) -> JSON:
    """auth.test with the app token."""
    workspace = team.workspace
    return {"app_name": workspace.users[workspace.bot_user].real_name, "app_id": workspace.app_id}


async def connections_open(team: Team, args: JSON) -> JSON:
    """apps.connections.open: a websocket URL whose ticket works once and not for long."""
    ticket = team.courier.sockets.ticket(team.workspace.id)
    host = team.base().removeprefix("http://")
    return {"url": f"ws://{host}/link/?ticket={ticket}&app_id={team.workspace.app_id}"}


# ------------------------------------------------------------------------------------------------------ views
def _pointer(args: JSON) -> str | None:
    pointer: str | None = args.get("trigger_id") or args.get("interactivity_pointer")
    return pointer


async def views_open(team: Team, args: JSON) -> JSON:
    """views.open."""
    return {"view": views.payload(team.workspace, team.views.open(_pointer(args), args["view"]))}


async def views_push(team: Team, args: JSON) -> JSON:
    """views.push."""
    return {"view": views.payload(team.workspace, team.views.push(_pointer(args), args["view"]))}


async def views_update(team: Team, args: JSON) -> JSON:
    """views.update."""
    view = team.views.update(args.get("view_id"), args.get("external_id"), args.get("hash"), args["view"])
    return {"view": views.payload(team.workspace, view)}


async def views_publish(team: Team, args: JSON) -> JSON:
    """views.publish."""
    user = find_user(team, args["user_id"])
    view = team.views.publish(user.id, args.get("hash"), args["view"])
    return {"view": views.payload(team.workspace, view)}


# ------------------------------------------------------------------------------------------------------ files
async def upload_url(team: Team, args: JSON) -> JSON:
    """files.getUploadURLExternal."""
    if not args["filename"].strip():
        raise invalid("invalid_arguments", ["filename must not be empty"])
    url, file = team.cabinet.ticket(args["filename"], args["length"], team.workspace.bot_user)
    return {"upload_url": url, "file_id": file.id}


async def complete_upload(team: Team, args: JSON) -> JSON:
    """files.completeUploadExternal: answers before the file stands in the channel, and gives no ts."""
    wanted = args["files"]
    if not isinstance(wanted, list) or not wanted or not all(_is_upload(one) for one in wanted):
        raise invalid("invalid_arguments", ["files must be a list of {id, title}"])
    if len({one["id"] for one in wanted}) < len(wanted):
        raise invalid("invalid_arguments", ["files must name each file once"])
    if any(name in args for name in ("username", "icon_url", "icon_emoji")):
        need_scope(team, "chat:write.customize")
    channel = _destination(team, args)
    thread = str(args.get("thread_ts", ""))
    if channel is not None:
        check_thread(channel, thread)
    elif thread:
        raise RefusedError("invalid_channel")
    text = str(args.get("initial_comment", ""))
    blocks = [] if text else args.get("blocks", [])
    check_blocks(blocks)
    if len(text) > COMMENT:
        raise RefusedError("msg_too_long")
    return {"files": team.cabinet.complete(wanted, channel, text, blocks, thread)}


def _is_upload(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("id"), str)
        and set(one) <= {"id", "title", "highlight_type"}
        and isinstance(one.get("title", ""), str)
    )


def _destination(team: Team, args: JSON) -> Channel | None:
    named = [one for one in (args.get("channel_id"), *args.get("channels", "").split(",")) if one]
    if not named:
        return None
    if len(named) > 1:
        raise RefusedError("channels_limit_exceeded")
    channel = team.workspace.channels.get(named[0])
    inside = channel is not None and team.workspace.bot_user in channel.members
    if channel is None or (channel.kind is not Kind.PUBLIC and not inside):
        raise RefusedError("channel_not_found")
    if not inside:
        raise RefusedError("not_in_channel")
    if channel.archived:
        raise RefusedError("posting_to_channel_denied")
    return channel


def _file(team: Team, name: str) -> File:
    file = team.workspace.files.get(name)
    if file is None or (file.data is None and file.mode == "hosted") or not team.cabinet.visible(file):
        raise RefusedError("file_not_found")
    if file.deleted:
        raise RefusedError("file_deleted")
    return file


async def files_info(team: Team, args: JSON) -> JSON:
    """files.info: tells by `shares` where a completed upload stands by now."""
    file = _file(team, args["file"])
    body = payloads.file(team.workspace, file) | payloads.shares(team.workspace, file)
    return {"file": body, "comments": [], "response_metadata": {"next_cursor": ""}}


async def files_delete(team: Team, args: JSON) -> JSON:
    """files.delete: the app's own files only."""
    file = _file(team, args["file"])
    if file.user != team.workspace.bot_user:
        raise RefusedError("cant_delete_file")
    team.cabinet.delete(file)
    return {}


CALLS: Final = {
    "auth.test": auth_test,
    "apps.connections.open": connections_open,
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
    "files.getUploadURLExternal": upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": files_info,
    "files.delete": files_delete,
}


def revoke(team: Team) -> None:
    """The app loses its token: tokens_revoked, then app_uninstalled."""
    ts = next_ts(team.workspace, team.now)
    team.tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.workspace.bot_user]}, "event_ts": ts})
    team.tell({"type": "app_uninstalled", "event_ts": ts})
