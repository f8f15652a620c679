"""Every error storage raises; drivers' own errors stay in the engine, and no message holds a stored value.

StorageError
├── ConfigError          DATABASE_URL or the data folder cannot be used; the text says what would be right
│   └── InUse            another process holds this SQLite database
├── Busy                 locked, deadlocked or out of turn: nothing was saved, try again
├── DiskFull             nothing was saved, try again when there is room
├── Unavailable          server or file out of reach: nothing was saved, try again
│   └── CommitUnknown    the connection broke during COMMIT: saved or not, look before doing it again
├── Closed               the engine was closed
├── Integrity            a constraint or an append-only rule refused the row
│   ├── UniqueViolation
│   ├── ForeignKeyViolation
│   ├── NotNullViolation
│   └── CheckViolation
├── Corrupt              the database (or a sealed value, or a blob) does not hold together
├── Misuse               a fault in our own SQL or in how a transaction was used
├── SchemaProblem        migrations changed, missing, or newer than this program
├── KeyGone              the case's own key is not there: erased, or a row of a case that never was
└── KeyProblem           key file missing, wrong or open to others (the command line ends with 2)
"""

from __future__ import annotations

from bot.domain.errors import ChairsideError


class StorageError(ChairsideError):
    """Root of everything storage raises."""


class ConfigError(StorageError):
    """The settings name no usable database; the text is one line for the person who runs it."""


class InUse(ConfigError):
    """Another process holds this SQLite database."""


class Busy(StorageError):
    """Locked, deadlocked or timed out waiting for a lock; nothing was saved, and a retry may succeed."""


class DiskFull(StorageError):
    """No room; nothing was saved, and a retry succeeds once there is room."""


class Unavailable(StorageError):
    """The database is out of reach or cannot read or write its files; nothing was saved."""


class CommitUnknown(Unavailable):
    """The connection broke during COMMIT: saved whole or not at all, and only the database knows which."""


class Closed(StorageError):
    """The engine was closed, or never opened for this kind of work."""


class Integrity(StorageError):
    """A constraint or an append-only rule refused the row; `constraint` names it where the database tells."""

    def __init__(self, message: str, constraint: str = "") -> None:
        super().__init__(message)
        self.constraint = constraint


class UniqueViolation(Integrity):
    """A row with this key exists already."""


class ForeignKeyViolation(Integrity):
    """The row points at one that does not exist, or is still pointed at."""


class NotNullViolation(Integrity):
    """A required column was left empty."""


class CheckViolation(Integrity):
    """A CHECK constraint refused the row."""


class Corrupt(StorageError):
    """Stored bytes do not hold together: a damaged database, a sealed value moved or altered, a cut blob."""


class KeyGone(StorageError):
    """The case has no key (any more), so what was sealed for it cannot be read by anybody."""


class Misuse(StorageError):
    """A fault of ours: wrong SQL, a write on a read transaction, a statement after a failed one."""


class SchemaProblem(StorageError):
    """The schema and this program do not fit; the text is one line for the person who runs it."""


class KeyProblem(StorageError):
    """The key file is missing, wrong or open to others; the text is one line for the person who runs it."""


RETRYABLE: tuple[type[StorageError], ...] = (Busy, DiskFull, Unavailable)
"""What a worker waits out and tries again; also after CommitUnknown, since a unit sees what it did."""
