"""Calling off: as an admin, once, with the message, whatever happens to the answer."""

import pytest

from integrations.acuity import AcuityPlatform
from scheduler_app.domain.platforms import Act
from scheduler_app.errors import Conflict, Disconnected, Invalid, NotFound, Unavailable, Unsure
from tests.contracts.booking_platform import MESSAGE, WHEN
from tests.integrations.acuity.fake_server import Acuity, refusal
from tests.integrations.acuity.outside import AtAcuity


def act(booking: str, message: str = MESSAGE) -> Act:
    return Act(booking, "k" * 40, None, message)


def put(acuity: Acuity) -> list[dict[str, str]]:
    return [query for method, _, query in acuity.asked if method == "PUT"]


def test_rules_for_clients_play_no_part_and_acuity_tells_the_client(
    platform: AcuityPlatform, outside: AtAcuity
) -> None:
    booking = outside.book(WHEN)
    platform.cancel(act(booking))
    assert put(outside.acuity) == [{"admin": "true"}]
    assert outside.told(booking) == MESSAGE


def test_without_a_message_the_client_is_told_all_the_same(
    platform: AcuityPlatform, outside: AtAcuity
) -> None:
    booking = outside.book(WHEN)
    platform.cancel(act(booking, ""))
    assert (outside.acuity.notes[booking], outside.acuity.told[booking]) == ("", True)


def test_what_is_over_is_not_called_off_again(platform: AcuityPlatform, outside: AtAcuity) -> None:
    booking = outside.book(WHEN)
    outside.acuity.call_off(booking, missed=True)
    platform.cancel(act(booking))
    assert put(outside.acuity) == []
    assert outside.acuity.rows[booking]["noShow"] is True


@pytest.mark.parametrize("again", [refusal(400, "x", "x"), refusal(409, "x", "x")])
def test_a_client_who_was_faster_makes_it_success(
    platform: AcuityPlatform, outside: AtAcuity, monkeypatch: pytest.MonkeyPatch, again: tuple[int, object]
) -> None:
    booking, acuity = outside.book(WHEN), outside.acuity
    acuity.again = again
    look = platform.fetch  # the state is asked for by the client; somebody cancels right after that
    assert look(booking)[0].status == "booked"
    answer = acuity.answer

    def faster(method: str, *asked: object) -> tuple[int, object]:
        if method == "PUT":
            acuity.call_off(booking)
        return answer(method, *asked)  # type: ignore[arg-type]

    monkeypatch.setattr(acuity, "answer", faster)
    platform.cancel(act(booking))
    assert outside.is_over(booking)


@pytest.mark.parametrize(
    ("status", "fault"),
    [(400, Invalid), (404, NotFound), (409, Conflict), (403, Disconnected), (401, Disconnected)],
)
def test_a_refusal_while_it_still_stands_is_raised(
    platform: AcuityPlatform, outside: AtAcuity, status: int, fault: type[Exception]
) -> None:
    booking = outside.book(WHEN)
    outside.acuity.faults.append(("PUT", status, None))
    with pytest.raises(fault):
        platform.cancel(act(booking))
    assert not outside.is_over(booking)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_when_acuity_cannot_it_is_asked_again(
    platform: AcuityPlatform, outside: AtAcuity, status: int
) -> None:
    booking = outside.book(WHEN)
    outside.acuity.faults.append(("PUT", status, 9))
    with pytest.raises(Unavailable) as fault:
        platform.cancel(act(booking))
    assert fault.value.retry_in == 9
    platform.cancel(act(booking))
    assert outside.is_over(booking)


@pytest.mark.parametrize(("moment", "puts"), [("before", 1), ("after", 1)])
def test_an_answer_that_was_lost_leads_to_one_cancelling(
    platform: AcuityPlatform, outside: AtAcuity, moment: str, puts: int
) -> None:
    booking = outside.book(WHEN)
    outside.acuity.faults.append(("PUT", moment, None))
    with pytest.raises(Unsure):
        platform.cancel(act(booking))
    assert outside.is_over(booking) is (moment == "after")
    platform.cancel(act(booking))
    assert outside.is_over(booking)
    assert len(put(outside.acuity)) == puts


def test_an_appointment_nobody_knows_is_not_found(platform: AcuityPlatform, outside: AtAcuity) -> None:
    for booking in ("99999", "../me"):
        with pytest.raises(NotFound):
            platform.cancel(act(booking))
    assert put(outside.acuity) == []


def test_bookings_never_wait_and_are_neither_confirmed_nor_declined(
    platform: AcuityPlatform, outside: AtAcuity
) -> None:
    booking = outside.book(WHEN)
    for attempt in (platform.confirm, platform.decline):
        with pytest.raises(Invalid):
            attempt(act(booking))
    assert outside.acuity.asked == []
