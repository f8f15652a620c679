"""Modals and App Home: triggers that live three seconds and work once, stacks of three, state, hashes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox.slack import blocks as kit
from bot.sandbox.slack import forms
from bot.sandbox.slack.elements import plain
from bot.sandbox.slack.errors import JSON, RefusedError, invalid
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.shapes import array, choice, flag, record, string
from bot.sandbox.slack.world import Ids, Workspace

STACK: Final = 3
LARGEST: Final = 250_000
_ANY_BLOCKS = array(lambda value, path: iter(()))
_SHARED = {"private_metadata": string(3000), "callback_id": string(255), "external_id": string(255)}
_MODAL = record(
    {"type": choice("modal"), "title": plain(24), "blocks": _ANY_BLOCKS},
    {
        **_SHARED,
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_HOME = record({"type": choice("home"), "blocks": _ANY_BLOCKS}, _SHARED)


@dataclass(slots=True, eq=False)
class View:
    """A modal on someone's screen, or someone's App Home; `errors` stand under its inputs, by block_id."""

    id: str
    team: str
    user: str
    body: JSON
    hash: str
    root: str
    previous: str = ""
    state: dict[tuple[str, str], JSON] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[JSON]:
        """Its blocks, each with a block_id."""
        return list(self.body["blocks"])

    @property
    def title(self) -> str:
        """The words at the top of a modal."""
        return str(self.body["title"]["text"]) if "title" in self.body else ""

    @property
    def text(self) -> str:
        """What a person reads in it: title, blocks, and the errors shown."""
        parts = [self.title, kit.flatten(self.blocks), *self.errors.values()]
        return "\n".join(part for part in parts if part)

    def values(self) -> JSON:
        """`state.values` as the app is given it."""
        values: JSON = {}
        for block in self.blocks:
            for element in kit.interactive(block):
                if forms.keeps_state(element):
                    key = (block["block_id"], element["action_id"])
                    kept = self.state.get(key, forms.initial(element))
                    values.setdefault(key[0], {})[key[1]] = kept
        return values


@dataclass(slots=True)
class Trigger:
    """Leave to open one modal for one person."""

    user: str
    expires: float
    view: View | None
    used: bool = False


@dataclass(slots=True)
class Views:
    """The modals and homes of one workspace; `shown` and `gone` are told what comes into sight and leaves it."""

    workspace: Workspace
    ids: Ids
    now: Callable[[], float]
    settings: Callable[[], Settings]
    shown: Callable[[View], None]
    gone: Callable[[View], None]
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)

    def trigger(self, user: str, view: View | None = None) -> str:
        """A fresh trigger_id for something this person just did."""
        number = int(self.ids.fresh("")[-9:])
        trigger = f"{number}.{int(self.now())}.{number:032x}"
        self.triggers[trigger] = Trigger(user, self.now() + self.settings().trigger_seconds, view)
        return trigger

    def top(self, user: str) -> View | None:
        """The modal this person looks at."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    # -------------------------------------------------------------------------------------------- methods
    def open(self, trigger_id: str | None, body: JSON) -> View:
        """views.open: a modal in place of whatever was open."""
        self.check(body, ("modal",))
        trigger = self._exchange(trigger_id)
        view = self._new(trigger.user, body)
        self.drop(*self.stacks.get(trigger.user, []))
        self.stacks[trigger.user] = [view]
        self.shown(view)
        return view

    def drop(self, *views: View) -> None:
        """Take modals off the screen; those not there are left alone."""
        for view in views:
            stack = self.stacks.get(view.user, [])
            if view in stack:
                stack.remove(view)
                self.gone(view)

    def push(self, trigger_id: str | None, body: JSON) -> View:
        """views.push: on top of the modal whose button gave the trigger; at most three."""
        self.check(body, ("modal",))
        trigger = self._exchange(trigger_id)
        if trigger.view is None or trigger.view not in self.stacks.get(trigger.user, []):
            raise RefusedError("not_found")
        return self.stack(trigger.user, body)

    def stack(self, user: str, body: JSON) -> View:
        """Put a checked modal on top of this person's stack."""
        stack = self.stacks.setdefault(user, [])
        if len(stack) >= STACK:
            raise RefusedError("push_limit_reached")
        view = self._new(user, body, stack[0].id if stack else "", stack[-1].id if stack else "")
        stack.append(view)
        self.shown(view)
        return view

    def update(self, view_id: str | None, external_id: str | None, given: str | None, body: JSON) -> View:
        """views.update: new content; what was entered stays where block_id and action_id stay."""
        view = self._find(view_id, external_id)
        self.check(body, (str(view.body["type"]),), besides=view)
        if given is not None and given != view.hash:
            raise RefusedError("hash_conflict")
        self.replace(view, body)
        return view

    def replace(self, view: View, body: JSON) -> None:
        """New, checked content for a view that stands."""
        view.body = self._with_ids(body)
        view.hash = self._hash()
        view.errors = {}
        kept = {(block["block_id"], one["action_id"]) for block in view.blocks for one in kit.interactive(block)}
        view.state = {key: value for key, value in view.state.items() if key in kept}
        self.shown(view)

    def publish(self, user: str, given: str | None, body: JSON) -> View:
        """views.publish: someone's App Home."""
        known = self.homes.get(user)
        self.check(body, ("home",), besides=known)
        if given is not None and known is not None and given != known.hash:
            raise RefusedError("hash_conflict")
        if known is not None:
            self.replace(known, body)
            return known
        view = self.homes[user] = self._new(user, body)
        self.shown(view)
        return view

    # ---------------------------------------------------------------------------------------------- rules
    def check(self, body: Any, kinds: tuple[str, ...], besides: View | None = None) -> None:
        """Refuse a view Slack would refuse: `invalid_arguments` with what is wrong, or `view_too_large`."""
        kind = body.get("type") if isinstance(body, dict) else None
        if kind not in kinds:
            raise invalid("invalid_arguments", [f"unsupported type: {kind} [json-pointer:/view/type]"])
        wrong = list((_MODAL if kind == "modal" else _HOME)(body, "/view"))
        if not wrong:
            wrong = kit.problems(body["blocks"], kit.Surface(str(kind)))
        if not wrong and kind == "modal" and "submit" not in body and _has_input(body):
            wrong = ["submit is required when an input block is within the blocks array"]
        if wrong:
            raise invalid("invalid_arguments", wrong)
        if len(json.dumps(body, ensure_ascii=False)) > LARGEST:
            raise RefusedError("view_too_large")
        external = body.get("external_id")
        if external and any(one.body.get("external_id") == external for one in self._all() if one is not besides):
            raise RefusedError("duplicate_external_id")

    def _exchange(self, trigger_id: str | None) -> Trigger:
        trigger = self.triggers.get(trigger_id or "")
        if trigger is None:
            raise RefusedError("invalid_trigger_id")
        if trigger.used:
            raise RefusedError("exchanged_trigger_id")
        if self.now() > trigger.expires:
            raise RefusedError("expired_trigger_id")
        trigger.used = True
        return trigger

    def _find(self, view_id: str | None, external_id: str | None) -> View:
        for view in self._all():
            if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
                return view
        raise RefusedError("not_found")

    def _all(self) -> list[View]:
        return [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]

    def _new(self, user: str, body: JSON, root: str = "", previous: str = "") -> View:
        name = self.ids.fresh("V")
        return View(name, self.workspace.id, user, self._with_ids(body), self._hash(), root or name, previous)

    def _with_ids(self, body: JSON) -> JSON:
        return body | {"blocks": kit.with_ids(body["blocks"], self.ids.words())}

    def _hash(self) -> str:
        return f"{int(self.now())}.{self.ids.fresh('h')}"


def _has_input(body: JSON) -> bool:
    return any(block["type"] == "input" for block in body["blocks"])


def payload(workspace: Workspace, view: View) -> JSON:
    """A view object as methods return it and interactions carry it."""
    defaults: JSON = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "title": None,
        "close": None,
        "submit": None,
    }
    return (
        defaults
        | view.body
        | {
            "id": view.id,
            "team_id": workspace.id,
            "state": {"values": view.values()},
            "hash": view.hash,
            "root_view_id": view.root,
            "previous_view_id": view.previous or None,
            "app_id": workspace.app_id,
            "app_installed_team_id": workspace.id,
            "bot_id": workspace.bot_id,
        }
    )
