"""watch and stop: notices as Google sends them, and everything that can become of them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.google_double.asking import put, refused
from tests.google_double.double import READ_ONLY, ROOM, GoogleDouble
from tests.google_double.fixtures import Making, Service
from tests.google_double.hooks import Hook, hook


@pytest.fixture
def listening(google_double: GoogleDouble) -> Iterator[Hook]:
    google_double.quirks.https_only = False
    with hook() as kept:
        yield kept
        google_double.settle()


def watch(service: Service, address: str, channel: str = "channel-1", **more: Any) -> dict[str, str]:
    body = {"id": channel, "type": "web_hook", "address": address, "token": "echo me"} | more
    made: dict[str, str] = service.events().watch(calendarId=ROOM, body=body).execute()
    return made


def test_a_notice_is_a_post_without_a_body_and_with_googles_headers(
    google_double: GoogleDouble, google_service: Making, listening: Hook
) -> None:
    made = watch(google_service(), listening.address)
    assert google_double.settle()
    assert listening.arrived == [
        {
            "Host": listening.address.split("/")[2],
            "Content-Length": "0",
            "Accept": "*/*",
            "User-Agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
            "X-Goog-Channel-ID": "channel-1",
            "X-Goog-Channel-Expiration": "Mon, 09 Mar 2026 08:00:00 GMT",
            "X-Goog-Resource-State": "sync",
            "X-Goog-Message-Number": "1",
            "X-Goog-Resource-ID": made["resourceId"],
            "X-Goog-Resource-URI": made["resourceUri"],
            "X-Goog-Channel-Token": "echo me",
            "body": "0",
        }
    ]
    assert made["expiration"] == "1773043200000"


def test_every_change_is_told_with_growing_numbers_and_gaps(
    google_double: GoogleDouble, google_service: Making, listening: Hook
) -> None:
    watch(google_service(), listening.address)
    made = put(google_service("anna"))
    google_double.person("anna").retitle(ROOM, made["id"], "x")
    google_double.person("anna").delete(ROOM, made["id"])
    google_double.person("anna").book(READ_ONLY, "x", "2026-03-10", "2026-03-11")
    google_double.settle()
    assert listening.states() == ["sync", "exists", "exists", "exists"]
    numbers = listening.numbers()
    assert numbers == sorted(set(numbers))
    assert numbers != list(range(1, 5))


def test_a_notice_is_tried_again_only_after_a_servers_own_fault(
    google_double: GoogleDouble, google_service: Making, listening: Hook
) -> None:
    listening.answers[:] = [503, 500, 204, 400]
    watch(google_service(), listening.address)
    put(google_service())
    google_double.settle()
    assert [(each.status, each.attempts) for each in google_double.deliveries] == [(204, 3), (400, 1)]
    assert len(set(listening.numbers())) == 2


def test_a_stopped_or_expired_channel_is_silent(
    google_double: GoogleDouble, google_service: Making, listening: Hook
) -> None:
    bot = google_service()
    made = watch(bot, listening.address)
    wrong = {"id": "channel-1", "resourceId": "other"}
    assert refused(bot.channels().stop(body=wrong)) == (404, "notFound")
    assert refused(bot.channels().stop(body={"id": "channel-1"})) == (400, "required")
    named = {"id": made["id"], "resourceId": made["resourceId"]}
    assert refused(google_service("anna").channels().stop(body=named)) == (403, "forbidden")
    bot.channels().stop(body=named).execute()
    watch(bot, listening.address, "channel-2")
    google_double.expire_channels(ROOM)
    watch(bot, listening.address, "channel-3", expiration=str(1772438700000))
    assert [each.id for each in google_double.channels] == ["channel-3"]
    google_double.clock.advance(timedelta(minutes=6))
    put(bot)
    google_double.settle()
    assert listening.states() == ["sync"] * 3
    assert google_double.channels == []


def test_a_channel_lives_no_longer_than_the_limit(
    google_double: GoogleDouble, google_service: Making, listening: Hook
) -> None:
    google_double.quirks.channel_life = 3600
    bot = google_service()
    assert watch(bot, listening.address, "a")["expiration"] == "1772442000000"
    assert watch(bot, listening.address, "b", expiration="1972442000000")["expiration"] == "1772442000000"
    assert watch(bot, listening.address, "c", params={"ttl": "60"})["expiration"] == "1772438460000"


def test_a_channels_id_is_used_once_and_its_address_is_https(
    google_double: GoogleDouble, google_service: Making, listening: Hook
) -> None:
    bot = google_service()
    watch(bot, listening.address)
    body = {"id": "channel-1", "type": "web_hook", "address": listening.address}
    asked = bot.events().watch(calendarId=ROOM, body=body)
    assert refused(asked) == (400, "channelIdNotUnique")
    google_double.quirks.https_only = True
    asked = bot.events().watch(calendarId=ROOM, body=body | {"id": "channel-2"})
    assert refused(asked) == (400, "push.webhookUrlNotHttps")


def test_notices_can_be_lost_and_doubled(
    google_double: GoogleDouble, google_service: Making, listening: Hook
) -> None:
    watch(google_service(), listening.address)
    google_double.push("lost", times=1)
    google_double.push("doubled", times=1)
    put(google_service())
    put(google_service(), hour=12)
    google_double.settle()
    numbers = listening.numbers()
    assert len(numbers) == 3
    assert numbers[1] == numbers[2]


def test_notices_can_be_late_and_out_of_order(
    google_double: GoogleDouble, google_service: Making, listening: Hook
) -> None:
    watch(google_service(), listening.address)
    google_double.push("reordered")
    put(google_service())
    put(google_service(), hour=12)
    google_double.settle()
    assert listening.states() == ["sync"]
    assert google_double.deliver() == 2
    google_double.settle()
    assert listening.numbers()[1] > listening.numbers()[2]
    google_double.push("late")
    put(google_service(), hour=14)
    assert google_double.deliver() == 1
    google_double.settle()
    assert len(listening.numbers()) == 4


def test_the_first_notice_can_come_before_the_answer(
    google_double: GoogleDouble, google_service: Making, listening: Hook
) -> None:
    google_double.push_before_answer()
    google_double.fail("events.watch", when="after", hang=True)
    with pytest.raises(TimeoutError):
        watch(google_service("bot", timeout=0.3), listening.address)
    assert listening.states() == ["sync"]
    assert [each.id for each in google_double.channels] == ["channel-1"]


def test_a_channel_tells_only_of_the_kinds_it_watches(
    google_double: GoogleDouble, google_service: Making, listening: Hook
) -> None:
    bot = google_service()
    body = {"id": "channel-1", "type": "web_hook", "address": listening.address}
    bot.events().watch(calendarId=ROOM, body=body, eventTypes=["default"]).execute()
    put(bot, eventType="outOfOffice")
    put(bot)
    google_double.settle()
    assert listening.states() == ["sync", "exists"]


def test_nobody_listening_is_a_failed_message(google_double: GoogleDouble, google_service: Making) -> None:
    google_double.quirks.https_only = False
    watch(google_service(), "http://127.0.0.1:9/")
    google_double.settle()
    assert [each.status for each in google_double.deliveries] == [None]
