"""The document the API serves about itself is held against what it does."""

import json
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


def test_every_route_is_described_and_every_description_is_a_route(stand: Stand) -> None:
    rules = create_app(stand.deps).url_map.iter_rules()
    served = {
        (str(rule).replace("<ident>", "{id}"), method.lower())
        for rule in rules
        if str(rule).startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in DESCRIBED["paths"].items() for method in methods}
    assert described == served


def test_the_example_of_a_check_is_answered_as_it_says(stand: Stand) -> None:
    check = DESCRIBED["paths"]["/api/v1/check"]["post"]
    question = check["requestBody"]["content"]["application/json"]["example"]
    answer = stand.client().post("/api/v1/check", json=question)
    assert answer.json == check["responses"]["200"]["content"]["application/json"]["example"]


def test_every_reference_leads_somewhere() -> None:
    def walk(part: object) -> None:
        if isinstance(part, dict):
            if "$ref" in part:
                _, _, name = part["$ref"].rpartition("/")
                assert name in DESCRIBED["components"]["schemas"]
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(DESCRIBED["paths"])
    walk(DESCRIBED["components"]["schemas"])


@pytest.mark.parametrize("word", ["safe", "cleared for"])
def test_nothing_in_it_promises_safety(word: str) -> None:
    assert word not in json.dumps(DESCRIBED).lower()
