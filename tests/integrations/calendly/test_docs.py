"""What docs/platforms/calendly.md shows is what is taken."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from integrations.calendly.client import ENDPOINT
from integrations.calendly.translate import EVENTS, Place, report_of
from integrations.registry import booking_platform
from tests.contracts.booking_platform import clinic_platform
from tests.house import house
from tests.integrations.calendly.fake_server import KEY
from tests.integrations.calendly.sample import CREATED, EVENT, MAIN

DOCS = (Path(__file__).parents[3] / "docs" / "platforms" / "calendly.md").read_text(encoding="utf-8")


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
    by_id = EVENT | {"event_type": f"{ENDPOINT}/event_types/{next(iter(services))}"}
    assert report_of(CREATED, by_id, Place(made, MAIN)).treatments == ("microneedling",)
    assert report_of(CREATED, EVENT | {"name": "Botox"}, Place(made, MAIN)).treatments == ("botulinum_toxin",)


def test_the_line_that_makes_the_webhook_asks_for_what_we_need() -> None:
    told = re.search(r"-d '(\{.*?\})'", DOCS)
    assert told is not None
    asked = json.loads(told[1])
    assert asked["events"] == list(EVENTS)
    assert (asked["scope"], asked["url"]) == ("organization", "https://YOUR-HOST/hooks/online")
    assert asked.keys() == {"url", "organization", "scope", "signing_key", "events"}
    assert f"curl -X POST {ENDPOINT}/webhook_subscriptions" in DOCS
    assert f"curl -X DELETE {ENDPOINT}/webhook_subscriptions/" in DOCS
