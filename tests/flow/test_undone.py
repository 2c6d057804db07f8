"""A mark that a person takes off is put back once; twice taken off it is theirs to answer for."""

from scheduler_app.domain.actions import Quarrel
from scheduler_app.domain.care import stands
from scheduler_app.domain.events import Mark
from scheduler_app.flow.decide import override
from scheduler_app.flow.holds import holds
from scheduler_app.flow.record import PRACTITIONER, Speaker
from tests.flow.clinic_at_work import DESK, ClinicAtWork


def held(clinic: ClinicAtWork) -> str:
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-16")
    clinic.settle()
    assert clinic.mark(needling) is not None
    return needling


def take_off(clinic: ClinicAtWork, event: str) -> None:
    clinic.clock.pass_by(minutes=5)
    clinic.calendar.unmark(DESK, event, clinic.event(event).etag)
    clinic.look()
    clinic.settle()


def quarrel(clinic: ClinicAtWork, event: str) -> Quarrel | None:
    with clinic.store.reading() as tx:
        return tx.outbox.quarrel(clinic.appointment(event).ref)


def test_a_mark_that_was_taken_off_is_put_back_once_and_then_left_alone(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    take_off(clinic, needling)
    assert clinic.mark(needling) is not None
    take_off(clinic, needling)
    assert clinic.mark(needling) is None

    clinic.clock.pass_by(days=1)
    clinic.sync_all()
    assert clinic.mark(needling) is None
    assert clinic.outcome(needling) == "blocked"
    today = clinic.flow.today(clinic.clock.now)
    judged = clinic.verdict(needling).verdict
    assert not stands(clinic.appointment(needling), judged, today)  # unconfirmed, and no care in the feed


def test_the_practitioner_is_told_once_that_it_is_left_alone(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    take_off(clinic, needling)
    assert clinic.audited(needling, "mark-left-alone") == []
    take_off(clinic, needling)
    clinic.sync_all()

    assert len(clinic.audited(needling, "mark-left-alone")) == 1
    known = quarrel(clinic, needling)
    assert known is not None
    assert known.told
    with clinic.store.reading() as tx:
        (hold,) = holds(tx, clinic.flow, clinic.clock.now)
    assert hold.left_alone


def test_moving_the_visit_starts_afresh(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    take_off(clinic, needling)
    take_off(clinic, needling)
    clinic.move(needling, "2026-03-17")
    clinic.settle()
    assert clinic.mark(needling) is not None

    take_off(clinic, needling)
    assert clinic.mark(needling) is not None


def test_only_an_override_lets_it_stand(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    take_off(clinic, needling)
    take_off(clinic, needling)
    visit = clinic.appointment(needling)
    finding = clinic.verdict(needling).verdict.findings[0]
    override(
        clinic.flow, visit.ref, finding.key, Speaker(PRACTITIONER, "Dr Reyes"), reason="clinical-judgement"
    )
    clinic.settle()

    assert clinic.outcome(needling) != "blocked"
    with clinic.store.reading() as tx:
        assert holds(tx, clinic.flow, clinic.clock.now) == []


def test_what_a_page_showed_before_our_mark_was_written_is_no_quarrel(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    event = clinic.event(needling)
    clinic.calendar.unmark(DESK, needling, event.etag)
    clinic.look()
    runner = clinic.runner()
    while runner.run_next(("sync",)):
        pass
    clinic.calendar.mark(DESK, needling, event.mark or Mark("", "", ""), clinic.event(needling).etag)
    clinic.settle()

    assert quarrel(clinic, needling) is None
    assert clinic.mark(needling) == event.mark


def test_a_title_without_our_words_is_a_mark_taken_off(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    stands = clinic.mark(needling)
    assert stands is not None
    bare = Mark(stands.kind, "", stands.text, stands.colour)
    clinic.calendar.mark(DESK, needling, bare, clinic.event(needling).etag)
    clinic.look()
    clinic.settle()

    assert clinic.mark(needling) == stands
    known = quarrel(clinic, needling)
    assert known is not None
    assert known.undone == 1


def test_words_of_ours_that_a_program_wrote_in_its_own_way_are_no_quarrel(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    stands = clinic.mark(needling)
    assert stands is not None
    rewritten = Mark(stands.kind, stands.prefix, f"<p>{stands.text}</p>", "Grape")
    clinic.calendar.mark(DESK, needling, rewritten, clinic.event(needling).etag)
    clinic.look()
    clinic.settle()

    assert clinic.mark(needling) == rewritten
    assert quarrel(clinic, needling) is None


def test_a_mark_taken_off_where_we_only_observe_is_no_quarrel(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    clinic.on_terms(mode="observe")
    take_off(clinic, needling)

    assert clinic.mark(needling) is None
    assert quarrel(clinic, needling) is None
    clinic.on_terms(mode="hold")
    clinic.sync_all()
    assert clinic.mark(needling) is not None


def test_what_is_left_of_a_mark_that_was_taken_off_twice_goes_when_the_reason_goes(
    clinic: ClinicAtWork,
) -> None:
    botox = clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-16")
    clinic.settle()
    for _ in range(2):
        stands = clinic.mark(needling)
        assert stands is not None
        assert stands.prefix
        bare = Mark(stands.kind, "", stands.text, stands.colour)
        clinic.calendar.mark(DESK, needling, bare, clinic.event(needling).etag)
        clinic.look()
        clinic.settle()
    left = clinic.mark(needling)
    assert left is not None
    assert left.prefix == ""
    clinic.sync_all()
    assert clinic.mark(needling) == left

    clinic.move(botox, "2026-05-20")
    clinic.settle()
    assert clinic.mark(needling) is None


def test_an_explanation_that_was_taken_out_is_a_mark_taken_off(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    stands = clinic.mark(needling)
    assert stands is not None
    clinic.calendar.mark(DESK, needling, Mark(stands.kind, stands.prefix, ""), clinic.event(needling).etag)
    clinic.look()
    clinic.settle()

    assert clinic.mark(needling) == stands
    known = quarrel(clinic, needling)
    assert known is not None
    assert known.undone == 1
