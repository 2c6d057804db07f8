"""The desk's addresses that are about the clinic's calendars and what was written in them."""

from urllib.parse import quote

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.calendars import calendars, digest_page, one_calendar, settle_start
from scheduler_app.web.desk.details import details
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.holding import give_back
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.person_routes import known_name, remembering

Page = str | Response | tuple[str, int]


def add_calendars(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    """Register them."""

    @blueprint.get("/calendars")
    def all_calendars() -> Page:
        return calendars(deps, pages)

    @blueprint.get("/calendars/<calendar>")
    def calendar(calendar: str) -> Page:
        return one_calendar(deps, pages, calendar, Fields({}), known_name())

    @blueprint.post("/calendars/<calendar>")
    def start(calendar: str) -> Page:
        form = Fields(request.form)
        if settle_start(deps, calendar, form):
            return remembering(redirect(f"/desk/calendars/{quote(calendar)}", 303), form)
        return one_calendar(deps, pages, calendar, form, known_name()), 422

    @blueprint.post("/appointments/<ref>/release")
    def release(ref: str) -> Page:
        form = Fields(request.form)
        if give_back(deps, ref, form):
            return remembering(redirect(f"/desk/appointments/{quote(ref)}", 303), form)
        return details(deps, pages, ref, form, known_name()), 422

    @blueprint.get("/digest")
    def digest() -> Page:
        return digest_page(deps, pages)
