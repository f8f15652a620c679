"""Where one character as people see it ends and the next begins: Unicode's UAX 29, from `unicodedata`."""

from __future__ import annotations

import unicodedata

_ZWJ = "\u200d"
_KEEP_WITH_NEXT = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd\U000110cd\u0d4e")
_SPACING = frozenset("\u0e33\u0eb3")
_MARKS = frozenset({"Mn", "Mc", "Me"})


def is_boundary(text: str, at: int) -> bool:
    """A cut at code point `at` parts no visible character: accent, flag, family, keycap, syllable, CR LF."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before < "\u0300" and after < "\u0300":
        return not (before == "\r" and after == "\n")
    if before in "\r\n" or unicodedata.category(before) == "Cc":
        return True
    if _extends(after) or before in _KEEP_WITH_NEXT:
        return False
    if before == _ZWJ:
        return not _pictographic(after)
    if _regional(before) and _regional(after):
        run = at
        while run > 0 and _regional(text[run - 1]):
            run -= 1
        return (at - run) % 2 == 0
    return not _same_syllable(before, after)


def _extends(char: str) -> bool:
    if char == _ZWJ or char == "\u200c" or char in _SPACING:
        return True
    code = ord(char)
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F or code in (0xFF9E, 0xFF9F):
        return True
    return unicodedata.category(char) in _MARKS


def _pictographic(char: str) -> bool:
    code = ord(char)
    return code >= 0x1F000 or unicodedata.category(char) in {"So", "Sm", "Po"}


def _regional(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _same_syllable(before: str, after: str) -> bool:
    """Hangul letters that join: L with L, V, LV or LVT; LV or V with V or T; LVT or T with T."""
    first, second = _hangul(before), _hangul(after)
    if first == "L":
        return second in {"L", "V", "LV", "LVT"}
    if first in {"LV", "V"}:
        return second in {"V", "T"}
    return first in {"LVT", "T"} and second == "T"


def _hangul(char: str) -> str:
    code = ord(char)
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    if 0xAC00 <= code <= 0xD7A3:
        return "LVT" if (code - 0xAC00) % 28 else "LV"
    return ""
