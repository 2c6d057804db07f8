"""A client's story is told from what is recorded: worse at once, better only on a practitioner's word."""

from datetime import UTC, datetime, timedelta

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.facts import ConditionFact, Said, Screening, TreatmentFact
from scheduler_app.domain.story import LONG_AGO, ONGOING, Story
from scheduler_app.flow.story import UNREADABLE, Recorded, tell
from tests.flow.clinic_at_work import ordinal
from tests.house import house

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = ordinal("2026-03-02")


def said(by: str, minutes: int = 0, accepted_by: str | None = None) -> Said:
    return Said(by, by, AT + timedelta(minutes=minutes), accepted_by)


def botox(ref: str, on: str, by: str = "staff", **more: object) -> TreatmentFact:
    return TreatmentFact(ref, "c", "botulinum_toxin", said(by), on=on, **more)  # type: ignore[arg-type]


def has(ref: str, code: str, by: str = "staff", minutes: int = 0, **more: object) -> ConditionFact:
    return ConditionFact(ref, "c", code, said(by, minutes), **more)  # type: ignore[arg-type]


def story(*facts: TreatmentFact | ConditionFact | Screening, today: int = TODAY) -> Story:
    known = Recorded(
        [f for f in facts if isinstance(f, TreatmentFact)],
        [f for f in facts if isinstance(f, ConditionFact)],
        [f for f in facts if isinstance(f, Screening)],
    )
    return tell([VISIT], known, house().catalogue, today)


VISIT = Appointment(
    "v", "calendar:desk", "e", "c", ("microneedling",), AT, AT, "Europe/London", "booked", AT, AT
)


def days(told: Story) -> list[int]:
    return [item.first for item in told.items]


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    told = story(botox("a", "2026-02-01"), botox("b", "2026-02-10", replaces="a"))
    assert days(told) == [ordinal("2026-02-10")]


def test_a_clients_correction_counts_beside_the_record_until_it_is_accepted() -> None:
    clients = botox("b", "2026-01-01", by="client", replaces="a")
    assert len(days(story(botox("a", "2026-02-01"), clients))) == 2

    accepted = TreatmentFact(
        "b", "c", "botulinum_toxin", said("client", accepted_by="Dr Reyes"), on="2026-01-01", replaces="a"
    )
    assert days(story(botox("a", "2026-02-01"), accepted)) == [ordinal("2026-01-01")]


def test_a_correction_of_a_correction_leaves_only_the_last() -> None:
    told = story(
        botox("a", "2026-02-01"),
        botox("b", "2026-02-10", replaces="a"),
        botox("c", "2026-02-20", replaces="b"),
    )
    assert days(told) == [ordinal("2026-02-20")]


def test_a_correction_that_is_withdrawn_brings_back_what_it_corrected() -> None:
    told = story(botox("a", "2026-02-01"), botox("b", "2026-02-10", replaces="a", withdrawn=True))
    assert days(told) == [ordinal("2026-02-01")]


def test_a_record_that_replaces_itself_in_a_ring_is_no_endless_loop() -> None:
    told = story(botox("a", "2026-02-01", replaces="b"), botox("b", "2026-02-10", replaces="a"))
    assert days(told) == []


def test_a_course_counts_as_one() -> None:
    fact = TreatmentFact("a", "c", "isotretinoin", said("staff"), ongoing=True)
    (item,) = story(fact).items
    assert (item.first, item.last, item.course) == (LONG_AGO, ONGOING, True)


def test_what_was_said_where_the_day_had_begun_already_counts_there() -> None:
    assert days(story(botox("a", "2026-03-02"), today=ordinal("2026-03-01"))) == [ordinal("2026-03-02")]


def test_a_record_that_cannot_be_read_leaves_every_visit_to_a_person() -> None:
    told = story(botox("a", "2031-01-01"))
    assert [visit.doubts for visit in told.visits] == [(UNREADABLE,)]


def test_a_condition_counts_from_the_moment_a_client_names_it() -> None:
    assert story(has("k", "eczema", by="client")).conditions == ("eczema",)


def test_a_condition_is_over_only_on_more_than_the_clients_word() -> None:
    yes = has("k", "eczema", minutes=0)
    assert story(yes, has("n", "eczema", by="client", minutes=5, present=False)).conditions == ("eczema",)
    assert story(yes, has("n", "eczema", minutes=5, present=False)).conditions == ()


def test_a_clients_later_yes_counts_against_a_no_and_an_earlier_one_does_not() -> None:
    no = has("n", "eczema", minutes=5, present=False)
    assert story(no, has("k", "eczema", by="client", minutes=9)).conditions == ("eczema",)
    assert story(no, has("k", "eczema", by="client", minutes=1)).conditions == ()


def test_a_clearance_holds_until_its_day_and_ends_with_a_newer_record() -> None:
    cleared = has("k", "eczema", by="practitioner", cleared_by="Dr Reyes", cleared_until="2026-06-30")
    assert story(cleared).cleared == {"eczema": ordinal("2026-06-30")}
    assert story(cleared, has("l", "eczema", by="client", minutes=9)).cleared == {
        "eczema": ordinal("2026-06-30")
    }
    assert story(cleared, has("l", "eczema", minutes=9)).cleared == {}


def test_the_newest_screening_counts_but_not_one_the_client_filled_in_alone() -> None:
    asked = [
        Screening("s", "c", "2026-01-10", said("staff")),
        Screening("t", "c", "2026-02-10", said("client")),
    ]
    assert story(*asked).screened_on == ordinal("2026-01-10")
    assert story(Screening("s", "c", "2026-01-10", said("staff"), withdrawn=True)).screened_on is None
