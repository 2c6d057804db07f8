"""The desk: plain pages for the people at the clinic. No script, nothing loaded from elsewhere."""

from flask import Blueprint, Flask, Response, request

from scheduler_app.web.access import require_local, require_own_page
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk import routes
from scheduler_app.web.desk.pages import Pages

# Referrer-Policy: with `no-referrer` browsers would send `Origin: null` with our own forms (Fetch, 3.2)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def add_desk(app: Flask, deps: Deps) -> None:
    """Everything under /desk/, on this machine only until a sign-in is configured."""
    pages = Pages(app, deps.store, deps.clinic.name)
    blueprint = Blueprint("desk", __name__, url_prefix="/desk")
    routes.add(blueprint, deps, pages)

    @app.before_request
    def guard() -> None:
        if request.path.startswith("/desk"):
            require_local(request, deps.access)
            require_own_page(request)

    app.after_request(harden)
    app.register_blueprint(blueprint)


def harden(answer: Response) -> Response:
    """The headers of every desk page, faults included."""
    if request.path.startswith("/desk"):
        static = request.endpoint == "static"
        for name, value in HEADERS.items():
            if not (static and name == "Cache-Control"):
                answer.headers[name] = value
    return answer
