"""`check`: design.md's objects in and out, errors in place."""

import json
import tracemalloc
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.story import Item, Story
from scheduler_app.errors import Invalid
from scheduler_app.flow.check import LONGEST_LINE, TOO_LONG, Checker, lines_as_they_come
from tests.bench.asked import EXAMPLE
from tests.house import house

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def checker() -> Checker:
    loaded = house()
    return Checker(loaded.rulebook, loaded.catalogue, "Europe/London", lambda: NOW)


def ask(**changes: Any) -> dict[str, Any]:
    asked = {key: value for key, value in (EXAMPLE | changes).items() if value != "left out"}
    answer: dict[str, Any] = json.loads(checker().check_line(json.dumps(asked).encode())[0])
    return answer


def test_the_example_of_the_design_is_answered_to_the_letter() -> None:
    answer = ask()
    message = answer["findings"][0].pop("message")
    assert answer == {
        "id": "c1",
        "outcome": "blocked",
        "earliest": "2026-03-15",
        "earliest_not_blocked": "2026-03-15",
        "findings": [
            {
                "rule": "microneedling-after-botulinum-toxin",
                "outcome": "blocked",
                "direction": "after",
                "other": {"treatment": "botulinum_toxin", "on": "2026-03-01", "ref": None},
                "days": 13,
                "absolute_minimum": "2 weeks",
                "minimum": "2 weeks",
                "until": "2026-03-15",
            }
        ],
    }
    assert "15 March 2026" in message
    assert "clinic sheet" in message


def test_what_is_left_out_is_none_and_today_and_zone_are_the_clinics() -> None:
    answer = ask(
        appointments="left out",
        conditions="left out",
        screened_on="left out",
        today="left out",
        zone="left out",
    )
    assert (answer["outcome"], answer["earliest"]) == ("blocked", "2026-03-15")
    east = ask(
        today="left out", zone="Asia/Tokyo", facts=[{"treatment": "botulinum_toxin", "on": "2026-03-02"}]
    )
    assert east["outcome"] == "blocked", "in Tokyo it is the 2nd already"


def test_a_course_counts_from_its_last_dose_and_one_still_taken_has_no_figures() -> None:
    taken = {"treatment": "isotretinoin", "started_on": "2025-01-10", "ended_on": "2026-04-01"}
    (finding,) = ask(facts=[taken], appointments=[])["findings"]
    assert (finding["other"]["on"], finding["days"], finding["until"]) == ("2026-04-01", -18, "2026-10-01")
    (finding,) = ask(facts=[{"treatment": "isotretinoin", "ongoing": True}], appointments=[])["findings"]
    assert (finding["other"]["on"], finding["days"], finding["until"]) == (None, None, None)


def test_a_cream_used_on_a_day_has_no_rule_and_a_course_known_by_one_day_counts_as_being_taken() -> None:
    cream = ask(facts=[{"treatment": "topical_retinoid", "on": "2026-02-20"}], appointments=[])
    assert cream["outcome"] == "clear"
    course = ask(facts=[{"treatment": "isotretinoin", "on": "2024-01-01"}], appointments=[])
    assert (course["outcome"], course["earliest"]) == ("blocked", None)


def test_a_finding_before_a_later_appointment_has_no_until() -> None:
    answer = ask(treatments=["microneedling"], start="2026-06-15T10:00", facts=[])
    (finding,) = answer["findings"]
    assert (finding["direction"], finding["days"], finding["until"]) == ("before", 5, None)
    assert finding["other"]["ref"] == "a1"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"treatments": []}, "treatments"),
        ({"treatments": "microneedling"}, "treatments"),
        ({"treatments": "left out"}, None),
        ({"start": "left out"}, None),
        ({"start": "14 March"}, "start"),
        ({"start": "2026-02-30T10:00"}, "start"),
        ({"start": "9999-03-14T10:00"}, "start"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"today": "2026-13-01"}, "today"),
        ({"fact": []}, None),
        ({"facts": None}, "facts"),
        ({"facts": [{"treatment": "botulinum_toxin"}]}, "facts[0].on"),
        ({"facts": [{"treatment": "botulinum_toxin", "on": "2026-03-02"}]}, "facts[0].on"),
        ({"facts": [{"treatment": "isotretinoin", "on": "2026-01-01", "ongoing": True}]}, "facts[0].on"),
        ({"facts": [{"treatment": 7, "on": "2026-01-01"}]}, "facts[0].treatment"),
        ({"conditions": ["mood"]}, "conditions[0]"),
        ({"conditions": None}, "conditions"),
        ({"screened_on": "2026-03-02"}, "screened_on"),
        (
            {"appointments": [{"ref": "a", "treatments": [], "start": "2026-06-20"}]},
            "appointments[0].treatments",
        ),
        ({"appointments": [{"ref": "a", "treatments": ["x"], "start": ""}]}, "appointments[0].start"),
        (
            {"appointments": [{"ref": "a", "treatments": ["x"], "start": "2026-06-20", "status": "maybe"}]},
            "appointments[0].status",
        ),
        ({"appointments": [{"ref": "a", "treatments": ["x"], "start": "2026-06-20"}] * 2}, "appointments"),
        ({"client": {"id": "17"}}, "client"),
    ],
)
def test_what_cannot_be_read_is_answered_in_place_with_the_field_at_fault(
    changes: dict[str, Any], path: str | None
) -> None:
    answer = ask(**changes)
    assert answer["id"] == "c1"
    assert set(answer) == {"id", "error"}
    assert answer["error"]["path"] == path
    assert answer["error"]["code"]
    assert answer["error"]["message"]


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 5000, b'{"id": 1e999}', b'"x"']
)
def test_a_line_that_is_no_object_is_answered_and_the_rest_goes_on(line: bytes) -> None:
    good = json.dumps(EXAMPLE).encode()
    told, fine = checker().check_lines([good, line, good])
    answers = [json.loads(answer) for answer in told.splitlines()]
    assert not fine
    assert [("error" in answer) for answer in answers] == [False, True, False]
    assert answers[1]["id"] is None


def test_every_answer_is_one_line() -> None:
    asked = json.dumps(EXAMPLE | {"id": "a\nb", "treatments": ["line\nbreak"]}).encode()
    answer, _ = checker().check_line(asked)
    assert answer.count(b"\n") == 1


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.parametrize("piece", [1000, 65_536, 4 * LONGEST_LINE])
def test_a_line_longer_than_any_story_is_refused_without_being_kept(piece: int, end: bytes) -> None:
    stream = BytesIO(b"{}\n" + b"x" * (3 * LONGEST_LINE) + b"\n" + b"[]" + end)
    lines = [line for some in lines_as_they_come(lambda _: stream.read(piece)) for line in some]
    assert [line[:10] for line in lines] in ([b"{}", TOO_LONG[:10], b"[]"], [b"{}", b"x" * 10, b"[]"])
    assert len(lines[1]) < LONGEST_LINE or piece > LONGEST_LINE


@given(
    st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")), max_size=20),
    st.integers(1, 40),
)
def test_lines_are_the_same_however_the_stream_is_cut(lines: list[bytes], piece: int) -> None:
    stream = BytesIO(b"".join(line + b"\n" for line in lines))
    assert [line for some in lines_as_they_come(lambda _: stream.read(piece)) for line in some] == lines


def test_who_asks_line_by_line_is_answered_at_once() -> None:
    asked = [b'{"a": 1}\n', b'{"b": 2}\n']
    answered: list[list[bytes]] = []

    def read(_: int) -> bytes:
        assert len(answered) == 2 - len(asked), "the line before was answered before this one is read"
        return asked.pop(0) if asked else b""

    for lines in lines_as_they_come(read):
        answered.append(lines)
    assert answered == [[b'{"a": 1}'], [b'{"b": 2}']]


def test_any_number_of_lines_take_constant_memory() -> None:
    line = json.dumps(EXAMPLE).encode() + b"\n"
    asked = checker()

    def answer(count: int) -> int:
        pieces = iter([line * 10] * (count // 10))
        tracemalloc.reset_peak()
        for lines in lines_as_they_come(lambda _: next(pieces, b"")):
            asked.check_lines(lines)
        return tracemalloc.get_traced_memory()[1]

    answer(50)
    tracemalloc.start()
    peaks = [answer(count) for count in (50, 500)]
    tracemalloc.stop()
    assert peaks[1] < peaks[0] + 50_000


def test_a_stored_story_is_added_and_others_are_named_only_to_those_who_may_know() -> None:
    today = date(2026, 3, 1).toordinal()
    held = Story((Item("botulinum_toxin", today, today, "f1"),))
    asked = json.dumps(EXAMPLE | {"facts": [], "appointments": [], "client": {"id": "c7"}}).encode()
    answer = checker().check(asked, lambda client, _: held if client == {"id": "c7"} else Story())
    assert answer["findings"][0]["other"]["ref"] == "f1"
    answer = checker().check(asked, lambda _, __: held, name_others=False)
    assert answer["outcome"] == "blocked"
    assert answer["findings"][0]["other"] is None
    assert "Botox" not in answer["findings"][0]["message"]


def test_a_question_about_nobody_known_is_refused_where_there_is_no_book() -> None:
    with pytest.raises(Invalid, match="only a server with a book"):
        checker().check(json.dumps(EXAMPLE | {"client": {"id": "c7"}}).encode())
