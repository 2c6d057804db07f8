"""How the desk's pages are written: one layout, one way of saying days and times."""

from datetime import date, datetime

from babel.dates import format_date
from flask import Flask, render_template

from scheduler_app.ports import Store

PLACES = (
    ("diary", "Diary", "/desk/"),
    ("clients", "Clients", "/desk/clients"),
    ("reviews", "To review", "/desk/reviews"),
    ("statements", "From clients", "/desk/statements"),
    ("letters", "Letters", "/desk/letters"),
    ("plans", "Plans", "/desk/plans"),
    ("calendars", "Calendars", "/desk/calendars"),
    ("platforms", "Online", "/desk/platforms"),
    ("deliveries", "Deliveries", "/desk/deliveries"),
    ("work", "Not done", "/desk/work"),
)
_LOCALE = "en_GB"


class Pages:
    """Renders templates with what every page shows."""

    def __init__(self, app: Flask, store: Store, clinic_name: str) -> None:
        self._store = store
        app.jinja_env.filters["long_day"] = long_day
        app.jinja_env.filters["short_moment"] = short_moment
        app.jinja_env.trim_blocks = True
        app.jinja_env.lstrip_blocks = True
        app.jinja_env.globals.update(clinic_name=clinic_name, places=PLACES, here="")

    def render(self, template: str, **shown: object) -> str:
        """A page; `here` is the place in the navigation."""
        return render_template(template, **shown)


def long_day(day: date) -> str:
    """ "Saturday 14 March 2026"; of a moment its own local day."""
    return format_date(day, "EEEE d MMMM y", locale=_LOCALE)


def month_text(day: date) -> str:
    """ "March 2026"."""
    return format_date(day, "LLLL y", locale=_LOCALE)


def short_moment(moment: datetime, beside: datetime | None = None) -> str:
    """ "15 Mar 10:00", as a button has room for it; in the moment's own zone.

    beside: a moment that is shown too; the year is told where it is another.
    """
    pattern = "d MMM" if beside is None or beside.year == moment.year else "d MMM y"
    return f"{format_date(moment, pattern, locale=_LOCALE)} {moment:%H:%M}"
