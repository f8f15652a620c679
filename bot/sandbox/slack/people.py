"""People in the fake Slack: what they can do in their client, so that a scenario reads as a chat."""

import asyncio
import html
from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox.slack import blocks as kit
from bot.sandbox.slack import forms, interact, richtext
from bot.sandbox.slack.carriers import Receipt, Route
from bot.sandbox.slack.errors import JSON, BadAnswerError, CannotDoError, RefusedError
from bot.sandbox.slack.onlooker import DM, PATIENCE, Onlooker, Where
from bot.sandbox.slack.views import View
from bot.sandbox.slack.world import Channel, File, Message, next_ts

TROUBLE = "We had some trouble connecting. Try again?"
_REAL_PATIENCE = 15.0  # seconds a press waits for the app even when the injected clock stands still


class Person(Onlooker):
    """One member of a workspace. Whoever says something to the app in its own chat names the channel `DM`."""

    # ------------------------------------------------------------------------------------------- messages
    async def says(
        self, words: str | Sequence[JSON], channel: Channel | str = DM, thread_ts: str | Message | None = None
    ) -> Message:
        """Post: plain words (`<@U1>` mentions) or rich_text blocks, as Slack's own clients send them."""
        place = self._writable(channel)
        blocks = self._rich(words)
        text = "\n".join(richtext.to_mrkdwn(one) for one in blocks)
        # A thread has one parent: who answers a reply writes in the thread it stands in.
        thread = (thread_ts.thread_ts or thread_ts.ts) if isinstance(thread_ts, Message) else thread_ts or ""
        return self._team.rooms.post(place, self.id, text, blocks=blocks, thread_ts=thread)

    def _rich(self, words: str | Sequence[JSON]) -> list[JSON]:
        return [richtext.from_plain(words, "typed")] if isinstance(words, str) else list(words)

    def _writable(self, where: Channel | str) -> Channel:
        if self.user.deleted:
            raise CannotDoError(f"{self.user.real_name} is deactivated")
        place = self._direct() if where == DM else self.channel(where)
        if place.archived:
            raise CannotDoError(f"#{place.name} is archived")
        return place

    def _direct(self) -> Channel:
        return self._team.membership.open_im(self.id)[0]

    def _own(self, message: Message | str) -> Message:
        found = self.newest(message) if isinstance(message, str) else message
        if found is None or found.user != self.id or found.deleted:
            raise CannotDoError(f"{self.user.real_name} has no message {message!r} to change")
        return found

    async def edits(self, message: Message | str, words: str | Sequence[JSON]) -> Message:
        """Change an own message, named by itself or by words in it."""
        mine = self._own(message)
        blocks = self._rich(words)
        self._team.rooms.edit(mine, self.id, "\n".join(richtext.to_mrkdwn(one) for one in blocks), blocks)
        return mine

    async def deletes(self, message: Message | str) -> None:
        """Delete an own message."""
        self._team.rooms.delete(self._own(message), self.id)

    async def unfurls(self, message: Message, title: str = "Example", url: str = "https://example.org/") -> None:
        """Slack itself adds a link preview to a message; nobody edited anything."""
        self._team.rooms.unfurl(message, title, url)

    async def reacts(self, message: Message, name: str) -> None:
        """Put an emoji on a message."""
        self._team.rooms.react(message, self.id, name, on=True)

    async def unreacts(self, message: Message, name: str) -> None:
        """Take it off."""
        self._team.rooms.react(message, self.id, name, on=False)

    async def uploads(
        self, data: bytes, name: str, channel: Channel | str = DM, text: str = "", thread_ts: str = ""
    ) -> Message:
        """Share a file, perhaps with words."""
        return await self.uploads_all([(name, data)], channel, text, thread_ts)

    async def uploads_all(
        self,
        files: Sequence[tuple[str, bytes]],
        channel: Channel | str = DM,
        text: str = "",
        thread_ts: str = "",
    ) -> Message:
        """Share several files in one message."""
        place = self._writable(channel)
        kept = [self._team.cabinet.put(self.id, name, data) for name, data in files]
        return self._team.cabinet.share(place, self.id, kept, html.escape(text, quote=False), thread_ts)

    async def links_file(self, name: str, url: str, channel: Channel | str = DM) -> Message:
        """Share a remote file: Slack holds only its address."""
        place = self._writable(channel)
        return self._team.cabinet.share(place, self.id, [self._team.cabinet.link(self.id, name, url)], "")

    async def deletes_file(self, file: File) -> None:
        """Delete an own file."""
        self._team.cabinet.delete(file)

    # ------------------------------------------------------------------------------------------- channels
    async def leaves(self, channel: Channel | str) -> None:
        """Leave a channel."""
        self._team.membership.leave(self.channel(channel), self.id)

    async def invites(self, user: str, channel: Channel | str) -> None:
        """Bring another member, perhaps a guest, or the app itself, into a channel."""
        self._team.membership.join(self.channel(channel), user, self.id)

    async def removes(self, user: str, channel: Channel | str) -> None:
        """Take a member, or the app itself, out of a channel."""
        self._team.membership.leave(self.channel(channel), user, self.id)

    async def archives(self, channel: Channel | str, *, on: bool = True) -> None:
        """Archive a channel, or bring it back."""
        self._team.membership.archive(self.channel(channel), self.id, on=on)

    async def deletes_channel(self, channel: Channel | str) -> None:
        """Delete a channel for good, as a workspace's admins can."""
        self._team.membership.delete(self.channel(channel))

    async def renames(self, channel: Channel | str, name: str) -> None:
        """Give a channel another name."""
        self._team.membership.rename(self.channel(channel), name, self.id)

    async def creates(self, name: str, *, private: bool = True) -> Channel:
        """Make a channel the app is not in."""
        return self._team.membership.create(name, self.id, private=private)

    async def opens_home(self, tab: str = "home") -> None:
        """Open the app's page."""
        event: JSON = {"type": "app_home_opened", "user": self.id, "channel": self._direct().id, "tab": tab}
        if self.home is not None and tab == "home":
            event["view"] = {"id": self.home.id, "hash": self.home.hash, "type": "home"}
        self._team.tell(event | {"event_ts": next_ts(self._team.workspace, self._team.now)})

    # ---------------------------------------------------------------------------------------- interaction
    async def command(self, name: str, text: str = "", channel: Channel | str = DM) -> bool:
        """Type a slash command; whether the app acknowledged it. Its direct answer is seen by this person alone."""
        if name not in self._team.workspace.commands:
            raise CannotDoError(f"{name} is not a valid command")
        place = self._writable(channel)
        receipt = await self._ask(Route.COMMAND, interact.command(self._team, self.user, name, text, place))
        if receipt.ok and receipt.answer is not None:
            self._show(lambda answer: interact.respond(self._team, place, self.id, answer), receipt.answer)
        elif not receipt.ok:
            self.warnings.append(f"{name} failed because the app did not respond ({receipt.reason})")
        return receipt.ok

    async def presses(
        self, label: str, on: Message | View | None = None, channel: Where = None, timeout: float = PATIENCE
    ) -> bool:
        """Press the newest button in sight with this label, waiting for it; whether the app acknowledged it."""
        return await self._acts(label, None, on, channel, timeout)

    async def chooses(
        self,
        menu: str,
        option: Any,
        on: Message | View | None = None,
        channel: Where = None,
        timeout: float = PATIENCE,
    ) -> bool:
        """Pick in a menu (named by placeholder or an option) of a message, a modal or App Home."""
        return await self._acts(menu, option, on, channel, timeout)

    async def _acts(self, label: str, option: Any, on: Message | View | None, where: Where, timeout: float) -> bool:
        what = f"sees no button {label!r} among {self.labels(where)}"
        holder, block, element = await self._until(lambda: self.button(label, on, where), timeout, what, where)
        return await self._act(holder, block, element, option)

    async def acts_on(self, holder: Message | View, block_id: str, action_id: str, option: Any = None) -> bool:
        """Press a button, or pick in a menu, named by its ids; CannotDoError once it is gone."""
        for block in holder.blocks:
            for element in kit.interactive(block):
                if (block["block_id"], element["action_id"]) == (block_id, action_id):
                    return await self._act(holder, block, element, option)
        raise CannotDoError("this button is gone")

    async def _act(self, holder: Message | View, block: JSON, element: JSON, option: Any) -> bool:
        label = kit.label(element)
        state = None
        if element["type"] == "overflow":
            state = {"type": "overflow", "selected_option": forms.option(element, option)}
        elif forms.keeps_state(element):
            state = forms.filled(element, option)
            if isinstance(holder, View):
                holder.state[block["block_id"], element["action_id"]] = state
        payload = interact.action(self._team, self.user, holder, block, element, state)
        receipt = await self._ask(Route.INTERACTIVE, payload)
        if not receipt.ok:
            self.warnings.append(f"{label}: {TROUBLE} ({receipt.reason})")
        return receipt.ok

    async def shortcut(self, name: str, on: Message | None = None) -> bool:
        """Choose an entry of the shortcuts menu, of a message or of the app; by label or callback_id."""
        entries = [one for one in self._team.workspace.shortcuts if name in (one.name, one.callback_id)]
        found = next((one for one in entries if one.on_message is (on is not None)), None)
        if found is None:
            known = [one.name for one in self._team.workspace.shortcuts]
            raise CannotDoError(f"there is no shortcut {name!r} here; there are: {known}")
        receipt = await self._ask(Route.INTERACTIVE, interact.shortcut(self._team, self.user, found, on))
        if not receipt.ok:
            self.warnings.append(f"{name}: {TROUBLE} ({receipt.reason})")
        return receipt.ok

    # --------------------------------------------------------------------------------------------- modals
    def fills(self, values: Mapping[str, Any], view: View | None = None) -> None:
        """Enter values, by label or block_id, without submitting; a file input takes [(name, bytes)]."""
        shown = self._modal(view)
        for named, value in values.items():
            block = forms.find_input(shown.blocks, named)
            element = block["element"]
            if element["type"] == "file_input" and value is not None:
                kept = [self._team.cabinet.put(self.id, name, data) for name, data in value]
                value = [{"id": file.id, "name": file.name, "url_private": file.external_url} for file in kept]
            shown.state[block["block_id"], element["action_id"]] = forms.filled(element, value)

    async def submits(self, values: Mapping[str, Any] | None = None, view: View | None = None) -> dict[str, str] | None:
        """Fill in and submit the open modal; the errors shown, by label (None: accepted)."""
        shown = self._modal(view)
        self.fills(values or {}, shown)
        shown.errors = self._complaints(shown)
        if shown.errors:
            self._team.views.shown(shown)
            return interact.labelled(shown)
        receipt = await self._ask(Route.INTERACTIVE, interact.submission(self._team, self.user, shown))
        if not receipt.ok:
            self.warnings.append(f"{shown.title}: {TROUBLE} ({receipt.reason})")
            return {shown.title: TROUBLE}
        interact.after_submission(self._team, shown, receipt.answer)
        return interact.labelled(shown) or None

    def _modal(self, view: View | None) -> View:
        shown = view or self.modal
        if shown is None or shown is not self.modal:
            raise CannotDoError(f"{self.user.real_name} has no such modal open")
        return shown

    def _complaints(self, view: View) -> dict[str, str]:
        found = {}
        values = view.values()
        for block in view.blocks:
            if block["type"] == "input":
                state = values[block["block_id"]][block["element"]["action_id"]]
                problem = forms.complaint(block, state)
                if problem is not None:
                    found[block["block_id"]] = problem
        return found

    async def closes_modal(self, *, everything: bool = False) -> None:
        """Close the modal on top (or the whole stack); the app is told if it asked to be."""
        top = self._modal(None)
        stack = self._team.views.stacks[self.id]
        gone = list(reversed(stack)) if everything or top.body.get("clear_on_close") else [top]
        self._team.views.drop(*gone)
        for view in gone:
            if view.body.get("notify_on_close"):
                payload = interact.closing(self._team, self.user, view, cleared=len(gone) > 1)
                await self._ask(Route.INTERACTIVE, payload)

    # --------------------------------------------------------------------------------------------- wiring
    async def _ask(self, route: Route, payload: JSON) -> Receipt:
        asked = self._team.courier.ask(self._team.workspace, route, payload)
        try:
            async with asyncio.timeout(_REAL_PATIENCE):
                return await asked
        except TimeoutError:
            return Receipt(False, "operation_timeout")

    def _show(self, show: Any, answer: JSON) -> None:
        try:
            show(answer)
        except RefusedError as error:
            raise BadAnswerError(f"the app's answer cannot be shown: {error.body}") from error
