"""What docs/platforms/acuity.md shows is what is taken."""

import re
import tomllib
from pathlib import Path
from typing import Any

from integrations.acuity.translate import Names, Place, report_of
from integrations.registry import booking_platform
from tests.contracts.booking_platform import NOW, clinic_platform
from tests.house import house
from tests.integrations.acuity.fake_server import KEY
from tests.integrations.acuity.sample import SAMPLE

DOCS = (Path(__file__).parents[3] / "docs" / "platforms" / "acuity.md").read_text(encoding="utf-8")


def shown() -> dict[str, Any]:
    """The [[platform]] of the page, and the tables shown beside it."""
    blocks = [
        re.sub(r"^   ", "", block, flags=re.M) for block in re.findall(r"```toml\n(.*?)```", DOCS, re.S)
    ]
    whole, rules, fields = (tomllib.loads(block) for block in blocks)
    return {**whole["platform"][0], **rules["platform"], **fields["platform"]}


def test_the_documented_settings_open_the_platform() -> None:
    found = shown()
    assert found["kind"] == "acuity"
    services = {name: tuple(codes) for name, codes in found["services"].items()}
    platform = clinic_platform("acuity", services, account=found["account"], fields=found["fields"])
    assert booking_platform(platform, house().clinic, [], KEY).name == "online"
    row = SAMPLE | {"appointmentTypeID": 26099563, "addonIDs": [2112569]}
    report = report_of(row, NOW, Place(platform, house().clinic.locations["main"]), Names())
    assert (report.treatments, report.doubts) == (("microneedling", "dermal_filler"), ())


def test_the_documented_rules_and_treatments_exist() -> None:
    found = shown()
    assert found["rules"].keys() <= {rule.id for rule in house().rulebook.rules}
    codes = {code for codes in found["services"].values() for code in codes}
    assert codes <= set(house().catalogue.treatments)
