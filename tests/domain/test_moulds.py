"""Titles of one mould are read alike, and never otherwise than each by itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.moulds import Moulds
from scheduler_app.domain.titles import Reader, Reading
from tests.domain.shipped import cases, catalogue, reader

NAMES = "Anna Smith,Zoë Müller,Ben,Li Wei,Maria de la Cruz,Ana-Maria Lopez,O'Brien,Dr Jones,Ann's,anna,A B,Mo"
FRAMES = "{} - {},{}: {},{1} / {0},{} ({}),{} with {},no {} {},{} & {},{} {} tbc,{} - {} - {},{} {}  {},{}?{}"
OTHERS = [name.strip() for name in NAMES.split(",")]
TITLES = [case["title"] for _, case in cases()]
WORDS = st.sampled_from(
    "Botox,MN,Facial,filler,consult,no,post,or,&,-,(,),?,:,/,|,Anna,Smith,Jr,Mary's,daughter,van,Miller,"
    "Peel,Training,Lunch,DNA,Botxo,Xyzzy,new,Ben,Clara,BEN,Dr,Nora,Ł,Ali,with,1ml,von,Mum,Jo".split(",")
)


def alone(title: str) -> Reading:
    """As a reader reads it that never read anything else."""
    return forgetful().read(title)


def forgetful() -> Reader:
    """The reader, with nothing left in it of what it read."""
    fresh = reader()
    fresh._moulds._casts.clear()
    fresh._told._known.clear()
    return fresh


def test_another_name_in_the_same_title_is_read_as_if_nothing_had_been_read_before() -> None:
    fillings = [
        frame.format(*(("Botox", one, other) if turned else (one, "Botox", other)))
        for frame in FRAMES.split(",")
        for one, other in zip(OTHERS, [*OTHERS[1:], "Nora"], strict=True)
        for turned in (True, False)
    ]
    apart = [alone(title) for title in fillings]
    together = Reader(catalogue())
    assert [together.read(title) for title in fillings] == apart


def test_every_title_of_the_corpus_is_read_alike_with_and_without_the_others() -> None:
    apart = [alone(title) for title in TITLES]
    together = Reader(catalogue())
    for _ in range(2):
        assert [together.read(title) for title in TITLES] == apart


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=7).map(" ".join), min_size=2, max_size=12))
def test_titles_of_any_words_are_read_alike_with_and_without_the_others(titles: list[str]) -> None:
    apart = [alone(title) for title in titles]
    together = forgetful()
    assert [together.read(title) for title in titles] == apart


def test_a_name_that_is_a_treatments_word_takes_no_part_in_a_mould() -> None:
    together = Reader(catalogue())
    assert together.read("Botox - Anna Smith").name == "Anna Smith"
    assert together.read("Botox - Anna Facial").treatments == ("botulinum_toxin", "beauty_treatment")
    assert "treatment-doubtful" in together.read("Botox - Anna Microneedlng").doubts
    assert together.read("Botox - Mary Senior") == alone("Botox - Mary Senior")


def test_a_name_of_which_a_word_tells_something_is_read_as_if_alone() -> None:
    together = Reader(catalogue())
    for first in ("Clara", "Nora", "Anna"):
        for title in (f"Botox - {first} Green", f"Botox - Ben {first}", f"Facial - {first} Ben Jones"):
            assert together.read(title) == alone(title)
            assert together.read(title).name == title.split(" - ")[1]


def test_a_surname_before_a_comma_is_never_the_next_titles() -> None:
    together = Reader(catalogue())
    for title in (
        "Smith, Mrs for Anna",
        "Buren, Faith for Anna",
        "Botox - Jones, Ben",
        "Botox - Miller, Ben",
    ):
        assert together.read(title) == alone(title)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Anna Clara Smith", "Anna Smith"),  # a word between them is left out
        ("Anna Smith", "Smith Anna"),
        ("Anna ben Smith", "ben ben"),  # none of the words that may differ
        ("Anna Anna", "Anna Anna"),
        ("Anna Smith", "Anna ben Smith"),  # apart in the name
        ("Anna Smith ben", "Smith ben"),  # a word of it is the mould's
        ("Smith, Clara", "Smith, Clara"),  # a sign hangs on one of them
        ("Anna SMITH ben", "Anna Smith"),  # written otherwise than in the title
    ],
)
def test_a_name_that_is_not_made_of_neighbouring_words_teaches_nothing(title: str, name: str) -> None:
    moulds: Moulds[str] = Moulds(lambda word: word == "ben")
    shape, words = moulds.shape(title) or ("", [])
    moulds.keep(shape, words, "told", name)
    assert moulds.cast(shape) is None


def test_what_is_made_of_one_reading_changes_no_later_one() -> None:
    together = Reader(catalogue())
    first = together.read("Botox - Anna Smith", "Service: Microneedling")
    assert first.doubts == ("service-disagrees",)
    assert together.read("Botox - Clara Jones").doubts == ()
    assert together.read("Botox - Clara Jones", "Service: Microneedling").doubts == first.doubts
