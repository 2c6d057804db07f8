"""Language files: the same keys and the same placeholders in each."""

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app import texts
from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.outcome import Outcome
from scheduler_app.errors import Invalid
from scheduler_app.texts.dates import clock_text, date_text, gap_text, short_date, weekday_text
from scheduler_app.texts.words import ROOMS, blanks, lacking, languages, outcome_text, phrase, words

HERE = Path(texts.__file__).parent
CARE = HERE.parents[1] / "config" / "care"


def tables(language: str) -> dict[str, set[str]]:
    """The plural categories of every line that counts."""
    parsed = tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{key}": set(text)
        for section, lines in parsed.items()
        if isinstance(lines, dict)
        for key, text in lines.items()
        if isinstance(text, dict)
    }


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything_the_reference_language_says(language: str) -> None:
    assert lacking(language) == ()
    assert set(blanks(language)) == set(blanks("en"))


@pytest.mark.parametrize("language", languages())
def test_what_counts_has_every_plural_there_is_in_the_language(language: str) -> None:
    locale = Locale.parse(words(language).locale)
    assert {frozenset(each) for each in tables(language).values()} == {
        frozenset({*locale.plural_form.tags, "other"})
    }
    assert set(tables(language)) == set(tables("en"))


def test_arabic_counts_in_six_ways_and_spanish_in_two() -> None:
    assert [gap_text(f"{count} days", "ar") for count in (0, 1, 2, 3, 11, 100)] == [
        "0 يوم", "يوم واحد", "يومان", "3 أيام", "11 يومًا", "100 يوم",
    ]  # fmt: skip
    assert [gap_text(f"{count} months", "es") for count in (1, 6)] == ["1 mes", "6 meses"]


def test_days_and_times_are_written_as_each_language_writes_them() -> None:
    ides = date(2026, 3, 15).toordinal()
    noon = datetime(2026, 3, 15, 18, 5, tzinfo=UTC)
    assert [(date_text(ides, each), clock_text(noon, each)) for each in ("es", "ar")] == [
        ("15 de marzo de 2026", "18:05"),
        ("15 مارس 2026", "6:05\u00a0م"),
    ]
    assert weekday_text(ides) == "Sunday 15 March 2026"
    assert weekday_text(ides, "es") == "domingo, 15 de marzo de 2026"


def test_a_line_nobody_has_written_is_said_in_english_and_told(half_written: str) -> None:
    assert phrase("cancelled_title", half_written, title="x") == "Geannuleerd: x"
    assert phrase("not_confirmed_title", half_written, title="x") == "Not confirmed: x"
    told = lacking(half_written)
    assert "phrase.cancelled_title" not in told
    assert {"phrase.desk_link", "phrase.not_confirmed_title", "gap.day"} <= set(told)
    assert lacking("tlh") == lacking("xx") != ()


def test_a_line_that_lost_a_blank_or_cannot_be_filled_is_said_in_english(half_written: str) -> None:
    assert phrase("desk_link", half_written, link="x") == phrase("desk_link", link="x")
    assert "digest.nothing" in lacking(half_written)


def test_a_table_nobody_counts_with_or_without_its_last_resort_is_as_good_as_missing(
    half_written: str, tmp_path: Path
) -> None:
    (tmp_path / f"{half_written}.toml").write_text(
        'locale = "nl"\n[gap]\nday = { one = "{count} dag" }\n[outcome]\nclear = { other = "goed" }\n',
        encoding="utf-8",
    )
    assert gap_text("9 days", half_written) == "9 days"
    assert outcome_text(Outcome.CLEAR, half_written) == "no rule broken"


@pytest.mark.parametrize("room", ROOMS)
def test_locale_and_direction_are_the_languages_own_in_every_room(room: str) -> None:
    assert languages(room) == languages() == ("ar", "en", "es")
    for language in languages():
        here, main = words(language, room), words(language)
        assert (here.code, here.locale, here.direction) == (language, main.locale, main.direction)
    assert words("ar", room).direction == "rtl"


def test_a_room_in_a_language_without_sentences_is_read_in_english(half_written: str, tmp_path: Path) -> None:
    (tmp_path / f"{half_written}.toml").unlink()
    assert half_written not in languages("mail")
    assert words(half_written, "mail").code == "en"


def test_the_title_of_an_entry_stands_last_so_that_it_can_be_taken_off_again() -> None:
    for language in languages():
        for key in ("not_confirmed_title", "cancelled_title"):
            assert phrase(key, language, title="x").endswith("x")


@given(st.text() | st.text(alphabet="\u202e\u2067\u2069\u200f()+1 aع"), st.sampled_from(languages()))
def test_a_name_never_turns_the_words_around_it(name: str, language: str) -> None:
    said = words(language).embed(name)
    if not words(language).right_to_left:
        assert said == name
        return
    inside = said.removeprefix("\u2068").removesuffix("\u2069")
    assert not set(inside) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert said in ("", f"\u2068{inside}\u2069")
    # What stands around it keeps its place: nothing is opened in the name that is not closed there.
    assert phrase("appointment_title", language, clinic=said).endswith(said)


SAFE = {
    "en": r"\b(safe|cleared)",
    "es": r"\b(segur[oa]s?|sin riesgos?|inocu|apt[oa]s? para)\b",
    "ar": r"(آمن|مأمون|سليم|بلا خطر|دون خطر|مسموح)",
}


@pytest.mark.parametrize("language", languages())
def test_no_sentence_says_safe_or_cleared(language: str) -> None:
    for path in (HERE / f"{language}.toml", CARE / f"{language}.toml"):
        assert not re.search(SAFE[language], path.read_text(encoding="utf-8").casefold())


def test_people_read_no_rule_broken() -> None:
    assert [outcome_text(outcome) for outcome in Outcome] == [
        "no rule broken",
        "caution",
        "a person must look",
        "blocked",
    ]


def test_dates_are_written_the_way_people_read_them() -> None:
    ides = date(2026, 3, 15).toordinal()
    assert date_text(ides) == "15 March 2026"
    assert short_date(ides) == "15 Mar"


def test_gaps_are_counted_in_their_own_unit() -> None:
    assert [gap_text(gap) for gap in ("1 day", "10 days", "1 week", "2 weeks", Gap(6, "month"))] == [
        "1 day",
        "10 days",
        "1 week",
        "2 weeks",
        "6 months",
    ]
    with pytest.raises(Invalid):
        gap_text("a while")


def test_phrases_are_filled() -> None:
    assert phrase("not_confirmed_title", title="Appointment") == "Not confirmed: Appointment"
