"""The wire log: every outbound API request as a fake platform received it, one JSON object a line."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

VARIABLE: Final = "CHAIRSIDE_WIRE_LOG"


class WireLog:
    """Appends `{"platform", "method", "args", "files"}` lines; with no path it writes nothing.

    Several processes may share one file: each line is a single write to an O_APPEND descriptor.
    """

    def __init__(self, path: Path | str | None) -> None:
        """`path`: the file to append to, or None (tests that send illegal requests on purpose)."""
        self._path = None if path is None else Path(path)
        self._descriptor: int | None = None

    @classmethod
    def from_environment(cls) -> "WireLog":
        """The log named by CHAIRSIDE_WIRE_LOG now; none when it is unset or empty."""
        return cls(os.environ.get(VARIABLE) or None)

    @property
    def path(self) -> Path | None:
        """Where lines go."""
        return self._path

    def write(self, platform: str, method: str, args: Mapping[str, object], files: Iterable[str] = ()) -> None:
        """Record one request: decoded arguments (JSON-encoded ones may stay strings), file field names."""
        if self._path is None:
            return
        if self._descriptor is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
            self._descriptor = os.open(self._path, flags, 0o600)
        record = {"platform": platform, "method": method, "args": dict(args), "files": sorted(files)}
        # ASCII output: no lone surrogate and no line separator of any kind can break the line.
        os.write(self._descriptor, (json.dumps(record, separators=(",", ":")) + "\n").encode("ascii"))

    def close(self) -> None:
        """Give the descriptor back; a later write opens the file again."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
