"""What bookings are for: the catalog's ids, and its names where the clinic matched those."""

import pytest

from integrations.square import SquarePlatform
from scheduler_app.domain.platforms import UNMAPPED, Service
from scheduler_app.errors import Unavailable
from tests.contracts.booking_platform import NOW, WHEN
from tests.integrations.square.fake_seller import Square, item, refusal
from tests.integrations.square.outside import opened


def test_services_are_listed_by_the_ids_bookings_name(platform: SquarePlatform, square: Square) -> None:
    square.items += [
        item("Facial", "SVF", "30 min"),
        item("Old", "SVOLD", archived=True),
        {"id": "broken"},
        {"item_data": {"name": "None", "variations": [7, {"id": None}]}},
    ]
    assert platform.services() == [
        Service("SVMICRO", "micro"),
        Service("SVPEEL", "peel"),
        Service("SVF", "Facial - 30 min"),
    ]


def test_old_bookings_are_named_by_services_out_of_sale(platform: SquarePlatform, square: Square) -> None:
    square.items.append(item("Microneedling deluxe", "SVOLD", archived=True))
    (report,) = platform.fetch(square.add(WHEN, "SVOLD"))
    assert (report.treatments, report.doubts) == (("Microneedling deluxe",), (UNMAPPED,))


def test_names_are_asked_for_once_and_again_with_the_next_reading(
    platform: SquarePlatform, square: Square
) -> None:
    bookings = [square.add(WHEN, service) for service in ("SVMICRO", "SVPEEL", "SVGONE", "SVGONE")]

    def asked() -> int:
        return sum(path.startswith("/v2/catalog") for _, path, _, _ in square.asked)

    for booking in bookings * 2:
        platform.fetch(booking)
    assert asked() == 2 * 2  # once, and again for the one that is gone: two pages each
    platform.changed(NOW, NOW)
    assert asked() == 3 * 2


def test_services_matched_by_id_need_no_names(endpoint: str, square: Square) -> None:
    platform = opened(endpoint, services={"SVMICRO": ("microneedling",)})
    assert platform.fetch(square.add(WHEN))[0].treatments == ("microneedling",)
    assert not any("catalog" in path for _, path, _, _ in square.asked)


def test_names_that_may_not_be_read_leave_a_doubt(platform: SquarePlatform, square: Square) -> None:
    square.replies["/v2/catalog/search-catalog-items"] = refusal(403, "INSUFFICIENT_SCOPES")
    (report,) = platform.fetch(square.add(WHEN))
    assert (report.treatments, report.doubts) == (("SVMICRO",), (UNMAPPED,))


def test_names_that_cannot_be_read_now_are_asked_for_again(platform: SquarePlatform, square: Square) -> None:
    booking = square.add(WHEN)
    square.faults.append(("/v2/catalog", 503, None))
    with pytest.raises(Unavailable):
        platform.fetch(booking)
    assert platform.fetch(booking)[0].treatments == ("microneedling",)
