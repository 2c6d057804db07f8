"""Language files: the same keys and the same placeholders in each."""

import tomllib
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from scheduler_app import texts
from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.outcome import Outcome
from scheduler_app.errors import Invalid
from scheduler_app.texts.dates import date_text, gap_text, short_date
from scheduler_app.texts.words import languages, outcome_text, phrase

HERE = Path(texts.__file__).parent


def placeholders(language: str) -> dict[tuple[str, str], set[str]]:
    parsed = tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8"))
    return {
        (section, key): {name for _, name, _, _ in Formatter().parse(text) if name}
        for section, entries in parsed.items()
        if isinstance(entries, dict)
        for key, text in entries.items()
    }


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything_the_reference_language_says(language: str) -> None:
    assert placeholders(language) == placeholders("en")


def test_no_sentence_says_safe_or_cleared() -> None:
    for language in languages():
        text = (HERE / f"{language}.toml").read_text(encoding="utf-8").casefold()
        assert "safe" not in text
        assert "cleared" not in text


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
