"""The lexical index: the best row of a topic counts, and nothing a person types can break the search."""

import pytest

from storage.faq_index import LexicalIndex

ROWS = (
    ("seat", "The new aligner will not seat fully"),
    ("seat", "tracking, gap between tray and tooth"),
    ("lost", "My patient has lost an aligner"),
)


def test_topics_come_best_first_each_once() -> None:
    index = LexicalIndex(ROWS)
    hits = index.search("the aligner does not seat, there is a gap")
    assert [hit.topic for hit in hits] == ["seat", "lost"]
    assert hits[0].score > hits[1].score > 0
    assert index.search("aligner", limit=1)[0].topic in ("seat", "lost")
    index.close()


@pytest.mark.parametrize("text", ["", "the and of", '" OR "', "NEAR(a b)", "aligner* ^seat -lost", "😀", "x" * 50_000])
def test_any_text_is_a_query(text: str) -> None:
    index = LexicalIndex(ROWS)
    assert len(index.search(text)) <= 2
    index.close()
