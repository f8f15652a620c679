"""Local clocks and the one timeline. Moments are µs since the epoch; minutes count from local midnight (0-1440).

The rule for the two odd days of a year: a wall time that is skipped means the moment the clock jumps; a wall time
that comes twice means the first, or with `last` the second.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def local(moment: int, tz: ZoneInfo) -> datetime:
    """The wall clock at a moment."""
    return (_EPOCH + timedelta(microseconds=moment)).astimezone(tz)


@lru_cache(maxsize=256)  # one unit of work asks about its own moment several times
def local_day(moment: int, tz: ZoneInfo) -> date:
    """The calendar day at a moment."""
    return local(moment, tz).date()


def at_local(day: date, minute: int, tz: ZoneInfo, *, last: bool = False) -> int:
    """The moment a wall clock shows `minute` of a day; 1440 is the next day's midnight."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a wall time
    first = _moment(wall.replace(tzinfo=tz, fold=0))
    second = _moment(wall.replace(tzinfo=tz, fold=1))
    if second < first:  # skipped: `second` lies before the jump, `first` after it
        return _jump(second, first, tz)
    return second if last else first


def _moment(aware: datetime) -> int:
    return (aware - _EPOCH) // _MICROSECOND


def _jump(before: int, after: int, tz: ZoneInfo) -> int:
    """The first second at which the offset is that of `after`."""
    offset = local(after, tz).utcoffset()
    low, high = before // 1_000_000, after // 1_000_000
    while high - low > 1:
        middle = (low + high) // 2
        if local(middle * 1_000_000, tz).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high * 1_000_000
