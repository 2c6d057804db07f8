"""The document the API serves about itself is held against what it does."""

import json
import re
from typing import Any

import pytest

from scheduler_app.web import create_app
from scheduler_app.web.openapi import DOCUMENT
from tests.web.stand import Stand

DESCRIBED: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))


def test_it_is_served_without_a_key_to_everybody(stand: Stand) -> None:
    answer = stand.client(peer="203.0.113.7").get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json == DESCRIBED


# What people look at: the desk, how to subscribe, what a client tells and asks.
PAGES = ("/desk", "/c/", "/my/")


def test_every_route_but_the_pages_is_described_and_every_description_is_a_route(stand: Stand) -> None:
    rules = create_app(stand.deps).url_map.iter_rules()
    served = {
        (re.sub("<(?:ident|([a-z]+))>", lambda part: f"{{{part[1] or 'id'}}}", str(rule)), method.lower())
        for rule in rules
        if str(rule) != "/" and not str(rule).startswith(PAGES)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    served.add(("/feeds/{token}.ics", "get"))  # in front of the app; held by tests/web/test_feeds.py
    described = {(path, method) for path, methods in DESCRIBED["paths"].items() for method in methods}
    assert described == served


def test_the_example_of_a_check_is_answered_as_it_says(stand: Stand) -> None:
    check = DESCRIBED["paths"]["/api/v1/check"]["post"]
    question = check["requestBody"]["content"]["application/json"]["example"]
    answer = stand.client().post("/api/v1/check", json=question)
    assert answer.json == check["responses"]["200"]["content"]["application/json"]["example"]


def test_every_reference_leads_somewhere_and_nothing_is_left_that_none_leads_to() -> None:
    led_to: set[str] = set()

    def walk(part: object) -> None:
        if isinstance(part, dict):
            led_to.update([part["$ref"]] if "$ref" in part else [])
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(DESCRIBED)
    kept = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses")
        for name in DESCRIBED["components"][kind]
    }
    assert led_to == kept


@pytest.mark.parametrize("path", [path for path in DESCRIBED["paths"] if path.startswith("/hooks/{")])
def test_every_door_for_senders_says_what_it_refuses(path: str) -> None:
    assert DESCRIBED["paths"][path]["post"]["responses"].keys() >= {"400", "401", "404", "413", "415"}


@pytest.mark.parametrize("word", ["safe", "cleared for"])
def test_nothing_in_it_promises_safety(word: str) -> None:
    assert word not in json.dumps(DESCRIBED).lower()
