"""One process at a time: an exclusive lock on a file, freed by the system however the process ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.errors import ConfigError, InUse


class FileLock:
    """Holds an exclusive lock on `path` (made if missing, mode 0600) from creation until `release`.

    Raises InUse if somebody else, here or in another process, holds it. The file itself is left in place:
    removing it would let two processes hold locks on two files of the same name.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ConfigError(f"cannot write in {path.parent}: {error.strerror}") from None
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._fd)
            raise InUse(
                f"another Chairside process is using {path.parent}; stop it, or use PostgreSQL for several"
            ) from None

    def release(self) -> None:
        """Let go; doing so twice is harmless."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
