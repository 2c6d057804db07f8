"""Whatever goes wrong is told in our own words: problem details for programs, a plain page at the desk."""

from dataclasses import replace

import pytest

from scheduler_app.errors import Conflict, Denied, Invalid, NotFound, Unavailable, Unsafe
from scheduler_app.web import create_app
from scheduler_app.web.problems import status_of
from tests.web.at_the_desk import BOOKING, Receptionist, words
from tests.web.stand import SAME_ORIGIN, Stand, problem_of


def test_an_address_that_is_not_there_is_a_problem_detail(stand: Stand) -> None:
    for path in ("/nowhere", "/api/v1/nowhere", "/hooks/", "/hooks/a/b/c"):
        told = problem_of(stand.client().get(path))
        assert (told["status"], told["title"]) == (404, "Not Found")


def test_another_method_is_told_which_would_do(stand: Stand) -> None:
    answer = stand.client().delete("/api/v1/check")
    assert problem_of(answer)["status"] == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_at_the_desk_it_is_a_page(stand: Stand) -> None:
    answer = stand.client().get("/desk/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Nothing is here." in words(answer.text)


@pytest.mark.parametrize("path", ["/desk/", "/api/v1/openapi.json"])
def test_what_fails_unforeseen_says_nothing_of_itself(
    stand: Stand, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(stand.deps)

    def fail() -> None:
        raise RuntimeError("INSERT INTO clients VALUES ('Anna Berg')")

    app.before_request(fail)
    answer = app.test_client().get(path, environ_overrides={"REMOTE_ADDR": "127.0.0.1"})
    assert answer.status_code == 500
    assert "Anna" not in answer.text
    assert "Traceback" not in answer.text
    assert "Anna" not in caplog.text
    assert "RuntimeError" in caplog.text
    assert "fail" in caplog.text  # the place, for whoever repairs it
    assert "scheduler_failures_total" in stand.deps.counters.text({})


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Invalid("code", "words", "field"), 422),
        (NotFound("words"), 404),
        (Denied("words"), 403),
        (Conflict("words"), 409),
        (Unsafe("words"), 409),
        (Unavailable("words"), 503),
    ],
)
def test_every_failure_we_name_has_its_status(fault: Exception, status: int) -> None:
    assert isinstance(fault, Invalid | NotFound | Denied | Conflict | Unsafe | Unavailable)
    assert status_of(fault) == status


def test_a_form_that_is_too_large_is_a_page_that_says_so(stand: Stand) -> None:
    answer = stand.client().post("/desk/book", data=BOOKING | {"client": "x" * 300_000}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.mimetype) == (413, "text/html")


@pytest.mark.parametrize("path", ["/desk/", "/desk/nowhere", "/desk/clients", "/desk/static/desk.css"])
def test_every_desk_answer_is_hardened(stand: Stand, path: str) -> None:
    answer = stand.client().get(path)
    answer.close()  # a file stays open until its answer is
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "'unsafe-inline'" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert path.endswith(".css") or answer.headers["Cache-Control"] == "no-store"


def test_no_page_has_a_script_or_anything_from_elsewhere(stand: Stand) -> None:
    desk = Receptionist(stand)
    _, ref = desk.botox_then_microneedling()
    client = desk.client_of(ref)
    pages = ("", "clients", f"clients/{client}", "reviews", f"reviews/{ref}", "plans", "deliveries")
    for page in (*pages, f"appointments/{ref}"):
        html = desk.browser.get(f"/desk/{page}").text
        assert "<script" not in html
        assert " style=" not in html
        assert " on" + "click" not in html
        assert "http://" not in html.replace("http://localhost", "")
        assert "https://" not in html


def test_the_desk_answers_this_machine_only_and_by_its_own_name(stand: Stand) -> None:
    assert stand.client(peer="10.0.0.9").get("/desk/").status_code == 403
    assert stand.client().get("/desk/", headers={"Host": "evil.example"}).status_code == 421
    assert stand.client().get("/desk/static/desk.css", headers={"Host": "evil.example"}).status_code == 421
    terms = replace(stand.deps.access, hosts=frozenset({"desk.clinic.example"}))
    named = stand.client(replace(stand.deps, access=terms))
    assert named.get("/desk/", headers={"Host": "desk.clinic.example:8000"}).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_another_site_changes_nothing(stand: Stand, headers: dict[str, str]) -> None:
    answer = stand.client().post("/desk/book", data=BOOKING, headers=headers)
    assert answer.status_code == 403
    assert stand.calendar.changes("desk", None).events == ()


def test_the_front_door_leads_to_the_diary(stand: Stand) -> None:
    answer = stand.client().get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
