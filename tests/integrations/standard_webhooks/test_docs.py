"""What docs/webhooks.md shows is what is taken."""

import re
from pathlib import Path

from integrations.documents import parse
from integrations.standard_webhooks.translate import STATUS_OF_TYPE, STATUSES, reports_in
from tests.flow.clinic_at_work import NOW, local
from tests.house import house

DOCS = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_the_documented_example_is_understood() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL)
    (report,) = reports_in(parse(example.encode()), "website", house().clinic, NOW)
    assert (report.source_id, report.start) == ("booking-17", local("2026-03-14"))
    assert report.clues.phone == "+442079460018"


def test_every_type_and_status_is_documented() -> None:
    for word in (*STATUS_OF_TYPE, *STATUSES):
        assert f"`{word}`" in DOCS
