"""Every platform's own adapter in front of its own fake server, so that one day can be told of them all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from integrations.calcom import CalcomPlatform
from scheduler_app.ports import BookingPlatform
from tests.contracts.booking_platform import NOW, Outside, clinic_platform
from tests.house import house
from tests.integrations.acuity import fake_server as acuity_server
from tests.integrations.acuity import outside as acuity
from tests.integrations.calcom import fake_bookings as calcom
from tests.integrations.calcom.fake_server import serving_calcom
from tests.integrations.square import fake_seller as square_seller
from tests.integrations.square import fake_server as square_server
from tests.integrations.square import outside as square

SERVICES: Mapping[str, tuple[str, ...]] = {"micro": ("microneedling",), "peel": ("botulinum_toxin",)}


@dataclass(frozen=True, slots=True)
class Vendor:
    """One platform, and what people do there. tell_time: sets the platform's own clock."""

    platform: BookingPlatform
    outside: Outside
    tell_time: Callable[[datetime], None] = lambda _now: None


@contextmanager
def _acuity() -> Iterator[Vendor]:
    there = acuity_server.Acuity(NOW)
    with acuity_server.serving(there) as endpoint:
        yield Vendor(
            acuity.opened(endpoint, services=SERVICES), acuity.AtAcuity(there), partial(setattr, there, "now")
        )


@contextmanager
def _calcom() -> Iterator[Vendor]:
    with serving_calcom() as fake:
        made = clinic_platform("calcom", SERVICES, endpoint=fake.endpoint)
        yield Vendor(CalcomPlatform(made, house().clinic, [calcom.SECRET], calcom.KEY), fake)


@contextmanager
def _square() -> Iterator[Vendor]:
    there = square_seller.Square(NOW)
    with square_server.serving(there) as endpoint:
        yield Vendor(
            square.opened(endpoint, services=SERVICES), square.AtSquare(there), partial(setattr, there, "now")
        )


VENDORS: Mapping[str, Callable[[], AbstractContextManager[Vendor]]] = {
    "acuity": _acuity,
    "calcom": _calcom,
    "square": _square,
}
