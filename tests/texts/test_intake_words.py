"""The words of a client's own pages: every language says everything, about everything that is asked."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import scheduler_app.texts.intake as package
from scheduler_app.store.whereabouts import BY_WORDS, HELD, LEFT_OUT
from scheduler_app.texts.intake import languages, tongue
from scheduler_app.texts.words import blanks
from tests.house import house

OTHERS = [language for language in languages() if language != "en"]


def written(language: str) -> dict[str, Any]:
    file = Path(str(package.__file__)).with_name(f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_every_line_with_the_same_blanks(language: str) -> None:
    assert blanks(language, "intake") == blanks("en", "intake")


@pytest.mark.parametrize("language", languages())
def test_everything_the_clinic_asks_about_has_words(language: str) -> None:
    lines = written(language)
    loaded = house()
    assert loaded.rulebook.conditions.keys() == lines["condition"].keys()
    medicines = {each.code for each in loaded.catalogue.treatments.values() if each.medication}
    assert medicines == lines["medicine"].keys()
    earlier = {rule.earlier for rule in loaded.rulebook.rules} - medicines
    assert earlier <= lines["treatment"].keys()


def test_every_table_of_the_record_has_a_title() -> None:
    told = {table.name for table in (*HELD, *BY_WORDS) if table not in LEFT_OUT}
    assert told == written("en")["table"].keys()


def test_no_text_tells_anybody_to_stop_a_medicine() -> None:
    said = " ".join(text for lines in written("en").values() for text in lines.values()).lower()
    assert "stop taking" not in said
    assert "you are safe" not in said


def test_dates_and_names_keep_their_direction_in_arabic() -> None:
    arabic = tongue("ar")
    assert arabic.direction == "rtl"
    assert "\u2068+44 20\u2069" in arabic.say("common", "call", phone="+44 20")
    assert "2026" in arabic.partial("2026-03")
    assert tongue("es").day(date(2026, 3, 1)) == "1 de marzo de 2026"
    assert tongue("en").moment(datetime(2026, 3, 1, 9, 5)) == "1 March 2026, 09:05"  # noqa: DTZ001 - local


def test_a_language_nobody_wrote_is_english() -> None:
    assert tongue("xx").code == "en"


def test_a_line_that_a_language_lacks_is_said_in_english_and_its_dates_are_its_own(half_written: str) -> None:
    dutch = tongue(half_written)
    assert (dutch.code, dutch.say("common", "yes"), dutch.say("common", "no")) == ("nl", "Ja", "No")
    assert dutch.name("condition", "eczema", "?") == "Eczeem"
    assert (
        dutch.name("condition", "psoriasis", "?") == tongue("en").name("condition", "psoriasis", "?") != "?"
    )
    assert dutch.name("condition", "of-this-clinic", "Its own name") == "Its own name"
    assert dutch.day(date(2026, 3, 1)) == "1 maart 2026"
