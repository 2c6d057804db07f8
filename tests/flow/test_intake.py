"""intake: a client's own statements worsen a verdict at once, and improve it when a practitioner accepts."""

import pytest

from scheduler_app.domain.private_links import INTAKE
from scheduler_app.errors import Invalid
from scheduler_app.flow.intake import UNSURE, Answers, Told, last_told, take_answers
from scheduler_app.flow.private_links import LinkPress, Wanted, address_of, make_link
from scheduler_app.flow.record import Speaker, accept, record_condition, record_screening, record_treatment
from tests.flow.clinic_at_work import ClinicAtWork

PRESS = LinkPress((b"k" * 32,), "https://care.example")
DOCTOR = Speaker("practitioner", "Dr Reyes")
NONE = Answers()


class Client:
    """Somebody with a microneedling ahead, and a link in hand."""

    def __init__(self, clinic: ClinicAtWork) -> None:
        self.clinic = clinic
        self.event = clinic.book("Microneedling", "2026-03-20")
        clinic.settle()
        self.ref = clinic.client_of(self.event)

    def link(self) -> str:
        link = make_link(self.clinic.flow, PRESS, self.ref, Wanted(INTAKE, "kim"))
        with self.clinic.store.reading() as tx:
            stored = dict(tx.links.of_client(self.ref))[link]
        return str(address_of(PRESS, link, stored)).rpartition("/")[2]

    def tells(self, answers: Answers) -> str:
        assert take_answers(self.clinic.flow, self.link(), answers) == self.ref
        self.clinic.settle()
        return self.clinic.outcome(self.event)

    def accepts(self) -> str:
        """A practitioner accepts everything said so far."""
        with self.clinic.store.reading() as tx:
            records = tx.records
            refs = [each.ref for each in records.treatments(self.ref) if not each.said.counts_fully]
            refs += [each.ref for each in records.conditions(self.ref) if not each.said.counts_fully]
            refs += [each.ref for each in records.screenings(self.ref) if not each.said.counts_fully]
        for ref in refs:
            accept(self.clinic.flow, ref, DOCTOR)
        self.clinic.settle()
        return self.clinic.outcome(self.event)

    def count(self) -> int:
        with self.clinic.store.reading() as tx:
            records = tx.records
            return sum(
                len(kind)
                for kind in (
                    records.treatments(self.ref), records.conditions(self.ref), records.screenings(self.ref)
                )
            )  # fmt: skip


@pytest.fixture
def client(clinic: ClinicAtWork) -> Client:
    return Client(clinic)


def test_a_clients_own_screening_counts_once_a_practitioner_accepts_it(client: Client) -> None:
    assert client.clinic.outcome(client.event) == "review"
    assert client.tells(NONE) == "review"
    assert client.accepts() == "clear"


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (Answers(conditions=("diabetes",)), "review"),
        (Answers(conditions=("scleroderma",)), "blocked"),
        (Answers(medicines=(Told("isotretinoin", ongoing=True),)), "blocked"),
        (Answers(medicines=(Told("isotretinoin", ended_on="2025-12"),)), "blocked"),
        (Answers(medicines=(Told("isotretinoin"),)), "blocked"),  # nobody knows when it ended
        (Answers(medicines=(Told("isotretinoin", ended_on="2024-12"),)), "clear"),
        (Answers(treatments=(Told("botulinum_toxin", on="2026-03-01"),)), "clear"),
        (Answers(treatments=(Told("dermal_filler", on="2026-02-27"),)), "blocked"),
        (Answers(treatments=(Told("dermal_filler"),)), "blocked"),  # nobody knows when
    ],
)
def test_what_speaks_against_a_visit_counts_at_once(client: Client, answers: Answers, outcome: str) -> None:
    record_screening(client.clinic.flow, client.ref, "2026-03-01", DOCTOR)
    client.clinic.settle()
    assert client.clinic.outcome(client.event) == "clear"
    assert client.tells(answers) == outcome


def test_the_end_of_a_course_counts_once_it_is_accepted(client: Client) -> None:
    record_screening(client.clinic.flow, client.ref, "2026-03-01", DOCTOR)
    record_treatment(client.clinic.flow, client.ref, "isotretinoin", DOCTOR, ongoing=True)
    client.clinic.settle()
    assert client.tells(Answers(medicines=(Told("isotretinoin", ended_on="2025-06"),))) == "blocked"
    assert client.accepts() == "clear"


def test_a_condition_that_was_taken_back_counts_when_the_client_says_so_again(client: Client) -> None:
    record_screening(client.clinic.flow, client.ref, "2026-03-01", DOCTOR)
    client.tells(Answers(conditions=("diabetes",)))
    client.clinic.clock.pass_by(seconds=1)
    record_condition(client.clinic.flow, client.ref, "diabetes", DOCTOR, present=False)
    client.clinic.settle()
    assert client.clinic.outcome(client.event) == "clear"
    client.clinic.clock.pass_by(seconds=1)
    assert client.tells(Answers(conditions=("diabetes",))) == "review"


def test_sent_twice_it_is_kept_once(client: Client) -> None:
    link = client.link()
    answers = Answers(conditions=("diabetes",), treatments=(Told("plasma_pen", on="2026-01"),))
    assert take_answers(client.clinic.flow, link, answers) == client.ref
    assert take_answers(client.clinic.flow, link, answers) is None
    assert client.count() == 3


def test_what_is_on_record_already_is_not_written_again(client: Client) -> None:
    answers = Answers(
        ("diabetes",), (Told("isotretinoin", ongoing=True),), (Told("plasma_pen", on="2026-01"),)
    )
    client.tells(answers)
    client.tells(answers)
    assert client.count() == 5  # the second time only the day of asking is new


@pytest.mark.parametrize(
    "wrong",
    [
        Answers(conditions=("diabetes", "nonsense")),
        Answers(treatments=(Told("plasma_pen", on="2026-01"), Told("nonsense", on="2026-01"))),
        Answers(("diabetes",), (Told("isotretinoin", ended_on="2025-13"),)),
        Answers(("diabetes",), treatments=(Told("plasma_pen", on="2026-04"),)),
    ],
)
def test_of_answers_with_a_mistake_nothing_is_kept_and_the_link_stays_open(
    client: Client, wrong: Answers
) -> None:
    link = client.link()
    with pytest.raises(Invalid):
        take_answers(client.clinic.flow, link, wrong)
    assert client.count() == 0
    assert take_answers(client.clinic.flow, link, NONE) == client.ref


def test_a_client_who_does_not_know_when_is_counted_by_this_month_and_it_says_so(client: Client) -> None:
    client.tells(Answers(treatments=(Told("plasma_pen"),)))
    with client.clinic.store.reading() as tx:
        (fact,) = tx.records.treatments(client.ref)
    assert (fact.on, fact.note, fact.said.by) == ("2026-03", UNSURE, "client")


def test_a_regular_is_known_by_the_day_of_the_last_answers(client: Client) -> None:
    with client.clinic.store.reading() as tx:
        assert last_told(tx, client.ref) is None
    record_screening(client.clinic.flow, client.ref, "2026-01-05", DOCTOR)
    with client.clinic.store.reading() as tx:
        assert str(last_told(tx, client.ref)) == "2026-01-05"
