"""The desk's addresses. Every change is a form, judged at once, and answered with the page that shows it."""

from urllib.parse import quote

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from scheduler_app.web.deps import Deps
from scheduler_app.web.desk import booking
from scheduler_app.web.desk.calendar_routes import add_calendars
from scheduler_app.web.desk.deciding import let_stand, say_whose, settle_plan
from scheduler_app.web.desk.details import details
from scheduler_app.web.desk.diary import diary
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.letters import add_letters
from scheduler_app.web.desk.not_done import add_not_done
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.pairs import say_one_or_two
from scheduler_app.web.desk.person_routes import add_people, known_name, remembering
from scheduler_app.web.desk.platforms import add_platforms
from scheduler_app.web.desk.privacy import add_privacy
from scheduler_app.web.desk.statements import add_statements
from scheduler_app.web.desk.waiting import plans, reviews, unread, whose

Page = str | Response | tuple[str, int]


def add(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    """Register every page."""
    _diary(blueprint, deps, pages)
    add_people(blueprint, deps, pages)
    add_privacy(blueprint, deps, pages)
    add_statements(blueprint, deps, pages)
    add_letters(blueprint, deps, pages)
    _waiting(blueprint, deps, pages)
    add_calendars(blueprint, deps, pages)
    add_platforms(blueprint, deps, pages)
    add_not_done(blueprint, deps, pages)


def _diary(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    @blueprint.get("/")
    def days() -> Page:
        return diary(deps, pages, request.args.get("from", ""), Fields({}))

    @blueprint.post("/book")
    def book() -> Page:
        form = Fields(request.form)
        return booking.book(deps, form) or (diary(deps, pages, form.typed.get("date", ""), form), 422)

    @blueprint.get("/appointments/<ref>")
    def appointment(ref: str) -> Page:
        return details(deps, pages, ref, Fields({}), known_name())

    @blueprint.post("/appointments/<ref>/move")
    def move(ref: str) -> Page:
        form = Fields(request.form)
        return booking.move(deps, ref, form) or (details(deps, pages, ref, form, known_name()), 422)

    @blueprint.post("/appointments/<ref>/cancel")
    def cancel(ref: str) -> Page:
        return booking.cancel(deps, ref, Fields(request.form))

    @blueprint.post("/appointments/<ref>/override")
    def override(ref: str) -> Page:
        form = Fields(request.form)
        if let_stand(deps, ref, form):
            return remembering(redirect(f"/desk/appointments/{quote(ref)}", 303), form)
        return details(deps, pages, ref, form, known_name()), 422


def _waiting(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    @blueprint.get("/reviews")
    def in_doubt() -> Page:
        return reviews(deps, pages, Fields({}), known_name())

    @blueprint.post("/appointments/<ref>/visits")
    def one_or_two(ref: str) -> Page:
        form = Fields(request.form)
        if say_one_or_two(deps, ref, form):
            return remembering(redirect(f"/desk/appointments/{quote(ref)}#visits", 303), form)
        return reviews(deps, pages, form, known_name()), 422

    @blueprint.get("/reviews/<ref>")
    def ask_whose(ref: str) -> Page:
        return whose(deps, pages, ref, request.args.get("q"), Fields({}), known_name())

    @blueprint.post("/reviews/<ref>")
    def hear_whose(ref: str) -> Page:
        form = Fields(request.form)
        if say_whose(deps, ref, form):
            return remembering(redirect(f"/desk/appointments/{quote(ref)}", 303), form)
        return whose(deps, pages, ref, None, form, known_name()), 422

    @blueprint.get("/plans")
    def stopped() -> Page:
        return plans(deps, pages, Fields({}), known_name())

    @blueprint.get("/deliveries")
    def deliveries() -> Page:
        return unread(deps, pages)

    @blueprint.post("/plans")
    def decide() -> Page:
        form = Fields(request.form)
        if settle_plan(deps, form):
            return remembering(redirect("/desk/plans", 303), form)
        return plans(deps, pages, form, known_name()), 422
