"""The words around care lines: said in the client's language, filled in, and never naming a treatment."""

from datetime import UTC, date, datetime

from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Finding, Other, Verdict
from scheduler_app.texts.care_phrases import care_phrases

DAY = date(2026, 3, 15).toordinal()
PHRASES = care_phrases("en", "Clínica Sol")


def test_days_and_times_read_as_people_write_them() -> None:
    assert PHRASES.day(DAY) == "15 March 2026"
    assert PHRASES.clock(datetime(2026, 3, 15, 18, 5, tzinfo=UTC)) == "18:05"
    assert PHRASES.clock(datetime(2026, 3, 15, 9, 0, tzinfo=UTC)) == "09:00"


def test_titles_are_filled_in_even_where_they_hold_braces() -> None:
    assert PHRASES.appointment == "Appointment at Clínica Sol"
    assert PHRASES.not_confirmed_title("{x}") == "Not confirmed: {x}"
    assert PHRASES.cancelled_title("Your appointment") == "Cancelled: Your appointment"


def test_a_held_visit_tells_the_first_possible_date_and_nothing_else() -> None:
    finding = Finding(
        "microneedling-after-botulinum-toxin",
        Outcome.BLOCKED,
        treatment="microneedling",
        direction="after",
        other=Other("botulinum_toxin", DAY - 14),
        until=DAY,
    )
    said = PHRASES.not_confirmed_text(PHRASES.refusal(Verdict(Outcome.BLOCKED, (finding,), DAY, DAY)))
    assert "15 March 2026" in said
    assert "needling" not in said
    assert "botulinum" not in said.lower()


def test_possible_again_names_the_treatment_only_where_it_may() -> None:
    plain, discreet = (PHRASES.possible("Botox", "+34 600", hidden) for hidden in (False, True))
    assert "Botox" in "".join(plain)
    assert "Botox" not in "".join(discreet)
    assert "+34 600" in discreet[1]


def test_an_unknown_language_is_answered_in_the_reference_language() -> None:
    assert care_phrases("xx", "Sol").appointment == "Appointment at Sol"
