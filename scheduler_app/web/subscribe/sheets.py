"""How these pages are written: everything they need stands in them, in the client's language."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Response, render_template
from markupsafe import Markup

from scheduler_app.domain.clinic import Clinic
from scheduler_app.texts.words import words

_HERE = Path(__file__).parents[1] / "templates" / "subscribe"


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language on a page."""

    code: str

    @property
    def direction(self) -> str:
        """For the attribute `dir`."""
        return "rtl" if words(self.code).right_to_left else "ltr"

    def say(self, key: str, **values: object) -> str:
        """A line of the section [subscribe]; names and numbers keep their direction."""
        embed = words(self.code).embed
        told = {name: embed(value) if isinstance(value, str) else value for name, value in values.items()}
        return words(self.code).sections["subscribe"][key](**told)


def sheet(template: str, status: int, clinic: Clinic, language: str, **shown: object) -> Response:
    """One page with its headers."""
    page = render_template(
        f"subscribe/{template}",
        clinic=clinic,
        phone=clinic.phone.replace(" ", "\u00a0"),  # in one piece
        tongue=Tongue(language),
        style=Markup(_style()),  # noqa: S704 - our own file
        **shown,
    )
    answer = Response(page, status, content_type="text/html; charset=utf-8")
    answer.headers.update(headers())
    return answer


@lru_cache(maxsize=1)
def headers() -> Mapping[str, str]:
    """Of everything a link opens. Nothing is fetched, framed, kept by caches or told to other sites."""
    style, script = _hash(_style()), _hash(_script())
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src '{style}'; script-src '{script}'; img-src data:; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "Cache-Control": "private, no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex",
    }


@lru_cache(maxsize=1)
def _style() -> str:
    return (_HERE / "sheet.css").read_text(encoding="utf-8")


def _script() -> str:
    """What stands inside the one element there is: a browser runs it only if it has this hash."""
    element = (_HERE / "copy.html").read_text(encoding="utf-8").strip()
    return element.removeprefix("<script>").removesuffix("</script>")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
