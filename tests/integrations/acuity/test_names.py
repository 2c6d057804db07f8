"""Names of types and add-ons: asked for when they are needed, and not more often."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from integrations.acuity import AcuityPlatform
from integrations.acuity.client import NameList
from scheduler_app.domain.platforms import UNMAPPED
from scheduler_app.errors import Unavailable
from tests.contracts.booking_platform import NOW, WHEN
from tests.integrations.acuity.fake_server import Acuity, refusal
from tests.integrations.acuity.outside import AtAcuity, opened

ADDONS, TYPES = "/api/v1/appointment-addons", "/api/v1/appointment-types"


def asked(acuity: Acuity, path: str) -> int:
    return sum(one == path for _, one, _ in acuity.asked)


def with_touch_up(acuity: Acuity) -> str:
    return acuity.add(WHEN, type="micro + Botox touch-up", addonIDs=[5])


def test_an_addon_is_known_by_its_name(endpoint: str, acuity: Acuity) -> None:
    services = {"micro": ("microneedling",), "botox touch-up": ("botulinum_toxin",)}
    (report,) = opened(endpoint, services=services).fetch(with_touch_up(acuity))
    assert (report.treatments, report.doubts) == (("microneedling", "botulinum_toxin"), ())


def test_an_addon_nobody_mapped_makes_the_visit_doubtful(platform: AcuityPlatform, acuity: Acuity) -> None:
    (report,) = platform.fetch(with_touch_up(acuity))
    assert (report.treatments, report.doubts) == (("microneedling", "Botox touch-up"), (UNMAPPED,))


def test_names_are_asked_for_once_for_many_appointments(platform: AcuityPlatform, acuity: Acuity) -> None:
    for _ in range(5):
        platform.fetch(with_touch_up(acuity))
    assert (asked(acuity, ADDONS), asked(acuity, TYPES)) == (1, 1)


def test_nothing_is_asked_for_where_ids_are_mapped(endpoint: str, acuity: Acuity) -> None:
    services = {"11": ("microneedling",), "addon-5": ("botulinum_toxin",)}
    (report,) = opened(endpoint, services=services).fetch(with_touch_up(acuity))
    assert report.treatments == ("microneedling", "botulinum_toxin")
    assert (asked(acuity, ADDONS), asked(acuity, TYPES)) == (0, 0)


def test_a_new_addon_is_asked_for_when_it_is_first_booked(platform: AcuityPlatform, acuity: Acuity) -> None:
    platform.fetch(with_touch_up(acuity))
    acuity.addons[6] = "Peel"
    (report,) = platform.fetch(acuity.add(WHEN, addonIDs=[6]))
    assert "Peel" in report.treatments


def test_an_addon_that_was_deleted_is_asked_for_once_and_stands_for_itself(
    platform: AcuityPlatform, acuity: Acuity
) -> None:
    for _ in range(3):
        (report,) = platform.fetch(acuity.add(WHEN, addonIDs=[77]))
        assert (report.treatments, report.doubts) == (("microneedling", "addon-77"), (UNMAPPED,))
    assert asked(acuity, ADDONS) == 1


def test_another_name_is_seen_with_the_next_reading(platform: AcuityPlatform, acuity: Acuity) -> None:
    booking = with_touch_up(acuity)
    platform.fetch(booking)
    acuity.addons[5] = "Filler touch-up"
    platform.changed(NOW, NOW)
    assert "Filler touch-up" in platform.fetch(booking)[0].treatments


def test_names_that_cannot_be_had_now_are_asked_for_again(platform: AcuityPlatform, acuity: Acuity) -> None:
    booking = with_touch_up(acuity)
    acuity.replies[ADDONS] = refusal(503, "unavailable", "Try again.")
    with pytest.raises(Unavailable):
        platform.fetch(booking)
    del acuity.replies[ADDONS]
    assert "Botox touch-up" in platform.fetch(booking)[0].treatments


@pytest.mark.parametrize("status", [400, 404])
def test_names_an_account_does_not_have_leave_the_visit_doubtful(
    platform: AcuityPlatform, acuity: Acuity, status: int
) -> None:
    acuity.replies[ADDONS] = refusal(status, "x", "x")
    assert platform.fetch(with_touch_up(acuity))[0].doubts == (UNMAPPED,)


def test_entries_nobody_can_read_do_not_hide_the_others(platform: AcuityPlatform, acuity: Acuity) -> None:
    broken = [None, {"id": [1], "name": "x"}, {"id": 3}, {"id": 4, "name": "gone", "active": False}]
    acuity.replies[ADDONS] = (200, [*broken, {"id": 5, "name": "Botox touch-up"}])
    services = {service.id: service.name for service in platform.services()}
    assert services == {"11": "micro", "12": "peel", "addon-5": "Botox touch-up"}


def test_types_and_addons_of_one_number_are_listed_apart(platform: AcuityPlatform, outside: AtAcuity) -> None:
    ids = [service.id for service in platform.services()]
    assert {"11", "addon-11"} <= set(ids)


def test_threads_that_ask_together_read_once() -> None:
    readings = []
    together = Barrier(2)

    def read() -> Mapping[str, str]:
        readings.append(1)
        with suppress(BrokenBarrierError):  # nobody else came to read: that is what should be
            together.wait(0.2)
        return {"1": "one"}

    names = NameList(read)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: names.of({"1"}), range(40)))
    assert len(readings) == 1
    assert all(answer == {"1": "one"} for answer in answers)
