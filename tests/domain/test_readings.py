"""What was read before is told again only where everything but the name is the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.catalogue import CalendarDefaults
from scheduler_app.domain.titles import Reader
from tests.domain.shipped import catalogue
from tests.domain.test_moulds import alone, forgetful

TITLES = st.sampled_from(
    "Botox - Anna Smith,Botox - Ben Miller,Anna Smith,Clara Jones,Lunch,Facial,Anna,Xyzzy - Ben Ali,tbc,"
    "⛔15 Mar · Botox - Anna Smith,Consultation,anna smith botox,Botox / Ben Miller / no show".split(",")
)
NOTES = st.sampled_from(
    [
        "",
        "Deposit paid",
        "Client: Nora Klein",
        "email nora@example.com",
        "Service: Microneedling",
        "0171 2345678",
        "x" * 400,
    ]
)
ONE = CalendarDefaults()
DEFAULTS = st.sampled_from([None, ONE, CalendarDefaults(treatments=("microneedling",))])
COLOURS, LABELS = st.sampled_from(["", "tomato"]), st.sampled_from([(), ("Facial",)])
ENTRIES = st.lists(st.tuples(TITLES, NOTES, COLOURS, LABELS, DEFAULTS), min_size=2, max_size=10)


@settings(max_examples=150, deadline=None)
@given(ENTRIES)
def test_entries_are_read_alike_with_and_without_the_others(
    entries: list[tuple[str, str, str, tuple[str, ...], CalendarDefaults | None]],
) -> None:
    apart = [
        forgetful().read(title, note, colour=colour, labels=labels, defaults=defaults)
        for title, note, colour, labels, defaults in entries
    ]
    together = forgetful()
    for _ in range(2):
        assert apart == [
            together.read(title, note, colour=colour, labels=labels, defaults=defaults)
            for title, note, colour, labels, defaults in entries
        ]


def test_a_contact_in_the_note_is_told_beside_ever_other_names() -> None:
    together = Reader(catalogue())
    for name in ("Anna Smith", "Ben Miller"):
        read = together.read(f"Botox - {name}", "email nora@example.com")
        assert (read.clues.name, read.clues.email) == (name, "nora@example.com")


def test_no_more_is_kept_than_is_allowed() -> None:
    together = Reader(catalogue())
    for number in range(5000):
        together.read("Botox - Anna Smith", f"note {chr(97 + number % 26)} {'y' * (number // 26)}")
    assert len(together._told._known) <= 2048
    assert together.read("Botox - Ben Miller", "note a ") == alone("Botox - Ben Miller")


def test_what_a_calendar_takes_a_bare_name_for_is_its_own() -> None:
    together = Reader(catalogue())
    needles, none = CalendarDefaults(treatments=("microneedling",)), CalendarDefaults()
    for defaults, told in ((needles, ("microneedling",)), (none, ()), (needles, ("microneedling",))):
        assert together.read("Anna Smith", defaults=defaults).treatments == told
        assert together.read("Clara Jones", defaults=defaults).treatments == told
