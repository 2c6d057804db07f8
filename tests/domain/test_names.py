"""Whether two spellings can mean one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.names import compatible, is_name, kept_keys, name_key, name_keys, sought_keys

SAME = [
    ("Anna Smith", "anna smith"),
    ("Anna Smith", "Smith, Anna"),
    ("Anna Smith", "SMITH Anna"),
    ("Anna Maria Smith", "Smith Anna Maria"),
    ("Anna Smith", "Mrs Anna Smith"),
    ("Anna Smith", "Dr. Anna Smith PhD"),
    ("Anna Smith", "A. Smith"),
    ("Anna Smith", "Anna S."),
    ("Anna Smith", "Anna"),
    ("Anna Smith", "Anna Maria Smith"),
    ("Anna M. Smith", "Anna Maria Smith"),
    ("Elizabeth Brown", "Liz Brown"),
    ("Liz Brown", "Betty Brown"),
    ("Elizabeth (Liz) Brown", "Elizabeth Brown"),
    ("Alex Kent", "Alexandra Kent"),
    ("Alex Kent", "Alexander Kent"),
    ("Anna Smith-Jones", "Anna Smith"),
    ("Anna Smith-Jones", "Anna Jones"),
    ("Anna Smith-Jones", "Anna Smith Jones"),
    ("Anne-Marie Lee", "Annemarie Lee"),
    ("Anne-Marie Lee", "Anne Lee"),
    ("María de la Cruz", "Maria Delacruz"),
    ("José García López", "Jose Garcia"),
    ("Sinéad O'Brien", "Sinead OBrien"),
    ("Eva Müller", "Eva Mueller"),
    ("Eva Müller", "Eva Muller"),
    ("Bjørn Ågren", "Bjoern Aagren"),
    ("Łucja Nowak", "Lucja Nowak"),
    ("Jürgen Groß", "Juergen Gross"),
    ("Sr García", "García"),
    ("Min Son", "Son Min"),
    ("שרה כהן", "שָׂרָה כהן"),
    ("李雷", "李雷"),
    ("李 雷", "李 雷"),
    ("Smith, A.", "A. Smith"),
    ("John Smith Junior", "Smith Jr, John"),
    ("Junior Smith", "Junior Smith"),
    ("Анна Иванова", "анна иванова"),
    ("محمد علي", "محمد علي"),
]
OTHERS = [
    ("Anna Smith", "Ben Smith"),
    ("Anna Smith", "Anna Brown"),
    ("Anna Smith", "Annabel Smith"),
    ("Anna Maria Smith", "Anna Louise Smith"),
    ("Anna M. Smith", "Anna L. Smith"),
    ("Anna Maria Smith", "Maria Anna Smith"),
    ("Alexander Kent", "Alexandra Kent"),
    ("Anna Smith", "Smith"),
    ("Anna Smith", "Mrs Smith"),
    ("Mr Smith", "Mrs Smith"),
    ("John Smith Jr", "John Smith"),
    ("John Smith Jr", "John Smith Sr"),
    ("John Smith II", "John Smith III"),
    ("A. S.", "Anna Smith"),
    ("A. Smith", "A. S. Jones"),
    ("Anna Lee Lee", "Anna Lee Maria May"),
    ("A. S.", "A. S."),
    ("", "Anna Smith"),
    ("", ""),
    ("Mrs", "Mrs"),
    ("Anna & Ben Smith", "Anna Smith"),
    ("Anna and Ben Smith", "Anna Smith"),
    ("Mary Smith's daughter", "Mary Smith"),
    ("Mary Smith (daughter)", "Mary Smith"),
    ("anna@example.com", "Anna"),
    ("李", "李雷"),
    ("Md Rahman", "Mohammed Rahman"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_these_may_be_one_person(one: str, two: str) -> None:
    assert compatible(one, two)
    assert name_keys(one) & name_keys(two), "found by a shared key"
    assert kept_keys(one) & sought_keys(two), "found where it is kept"
    assert kept_keys(two) & sought_keys(one), "found where it is kept"


@pytest.mark.parametrize(("one", "two"), OTHERS)
def test_these_are_not_taken_for_one_person(one: str, two: str) -> None:
    assert not compatible(one, two)


WORDS = st.sampled_from(
    "Anna,A.,Smith,S,Smith-Jones,Jones,Liz,Elizabeth,Beth,Müller,Mueller,Muller,de,la,Mrs,Mr,Jr,Sr,Maria,"
    "(Liz),daughter,&,O'Brien,OBrien,李,שרה".split(",")
)
NAMES = st.lists(WORDS, max_size=4).map(" ".join) | st.text(max_size=30)


@given(NAMES, NAMES)
def test_compatible_is_symmetric(one: str, two: str) -> None:
    assert compatible(one, two) == compatible(two, one)


@given(NAMES, NAMES)
def test_whoever_is_compatible_is_found_by_a_shared_key(one: str, two: str) -> None:
    if compatible(one, two):
        assert name_keys(one) & name_keys(two)
        assert kept_keys(one) & sought_keys(two)


def test_two_who_share_one_word_of_two_are_not_looked_at_for_each_other() -> None:
    assert not kept_keys("Anna Smith") & sought_keys("Anna Jones")
    assert not kept_keys("Ben Jones") & sought_keys("Anna Jones")
    assert kept_keys("A. Smith") & sought_keys("Anna Smith")


@given(NAMES)
def test_a_name_with_a_full_word_fits_itself(name: str) -> None:
    assert compatible(name, name) == compatible(name, f"{name} ") == bool(name_keys(name))


def test_one_key_for_spellings_that_differ_in_form_only() -> None:
    keys = {name_key(name) for name in ("Anna Müller", "MULLER, Anna", "Dr Anna Müller", " anna  muller ")}
    assert keys == {"anna muller"}
    assert name_key("Anna Muller Jr") == name_key("Anna Muller Junior") != name_key("Anna Muller")
    assert name_key(" ") == ""


def test_a_page_of_text_is_no_name() -> None:
    assert not compatible("Anna " * 100, "Anna " * 100)


@given(
    st.lists(
        st.sampled_from(
            "Anna,Smith,A,S.,Jr,von,Mr,daughter,of,&,(Annie),Müller,O'Brien,Anne-Marie,小,Sr,MD".split(",")
        ),
        max_size=5,
    ).map(" ".join)
    | st.text(max_size=12)
)
def test_whatever_is_a_name_is_compatible_with_itself_and_nothing_else_is(text: str) -> None:
    assert compatible(text, text) == compatible(text, f"{text} ") == is_name(text)
