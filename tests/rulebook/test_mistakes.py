"""Each mistake has its own sentence, all are told at once, and nothing makes the loader fall over."""

import re
import shutil
import tomllib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.errors import BadConfig, Mistake
from scheduler_app.rulebook import load, require

HERE = Path(__file__).parent
SAMPLE = HERE / "sample"
FILES = ("treatments.toml", "rules.toml", "conditions.toml", "clinic.toml", "care/en.toml", "care/de.toml")
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "mistakes.toml").read_text(encoding="utf-8"))["case"]
BY_TITLE = {case["title"]: case for case in CASES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "config"))


def change(folder: Path, case: dict[str, Any]) -> None:
    path = folder / case["file"]
    before, found, after = path.read_text(encoding="utf-8").partition(case["from"])
    assert found, f"{case['title']}: the sample has no such text"
    path.write_text(before + case["to"] + after, encoding="utf-8")


@cache
def usual() -> frozenset[str]:
    return frozenset(str(mistake) for mistake in load(SAMPLE).mistakes)


def sentences(folder: Path) -> list[str]:
    return [str(mistake) for mistake in load(folder).mistakes if str(mistake) not in usual()]


@pytest.mark.parametrize("title", BY_TITLE)
def test_each_mistake_is_told_with_its_place_its_fault_and_its_cure(title: str, folder: Path) -> None:
    change(folder, BY_TITLE[title])
    assert sentences(folder) == BY_TITLE[title]["says"]


def test_no_two_mistakes_are_told_the_same_way() -> None:
    assert len(CASES) == len(BY_TITLE)
    assert len({(case["file"], case["from"], case["to"]) for case in CASES}) == len(CASES)


TOGETHER = (
    "a key that is misspelt",
    "an absolute minimum above the minimum",
    "a rule that ends before it begins",
    "a grade that is none",
    "a rule that names an unknown treatment",
    "a kind of condition that is none",
    "a condition nobody approved",
    "an alias claimed twice",
    "a list of words that is misspelt",
    "a zone that is misspelt",
    "a country that is none",
    "a key of the feed that is misspelt",
    "a colour that stands for a medication",
    "a weekday that is none",
    "a line before the visit with a positive offset",
    "an alias in a discreet title",
    "an offset in words",
    "conflicts with itself and with nothing",
    "a placeholder a translation invents",
    "times in a translation",
)


def without_place(sentence: str) -> str:
    """Other changes move the lines below them."""
    file, _, rest = sentence.partition(": ")
    return f"{file}: {rest.partition(': ')[2]}"


def test_all_mistakes_of_a_folder_are_told_at_once(folder: Path) -> None:
    expected = set()
    for title in TOGETHER:
        change(folder, BY_TITLE[title])
        expected |= {without_place(sentence) for sentence in BY_TITLE[title]["says"]}
    assert len(expected) >= len(TOGETHER)
    assert expected <= {without_place(sentence) for sentence in sentences(folder)}


def test_mistakes_refuse_the_configuration_and_warnings_do_not(folder: Path) -> None:
    change(folder, BY_TITLE["a rule nobody approved"])
    assert require(folder).refused == ()
    change(folder, BY_TITLE["a zone that is misspelt"])
    change(folder, BY_TITLE["a grade that is none"])
    with pytest.raises(BadConfig) as caught:
        require(folder)
    assert len(caught.value.mistakes) == 2
    assert all(not mistake.warning for mistake in caught.value.mistakes)
    assert str(caught.value).count("\n") == 1


def test_a_broken_file_does_not_hide_what_is_wrong_elsewhere(folder: Path) -> None:
    (folder / "clinic.toml").write_text("name = ", encoding="utf-8")
    (folder / "treatments.toml").unlink()
    change(folder, BY_TITLE["a grade that is none"])
    change(folder, BY_TITLE["a placeholder that is misspelt"])
    told = [without_place(sentence).partition(". ")[0] for sentence in sentences(folder)]
    assert told == [
        "treatments.toml: mistake: the file is missing",
        "clinic.toml: mistake: this is no TOML: invalid value",
        "rules.toml: mistake: `grade` must be 'trials', 'label', 'consensus', 'opinion' or 'practice'",
        "care/en.toml: mistake: the care line avoid-sun-before has the unknown placeholder {dat}",
    ]


def test_a_mistake_in_one_treatment_is_not_told_again_in_every_rule(folder: Path) -> None:
    path = folder / "treatments.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('name = "Plasma pen"', "name = 1"), "utf-8")
    assert sentences(folder) == [
        "treatments.toml: line 8, name: mistake: `name` must be text in quotes. "
        'Write it like: name = "Microneedling".'
    ]


CONSEQUENCES = re.compile("unknown|is missing in de|is not in the first language's file|no location")


def keyed_lines() -> list[tuple[str, int]]:
    return [
        (name, number)
        for name in FILES
        for number, line in enumerate((SAMPLE / name).read_text(encoding="utf-8").splitlines())
        if " = " in line
    ]


@pytest.mark.parametrize(("name", "number"), keyed_lines())
def test_a_value_that_cannot_be_read_is_told_once_and_nothing_is_concluded_from_it(
    name: str, number: int, folder: Path
) -> None:
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    lines[number] = f"{lines[number].partition(' = ')[0]} = [[{{}}]]"
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    told = sentences(folder)
    own = [sentence for sentence in told if sentence.startswith(f"{name}: line {number + 1}, ")]
    assert len(own) == 1
    assert [sentence for sentence in told if sentence not in own and not CONSEQUENCES.search(sentence)] == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("treatments.toml", 'name = "Plasma pen"', "name = 1"),
        ("rules.toml", 'source = "clinic policy"', "source = 1"),
        ("conditions.toml", 'source = "clinic sheet"', "source = 1"),
        ("care/en.toml", 'title = "Use new make-up"', "title = 1"),
        ("care/en.toml", 'over = "new-makeup"', "over = 1"),
        ("clinic.toml", 'unrecognised = "ignore"', "unrecognised = 1"),
    ],
)
def test_what_has_a_mistake_is_left_out_of_what_is_loaded(
    name: str, old: str, new: str, folder: Path
) -> None:
    def counted(path: Path) -> int:
        loaded = load(path)
        book = loaded.rulebook
        parts = (book.rules, book.conditions, book.known, loaded.care["en"], loaded.precedence)
        return sum(map(len, (*parts, loaded.clinic.calendars)))

    change(folder, {"title": name, "file": name, "from": old, "to": new})
    assert counted(folder) == counted(SAMPLE) - 1


def test_a_location_with_a_mistake_is_no_place_to_work_in(folder: Path) -> None:
    room = '[[location]]\nid = "b"\nname = 1\nzone = "UTC"\ncountry = "GB"\n[[calendar]]'
    change(folder, {"title": "", "file": "clinic.toml", "from": "[[calendar]]", "to": room})
    assert "b" not in load(folder).clinic.locations


def test_a_folder_that_is_missing_or_a_file_is_a_mistake(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", SAMPLE / "clinic.toml"):
        (mistake,) = load(path).mistakes
        assert str(mistake) == (
            f"{path}: the whole folder: mistake: there is no such folder. Name the folder with clinic.toml."
        )


@pytest.mark.parametrize("languages", ["[]", '"en"', '["en", "de", 3]', "[["])
def test_languages_with_a_mistake_do_not_hide_what_is_wrong_with_the_texts(
    languages: str, folder: Path
) -> None:
    change(folder, {"title": "", "file": "clinic.toml", "from": '["en", "de"]', "to": languages})
    change(folder, BY_TITLE["a placeholder that is misspelt"])
    told = sentences(folder)
    assert BY_TITLE["a placeholder that is misspelt"]["says"][0] in told
    assert not [sentence for sentence in told if "is missing in [[line]]" in sentence]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_a_mistake(name: str, folder: Path) -> None:
    (folder / name).unlink()
    assert f"{name}: the whole file: mistake: the file is missing" in "\n".join(sentences(folder))


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_the_place_of_a_file_is_a_mistake(name: str, folder: Path) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    assert f"{name}: the whole file: mistake: the file cannot be read (Is a directory)" in "\n".join(
        sentences(folder)
    )


def test_a_file_in_another_encoding_is_told_with_the_line(folder: Path) -> None:
    text = (folder / "clinic.toml").read_text(encoding="utf-8").replace("Main rooms", "Räume")
    (folder / "clinic.toml").write_text(text, encoding="latin-1")
    told = "clinic.toml: line 18: mistake: the text is not UTF-8. Save the file as UTF-8."
    assert told in sentences(folder)


def test_a_file_saved_with_a_byte_order_mark_and_windows_lines_is_read(folder: Path) -> None:
    for name in FILES:
        text = (folder / name).read_text(encoding="utf-8").replace("\n", "\r\n")
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert sentences(folder) == []
    assert load(folder).rulebook == load(SAMPLE).rulebook


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 3000, "{a=" * 3000], ids=["digits", "lists", "tables"])
def test_a_number_or_a_nesting_beyond_reason_is_a_mistake(value: str, folder: Path) -> None:
    path = folder / "clinic.toml"
    path.write_text(f"languages = {value}\n", encoding="utf-8")
    assert (
        "clinic.toml: the whole file: mistake: a number or a nesting goes beyond reason. "
        'Write key = "value", one to a line, under a [table] or [[table]].'
    ) in sentences(folder)


def test_files_nobody_reads_and_languages_nobody_wrote_are_warnings(folder: Path) -> None:
    shutil.copy(folder / "rules.toml", folder / "rule.toml")
    (folder / "care" / "fr.toml").write_text("", encoding="utf-8")
    assert sentences(folder) == [
        "care/fr.toml: the whole file: warning: nobody reads this file. "
        "Add its language to clinic.toml, or take it away.",
        "rule.toml: the whole file: warning: nobody reads this file. Correct its name, or take it away.",
    ]
    assert [str(mistake) for mistake in load(SAMPLE).mistakes] == [
        "clinic.toml: languages: warning: the service has no sentences in de. Clients read findings in "
        "English until scheduler_app/texts has the language."
    ]


def load_changed(name: str, content: bytes) -> None:
    """Load a changed copy both ways; anything but BadConfig escapes and fails the test."""
    with TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(SAMPLE, Path(scratch) / "config"))
        (folder / name).write_bytes(content)
        refused = load(folder).refused
        told: tuple[Mistake, ...] = ()
        try:
            require(folder)
        except BadConfig as error:
            told = error.mistakes
        assert told == refused


names = st.sampled_from(FILES)
contents = st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))


@given(
    names, st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_whatever_a_file_holds_the_loader_only_ever_lists_mistakes(name: str, content: bytes) -> None:
    load_changed(name, content)


scalars = st.sampled_from(
    [
        '""', '"a"', '"*"', '"\\u0000"', '"../../x"', '"{}"', '"{"', '"{0}"', '"{date.x}"', "0", "-1",
        "1e400", "nan", "inf", "true", "2026-01-01", "2026-01-01T00:00:00Z", "23:59:59", '"en"',
        '"isotretinoin"', '"microneedling"', '"0 days"', '"9999 months"', '"9999 days"', '"-9999 days"',
        "99999999999999999999",
    ]
)  # fmt: skip
values = scalars | st.lists(scalars, max_size=3).map(lambda items: f"[{', '.join(items)}]")
values |= scalars.map(lambda item: f"{{ a = {item} }}") | st.just("[[]]") | st.just("{}")


@given(st.data(), names, values)
def test_whatever_value_a_key_has_the_loader_only_ever_lists_mistakes(
    data: st.DataObject, name: str, value: str
) -> None:
    lines = (SAMPLE / name).read_text(encoding="utf-8").splitlines()
    keyed = [number for number, line in enumerate(lines) if " = " in line]
    number = data.draw(st.sampled_from(keyed))
    key = lines[number].partition(" = ")[0]
    changed = [*lines[:number], f"{key} = {value}", *lines[number + 1 :]]
    load_changed(name, "\n".join(changed).encode())


@given(st.data(), names)
def test_whatever_line_is_lost_or_doubled_the_loader_only_ever_lists_mistakes(
    data: st.DataObject, name: str
) -> None:
    lines = (SAMPLE / name).read_text(encoding="utf-8").splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    times = data.draw(st.sampled_from([0, 2]))
    changed = [*lines[:number], *lines[number : number + 1] * times, *lines[number + 1 :]]
    load_changed(name, "\n".join(changed).encode())
