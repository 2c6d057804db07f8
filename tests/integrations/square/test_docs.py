"""What docs/platforms/square.md shows can be configured as it stands."""

import re
import tomllib
from pathlib import Path

from integrations.square.client import SCOPES
from integrations.square.platform import SquarePlatform
from integrations.square.translate import CARD
from scheduler_app.domain.platforms import ClinicPlatform
from tests.house import house
from tests.integrations.square.fake_seller import TOKEN, VERSION

PAGE = (Path(__file__).parents[3] / "docs/platforms/square.md").read_text(encoding="utf-8")


def shown() -> dict[str, object]:
    """The [[platform]] of the page, its parts put together."""
    parts = [re.sub(r"(?m)^   ", "", part) for part in re.findall(r"```toml\n(.*?)```", PAGE, re.S)]
    (platform,) = tomllib.loads("\n".join(parts))["platform"]
    return dict(platform)


def test_the_lines_it_shows_make_a_platform() -> None:
    settings = shown()
    del settings["rules"]
    made = ClinicPlatform(**settings)  # type: ignore[arg-type]
    assert SquarePlatform(made, house().clinic, ["a-signature-key"], TOKEN).name == "online"


def test_it_names_every_permission_and_every_field_of_the_card_and_the_version() -> None:
    assert all(f"`{word}`" in PAGE or f'"{word}"' in PAGE for word in (*SCOPES, *CARD))
    assert f"Square-Version: {VERSION}" in PAGE


def test_its_rules_and_treatments_exist() -> None:
    settings = shown()
    rules, services = settings["rules"], settings["services"]
    assert isinstance(rules, dict)
    assert isinstance(services, dict)
    assert rules.keys() <= {rule.id for rule in house().rulebook.rules}
    assert {code for codes in services.values() for code in codes} <= set(house().catalogue.treatments)
