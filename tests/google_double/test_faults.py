"""Faults on order, counters, limits: what tests of the faults of others rely on."""

from datetime import timedelta
from http.client import RemoteDisconnected  # noqa: TID251 - what the real client raises

import pytest
from google.auth.exceptions import RefreshError

from tests.google_double.asking import listed, put, refused, visit
from tests.google_double.double import READ_ONLY, ROOM, GoogleDouble
from tests.google_double.fixtures import Making


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "rateLimitExceeded"), (429, "rateLimitExceeded"), (403, "quotaExceeded"), (503, "backendError")],
)
def test_a_fault_strikes_as_often_as_ordered_with_its_own_words(
    google_double: GoogleDouble, google_service: Making, status: int, reason: str
) -> None:
    google_double.fail("events.list", ROOM, times=2, status=status, reason=reason)
    asked = google_service().events().list(calendarId=ROOM)
    assert google_service().events().list(calendarId=READ_ONLY).execute()["items"] == []
    assert refused(asked) == (status, reason)
    assert refused(asked) == (status, reason)
    assert asked.execute()["items"] == []


def test_the_client_gets_through_a_rate_limit_by_itself(
    google_double: GoogleDouble, google_service: Making
) -> None:
    asked = google_service().events().list(calendarId=ROOM)
    asked._sleep, asked._rand = (lambda _: None), (lambda: 0.0)
    google_double.fail(status=403, reason="rateLimitExceeded")
    assert asked.execute(num_retries=1)["items"] == []


def test_a_fault_before_the_commit_writes_nothing_and_one_after_it_everything(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot = google_service()
    insert = bot.events().insert(calendarId=ROOM, body=visit(id="visit1"))
    google_double.fail("events.insert", when="before")
    assert refused(insert) == (503, "backendError")
    assert google_double.events(ROOM) == []
    google_double.fail("events.insert", when="after", status=504)
    assert refused(insert) == (504, "backendError")
    assert [each["id"] for each in google_double.events(ROOM)] == ["visit1"]
    assert refused(insert) == (409, "duplicate")


def test_a_connection_can_end_without_an_answer(google_double: GoogleDouble, google_service: Making) -> None:
    google_double.fail("events.insert", times=2, drop=True)
    with pytest.raises(RemoteDisconnected):
        put(google_service())
    assert google_double.events(ROOM) == []
    assert [each.status for each in google_double.requests_since()] == [0, 0]


def test_the_client_repeats_a_request_once_by_itself_when_the_connection_ends(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.fail("events.insert", when="after", drop=True)
    own_id = google_service().events().insert(calendarId=ROOM, body=visit(id="visit1"))
    assert refused(own_id) == (409, "duplicate")
    google_double.fail("events.insert", when="after", drop=True)
    put(google_service())
    assert len(google_double.events(ROOM)) == 3


def test_an_answer_can_never_come(google_double: GoogleDouble, google_service: Making) -> None:
    google_double.fail("events.insert", when="after", hang=True)
    with pytest.raises(TimeoutError):
        put(google_service("bot", timeout=0.2))
    assert len(google_double.events(ROOM)) == 1


def test_a_fault_can_meet_one_account_only(google_double: GoogleDouble, google_service: Making) -> None:
    google_double.fail("*", account="bot", times=None, status=500)
    assert refused(google_service().events().list(calendarId=ROOM))[0] == 500
    assert listed(google_service("anna")) == []


def test_more_requests_a_minute_than_allowed_are_refused(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.quirks.per_minute = 2
    bot = google_service()
    assert listed(bot) == listed(bot) == []
    assert refused(bot.events().list(calendarId=ROOM)) == (403, "userRateLimitExceeded")
    assert listed(google_service("anna")) == []
    google_double.clock.advance(timedelta(seconds=61))
    assert listed(bot) == []


def test_requests_are_counted_by_method_and_account_and_patches_cost_three(
    google_double: GoogleDouble, google_service: Making
) -> None:
    made = put(google_service("anna"))
    mark = google_double.mark()
    bot = google_service()
    bot.events().patch(calendarId=ROOM, eventId=made["id"], body={"colorId": "1"}).execute()
    listed(bot)
    google_double.person("anna").retitle(ROOM, made["id"], "no request")
    assert google_double.counts(mark) == {"events.patch": 1, "events.list": 1}
    assert google_double.counts_by_account() == {"anna": 1, "bot": 2}
    assert google_double.units(mark) == 4
    first = google_double.requests_since(mark)[0]
    assert (first.method, first.account, first.calendar, first.status) == ("events.patch", "bot", ROOM, 200)


def test_withdrawn_access_is_a_calendar_nobody_knows(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot = google_service()
    google_double.unshare(ROOM, "bot")
    assert refused(bot.events().list(calendarId=ROOM)) == (404, "notFound")
    google_double.share(ROOM, "bot", "reader")
    assert refused(bot.events().insert(calendarId=ROOM, body=visit())) == (403, "requiredAccessLevel")


def test_a_token_that_opens_nothing_is_401(google_double: GoogleDouble, google_service: Making) -> None:
    with pytest.raises(RefreshError):  # the client's own: it has nothing to refresh with
        listed(google_service("stranger"))
    google_double.revoke("bot")
    with pytest.raises(RefreshError):
        listed(google_service("bot"))
    assert [each.reason for each in google_double.requests_since()] == ["authError", "authError"]
    google_double.reinstate("bot")
    assert listed(google_service("bot")) == []


def test_an_answer_that_breaks_the_schema_is_the_doubles_own_fault_and_loud(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.seed(ROOM, [visit(colourOfTheRoom="blue")])
    assert refused(google_service().events().list(calendarId=ROOM)) == (500, "doubleIsWrong")
    assert google_double.faults_of_its_own == ["events.list: Events.items[0].colourOfTheRoom: unknown name"]
    google_double.reset()


def test_an_unexpected_end_inside_the_double_is_its_own_fault(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.meanwhile(lambda: dict[str, str]()["nothing"], "events.list")
    assert refused(google_service().events().list(calendarId=ROOM)) == (500, "doubleIsWrong")
    assert google_double.faults_of_its_own == ["GET events.list: KeyError('nothing')"]
    google_double.reset()


def test_an_unknown_selection_of_fields_writes_nothing(
    google_double: GoogleDouble, google_service: Making
) -> None:
    asked = google_service().events().insert(calendarId=ROOM, body=visit(), fields="summery")
    assert refused(asked) == (400, "invalid")
    assert google_double.events(ROOM) == []
