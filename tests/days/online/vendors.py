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
from tests.integrations.acuity import outside as acuity
from tests.integrations.acuity.fake_server import Acuity
from tests.integrations.calcom import fake_bookings as calcom
from tests.integrations.calcom.fake_server import serving_calcom
from tests.integrations.calendly import outside as calendly
from tests.integrations.calendly.account import Account
from tests.integrations.calendly.fake_server import Calendly
from tests.integrations.simplybook import outside as simplybook
from tests.integrations.simplybook.fake_server import Simplybook
from tests.integrations.square import outside as square
from tests.integrations.square.fake_seller import Square
from tests.integrations.vendor_server import serving_vendor

SERVICES: Mapping[str, tuple[str, ...]] = {"micro": ("microneedling",), "peel": ("botulinum_toxin",)}


@dataclass(frozen=True, slots=True)
class Vendor:
    """One platform, and what people do there. tell_time: sets the platform's own clock."""

    platform: BookingPlatform
    outside: Outside
    tell_time: Callable[[datetime], None] = lambda _now: None


@contextmanager
def _acuity() -> Iterator[Vendor]:
    there = Acuity(NOW)
    with serving_vendor(there) as endpoint:
        made = acuity.opened(endpoint, services=SERVICES)
        yield Vendor(made, acuity.AtAcuity(there), partial(setattr, there, "now"))


@contextmanager
def _calcom() -> Iterator[Vendor]:
    with serving_calcom() as fake:
        made = clinic_platform("calcom", SERVICES, endpoint=fake.endpoint)
        yield Vendor(CalcomPlatform(made, house().clinic, [calcom.SECRET], calcom.KEY), fake)


@contextmanager
def _calendly() -> Iterator[Vendor]:
    there = Calendly(Account(NOW))
    with serving_vendor(there) as endpoint:
        made = calendly.opened(endpoint, services=SERVICES)
        yield Vendor(made, calendly.AtCalendly(there), partial(setattr, there.account, "now"))


@contextmanager
def _simplybook() -> Iterator[Vendor]:
    there = Simplybook(NOW)
    with serving_vendor(there) as endpoint:
        made = simplybook.opened(endpoint, services=SERVICES)
        yield Vendor(made, simplybook.AtSimplybook(there), partial(setattr, there, "now"))


@contextmanager
def _square() -> Iterator[Vendor]:
    there = Square(NOW)
    with serving_vendor(there) as endpoint:
        made = square.opened(endpoint, services=SERVICES)
        yield Vendor(made, square.AtSquare(there), partial(setattr, there, "now"))


VENDORS: Mapping[str, Callable[[], AbstractContextManager[Vendor]]] = {
    "acuity": _acuity,
    "calcom": _calcom,
    "calendly": _calendly,
    "simplybook": _simplybook,
    "square": _square,
}
