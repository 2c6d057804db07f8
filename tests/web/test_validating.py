"""POST /hooks/<source>/validate: answered in the platform's form from what we hold; nothing is stored."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from integrations.simplybook import SimplybookPlatform
from scheduler_app.domain.platforms import ClinicPlatform, PlatformTerms
from scheduler_app.errors import Unavailable
from scheduler_app.flow.flow import Flow
from tests.web.online import JSON, ONLINE, Online, standing_online
from tests.web.stand import problem_of


@pytest.fixture
def online(tmp_path: Path, empty_database: Path) -> Iterator[Online]:
    with standing_online(tmp_path, empty_database) as made:
        yield made


def ask(online: Online, service: str, day: int, path: str = f"/hooks/{ONLINE}/validate") -> TestResponse:
    """The platform asks about a booking it has not made yet."""
    held = online.platform.bookings
    before = dict(held)
    template = next(iter(held.values()))
    asked = replace(
        template,
        id="asked",
        services=(service,),
        start=template.start.replace(day=day),
        end=template.end.replace(day=day),
    )
    held["asked"] = asked
    headers, body = online.platform.sent("asked")
    answer = online.stand.client().post(path, data=body, headers=dict(headers) | JSON)
    held.clear()
    held.update(before)
    return answer


def test_a_booking_that_would_break_a_gap_is_refused_in_the_platforms_form(online: Online) -> None:
    online.book("Botox", 18)
    answer = ask(online, "Micro", 20)
    assert answer.status_code == 200
    assert "1 April 2026" in answer.get_json()["refused"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_any_other_is_let_through(online: Online) -> None:
    online.book("Botox", 18)
    assert ask(online, "Talk", 20).get_json() == {"refused": None}


def test_nothing_is_stored(online: Online) -> None:
    online.book("Botox", 18)
    ask(online, "Micro", 20)
    with online.stand.store.reading() as tx:
        assert tx.appointments.by_source(ONLINE, "asked") is None
        assert list(tx.deliveries.sources_pending()) == []


def test_a_signature_that_fits_nothing_is_denied(online: Online) -> None:
    online.book("Botox", 18)
    answer = online.stand.client().post(f"/hooks/{ONLINE}/validate", data=b"{}", headers=JSON)
    assert problem_of(answer)["status"] == 401


@pytest.mark.parametrize(
    "path", [f"/hooks/{ONLINE}/validate/secret", "/hooks/website/validate", "/hooks/nobody/validate/x"]
)
def test_who_does_not_ask_that_way_finds_nothing(online: Online, path: str) -> None:
    online.book("Botox", 18)
    assert problem_of(ask(online, "Micro", 20, path))["status"] == 404


def test_a_body_of_another_type_is_refused(online: Online) -> None:
    answer = online.stand.client().post(f"/hooks/{ONLINE}/validate", data=b"a=b")
    assert problem_of(answer)["status"] == 415


def test_a_body_too_large_is_refused(online: Online) -> None:
    answer = online.stand.client().post(f"/hooks/{ONLINE}/validate", data=b" " * 300_000, headers=JSON)
    assert problem_of(answer)["status"] == 413


@pytest.mark.parametrize("down", ["refuse", "accept"])
def test_where_we_cannot_look_the_platform_is_told_what_the_clinic_said_beforehand(
    online: Online, down: str
) -> None:
    online.book("Botox", 18)
    flow = online.stand.deps.flow
    known = replace(flow.clinic.platforms[ONLINE], terms=PlatformTerms(when_down=down))
    broken = replace(
        flow,
        clinic=replace(flow.clinic, platforms={ONLINE: known}),
        store=_Closed(flow.store),  # type: ignore[arg-type]
    )
    online.stand.deps = replace(online.stand.deps, flow=broken)
    refused = ask(online, "Micro", 20).get_json()["refused"]
    assert (refused is None) is (down == "accept")


@pytest.mark.parametrize("down", ["refuse", "accept"])
def test_a_question_of_the_platforms_that_we_cannot_read_is_answered_in_its_form(
    online: Online, down: str
) -> None:
    """The booking page understands no other; a client waits there."""
    flow = online.stand.deps.flow
    own = "whatever-it-takes-16"
    shop = ClinicPlatform(
        "shop", "simplybook", "main", "clinic", "scheduler", terms=PlatformTerms(when_down=down)
    )
    platform = SimplybookPlatform(shop, flow.clinic, [own], "a password")
    clinic = replace(flow.clinic, platforms={"shop": shop})
    known = replace(flow, clinic=clinic, platforms={"shop": platform})
    online.stand.deps = replace(online.stand.deps, flow=known)
    skipped = {
        "service_id": 9,
        "start_datetime": "2026-03-29 01:30:00",
        "end_datetime": "2026-03-29 02:30:00",
    }
    client = online.stand.client()
    answer = client.post(f"/hooks/shop/validate/{own}", json=skipped)
    assert answer.status_code == 200
    assert bool(answer.get_json()) is (down == "refuse")
    assert problem_of(client.post(f"/hooks/shop/validate/{own}", data=b"{", headers=JSON))["status"] == 400


class _Closed:
    """A database that does not answer when it is read."""

    def __init__(self, store: object) -> None:
        self._store = store

    def reading(self) -> Flow:
        raise Unavailable("the database does not answer")

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)
