"""The same care lines in several languages: what is missing is read in English."""

import re
import shutil
from pathlib import Path

import pytest

from scheduler_app.rulebook import load, require
from tests.rulebook.test_loading import SHIPPED, texts_of
from tests.texts.half_written import write_half


def test_a_line_missing_in_one_language_is_read_in_english_even_where_english_is_not_the_first(
    tmp_path: Path,
) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "config"))
    (folder / "care" / "ar.toml").write_text("", encoding="utf-8")
    english, spanish = (
        (folder / "care" / f"{each}.toml").read_text(encoding="utf-8") for each in ("en", "es")
    )
    titles = re.findall(r'(?m)^(title|text|discreet_title|discreet_text) = (".*")$', spanish)
    spoken = iter(titles)
    timed = re.sub(
        r'(?m)^(title|text|discreet_title|discreet_text) = ".*"$', lambda _: " = ".join(next(spoken)), english
    )
    words = re.sub(
        r"(?m)^(group|treatment|moment|anchor|from|until|alarm|source|grade|conflicts_with) = .*\n",
        "",
        english,
    )
    (folder / "care" / "es.toml").write_text(timed, encoding="utf-8")
    (folder / "care" / "en.toml").write_text(words.split("# Where lines of two visits")[0], encoding="utf-8")
    clinic = (folder / "clinic.toml").read_text(encoding="utf-8")
    (folder / "clinic.toml").write_text(
        clinic.replace('["en", "es", "ar"]', '["es", "ar", "en"]'), encoding="utf-8"
    )
    loaded = require(folder)
    assert list(loaded.care) == ["es", "ar", "en"]
    assert [line.title for line in loaded.care["ar"]] == [line.title for line in require(SHIPPED).care["en"]]
    assert loaded.care["es"][0].discreet_title == "Su cita"


def test_a_line_has_the_same_blanks_in_every_language() -> None:
    shipped = require(SHIPPED)
    for lines in shipped.care.values():
        for line, english in zip(lines, shipped.care["en"], strict=True):
            for said, meant in zip(texts_of(line), texts_of(english), strict=True):
                assert sorted(re.findall(r"{\w+}", said)) == sorted(re.findall(r"{\w+}", meant)), line.code


def warned(config: Path, language: str) -> list[str]:
    """What is said about the service's own words, for a clinic that offers one language more."""
    clinic = Path(shutil.copytree(SHIPPED, config)) / "clinic.toml"
    offers = clinic.read_text(encoding="utf-8").replace('["en", "es", "ar"]', f'["en", "{language}"]')
    clinic.write_text(offers, encoding="utf-8")
    (config / "care" / f"{language}.toml").write_text("", encoding="utf-8")
    return [str(mistake) for mistake in load(config).mistakes if mistake.file.startswith("texts")]


def test_every_line_that_clients_would_read_in_english_is_told_in_sentences_letters_and_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = tmp_path / "texts"
    monkeypatch.setattr("scheduler_app.texts.words._HERE", texts)
    language = write_half(texts)
    told = warned(tmp_path / "config", language)
    for file, line in (
        ("texts/nl.toml", "subscribe.title"),
        ("texts/mail/nl.toml", "opening.booked"),
        ("texts/mail/nl.toml", "subject.booked"),  # written, but it lost its blank
        ("texts/intake/nl.toml", "common.no"),
    ):
        cure = f"Translate it in scheduler_app/{file.rpartition('/')[0]}; until then it is said in English."
        assert f"{file}: {line}: warning: the sentence is missing or has other blanks. {cure}" in told
    assert not [each for each in told if "phrase.hello:" in each or "common.yes:" in each]
    assert not [each for each in told if each.startswith(("texts/en", "texts/mail/en", "texts/intake/en"))]


def test_letters_that_a_language_does_not_have_at_all_are_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = tmp_path / "texts"
    monkeypatch.setattr("scheduler_app.texts.words._HERE", texts)
    language = write_half(texts)
    (texts / "mail" / f"{language}.toml").unlink()
    assert [each for each in warned(tmp_path / "config", language) if each.startswith("texts/mail")] == [
        "texts/mail/nl.toml: the whole file: warning: the file is missing. "
        "Translate scheduler_app/texts/mail/en.toml; until then all of it is said in English."
    ]
