"""The form that moves dates: what happened, and by how much or to which day."""

from __future__ import annotations

from bot.domain.forms import Field, Form, Kind

LATE, REPEAT, FIT, EVENT, REFINEMENT = "late", "repeat", "fit", "event", "refinement"
RETIME = Form(
    "retime",
    (
        Field("what", Kind.CHOICE, required=True, options=(LATE, REPEAT, FIT, EVENT, REFINEMENT)),
        Field("aligner", Kind.NUMBER, low=1, high=99, after="what", only=(LATE, REPEAT)),
        Field("days", Kind.NUMBER, low=1, high=366, unit="day", after="what", only=(LATE, REPEAT)),
        Field("date", Kind.DATE, high=60, none_allowed=True, after="what", only=(FIT, EVENT, REFINEMENT)),
    ),
)
NEEDS = {LATE: "days", REPEAT: "aligner", FIT: "date", EVENT: "date", REFINEMENT: "date"}
"""The answer that each of them cannot do without."""
