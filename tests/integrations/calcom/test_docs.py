"""What docs/platforms/calcom.md shows is what is taken."""

import re
import tomllib
from pathlib import Path
from typing import Any

from integrations.calcom.translate import EVENTS, STAFF, STAFF_MARK
from integrations.registry import booking_platform
from tests.contracts.booking_platform import clinic_platform
from tests.house import house
from tests.integrations.calcom.fake_bookings import KEY

DOCS = (Path(__file__).parents[3] / "docs" / "platforms" / "calcom.md").read_text(encoding="utf-8")


def shown() -> dict[str, Any]:
    """The [[platform]] of the page, and the questions shown beside it."""
    blocks = re.findall(r"```toml\n(.*?)```", DOCS, re.S)
    whole, fields = (tomllib.loads(re.sub(r"^   ", "", block, flags=re.M)) for block in blocks)
    return {**whole["platform"][0], **fields["platform"]}


def test_the_documented_settings_open_the_platform() -> None:
    found = shown()
    services = {name: tuple(codes) for name, codes in found["services"].items()}
    assert set().union(*services.values()) <= set(house().catalogue.treatments)
    made = clinic_platform(found["kind"], services, user=found["user"], fields=found["fields"])
    assert booking_platform(made, house().clinic, ["long-secret"], KEY).name == found["name"]


def test_the_documented_link_marks_a_booking_of_staff() -> None:
    assert f"?metadata[{STAFF_MARK}]={STAFF}" in DOCS


def test_every_event_we_need_is_named() -> None:
    words = {
        event.removeprefix("BOOKING_").lower().replace("_", " ").replace("no show", "no-show")
        for event in EVENTS
    }
    told = re.search(r"as events \*Booking ([^*]+)\*", DOCS)
    assert told is not None
    assert set(told[1].split(", ")) == words
