"""What the shipped folder says is what the house decided; what is loaded is what was written."""

import re
import shutil
from dataclasses import fields, replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from scheduler_app.domain.carelines import CareLine, Precedence
from scheduler_app.domain.clinic import FeedTerms, Opening, PlanLimits
from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.rules import ALWAYS, Rulebook
from scheduler_app.rulebook import Loaded, load, require
from scheduler_app.rulebook.loading import version_of
from scheduler_app.rulebook.rules import can_exceed

SHIPPED = Path(__file__).parents[2] / "config"
SAMPLE = Path(__file__).parent / "sample"

RULES = """
microneedling-after-botulinum-toxin | botulinum_toxin | microneedling    | 2 weeks  | 2 weeks
microneedling-after-dermal-filler   | dermal_filler   | microneedling    | 4 weeks  | 4 weeks
microneedling-after-isotretinoin    | isotretinoin    | microneedling    | 6 months | 6 months
microneedling-after-plasma-pen      | plasma_pen      | microneedling    | 10 days  | 12 weeks
botulinum-toxin-after-microneedling | microneedling   | botulinum_toxin  | 3 weeks  | 3 weeks
dermal-filler-after-microneedling   | microneedling   | dermal_filler    | 3 weeks  | 3 weeks
plasma-pen-after-microneedling      | microneedling   | plasma_pen       | 7 days   | 10 days
beauty-treatment-after-microneedling | microneedling  | beauty_treatment | 7 days   | 7 days
microneedling-after-microneedling   | microneedling   | microneedling    | 7 days   | 4 weeks
"""

CONDITIONS = {
    "not_recommended": "keloid_scars eczema psoriasis other_chronic_condition actinic_keratosis "
    "herpes_simplex diabetes pregnancy nursing",
    "absolute": "scleroderma collagen_vascular_disease cardiac_abnormality clotting_disorder "
    "active_infection immunosuppression",
    "ask": "immune_therapy",
}

CARE = """
appointment            | appointment | appointment | visit | 0 h   | 0 h
retinoids-before       | before      | before      | start | -24 h | 0 h
avoid-sun-before       | before      | before      | start | -24 h | 0 h
no-face-washing        | first-hours | after       | end   | 0 h   | 5 h
what-to-expect         | first-hours | after       | end   | 0 h   | 5 h
better-no-face-washing | first-hours | after       | end   | 5 h   | 12 h
no-makeup              | two-days    | after       | end   | 0 h   | 48 h
no-direct-sun          | two-days    | after       | end   | 0 h   | 48 h
hyaluronic-serum       | serum       | after       | end   | 0 h   | 72 h
first-week-care        | first-week  | after       | day   | 0 h   | 168 h
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


@pytest.fixture(scope="module")
def shipped() -> Loaded:
    return require(SHIPPED)


def test_the_shipped_rules_are_those_of_the_house(shipped: Loaded) -> None:
    assert [
        [rule.id, rule.earlier, rule.later, str(rule.absolute_minimum), str(rule.minimum)]
        for rule in shipped.rulebook.rules
    ] == rows(RULES)
    assert all(rule.source and rule.grade for rule in shipped.rulebook.rules)
    assert all(rule.in_force == ALWAYS for rule in shipped.rulebook.rules)


def test_two_rules_and_every_care_text_ship_unapproved_and_nothing_else(shipped: Loaded) -> None:
    assert {rule.id for rule in shipped.rulebook.rules if rule.approved_by is None} == {
        "microneedling-after-plasma-pen",
        "microneedling-after-microneedling",
    }
    assert all(condition.approved_by for condition in shipped.rulebook.conditions.values())
    assert list(shipped.care) == ["en", "es", "ar"]
    assert all(line.approved_by is None for lines in shipped.care.values() for line in lines)
    assert len([mistake for mistake in shipped.mistakes if "is not approved" in mistake.fault]) == 2 + 3 * 10


def test_the_shipped_conditions_are_those_of_the_house(shipped: Loaded) -> None:
    found = shipped.rulebook.conditions
    assert {code: one.kind for code, one in found.items()} == {
        code: kind for kind, codes in CONDITIONS.items() for code in codes.split()
    }
    assert all(one.treatments == ("microneedling",) for one in found.values())
    assert all(one.source and one.grade for one in found.values())


def test_the_shipped_care_lines_have_the_times_of_the_house(shipped: Loaded) -> None:
    hour = timedelta(hours=1)
    assert [
        [
            line.code, line.group, line.moment, line.anchor,
            f"{line.begins // hour} h", f"{line.ends // hour} h",
        ]
        for line in shipped.care["en"]
    ] == rows(CARE)  # fmt: skip
    treatments = {line.code: line.treatment for line in shipped.care["en"]}
    assert treatments.pop("appointment") == "*"
    assert set(treatments.values()) == {"microneedling"}
    assert shipped.precedence == (Precedence("no-face-washing", "better-no-face-washing"),)


def test_the_rulebook_knows_every_treatment_and_which_ones_are_medications(shipped: Loaded) -> None:
    book = shipped.rulebook
    assert book.known == frozenset(shipped.catalogue.treatments)
    assert book.medications == {"isotretinoin", "topical_retinoid"}
    assert book.screening_lasts == shipped.clinic.screening_lasts == Gap(6, "month")


def texts_of(line: CareLine) -> tuple[str, ...]:
    return (line.title, line.text, line.discreet_title, line.discreet_text)


def test_the_shipped_texts_can_be_read_at_twelve(shipped: Loaded) -> None:
    # The Automated Readability Index gives a school year; a child of twelve is in the sixth or seventh.
    for line in shipped.care["en"]:
        for text in (line.text, line.discreet_text):
            words = re.findall(r"[\w'-]+", re.sub(r"{\w+}", "noon", text))
            sentences = len(re.findall(r"[.!?:]", text)) or 1
            letters = sum(map(len, words))
            year = 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43
            assert year < 7, (line.code, year)


def test_no_shipped_text_tells_anybody_to_stop_a_medicine(shipped: Loaded) -> None:
    assert not [mistake for mistake in shipped.mistakes if "stop a medicine" in mistake.fault]
    for line in shipped.care["en"]:
        for text in texts_of(line):
            assert not re.search(r"\b(stop|discontinue|interrupt|skip)", text, re.IGNORECASE), line.code
            if re.search(r"retinoid|cream", text, re.IGNORECASE) and text in (line.text, line.discreet_text):
                assert "ask your prescriber or us first, and change nothing until you have an answer" in text


def test_no_shipped_text_says_safe_or_cleared(shipped: Loaded) -> None:
    for line in shipped.care["en"]:
        assert not re.search(r"\b(safe|safely|cleared)\b", " ".join(texts_of(line)), re.IGNORECASE)


def test_what_a_clinic_writes_is_what_is_loaded() -> None:
    loaded = require(SAMPLE)
    clinic, desk = loaded.clinic, loaded.clinic.calendars["desk"]
    assert loaded.rulebook.rules[0].in_force == (date(2026, 1, 1).toordinal(), ALWAYS[1])
    assert loaded.rulebook.screening_lasts == Gap(12, "month")
    assert clinic.feed == FeedTerms(detail="full")
    assert clinic.limits == PlanLimits(max_marks=5)
    assert clinic.location.zone == "Europe/London"
    assert clinic.location.openings == (
        Opening(0, time(9), time(12)),
        Opening(0, time(13), time.max),
    )
    assert desk.defaults.treatments == ("microneedling",)
    assert desk.defaults.colours == {"Basil": ("plasma_pen",)}
    assert desk.defaults.unrecognised == "ignore"
    assert clinic.location_of("desk") == clinic.location_of("a calendar nobody configured")


@pytest.mark.parametrize(
    ("written", "marked"),
    [
        ("", {"hold": "11", "review": "5", "clash": "11"}),
        ("marks.colours = {}", {}),
        ('marks.colours = { hold = "3" }', {"hold": "3"}),
    ],
)
def test_a_calendar_at_google_is_marked_in_red_and_yellow_unless_the_clinic_says_otherwise(
    tmp_path: Path, written: str, marked: dict[str, str]
) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "config"))
    room = f'[[calendar]]\nid = "room"\nkind = "google"\naccount = "clinic"\n{written}\n'
    with (folder / "clinic.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n{room}\n[[account]]\nid = "clinic"\n')
    clinic = require(folder).clinic
    assert clinic.calendars["room"].marks.colours == marked
    assert clinic.calendars["desk"].marks.colours == {}  # our own shows marks in its own way


def test_lines_in_another_language_keep_the_times_of_the_first() -> None:
    loaded = require(SAMPLE)
    english, german = loaded.care["en"][0], loaded.care["de"][0]
    assert german.title == "Sonne meiden"
    worded = {"title", "text", "discreet_title", "discreet_text", "approved_by"}
    assert {
        key.name for key in fields(CareLine) if getattr(german, key.name) != getattr(english, key.name)
    } == worded


def test_a_line_nobody_translated_is_read_in_the_first_language(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "config"))
    (folder / "care" / "de.toml").write_text("", encoding="utf-8")
    loaded = require(folder)
    assert loaded.care["de"] == loaded.care["en"]
    warnings = [str(mistake) for mistake in loaded.mistakes if mistake.file == "care/de.toml"]
    assert warnings[0] == (
        "care/de.toml: the whole file: warning: the care line avoid-sun-before is missing in de. "
        "Translate it; until then clients read it in English, or in the first language."
    )
    assert len(warnings) == 3


def test_the_version_says_whether_verdicts_can_differ(shipped: Loaded) -> None:
    book = shipped.rulebook
    assert re.fullmatch(r"[0-9a-f]{16}", book.version)
    assert book.version == version_of(replace(book, version="")) == load(SHIPPED).rulebook.version
    turned = replace(book, rules=book.rules[::-1], conditions=dict(reversed([*book.conditions.items()])))
    assert version_of(turned) == book.version
    first = replace(book.rules[0], minimum=Gap(15, "day"))
    changed: list[Rulebook] = [
        replace(book, rules=(first, *book.rules[1:])),
        replace(book, rules=(replace(book.rules[0], approved_by="Dr A. Example"), *book.rules[1:])),
        replace(book, rules=book.rules[1:]),
        replace(book, conditions={}),
        replace(book, known=book.known | {"moon_peel"}),
        replace(book, medications=frozenset()),
        replace(book, screening_lasts=Gap(5, "month")),
    ]
    assert len({version_of(other) for other in changed} | {book.version}) == len(changed) + 1


@pytest.mark.parametrize(
    ("one", "other", "exceeds"),
    [
        ("10 days", "12 weeks", False),
        ("2 weeks", "14 days", False),
        ("15 days", "2 weeks", True),
        ("28 days", "1 month", False),
        ("29 days", "1 month", True),
        ("1 month", "31 days", False),
        ("1 month", "30 days", True),
        ("6 months", "26 weeks", True),
        ("6 months", "5 months", True),
        ("0 days", "0 months", False),
    ],
)
def test_days_and_months_are_compared_on_every_date_there_is(one: str, other: str, exceeds: bool) -> None:
    assert can_exceed(Gap.parse(one), Gap.parse(other)) is exceeds


def test_a_platform_nobody_has_an_adapter_for_is_a_mistake_where_they_are_known(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "config"))
    clinic = folder / "clinic.toml"
    clinic.write_text(
        clinic.read_text(encoding="utf-8") + '\n[[platform]]\nname = "online"\nkind = "sqare"\n',
        encoding="utf-8",
    )
    assert not load(folder).refused
    (mistake,) = load(folder, {"square", "acuity"}).refused
    assert mistake.fault == "no booking platform goes by the kind sqare"
    assert "square" in mistake.cure
