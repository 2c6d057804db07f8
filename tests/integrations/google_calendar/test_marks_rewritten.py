"""Our mark after Google's editor, or a program that loses what it does not know, had the event."""

import html
from dataclasses import replace

import pytest

from integrations.google_calendar.marks import strip
from scheduler_app.domain.events import Mark
from tests.integrations.google_calendar.patching import BOOKED, HOLD, marked, unmarked


class TestWhatGoogleDoes:
    def rewritten(self, text: str) -> str:
        return text.replace("\n", "<br>").replace("  ", "&nbsp; ")

    @pytest.mark.parametrize("wrapping", ["{}", "<span>{}</span>", "<p>{}</p>", "<html-blob>{}</html-blob>"])
    def test_our_block_is_found_in_what_the_editor_made_of_it(self, wrapping: str) -> None:
        shown = replace(marked(), description=wrapping.format(self.rewritten(marked().description)))
        own, mark = strip(shown)
        assert mark == HOLD
        assert "gap" not in own.description
        assert html.unescape(own.description).count("Possible") == 0
        assert "Allergic to latex.<br>Call before." in unmarked(shown).description

    def test_our_block_is_found_where_the_editor_makes_links_and_spaces(self) -> None:
        text = marked().description.replace("⟦gap⟧", "⟦<b>gap</b>&nbsp;⟧")
        text = text.replace("https://", '<a href="https://clinic.example">https://').replace("c=2", "c=2</a>")
        own, mark = strip(replace(marked(), description=text))
        assert (own.description, mark) == (BOOKED.description, HOLD)

    def test_a_title_with_no_break_spaces_still_has_its_prefix(self) -> None:
        shown = replace(marked(), title="⛔15\xa0Mar · Botox")
        assert strip(shown)[0].title == "Botox"

    def test_an_event_without_a_title_of_its_own_stays_without(self) -> None:
        shown = replace(marked(replace(BOOKED, title="")), title="⛔15 Mar ·")
        assert strip(shown) == (replace(BOOKED, title=""), HOLD)


class TestWithoutProperties:
    """A copy of an event made by a program that loses what it does not know."""

    def test_the_block_says_what_the_mark_was(self) -> None:
        own, mark = strip(replace(marked(), private={}))
        assert (own.title, own.description) == (BOOKED.title, BOOKED.description)
        assert mark == Mark("hold", HOLD.prefix, HOLD.text)

    def test_a_title_that_lost_its_prefix_is_told(self) -> None:
        own, mark = strip(replace(marked(), private={}, title=BOOKED.title))
        assert (own.title, own.description) == (BOOKED.title, BOOKED.description)
        assert mark == Mark("hold", "", HOLD.text)

    def test_a_mark_without_a_prefix_is_known_too(self) -> None:
        note = Mark("note", "", "As soon as 15 March.")
        assert strip(replace(marked(mark=note), private={}))[1] == note

    def test_free_time_is_taken_for_given_back_and_not_for_no_booking(self) -> None:
        shown = replace(marked(mark=replace(HOLD, free=True)), private={})
        own, mark = strip(shown)
        assert not own.free
        assert mark is not None
        assert mark.free
        assert not unmarked(shown).free

    def test_taking_it_off_leaves_the_persons_words(self) -> None:
        after = unmarked(replace(marked(), private={}))
        assert (after.title, after.description) == (BOOKED.title, BOOKED.description)

    def test_other_programs_properties_are_left_alone(self) -> None:
        shown = marked(replace(BOOKED, private={"crm": "7"}))
        assert unmarked(shown).private == {"crm": "7"}
