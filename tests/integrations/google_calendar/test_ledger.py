"""What is remembered about a mark in private properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.google_calendar.ledger import difference, digest, output_hash, recalled, remembered
from scheduler_app.domain.events import Mark
from scheduler_app.errors import Invalid

MARK = Mark("hold", "⛔15 Mar · ", "Possible from 15 March.", "Tomato", True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=2000)


@given(prefix=TEXTS, text=TEXTS)
def test_a_mark_is_recalled_whatever_its_words(prefix: str, text: str) -> None:
    mark = Mark("note", prefix, text)
    kept = remembered(mark)
    assert recalled(dict(kept)) == mark
    assert all(len(key) <= 44 and len(value.encode()) <= 1024 for key, value in kept.items())


def test_everything_about_a_mark_is_recalled() -> None:
    assert recalled(dict(remembered(MARK))) == MARK


def test_an_event_of_nobodys_has_no_mark_to_recall() -> None:
    assert recalled({"crm": "7"}) is None


def test_a_mark_too_long_to_be_kept_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        remembered(Mark("hold", "", "x" * 8001))
    assert refused.value.path == "mark.text"


def test_only_what_differs_is_sent_and_only_of_ours() -> None:
    now = {"gap.kind": "hold", "gap.text": "a", "gap.text.1": "b", "crm": "7", "gap.gone": None}
    assert difference(now, {"gap.kind": "hold", "gap.text": "c"}) == {"gap.text": "c", "gap.text.1": None}


def test_other_borders_between_parts_give_another_hash() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])


def test_every_part_of_a_mark_is_in_its_hash() -> None:
    marks = [
        MARK,
        Mark("clash", MARK.prefix, MARK.text, "Tomato", True),
        Mark("hold", "", MARK.text, "Tomato", True),
    ]
    marks += [Mark("hold", MARK.prefix, "", "Tomato", True), Mark("hold", MARK.prefix, MARK.text, "", True)]
    marks += [Mark("hold", MARK.prefix, MARK.text, "Tomato", False)]
    assert len({output_hash(mark) for mark in marks}) == len(marks)
