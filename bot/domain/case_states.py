"""Where a case may stand, as far as others than its own row care."""

OVER = frozenset({"closed", "retention"})
"""Nothing more is said in it unless it is opened again: its rooms are closed, and it counts towards no capacity."""
