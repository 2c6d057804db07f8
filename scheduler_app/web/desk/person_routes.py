"""The addresses about clients: what is known, and every form that adds to it."""

from urllib.parse import quote, unquote

from flask import Blueprint, redirect, request
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response

from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.feeds import change_feed, change_writing
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.people import Asked, person, search
from scheduler_app.web.desk.recording import KINDS, record_form

Page = str | Response | tuple[str, int]
NAME = "desk_name"  # a cookie that spares people typing their own name; it opens nothing
_LINES = {"withdraw": "w", "accept": "a", "clear": "c"}  # forms that belong to one record


def add_people(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    """GET /desk/clients and /desk/clients/<ref>, and the forms of that page."""

    @blueprint.get("/clients")
    def clients() -> Page:
        return search(deps, pages, request.args.get("q", ""))

    @blueprint.get("/clients/<ref>")
    def client(ref: str) -> Page:
        asked = Asked(
            root=_root(deps),
            name=known_name(),
            correct=request.args.get("correct", ""),
            show_feed=request.args.get("feed") == "show",
        )
        return person(deps, pages, ref, asked)

    @blueprint.post("/clients/<ref>/feed")
    def feed(ref: str) -> Page:
        form = Fields(request.form, "feed-")
        if change_feed(deps, ref, form):
            return remembering(redirect(f"/desk/clients/{quote(ref)}#feed", 303), form)
        return person(deps, pages, ref, Asked(_root(deps), known_name(), {"feed": form})), 422

    @blueprint.post("/clients/<ref>/writing")
    def writing(ref: str) -> Page:
        form = Fields(request.form, "writing-")
        if change_writing(deps, ref, form):
            return remembering(redirect(f"/desk/clients/{quote(ref)}#feed", 303), form)
        return person(deps, pages, ref, Asked(_root(deps), known_name(), {"writing": form})), 422

    @blueprint.post("/clients/<ref>/<kind>")
    def record(ref: str, kind: str) -> Page:
        if kind not in KINDS:
            raise NoPage
        fact = request.form.get("fact", "") if kind in _LINES else ""
        name = f"{_LINES[kind]}-{fact}" if fact else kind
        form = Fields(request.form, f"{name}-")
        if record_form(deps, ref, kind, form):
            return remembering(redirect(f"/desk/clients/{quote(ref)}#known", 303), form)
        return person(deps, pages, ref, Asked(_root(deps), known_name(), {name: form}, fact)), 422


def _root(deps: Deps) -> str:
    return f"{deps.public_url.rstrip('/')}/" if deps.public_url else request.url_root


def known_name() -> str:
    """The name typed last in this browser."""
    return unquote(request.cookies.get(NAME, ""))[:200]


def remembering(answer: Response, form: Fields) -> Response:
    """Keep the name that was typed, so that it need not be typed again today."""
    answer.set_cookie(
        NAME,
        quote(form.typed.get("by", ""))[:600],
        max_age=12 * 3600,
        path="/desk",
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
    return answer
