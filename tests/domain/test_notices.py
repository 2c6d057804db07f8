"""Which letters a client should have got: a pure function of the book, the verdicts and what was told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.entries import Entry
from scheduler_app.domain.mail import Mail
from scheduler_app.domain.notices import NEWS, WITHIN, Letter, Outlook, letters, told_of
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Verdict

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HOST = "clinic.example"
CLEAR, BLOCKED = (Verdict(outcome, (), None, None) for outcome in (Outcome.CLEAR, Outcome.BLOCKED))


def visit(ref: str = "a1", start: datetime = NOW + 5 * DAY, **changes: Any) -> Appointment:
    """An hour of microneedling, booked just now."""
    plain = Appointment(
        ref, "hooks:acme", ref, "c1", ("microneedling",), start, start + HOUR, "Europe/London",
        "booked", NOW - HOUR, NOW - HOUR,
    )  # fmt: skip
    return replace(plain, **changes)


class Letterbox:
    """Writes down what is wanted, as if each letter were sent at once."""

    def __init__(self, by_mail: str = "invitations") -> None:
        self.by_mail = by_mail
        self.mails: list[Mail] = []
        self.now = NOW

    def wanted(self, *visits: Appointment, blocked: bool = False, **changes: Any) -> tuple[Letter, ...]:
        """What should be sent now."""
        verdict = BLOCKED if blocked else CLEAR
        ordered = sorted(self.mails, key=lambda mail: (mail.uid, mail.sequence))
        outlook = Outlook(
            visits, {each.ref: verdict for each in visits}, (), told_of(ordered), self.by_mail, HOST,
            self.now, self.now.toordinal(),
        )  # fmt: skip
        return letters(replace(outlook, **changes))

    def send(self, *visits: Appointment, state: str = "sent", **options: Any) -> list[str]:
        """Send it; kind and method of each."""
        said = []
        for letter in self.wanted(*visits, **options):
            became = "presumed" if letter.presumed else state
            self.mails.append(
                Mail(
                    f"k{len(self.mails)}", "c1", letter.appointment, letter.uid, letter.kind,
                    letter.sequence, letter.digest, letter.method, "p", self.now, became,
                )
            )  # fmt: skip
            said.append(" ".join(filter(None, (letter.kind, letter.method, "presumed" * letter.presumed))))
        return said


@pytest.fixture
def box() -> Letterbox:
    return Letterbox()


def test_a_booking_is_told_once(box: Letterbox) -> None:
    assert box.send(visit()) == ["booked REQUEST"]
    assert box.send(visit()) == []


def test_a_visit_that_moved_is_told_under_the_next_number(box: Letterbox) -> None:
    box.send(visit())
    (letter,) = box.wanted(visit(start=NOW + 6 * DAY))
    assert (letter.kind, letter.method, letter.sequence) == ("changed", "REQUEST", 1)


@pytest.mark.parametrize(
    "change", [{"treatments": ("botulinum_toxin",)}, {"end": NOW + 6 * DAY}, {"location": "annex"}]
)
def test_another_treatment_end_or_place_is_a_change_too(box: Letterbox, change: dict[str, Any]) -> None:
    box.send(visit())
    assert box.send(visit(**change)) == ["changed REQUEST"]


def test_what_a_receptionist_notes_is_no_letter(box: Letterbox) -> None:
    box.send(visit())
    assert box.send(visit(title="other words", doubts=("title-doubtful",), status="arrived")) == []


def test_a_hold_a_release_and_a_cancellation_are_told_in_turn(box: Letterbox) -> None:
    assert box.send(visit()) == ["booked REQUEST"]
    assert box.send(visit(), blocked=True) == ["held REQUEST"]
    assert box.send(visit(), blocked=True) == []
    assert box.send(visit()) == ["confirmed REQUEST"]
    assert box.send(visit(status="cancelled")) == ["cancelled CANCEL"]
    assert box.send(visit(status="cancelled")) == []
    assert [mail.sequence for mail in box.mails] == [0, 1, 2, 3]


def test_a_visit_held_from_the_beginning_enters_no_calendar(box: Letterbox) -> None:
    assert box.send(visit(), blocked=True) == ["held"]
    assert box.send(visit(status="cancelled")) == ["cancelled"]


def test_a_booking_that_was_called_off_before_anybody_heard_of_it_is_no_news(box: Letterbox) -> None:
    assert box.send(visit(status="cancelled")) == []


def test_a_visit_that_comes_back_is_booked_again_under_a_higher_number(box: Letterbox) -> None:
    box.send(visit())
    box.send(visit(status="cancelled"))
    (letter,) = box.wanted(visit())
    assert (letter.kind, letter.method, letter.sequence) == ("booked", "REQUEST", 2)


def test_rescheduled_to_another_booking_the_old_entry_goes_first_and_the_new_is_a_change(
    box: Letterbox,
) -> None:
    box.send(visit())
    old = visit(status="cancelled", replaced_by="a2")
    assert box.send(visit("a2", NOW + 7 * DAY), old) == ["replaced CANCEL", "changed REQUEST"]


def test_without_invitations_the_letter_about_the_new_booking_says_it_all() -> None:
    box = Letterbox("letters")
    assert box.send(visit()) == ["booked"]
    assert box.send(visit("a2"), visit(status="cancelled", replaced_by="a2")) == ["changed"]


def test_nobody_is_written_to_about_a_visit_that_has_begun(box: Letterbox) -> None:
    begun = visit(start=NOW)
    assert box.send(begun) == []
    assert box.send(begun, blocked=True) == []
    box.mails.clear()
    box.send(visit(start=NOW + HOUR))
    box.now += 3 * DAY
    assert box.send(visit(start=NOW + HOUR, status="cancelled")) == []


def test_an_old_booking_nobody_wrote_about_is_presumed_known_and_its_changes_are_news() -> None:
    box = Letterbox("letters")
    old: dict[str, Any] = {"booked_at": NOW - NEWS - HOUR}
    assert box.send(visit(**old)) == ["booked presumed"]
    assert box.send(visit(start=NOW + 9 * DAY, **old)) == ["changed"]


def test_an_old_booking_goes_by_mail_where_the_feed_leaves_it_out(box: Letterbox) -> None:
    assert box.send(visit(booked_at=NOW - 30 * DAY)) == ["booked REQUEST"]


@pytest.mark.parametrize("by_mail", ["letters", "invitations", "everything"])
def test_a_visit_nobody_is_written_to_about_is_only_written_down(by_mail: str) -> None:
    box = Letterbox(by_mail)
    assert box.send(visit(), silent=frozenset({"a1"}))[0].endswith("presumed")


def test_who_wants_nothing_gets_nothing(box: Letterbox) -> None:
    box.by_mail = "nothing"
    assert box.send(visit()) == ["booked presumed"]
    assert box.send(visit(), blocked=True) == ["held presumed"]


@pytest.mark.parametrize("status", ["proposed", "pending"])
def test_what_the_clinic_has_not_agreed_to_is_not_told_as_booked(box: Letterbox, status: str) -> None:
    assert box.send(visit(status=status)) == []
    assert box.send(visit(status=status), blocked=True) == ["held"]


def test_what_was_not_judged_yet_waits(box: Letterbox) -> None:
    assert box.send(visit(), verdicts={}) == []


def test_switching_invitations_on_sends_one_for_what_is_ahead_and_switching_off_keeps_it_current() -> None:
    box = Letterbox("letters")
    assert box.send(visit()) == ["booked"]
    box.by_mail = "invitations"
    assert box.send(visit()) == ["booked REQUEST"]
    box.by_mail = "letters"
    assert box.send(visit()) == []
    assert box.send(visit(start=NOW + 6 * DAY)) == ["changed REQUEST"]


def test_an_invitation_never_falls_below_what_the_feed_showed(box: Letterbox) -> None:
    (letter,) = box.wanted(visit(), floors={f"appointment.a1@{HOST}": 4})
    assert letter.sequence == 5


def test_a_refused_letter_is_not_tried_again_but_what_it_followed_still_stands(box: Letterbox) -> None:
    box.send(visit())
    box.send(visit(start=NOW + 6 * DAY), state="failed")
    assert box.send(visit(start=NOW + 6 * DAY)) == []
    assert box.send(visit(start=NOW + 6 * DAY, status="cancelled")) == ["cancelled CANCEL"]


def care(ref: str, kind: str, start: datetime, end: datetime) -> Entry:
    return Entry(f"{kind}.{ref}@{HOST}", kind, start, end, "Title", "Text")


START = NOW + 5 * DAY
SERUM = care("a1", "serum", START + HOUR, START + 3 * DAY)
BEFORE = care("a1", "before", START - DAY, START)


def test_aftercare_is_sent_at_the_end_of_the_visit_once(box: Letterbox) -> None:
    box.send(visit())
    box.now = START + HOUR - timedelta(seconds=1)
    assert box.send(visit(), care=(BEFORE, SERUM)) == []
    box.now = START + HOUR
    assert box.send(visit(), care=(BEFORE, SERUM)) == ["aftercare"]
    assert box.send(visit(), care=(BEFORE, SERUM)) == []


def test_a_walk_in_gets_aftercare_though_nobody_had_booked_it(box: Letterbox) -> None:
    box.now = START + timedelta(minutes=30)
    assert box.send(visit(status="fulfilled"), care=(BEFORE, SERUM)) == ["aftercare"]


@pytest.mark.parametrize("status", ["cancelled", "noshow", "entered-in-error"])
def test_whoever_did_not_come_gets_no_aftercare(box: Letterbox, status: str) -> None:
    box.now = START + 2 * HOUR
    assert box.send(visit(status=status), care=(SERUM,)) == []


def test_after_an_outage_of_a_day_aftercare_is_not_sent_any_more(box: Letterbox) -> None:
    box.now = START + HOUR + WITHIN
    assert box.send(visit(), care=(SERUM,)) == []
    box.now -= timedelta(seconds=1)
    assert box.send(visit(), care=(SERUM,)) == ["aftercare"]


def test_without_signed_texts_there_is_no_aftercare_to_send(box: Letterbox) -> None:
    box.now = START + HOUR
    assert box.send(visit(), care=(BEFORE,)) == []


def test_care_goes_by_invitation_only_to_who_has_everything_by_mail() -> None:
    for by_mail in ("letters", "invitations"):
        assert not any("care" in said for said in Letterbox(by_mail).send(visit(), care=(BEFORE, SERUM)))
    box = Letterbox("everything")
    assert box.send(visit(), care=(BEFORE, SERUM)) == ["booked REQUEST", "care REQUEST", "care REQUEST"]
    assert box.send(visit(), care=(BEFORE, SERUM)) == []
    later = replace(SERUM, end=SERUM.end + HOUR)
    assert box.send(visit(), care=(BEFORE, later)) == ["care REQUEST"]
    assert sorted(box.send(visit(), blocked=True)) == ["care CANCEL", "care CANCEL", "held REQUEST"]
    box.by_mail = "invitations"
    assert box.send(visit(), care=(BEFORE, SERUM)) == ["confirmed REQUEST"]


def test_care_that_moves_back_into_the_feed_leaves_the_calendar() -> None:
    box = Letterbox("everything")
    box.send(visit(), care=(SERUM,))
    box.by_mail = "invitations"
    assert box.send(visit(), care=(SERUM,)) == ["care CANCEL"]
    assert box.send(visit(), care=(SERUM,)) == []


def test_care_whose_withdrawal_was_refused_is_not_withdrawn_for_ever() -> None:
    box = Letterbox("everything")
    box.send(visit(), care=(SERUM,))
    box.by_mail = "letters"
    assert box.send(visit(), care=(SERUM,), state="failed") == ["care CANCEL"]
    assert box.send(visit(), care=(SERUM,)) == []


STATES: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    day=st.integers(1, 4),
    status=st.sampled_from(["booked", "booked", "pending", "cancelled", "entered-in-error"]),
    blocked=st.booleans(),
    by_mail=st.sampled_from(["nothing", "letters", "invitations", "everything"]),
    outcome=st.sampled_from(["sent", "sent", "failed", "sending"]),
)


@given(st.lists(STATES, max_size=12))
def test_whatever_happens_nothing_is_told_twice_numbers_rise_and_only_invitations_are_cancelled(
    story: list[dict[str, Any]],
) -> None:
    box = Letterbox()
    for moment in story:
        box.by_mail = str(moment["by_mail"])
        now = visit(start=NOW + int(str(moment["day"])) * DAY, status=moment["status"])
        entries = (
            (replace(SERUM, start=now.end, end=now.end + 3 * DAY),) if moment["status"] == "booked" else ()
        )
        options = {"blocked": moment["blocked"], "care": entries}
        box.send(now, state=str(moment["outcome"]), **options)
        assert box.wanted(now, **options) == ()
    for uid in {mail.uid for mail in box.mails}:
        own = [mail for mail in box.mails if mail.uid == uid]
        assert [mail.sequence for mail in own] == sorted({mail.sequence for mail in own})
        stands = False
        for mail in own:
            assert mail.method != "CANCEL" or stands
            if mail.state in ("sent", "sending"):
                stands = mail.method == "REQUEST"
