"""A case is erased: what was learned from it, wherever it stands, is not searched, listed, offered or sent any more."""

from __future__ import annotations

from typing import Any

from bot.domain.drafts import Origin
from bot.domain.ids import CaseId
from bot.services import buttons, case_facts, draft_cards, draft_sources
from bot.services.draft_making import OWN
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, drafts, faq_entries, faq_phrasings, own_answers, seats
from storage.errors import Corrupt, KeyGone

Row = dict[str, Any]


def withdraw(unit: Unit, case_id: CaseId) -> int:
    """Take back all that came from a case; how much there was.

    These are its phrasings, its entries with every version, answers that specialists kept from it for themselves, and
    entries that were made elsewhere from one of those. Words go from their rows. An open card of another case that was
    made from them is void and does not renew; among the other answers of a card they stand no more.
    """
    phrasings, own = faq_phrasings.withdraw(unit.tx, case_id), own_answers.withdraw(unit.tx, case_id)
    versions = faq_entries.withdraw(unit.tx, case_id)
    topics = list(dict.fromkeys([*versions, *(f"{OWN}{one}" for one in own)]))
    for topic in topics:  # it grows: what was made from what was made from the case
        more = faq_entries.withdraw_made_of(unit.tx, topic)
        versions += more
        topics += [one for one in dict.fromkeys(more) if one not in topics]
    for topic in topics:
        for draft in drafts.withdraw_topic(unit.tx, topic):
            _gone(unit, draft, topic)
    for draft in drafts.all_open(unit.tx) if topics else []:
        if draft["case_id"] != case_id:
            _without(unit, draft, set(topics))
    if versions or phrasings or own:
        unit.audit(case_id, "service", "answer.withdrawn", entries=len(versions), phrasings=phrasings, answers=len(own))
        unit.wake("drafts")
    return len(versions) + phrasings + len(own)


def _without(unit: Unit, draft: Row, topics: set[str]) -> None:
    """An open card without the answers that are gone; where its own words hold theirs it is void, or comes anew."""
    try:
        sheet = draft_cards.sheet_of(unit, draft)
    except (Corrupt, KeyGone):
        return  # of a case that was erased before
    case, seat = cases.get(unit.tx, draft["case_id"]), seats.of_case(unit.tx, draft["case_id"], "specialist")
    gone = next((one.topic for one in sheet.options if one.topic in topics), None)
    if gone is None or case is None:
        return
    found = draft_sources.up_to_date(unit, sheet, Origin(draft["origin"]), case_facts.of_case(unit, case))
    if found is None:
        drafts.withdraw(unit.tx, draft["id"])
        _gone(unit, draft, gone)
    elif found[0].said != sheet.said or found[0].flagged != sheet.flagged:
        drafts.outdate(unit.tx, draft["id"], unit.now)  # it renews with the library's own words
        if seat is not None and not draft_cards.stop(unit, seat, draft):
            draft_cards.say_outcome(unit, seat, draft, say("draft.renewing"))
    else:
        _, sealed = draft_cards.seal(unit, draft["case_id"], draft["id"], int(draft["rev"]), "", found[0])
        drafts.set_sheet(unit.tx, draft["id"], sealed)
        buttons.void_group(unit, draft_cards.group(draft))
        if seat is not None:
            draft_cards.show(unit, seat, {**draft, "sheet_sealed": sealed})


def _gone(unit: Unit, draft: Row, topic: str) -> None:
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    unit.audit(draft["case_id"], "service", "draft.withdrawn", draft=draft["id"], entry=topic)
    if seat is not None and not draft_cards.stop(unit, seat, draft):
        draft_cards.say_outcome(unit, seat, draft, say("draft.gone", no=draft["no"]))
