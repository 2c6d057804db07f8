"""GET /api/v1/openapi.json: how to ask. Kept by hand; tests hold it against the routes and examples."""

from pathlib import Path

from flask import Blueprint, Response

DOCUMENT = Path(__file__).with_name("openapi.json")


def openapi() -> Blueprint:
    """The one route of the API that needs no key."""
    blueprint = Blueprint("openapi", __name__)
    document = DOCUMENT.read_bytes()

    @blueprint.get("/api/v1/openapi.json")
    def describe() -> Response:
        return Response(document, content_type="application/json")

    return blueprint
