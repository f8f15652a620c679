"""Writing `.env`: one setting at a time, every other line kept as it stands, readable by its owner alone."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from bot.config import ConfigProblem
from prompts.wording import say

PLAIN = re.compile(r"[\w.:/@%+,=~-]+")


class EnvFile:
    """The file at `path`, there or not."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def set(self, name: str, value: str) -> None:
        """Write one setting in place of any former one; the file is whole at every moment. Raises ConfigProblem."""
        ours = re.compile(rf"\s*(?:export\s+)?{re.escape(name)}\s*=")
        try:
            before = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
            # A file may be somebody's link to where it really lies.
            self._write(self._path.resolve(), _with(before, ours, f"{name}={_quoted(value)}"))
        except (OSError, UnicodeDecodeError):
            raise ConfigProblem([say("cli.env_file", path=str(self._path))]) from None

    @staticmethod
    def _write(path: Path, lines: list[str]) -> None:
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".env-")  # of mode 0600
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise


def _with(lines: list[str], ours: re.Pattern[str], line: str) -> list[str]:
    """The lines with `line` where the first of ours stood, else at the end; no other one of ours."""
    at = next((index for index, one in enumerate(lines) if ours.match(one)), len(lines))
    kept = [one for one in lines if not ours.match(one)]
    return [*kept[:at], line, *kept[at:]]


def _quoted(value: str) -> str:
    if PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
