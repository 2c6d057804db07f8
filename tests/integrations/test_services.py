"""Services of a platform into treatments: by id, by name in any case, doubted where nobody matched them."""

import pytest

from integrations.services import treatments_of
from scheduler_app.domain.platforms import UNMAPPED

MATCHED = {"12": ("microneedling",), "Botox": ("botulinum_toxin",), "both": ("microneedling", "plasma_pen")}


@pytest.mark.parametrize(
    ("services", "treatments", "doubted"),
    [
        ([("12", "Anything")], ("microneedling",), False),
        ([("99", "BOTOX")], ("botulinum_toxin",), False),
        ([("12", None), ("x", "both")], ("microneedling", "plasma_pen"), False),
        ([("13", "Peel")], ("Peel",), True),
        ([("13", None)], ("13",), True),
        ([("12", "a"), ("13", "Peel")], ("microneedling", "Peel"), True),
        ([], (), True),
        ([(None, None)], (), True),
    ],
)
def test_every_service_counts_and_none_is_guessed(
    services: list[tuple[str | None, str | None]], treatments: tuple[str, ...], doubted: bool
) -> None:
    assert treatments_of(services, MATCHED) == (treatments, (UNMAPPED,) if doubted else ())
