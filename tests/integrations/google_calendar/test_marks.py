"""A mark folded into an event and taken off again: whose each field is, and when a mark stands."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.google_calendar.marks import Shown, fold, strip
from scheduler_app.domain.events import Mark
from tests.integrations.google_calendar.patching import BOOKED, HOLD, marked, patched, unmarked

LABEL = "00000000-0000-4000-8000-000000000001"
REVIEW = Mark("review", "? · ", "A person has to look at this.", "5")
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
LINES = st.text(
    st.sampled_from("ab \n\t<>&;⟦⟧·⛔") | st.characters(exclude_categories=["Cs", "Cc"]), max_size=60
)
COLOURS = st.sampled_from(["", "1", "11", "Tomato", LABEL])
MARKS = st.builds(
    Mark, st.sampled_from(["hold", "review", "note", "clash"]), WORDS, LINES, COLOURS, st.booleans()
)
EVENTS = st.builds(
    Shown, WORDS, LINES, st.sampled_from(["", "10", "11"]), st.sampled_from(["", LABEL]), st.booleans()
)


class TestFolding:
    def test_a_mark_stands_before_the_title_and_after_the_description(self) -> None:
        shown = marked()
        assert shown.title == "⛔15 Mar · Microneedling - Anna Smith"
        assert shown.description.startswith(
            "Allergic to latex.\nCall before.\n\n⟦gap⟧\nPossible from 15 March."
        )
        assert (shown.colour, shown.free) == ("11", False)

    def test_what_is_written_cannot_become_markup(self) -> None:
        shown = marked(mark=replace(HOLD, text="<b>1 & 2</b>"))
        assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in shown.description

    def test_it_is_read_as_it_was_asked_for(self) -> None:
        assert strip(marked()) == (BOOKED, HOLD)

    def test_the_same_mark_again_writes_nothing(self) -> None:
        assert fold(marked(), HOLD) == {}

    def test_another_mark_takes_its_place_and_the_persons_words_stay(self) -> None:
        second = marked(marked(), REVIEW)
        assert strip(second) == (BOOKED, REVIEW)
        assert unmarked(second) == BOOKED

    def test_nothing_of_a_longer_mark_is_left_by_a_shorter_one(self) -> None:
        long = replace(HOLD, text="word " * 1000)
        assert strip(marked(marked(mark=long), HOLD)) == (BOOKED, HOLD)

    def test_inputs_are_kept_with_a_write_and_are_no_reason_for_one(self) -> None:
        first = patched(BOOKED, fold(BOOKED, HOLD, "abc"))
        assert first.private["gap.in"] == "abc"
        assert fold(first, HOLD, "another") == {}

    def test_only_what_differs_is_sent(self) -> None:
        assert fold(BOOKED, replace(HOLD, colour="")).keys() == {
            "summary", "description", "extendedProperties"
        }  # fmt: skip

    @given(shown=EVENTS, mark=MARKS)
    def test_whatever_the_words_taking_it_off_gives_them_back(self, shown: Shown, mark: Mark) -> None:
        own, standing = strip(shown)
        assert (own, standing) == (shown, None)
        after = marked(shown, mark)
        assert strip(after)[0] == shown
        assert unmarked(after) == shown
        assert fold(after, mark) == {}

    @given(shown=EVENTS, marks=st.lists(MARKS, min_size=1, max_size=4))
    def test_whatever_marks_follow_each_other_the_first_words_come_back(
        self, shown: Shown, marks: list[Mark]
    ) -> None:
        after = shown
        for mark in marks:
            after = marked(after, mark)
        assert unmarked(after) == shown

    @given(shown=EVENTS, mark=MARKS)
    def test_a_mark_with_a_prefix_or_a_text_stands_once_it_is_written(self, shown: Shown, mark: Mark) -> None:
        standing = strip(marked(shown, mark))[1]
        if mark.prefix or mark.text:
            assert standing == mark


class TestWhatAPersonChanges:
    def test_another_title_behind_our_prefix_is_theirs_and_the_mark_stands(self) -> None:
        shown = replace(marked(), title="⛔15 Mar · Botox - Anna Smith")
        assert strip(shown) == (replace(BOOKED, title="Botox - Anna Smith"), HOLD)
        assert unmarked(shown).title == "Botox - Anna Smith"

    def test_a_title_without_our_prefix_is_a_mark_without_one(self) -> None:
        shown = replace(marked(), title="Microneedling - Anna Smith (ok with Dr. Lee)")
        own, mark = strip(shown)
        assert (own.title, own.description) == (shown.title, BOOKED.description)
        assert mark == replace(HOLD, prefix="")
        assert unmarked(shown) == replace(BOOKED, title=shown.title)

    def test_of_a_mark_taken_off_title_and_description_nothing_stands(self) -> None:
        shown = replace(marked(), title="Botox", description="")
        assert strip(shown) == (Shown("Botox", "", BOOKED.colour), None)
        assert unmarked(shown) == Shown("Botox", "", BOOKED.colour)

    def test_a_slot_given_back_stays_known_when_the_words_are_taken_off(self) -> None:
        shown = replace(marked(mark=replace(HOLD, free=True)), title="Botox", description="")
        assert strip(shown)[1] == Mark("hold", "", "", HOLD.colour, True)
        assert not unmarked(shown).free

    def test_a_mark_that_was_undone_can_be_written_again(self) -> None:
        shown = replace(marked(), title="Botox")
        again = marked(shown)
        assert strip(again) == (replace(BOOKED, title="Botox"), HOLD)

    def test_a_description_without_our_block_is_a_mark_without_text(self) -> None:
        shown = replace(marked(), description="Call before.")
        own, mark = strip(shown)
        assert (own.title, own.description, mark) == (BOOKED.title, "Call before.", replace(HOLD, text=""))
        assert unmarked(shown) == replace(BOOKED, description="Call before.")

    @pytest.mark.parametrize("cut", ["⟦gap⟧\n", "⟦/gap"])
    def test_half_a_block_is_none_and_what_is_left_of_it_is_taken_out(self, cut: str) -> None:
        whole = marked().description
        end = whole.index("⟦/gap")
        half = whole.replace(cut, "") if cut == "⟦gap⟧\n" else whole[:end]
        own, mark = strip(replace(marked(), description=half))
        assert mark == replace(HOLD, text="")
        assert own.description.strip() == BOOKED.description

    def test_words_written_before_and_after_our_block_are_theirs(self) -> None:
        whole = marked().description
        shown = replace(marked(), description=f"First. {whole}\nLast.")
        own, mark = strip(shown)
        assert (own.description, mark) == (f"First. {BOOKED.description}\nLast.", HOLD)
        assert unmarked(shown).description == f"First. {BOOKED.description}\nLast."

    def test_another_colour_is_theirs_and_the_mark_stands(self) -> None:
        shown = replace(marked(), colour="3")
        assert strip(shown) == (replace(BOOKED, colour="3"), HOLD)
        assert unmarked(shown) == replace(BOOKED, colour="3")

    def test_another_mark_does_not_write_over_the_colour_they_chose(self) -> None:
        shown = marked(replace(marked(), colour="3"), REVIEW)
        assert shown.colour == "3"
        assert marked(shown, HOLD).colour == "3"
        assert unmarked(shown).colour == "3"

    def test_a_colour_taken_away_is_theirs_too(self) -> None:
        shown = marked(replace(marked(), colour=""), REVIEW)
        assert shown.colour == ""
        assert unmarked(shown).colour == ""

    def test_a_slot_given_back_and_taken_again_stays_taken(self) -> None:
        given_back = marked(mark=replace(HOLD, free=True))
        assert given_back.free
        assert strip(given_back) == (BOOKED, replace(HOLD, free=True))
        taken = replace(given_back, free=False)
        assert strip(taken) == (BOOKED, HOLD)
        assert fold(taken, replace(HOLD, free=True)).get("transparency") is None
        assert not unmarked(taken).free

    def test_a_held_slot_that_they_show_as_free_stays_free(self) -> None:
        shown = replace(marked(), free=True)
        assert strip(shown)[0].free
        assert unmarked(shown).free

    def test_what_was_free_before_us_is_free_after_us(self) -> None:
        shown = marked(replace(BOOKED, free=True), replace(HOLD, free=True))
        assert strip(shown)[0].free
        assert unmarked(shown).free

    def test_a_mark_of_nothing_but_a_colour_stands_while_the_colour_does(self) -> None:
        note = Mark("note", "", "", "Tomato")
        assert strip(marked(mark=note)) == (BOOKED, note)
        assert strip(replace(marked(mark=note), colour="3")) == (replace(BOOKED, colour="3"), None)


class TestLabels:
    def test_an_event_label_is_written_and_taken_off(self) -> None:
        hold = replace(HOLD, colour=LABEL)
        shown = marked(mark=hold)
        assert (shown.label, shown.colour) == (LABEL, "10")
        assert strip(shown) == (BOOKED, hold)
        assert unmarked(shown) == BOOKED

    def test_where_an_event_has_a_label_no_colour_is_written_over_it(self) -> None:
        labelled = replace(BOOKED, colour="", label=LABEL)
        shown = marked(labelled)
        assert (shown.label, shown.colour) == (LABEL, "")
        assert unmarked(shown) == labelled

    def test_another_label_that_a_person_gives_is_theirs(self) -> None:
        other = LABEL[:-1] + "2"
        shown = replace(marked(mark=replace(HOLD, colour=LABEL)), label=other)
        assert unmarked(shown) == replace(BOOKED, label=other)
