"""The service's own numbers in one place: time limits and graces, in microseconds unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
CLOCK_LOOKS = 30 * SECOND
"""The clock loop looks at least this often, whatever the clock says, and by itself in time for what is due later."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Defaults are the service's; tests and the sandbox may shorten the waits of delivery."""

    invite_life: int = DAY
    offer_life: int = 30 * MINUTE
    button_life: int = 30 * DAY
    answer_life: int = 2 * DAY
    """How long an answer to a check-in can be changed."""
    form_life: int = 7 * DAY
    mention_burst: int = 10 * MINUTE
    held_ask_again: int = 5 * MINUTE
    records_open: int = 28 * DAY
    """After a case was made: an album of the dentist in this time begins its records photos."""
    series_life: int = 2 * DAY
    """Photos count as records photos this long after the first."""
    unknown_quiet: int = HOUR
    """An unknown account is answered once in this long."""

    draft_pause: int = 4 * SECOND
    """A dentist's messages this close together are one question."""
    draft_look: int = 2 * SECOND
    """How often questions that are due are looked for without being woken."""
    card_in_place: int = HOUR
    """A draft's card younger than this renews where it stands, an older one below."""
    draft_byline: bool = True
    """An answer that began as a draft says so to the dentist."""

    model: str = ""
    """The outside model that may reword answers; empty: none."""
    model_daily: int = 200
    """Requests to it in 24 hours."""

    at_once: int = 16
    """Updates handled in the transaction that stores them; with more the others would wait too long for their turn."""
    lease: int = 120 * SECOND
    """A claimed lane is left to its worker for this long."""
    find_grace: int = 45 * SECOND
    """After a send in doubt: longer than any request time-out, then the platform is asked."""
    backoff_first: int = 1 * SECOND
    backoff_most: int = 60 * SECOND
    put_back: int = 5 * MINUTE
    """A lane that seems to wait longer than this was put off by a clock that has been put back since."""
    tell_waiting: int = 30 * SECOND
    """A message not delivered by then has its sender told."""
    mark_within: int = 60 * SECOND
    poison_attempts: int = 3
    fetch_attempts: int = 5
    album_pause: int = 1_500_000
    """After the last part of an album; no platform says which is the last."""
    caption_wait: int = 5 * SECOND
    """Words wait this long for the files they stand with, then go without them."""
    album_wait: int = 30 * SECOND
    """Files that are there wait this long for the others of their album."""

    public_url: str = ""
    """Where this service is reached from outside, for links to large files; empty: there are none."""
    link_life: int = DAY
    upload_limit: int = 1_000_000_000
    """Bytes of the largest file that comes over a link."""

    pacing: bool = True
    burst_cut: int = 5 * MINUTE
    """After a 429 a chat gets no bursts for this long."""


def backoff(rules: Rules, failures: int) -> int:
    """Wait before the next try after `failures` failures in a row: doubling, capped."""
    return min(rules.backoff_most, rules.backoff_first << min(max(failures - 1, 0), 20))
