"""Each form has words for each of its fields and options, and none for others; they fit into native forms."""

import pytest

from bot.domain.forms import Form, Kind
from bot.domain.intake import INTAKE
from bot.domain.plans import PLAN
from bot.domain.retime import RETIME
from bot.services.faq_form import FORM as LIBRARY
from bot.services.forewarning_form import FORM as FOREWARNING
from bot.services.learn_forms import LEARNED, PHRASING
from bot.services.refine_forms import SCAN, SET
from bot.services.snoozing import FORM as SNOOZE
from prompts.wording import has, keys, say

FORMS = (INTAKE, PLAN, RETIME, FOREWARNING, LIBRARY, SNOOZE, PHRASING, LEARNED, SCAN, SET)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_fields_have_their_words(form: Form) -> None:
    wanted = set()
    for one in form.fields:
        for part, limit in (("label", 60), ("ask", 300), ("help", 150)):
            key = form.key(one, part)
            wanted.add(key)
            assert len(say(key)) <= limit
        example = form.key(one, "example")
        if has(example):
            wanted.add(example)
            assert len(say(example)) <= 150
        for option in one.options:
            key = form.option_key(one, option)
            wanted.add(key)
            assert len(say(key)) <= 75
        assert bool(one.options) is (one.kind in (Kind.CHOICE, Kind.MULTI))
        if one.missing != "form.problem.required":
            assert say(one.missing)
    ours = {key for key in keys() if key.startswith((f"{form.name}.field.", f"{form.name}.option."))}
    assert ours == wanted
