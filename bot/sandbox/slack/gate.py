"""The doors of the fake: the Web API, uploads, downloads and response URLs, each with faults and limits."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web

from bot.sandbox.faults import Faults
from bot.sandbox.slack import calls_app, calls_chat, calls_marks, calls_reading, calls_rooms
from bot.sandbox.slack.arguments import BORNE, check, read_request
from bot.sandbox.slack.cabinet import LOGIN_PAGE
from bot.sandbox.slack.errors import JSON, RefusedError
from bot.sandbox.slack.interact import use_link
from bot.sandbox.slack.limits import Meter, wait_for
from bot.sandbox.slack.methods import METHODS, Method, TokenKind
from bot.sandbox.slack.team import Team
from bot.sandbox.slack.world import TokenState
from bot.sandbox.wirelog import WireLog

Call = Callable[[Team, JSON], Awaitable[JSON]]
CALLS: Final[Mapping[str, Call]] = {
    **calls_app.CALLS,
    **calls_chat.CALLS,
    **calls_rooms.CALLS,
    **calls_reading.CALLS,
    **calls_marks.CALLS,
}
# Refusals that a correct client never meets, whatever people and networks do.
ILLEGAL: Final = frozenset(
    {
        "unknown_method",
        "invalid_arguments",
        "invalid_post_type",
        "invalid_json",
        "json_not_object",
        "missing_scope",
        "not_allowed_token_type",
        "no_text",
        "msg_too_long",
        "msg_blocks_too_long",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "too_many_attachments",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "markdown_text_conflict",
        "as_user_not_supported",
        "invalid_name",
        "invalid_name_required",
        "invalid_name_maxlength",
        "invalid_name_specials",
        "invalid_name_punctuation",
        "invalid_types",
        "invalid_limit",
        "invalid_cursor",
        "too_long",
        "bad_timestamp",
        "view_too_large",
    }
)


class Answers:
    """How Slack words what goes wrong outside its methods."""

    def rate_limited(self, retry_after: int) -> web.StreamResponse:
        """429 with Retry-After, in seconds."""
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers={"Retry-After": str(retry_after)})

    def broken(self, status: int) -> web.StreamResponse:
        """A 5xx."""
        error = "service_unavailable" if status == 503 else "internal_error"
        return web.json_response({"ok": False, "error": error}, status=status)


class Gate:
    """Turns HTTP requests into calls on the right workspace."""

    def __init__(self, teams: Mapping[str, Team], faults: Faults, wire_log: WireLog) -> None:
        self.meter = Meter()
        self.violations: list[str] = []  # refusals that show a fault in the client: `method: what`
        self.crashes: list[Exception] = []  # errors of the fake itself
        self._teams = teams
        self._faults = faults
        self._wire_log = wire_log

    # --------------------------------------------------------------------------------------------- Web API
    async def api(self, request: web.Request) -> web.StreamResponse:
        """`/api/METHOD`."""
        name = request.match_info["method"]
        method = METHODS.get(name)
        raw: JSON = {}
        token = ""
        refusal: RefusedError | None = None
        try:
            raw, token, files = await read_request(request, method)
        except RefusedError as error:
            refusal, files = error, []
        self._wire_log.write("slack", name, raw, files)
        team = self._team_of(token)

        async def effect() -> web.StreamResponse:
            return await self._answer(name, method, team, token, raw, refusal)

        where = str(raw.get("channel") or raw.get("channel_id") or raw.get("user_id") or "")
        fault = self._faults.draw(name, where, team.workspace.id if team else "")
        return await self._faults.carry_out(fault, request, effect, Answers())

    def _team_of(self, token: str) -> Team | None:
        for team in self._teams.values():
            if token and token in (team.workspace.bot_token, team.workspace.app_token):
                return team
        return None

    async def _answer(
        self,
        name: str,
        method: Method | None,
        team: Team | None,
        token: str,
        raw: JSON,
        refusal: RefusedError | None,
    ) -> web.StreamResponse:
        try:
            if refusal is not None:
                raise refusal
            if method is None:
                raise RefusedError("unknown_method", req_method=name)
            if not token:
                raise RefusedError("not_authed")
            if team is None:
                raise RefusedError("invalid_auth")
            wait = self._limited(team, method, raw)
            if wait:
                return Answers().rate_limited(wait)
            call = _admit(team, method, token)
            if BORNE in raw and BORNE not in method.arguments:
                self.violations.append(f"{name}: undocumented argument {BORNE}")
            body = {"ok": True, **await call(team, check(method, raw))}
        except RefusedError as error:
            if error.code in ILLEGAL:
                self.violations.append(f"{name}: {json.dumps(error.body)}")
            body = error.body
        except Exception as error:
            self.crashes.append(error)
            raise
        headers = {}
        if method is not None and team is not None:
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
            granted = team.workspace.scopes if token == team.workspace.bot_token else {"connections:write"}
            headers["x-oauth-scopes"] = ",".join(sorted(granted))
        return web.json_response(body, headers=headers)

    def _limited(self, team: Team, method: Method, raw: JSON) -> int:
        channel = str(raw.get("channel", ""))
        limits, team_id = team.settings().limits, team.workspace.id
        return wait_for(self.meter, limits, team_id, method.name, method.tier, channel, team.now())

    # ----------------------------------------------------------------------------------------------- files
    async def upload(self, request: web.Request) -> web.StreamResponse:
        """`/upload/v1/TICKET`: raw bytes, or a multipart form with one file."""
        ticket = request.match_info["ticket"]
        if request.content_type == "multipart/form-data":
            parts = (await request.post()).values()
            data = next((part.file.read() for part in parts if isinstance(part, web.FileField)), b"")
        else:
            data = await request.read()

        async def effect() -> web.StreamResponse:
            for team in self._teams.values():
                if ticket in team.cabinet.tickets:
                    try:
                        file = team.cabinet.receive(ticket, data)
                    except RefusedError:
                        break
                    return web.Response(text=f"OK - {file.size}", content_type="text/plain")
            return web.Response(status=400, text="Bad upload", content_type="text/plain")

        fault = self._faults.draw("upload", ticket)
        return await self._faults.carry_out(fault, request, effect, Answers())

    async def download(self, request: web.Request) -> web.StreamResponse:
        """`/files-pri/TEAM-FILE/download/NAME`: the bytes for a bearer who may read; else a login page."""
        team_id, _, name = request.match_info["file"].partition("-")
        team = self._teams.get(team_id)
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()

        async def effect() -> web.StreamResponse:
            file = team.workspace.files.get(name) if team else None
            if team is None or file is None or file.deleted or file.data is None or not _may_read(team, bearer):
                return web.Response(text=LOGIN_PAGE, content_type="text/html")
            if not team.cabinet.visible(file):
                return web.Response(text=LOGIN_PAGE, content_type="text/html")
            shown = file.name.encode("ascii", "replace").decode().replace('"', "")
            headers = {"Content-Disposition": f'attachment; filename="{shown}"'}
            return web.Response(body=file.data, content_type=file.mimetype, headers=headers)

        fault = self._faults.draw("download", name, team_id)
        return await self._faults.carry_out(fault, request, effect, Answers())

    # -------------------------------------------------------------------------------------- response URLs
    async def response(self, request: web.Request) -> web.StreamResponse:
        """`/actions/TEAM/KEY`: an answer to a command or a press, without a token."""
        team = self._teams.get(request.match_info["team"])
        key = request.match_info["key"]
        try:
            body = json.loads(await request.text())
        except ValueError:
            body = None

        async def effect() -> web.StreamResponse:
            try:
                if team is None or not isinstance(body, dict):
                    raise RefusedError("invalid_payload")
                use_link(team, key, body)
            except RefusedError as error:
                gone = error.code in ("used_url", "expired_url")
                return web.json_response(error.body, status=404 if gone else 400)
            return web.Response(text="ok", content_type="text/plain")

        fault = self._faults.draw("response_url", key)
        return await self._faults.carry_out(fault, request, effect, Answers())


def _admit(team: Team, method: Method, token: str) -> Call:
    """The call this token may make."""
    workspace = team.workspace
    if workspace.state is not TokenState.LIVE:
        raise RefusedError(workspace.state.value)
    is_app = token == workspace.app_token
    if method.token is not TokenKind.EITHER and is_app is not (method.token is TokenKind.APP):
        raise RefusedError("not_allowed_token_type")
    if method.scopes and not workspace.scopes & set(method.scopes):
        provided = ",".join(sorted(workspace.scopes))
        raise RefusedError("missing_scope", needed=",".join(method.scopes), provided=provided)
    return calls_app.app_auth_test if is_app and method.name == "auth.test" else CALLS[method.name]


def _may_read(team: Team, bearer: str) -> bool:
    live = team.workspace.state is TokenState.LIVE
    return live and bearer == team.workspace.bot_token and "files:read" in team.workspace.scopes
