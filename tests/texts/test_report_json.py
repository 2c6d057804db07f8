"""The report for programs."""

import json
from typing import Any

from scheduler_app.domain.audits import Audit
from scheduler_app.texts.report import json_report
from tests.flow.audited_books import audited, event
from tests.texts.test_report_text import ANNA, busy

FINDING = ["uid", "start", "title", "client", "outcome", "rule", "other", "until"]


def read(found: Audit) -> Any:
    """The report, read back."""
    return json.loads("".join(json_report(found)))


def test_it_is_one_object_of_the_promised_shape() -> None:
    told = read(busy())
    assert list(told) == ["summary", "findings", "possible", "unrecognised", "unreadable"]
    assert told["summary"] == {
        "events": 11,
        "visits": 9,
        "clients": 3,
        "blocked": 2,
        "caution": 1,
        "review": 1,
        "unrecognised": 1,
        "unreadable": 1,
    }
    assert all(list(one) == FINDING for one in (*told["findings"], *told["possible"]))
    assert told["unrecognised"] == [
        {"uid": "z", "title": "Zorbing - Dee", "start": "2026-01-06T10:00:00+00:00"}
    ]
    assert told["unreadable"] == [
        {"where": "book.ics line 12", "why": "has no DTSTART: nothing says when it is"}
    ]


def test_a_finding_names_the_visit_the_event_in_the_way_and_the_day_it_ends() -> None:
    assert read(busy())["findings"][0] == {
        "uid": "m",
        "start": "2026-01-12T10:00:00+00:00",
        "title": "Microneedling - Anna Smith",
        "client": "Anna Smith",
        "outcome": "blocked",
        "rule": "microneedling-after-botulinum-toxin",
        "other": {"uid": "b", "treatment": "botulinum_toxin", "on": "2026-01-05"},
        "until": "2026-01-19",
    }


def test_a_doubt_has_nothing_in_the_way() -> None:
    (doubt,) = (one for one in read(busy())["findings"] if one["uid"] == "d")
    assert (doubt["outcome"], doubt["rule"], doubt["other"], doubt["until"]) == (
        "review",
        "title-question",
        None,
        None,
    )


def test_a_bare_name_stands_in_a_section_of_its_own() -> None:
    told = read(busy())
    assert [one["uid"] for one in told["possible"]] == ["y"]
    assert "y" not in [one["uid"] for one in told["findings"]]


def test_findings_are_sorted_by_start_uid_and_rule() -> None:
    found = [(one["start"], one["uid"], one["rule"]) for one in read(busy())["findings"]]
    assert found == sorted(found)


def test_a_visit_that_comes_too_soon_before_another_has_no_until() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-03-10", ANNA, created="2026-02-20"),
        event("m", "Microneedling - Anna Smith", "2026-03-15", ANNA, created="2026-02-10"),
    )
    (one,) = read(found)["findings"]
    assert (one["uid"], one["other"]["uid"], one["until"]) == ("b", "m", None)


def test_local_time_keeps_its_offset() -> None:
    found = audited(event("v", "Botox?", "2026-07-01T10:00", zone="Europe/Berlin"))
    assert read(found)["findings"][0]["start"] == "2026-07-01T10:00:00+02:00"


def test_an_empty_book_is_an_object_too() -> None:
    assert read(audited())["findings"] == []


def test_any_title_can_be_written() -> None:
    title = 'Botox? "\\\x00\x1b \ud800 שרה\u2028'
    (first, *_) = read(audited(event("v", title, "2026-03-09")))["findings"]
    assert first["title"] == title
    "".join(json_report(audited(event("v", title, "2026-03-09")))).encode()
