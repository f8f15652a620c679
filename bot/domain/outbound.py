"""What leaves Chairside, as neutral content: one `Payload` is one effect, which is one call to a platform.

Payloads are sealed JSON in the outbox (`bot.domain.outbound_json`). They name no address: the seat or account of
their lane gives it when they are sent. A room is made by its seat's state, not by a payload (`bot.services.dispatch`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.events import FileKind
from bot.domain.ids import SERVICE, AttachmentId, CaseId, DeliveryId, MessageId
from bot.domain.richtext import RichText


class ButtonStyle(StrEnum):
    """How a button looks where the platform can show it."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `token` is a nonce of at most 48 ASCII characters, or `url` a link; never both."""

    label: str
    token: str = ""
    style: ButtonStyle = ButtonStyle.PLAIN
    url: str = ""


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A stored file to send along: `blob` is its name in the blob store, `size` in bytes."""

    blob: str
    name: str
    kind: FileKind
    mime: str
    size: int
    case: CaseId = SERVICE
    alt: str = ""
    """What is to be seen, for whoever cannot see it."""


@dataclass(frozen=True, slots=True)
class Post:
    """A new message. `heading` is shown bold on its own line, `footer` small below the body.

    `notice` is all that a lock screen may show: a name, a reference, nothing clinical. `mention` asks the gateway to
    mention the room's owner. `reply_to` is resolved to the copy in the destination when it is sent.
    `message` links the post to the case's message of which it is part `part` of `parts`.
    """

    body: RichText
    heading: str = ""
    footer: str = ""
    notice: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachment: AttachmentId | None = None
    """A file of the case; it becomes `file` once it is stored and the post is sent."""
    file: FileToSend | None = None
    album: tuple[AttachmentId, ...] = ()
    """Several files of the case that stand together in one message; they become `files`, two or more."""
    files: tuple[FileToSend, ...] = ()
    caption: bool = False
    """The body is what a person said with the files: it goes without them if they cannot come along."""
    reply_to: MessageId | None = None
    message: MessageId | None = None
    part: int = 1
    parts: int = 1
    mention: bool = False
    silent: bool = False
    pin: bool = False
    card: str = ""
    """Names a standing message of the lane ('case', 'draft:17'), so that a later `Edit` finds it."""

    @property
    def carried(self) -> tuple[FileToSend, ...]:
        """The files it is sent with."""
        return self.files if self.file is None else (self.file,)

    @property
    def with_files(self) -> bool:
        """It stands with files, or will: its words are a caption."""
        return bool(self.file or self.attachment is not None or self.files or self.album)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace an earlier post of the same lane: by its delivery, else by its `card` name."""

    post: Post
    target: DeliveryId | None = None
    card: str = ""
    tombstone: bool = False
    """It says that the message was taken back, and goes although it was."""
    remark: bool = False
    """It only adds a line of ours: where the post is gone, nothing has to be said anew."""


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove an earlier post of the same lane."""

    target: DeliveryId


@dataclass(frozen=True, slots=True)
class Pin:
    """Pin an earlier post of the same lane."""

    target: DeliveryId


@dataclass(frozen=True, slots=True)
class RenameRoom:
    """Set the room's title anew, and a channel's name where `name` is given."""

    title: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class CloseRoom:
    """Archive the seat's room; what was said stays readable to its person."""


Payload = Post | Edit | Delete | Pin | RenameRoom | CloseRoom


# --- the direct path: answers that live only as long as the platform's own trigger ---


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a field."""

    value: str
    label: str


class Widget(StrEnum):
    """How a field is asked in a native form."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class FormField:
    """A field as shown: words are final, `initial` is what was answered before."""

    name: str
    widget: Widget
    label: str
    help: str = ""
    placeholder: str = ""
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    initial: str | tuple[str, ...] = ""
    max_length: int = 3000


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open a native form now (Slack modal). Only for live events."""

    token: str
    title: str
    submit: str
    fields: tuple[FormField, ...]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class FormErrors:
    """Field name to what would be right; shown inside the open form."""

    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Toast:
    """A short line only the actor sees: callback answer on Telegram (200 characters), ephemeral message on Slack."""

    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page: words, and one row of buttons below them."""

    body: RichText
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A person's own page, where the platform has one: shown whole in place of what stood there."""

    sections: tuple[Section, ...]


Reply = OpenForm | FormErrors | Toast | Page
