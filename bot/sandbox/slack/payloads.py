"""How Slack words what exists: messages, channels, people and files as JSON, and the body around an event."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.errors import JSON
from bot.sandbox.slack.world import Channel, File, Kind, Message, User, Workspace

VERIFICATION_TOKEN = "sandbox-verification-token"  # deprecated at Slack, still in every payload


def message(workspace: Workspace, one: Message, *, metadata: bool = False) -> JSON:
    """A message as history and events show it; `metadata` only where asked for."""
    body: JSON = {"type": "message"}
    if one.subtype:
        body["subtype"] = one.subtype
    body |= {"user": one.user, "ts": one.ts, "text": one.text, "team": workspace.id}
    if one.from_bot:
        body |= {
            "bot_id": workspace.bot_id,
            "app_id": workspace.app_id,
            "bot_profile": bot_profile(workspace),
        }
    if one.client_msg_id:
        body["client_msg_id"] = one.client_msg_id
    if one.blocks:
        body["blocks"] = one.blocks
    if one.attachments:
        body["attachments"] = one.attachments
    if one.files:
        body |= {
            "files": [file(workspace, each) for each in one.files],
            "upload": False,
            "display_as_bot": False,
        }
    if one.thread_ts:
        body["thread_ts"] = one.thread_ts
        if one.is_reply:
            parent = workspace.channels[one.channel].messages.get(one.thread_ts)
            body["parent_user_id"] = parent.user if parent else ""
    if one.edited:
        body["edited"] = one.edited
    if one.reactions:
        body["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in one.reactions.items()
        ]
    if metadata and one.metadata:
        body["metadata"] = one.metadata
    return body | one.extra


def bot_profile(workspace: Workspace) -> JSON:
    """Who the app is, on its own messages."""
    return {
        "id": workspace.bot_id,
        "app_id": workspace.app_id,
        "user_id": workspace.bot_user,
        "name": workspace.users[workspace.bot_user].real_name,
        "team_id": workspace.id,
        "deleted": False,
    }


def channel(workspace: Workspace, one: Channel) -> JSON:
    """A conversation object."""
    if one.kind is Kind.IM:
        return {
            "id": one.id,
            "created": one.created,
            "is_im": True,
            "is_org_shared": False,
            "is_archived": False,
            "context_team_id": workspace.id,
            "user": one.peer,
            "is_user_deleted": workspace.users[one.peer].deleted,
            "is_open": True,
            "priority": 0,
        }
    private = one.kind is Kind.PRIVATE
    said = {"creator": one.creator, "last_set": one.created}
    return {
        "id": one.id,
        "name": one.name,
        "name_normalized": one.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_archived": one.archived,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": workspace.bot_user in one.members,
        "created": one.created,
        "creator": one.creator,
        "context_team_id": workspace.id,
        "topic": {"value": one.topic, **said},
        "purpose": {"value": one.purpose, **said},
        "previous_names": one.previous_names,
    }


def user(one: User, bot_id: str = "") -> JSON:
    """A user object; deactivated people keep only the bare fields, as at Slack."""
    body: JSON = {
        "id": one.id,
        "team_id": one.team,
        "name": one.name,
        "deleted": one.deleted,
        "is_bot": one.is_bot,
        "is_app_user": False,
        "updated": 0,
        "profile": {"real_name": one.real_name, "display_name": one.name, "team": one.team},
    }
    if one.is_bot:
        body["profile"]["bot_id"] = bot_id
    if not one.deleted:
        body |= {
            "real_name": one.real_name,
            "tz": one.timezone,
            "tz_label": one.timezone,
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": one.is_restricted or one.is_ultra_restricted,
            "is_ultra_restricted": one.is_ultra_restricted,
        }
    return body


def file(workspace: Workspace, one: File) -> JSON:
    """A file object, with what has been shared so far; a deleted one is a tombstone."""
    if one.deleted:
        return {"id": one.id, "mode": "tombstone"}
    extension = one.name.rpartition(".")[2].lower() if "." in one.name else ""
    body: JSON = {
        "id": one.id,
        "created": one.created,
        "timestamp": one.created,
        "name": one.name,
        "title": one.title,
        "mimetype": one.mimetype,
        "filetype": extension or "binary",
        "pretty_type": extension.upper() or "Binary",
        "user": one.user,
        "user_team": one.team,
        "editable": False,
        "size": one.size,
        "mode": one.mode,
        "is_external": one.mode != "hosted",
        "external_type": "" if one.mode == "hosted" else "unknown",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "url_private": one.external_url,
        "permalink": f"https://{workspace.domain}.slack.com/files/{one.user}/{one.id}/{one.name}",
        "file_access": "visible",
    }
    if one.mode == "hosted":
        body["url_private_download"] = one.external_url
    return body


def shares(workspace: Workspace, one: File) -> JSON:
    """The part of files.info that tells where a file already stands."""
    private: JSON = {}
    public: JSON = {}
    for where, ts in one.shares.items():
        room = workspace.channels[where]
        entry = {"ts": ts, "channel_name": room.name, "team_id": workspace.id, "share_user_id": one.user}
        (public if room.kind is Kind.PUBLIC else private)[where] = [entry]
    named: JSON = {"private": private} if private else {}
    kinds = {kind: [w for w in one.shares if workspace.channels[w].kind is kind] for kind in Kind}
    return {
        "shares": named | ({"public": public} if public else {}),
        "channels": kinds[Kind.PUBLIC],
        "groups": kinds[Kind.PRIVATE],
        "ims": kinds[Kind.IM],
    }


def event_body(workspace: Workspace, event: Mapping[str, Any], event_id: str, at: float) -> JSON:
    """What the Events API wraps around an event."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.id,
        "context_team_id": workspace.id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": dict(event),
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.id,
                "user_id": workspace.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }
