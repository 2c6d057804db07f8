"""The same care lines in several languages: what is missing is read in English."""

import re
import shutil
from pathlib import Path

from scheduler_app.rulebook import require
from tests.rulebook.test_loading import SHIPPED, texts_of


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
