"""One letter in every language: complete, escaped, discreet, and the same each time."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.entries import Entry
from scheduler_app.domain.mail import (
    AFTERCARE,
    BOOKED,
    CANCEL,
    CANCELLED,
    CARE,
    CHANGED,
    CONFIRMED,
    HELD,
    REPLACED,
    REQUEST,
)
from scheduler_app.texts.mail.letter import Facts, languages, letter, link_letter
from scheduler_app.texts.words import blanks

START = datetime(2026, 3, 29, 9, tzinfo=UTC)  # 10:00 in London: the clocks went forward that night
KINDS = (BOOKED, CONFIRMED, CHANGED, HELD, CANCELLED, REPLACED, AFTERCARE, CARE)
NOTE = Entry("serum.a1@h", "serum", START, START + timedelta(days=2), "A title", "First.\n\nSecond.")
ALL_DAY = Entry("week.a1@h", "week", date(2026, 3, 29), date(2026, 4, 5), "A week", "Text.")
FACTS = Facts(
    kind=BOOKED, name="Ann Lee", clinic="Example Clinic", phone="+44 20 7946 0000", location="Main rooms",
    start=START, zone="Europe/London", link="https://care.clinic.example/c/" + "t" * 43,
)  # fmt: skip


class Page(HTMLParser):
    """The elements and the text of a page; anything out of place is noticed."""

    EMPTY = ("meta", "hr", "br")

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.said: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_letter_is_written_in_every_language(kind: str, language: str) -> None:
    for method in ("", REQUEST, CANCEL):
        said = letter(replace(FACTS, kind=kind, method=method, before=(NOTE,), after=(ALL_DAY,)), language)
        assert said.subject
        assert "{" not in said.subject + said.text
        assert "Example Clinic" in said.text
        assert Page(said.html).tags.count("title") == 1


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything_the_reference_says_and_nothing_else(language: str) -> None:
    assert blanks(language, "mail") == blanks("en", "mail")


def test_a_line_of_a_letter_that_a_language_lacks_is_sent_in_english(half_written: str) -> None:
    said = letter(FACTS, half_written)
    assert said.text.startswith("Beste Ann Lee,\n\nYour appointment at Example Clinic is on ")
    assert "Where: Main rooms" in said.text
    assert '<html lang="nl" dir="ltr">' in said.html
    assert said.subject.startswith("Your appointment on zondag 29 maart 2026 at ")  # theirs says no time


def test_the_first_line_a_locked_phone_shows_says_when_and_not_what() -> None:
    said = letter(FACTS)
    assert said.subject == "Your appointment on Sunday, 29 March 2026 at 10:00"
    assert said.text.split("\n\n")[1].replace("\n", " ") == (
        "Your appointment at Example Clinic is on Sunday, 29 March 2026 at 10:00."
    )


def test_a_plain_letter_says_what_for() -> None:
    said = letter(replace(FACTS, treatments="Microneedling"))
    assert said.subject == "Microneedling on Sunday, 29 March 2026 at 10:00"
    assert "What for: Microneedling" in said.text


def test_care_stands_under_its_times_in_the_clinics_own_zone() -> None:
    said = letter(replace(FACTS, before=(NOTE,), after=(ALL_DAY,)))
    assert "* A title\n  Sun 29 Mar 10:00 to Tue 31 Mar 10:00\n\n  First.\n\n  Second." in said.text
    assert "Sun 29 Mar to Sat 4 Apr" in said.text  # the last day itself, not the day after
    assert "Before your visit\n-----------------" in said.text


def test_text_and_page_say_the_same() -> None:
    said = letter(replace(FACTS, before=(NOTE,), after=(ALL_DAY,), method=REQUEST))
    words = re.sub(r"[-*]{2,}|^\* ", " ", said.text, flags=re.M).split()
    assert " ".join(words) in Page(said.html).text


def test_arabic_runs_from_right_to_left_and_its_numbers_do_not() -> None:
    said = letter(FACTS, "ar")
    assert '<html lang="ar" dir="rtl">' in said.html
    assert "\u2068+44 20 7946 0000\u2069" in said.text
    assert "\u2068Example Clinic\u2069" in said.text


@pytest.mark.parametrize("language", languages())
def test_nothing_stands_close_to_a_link_that_programs_could_take_for_a_part_of_it(language: str) -> None:
    until = START + timedelta(days=1)
    private = link_letter("record", "Ann", "Example Clinic", FACTS.link, until, "Europe/London", language)
    for said in (letter(FACTS, language), private):
        assert FACTS.link in said.text.split()
        assert Page(said.html).links == [FACTS.link]


def test_a_language_nobody_wrote_is_the_reference() -> None:
    assert letter(FACTS, "xx") == letter(FACTS, "en")


def test_without_a_link_or_a_name_there_is_no_hole() -> None:
    said = letter(replace(FACTS, link="", name=""))
    assert said.text.startswith("Hello,\n")
    assert Page(said.html).links == []


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(sorted(languages())))
def test_no_name_and_no_text_adds_markup_a_link_or_a_line_to_the_subject(
    name: str, text: str, language: str
) -> None:
    hostile = replace(NOTE, title=text, text=name)
    said = letter(replace(FACTS, name=name, clinic=text, before=(hostile,), treatments=name), language)
    page, plain = Page(said.html), Page(letter(replace(FACTS, before=(NOTE,)), language).html)
    assert set(page.tags) <= set(plain.tags)
    assert set(page.links) <= {FACTS.link}
    assert "\n" not in said.subject
    assert "\r" not in said.subject
    assert (
        letter(replace(FACTS, name=name, clinic=text, before=(hostile,), treatments=name), language) == said
    )
