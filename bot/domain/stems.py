"""A cheap look whether costly patterns can find anything at all: stems, one of which is in whatever they find."""

from __future__ import annotations

from collections.abc import Collection


def any_of(stems: Collection[str], text: str) -> bool:
    """Whether a stem (small letters) stands in the text, in any letters that `re.IGNORECASE` takes for its own."""
    low = text.casefold().replace("\u0131", "i").replace("i\u0307", "i")  # the dotless i; one whose dot stands apart
    return any(stem in low for stem in stems)
