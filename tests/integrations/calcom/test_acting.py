"""Confirming, declining and calling off, whatever happens meanwhile."""

import pytest

from integrations.calcom import CalcomPlatform
from scheduler_app.domain.platforms import Act
from scheduler_app.errors import Conflict, Disconnected, Invalid, NotFound, Unavailable, Unsure
from tests.contracts.booking_platform import MESSAGE, WHEN
from tests.integrations.calcom.fake_server import FakeCalcom

VERBS = ("confirm", "decline", "cancel")


def act_on(platform: CalcomPlatform, uid: str, message: str = MESSAGE) -> Act:
    report = next(one for one in platform.fetch(uid) if one.source_id == uid)
    return Act(uid, "k" * 40, report.version, message)


def posts(outside: FakeCalcom) -> list[str]:
    return [asked.path for asked in outside.asked if asked.method == "POST"]


class TestRequests:
    def test_every_request_names_its_version_and_the_key_stands_in_the_header(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        platform.confirm(act_on(platform, outside.book(WHEN, pending=True)))
        platform.services()
        versions = {asked.headers["cal-api-version"] for asked in outside.asked}
        assert versions == {"2024-08-13", "2024-06-14"}
        assert all(asked.headers["authorization"].startswith("Bearer cal_") for asked in outside.asked)

    def test_a_server_that_answers_as_an_older_version_is_told_apart_from_an_empty_one(
        self, platform: CalcomPlatform, outside: FakeCalcom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outside.book(WHEN)
        monkeypatch.setattr("integrations.calcom.client.BOOKINGS", "2024-04-15")
        with pytest.raises(Invalid, match="another shape"):
            platform.changed(None, WHEN)

    def test_the_client_reads_why_it_was_declined(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN, pending=True)
        platform.decline(act_on(platform, uid))
        assert outside.bookings[uid]["status"] == "rejected"
        assert outside.told(uid) == MESSAGE

    def test_a_reason_is_given_even_without_a_message(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        platform.cancel(act_on(platform, outside.book(WHEN), message=""))


class TestMeanwhile:
    @pytest.mark.parametrize("verb", VERBS)
    def test_done_already_nothing_is_asked(
        self, platform: CalcomPlatform, outside: FakeCalcom, verb: str
    ) -> None:
        uid = outside.book(WHEN, pending=verb != "cancel")
        act = act_on(platform, uid)
        for _ in range(3):
            getattr(platform, verb)(act)
        assert len(posts(outside)) == 1

    def test_a_booking_that_was_called_off_is_never_revived(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN, pending=True)
        outside.call_off(uid)
        with pytest.raises(Conflict):
            platform.confirm(Act(uid, "k", None, MESSAGE))
        assert posts(outside) == []

    @pytest.mark.parametrize("verb", VERBS)
    def test_what_changed_since_it_was_judged_is_let_be(
        self, platform: CalcomPlatform, outside: FakeCalcom, verb: str
    ) -> None:
        uid = outside.book(WHEN, pending=verb != "cancel")
        act = act_on(platform, uid)
        outside.change(uid, start="2026-03-21T10:00:00.000Z", end="2026-03-21T11:00:00.000Z")
        with pytest.raises(Conflict):
            getattr(platform, verb)(act)
        assert posts(outside) == []

    def test_what_a_person_confirmed_is_not_declined(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN, pending=True)
        act = act_on(platform, uid)
        outside.accept(uid)
        with pytest.raises(Conflict):
            platform.decline(act)
        assert not outside.is_over(uid)

    def test_somebody_confirming_in_the_same_moment_is_success(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN, pending=True)
        act = act_on(platform, uid)
        outside.meanwhile.append(lambda: outside.accept(uid))
        platform.confirm(act)

    def test_somebody_calling_off_in_the_same_moment_is_success(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN)
        act = act_on(platform, uid)
        outside.meanwhile.append(lambda: outside.call_off(uid))
        platform.cancel(act)

    def test_somebody_confirming_while_we_decline_is_a_conflict(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN, pending=True)
        act = act_on(platform, uid)
        outside.meanwhile.append(lambda: outside.accept(uid))
        with pytest.raises(Conflict):
            platform.decline(act)
        assert not outside.is_over(uid)


class TestRefusals:
    @pytest.mark.parametrize("verb", VERBS)
    @pytest.mark.parametrize(
        ("status", "fault"), [(404, NotFound), (409, Conflict), (429, Unavailable), (502, Unsure)]
    )
    def test_each_answer_is_told_by_what_can_help(
        self,
        platform: CalcomPlatform,
        outside: FakeCalcom,
        verb: str,
        status: int,
        fault: type[Exception],
    ) -> None:
        uid = outside.book(WHEN, pending=verb != "cancel")
        act = act_on(platform, uid)
        outside.refuse_post(status)
        with pytest.raises(fault):
            getattr(platform, verb)(act)
        assert outside.is_over(uid) is False

    @pytest.mark.parametrize("verb", VERBS)
    def test_an_answer_lost_after_it_was_done_is_unsure_and_asked_again_success(
        self, platform: CalcomPlatform, outside: FakeCalcom, verb: str
    ) -> None:
        uid = outside.book(WHEN, pending=verb != "cancel")
        act = act_on(platform, uid)
        outside.lose_answer_to("POST")
        with pytest.raises(Unsure):
            getattr(platform, verb)(act)
        getattr(platform, verb)(act)
        assert len(posts(outside)) == 1
        assert outside.is_over(uid) is (verb != "confirm")

    def test_an_event_type_that_may_not_be_cancelled_is_told_and_not_tried_for_ever(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN)
        act = act_on(platform, uid)
        outside.refuse_post(400)
        with pytest.raises(Invalid):
            platform.cancel(act)

    def test_a_booking_of_another_host_does_not_close_the_platform(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN)
        outside.foreign.add(uid)
        with pytest.raises(Invalid, match="host or team"):
            platform.cancel(act_on(platform, uid))

    def test_a_key_withdrawn_in_the_act_does(self, platform: CalcomPlatform, outside: FakeCalcom) -> None:
        uid = outside.book(WHEN)
        act = act_on(platform, uid)
        outside.meanwhile.append(outside.close_door)
        outside.foreign.add(uid)
        with pytest.raises(Disconnected):
            platform.cancel(act)
