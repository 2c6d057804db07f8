"""How these pages are written: everything they need stands in them, no script, in the client's language."""

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Response, render_template
from markupsafe import Markup

from scheduler_app.domain.clinic import Clinic
from scheduler_app.texts.intake import Tongue, tongue

_HERE = Path(__file__).parents[1] / "templates" / "private"
STATUS = {"unknown": 404, "expired": 410, "used": 410, "answered": 410, "revoked": 410, "away": 503}


def sheet(template: str, said: Tongue, clinic: Clinic, status: int = 200, **shown: object) -> Response:
    """One page with its headers."""
    answer = Response(
        rendered(template, said, clinic, **shown), status, content_type="text/html; charset=utf-8"
    )
    answer.headers.update(headers())
    return answer


def rendered(template: str, said: Tongue, clinic: Clinic, **shown: object) -> str:
    """The page itself, which stands alone."""
    style = Markup(_style())  # noqa: S704 - our own file
    phone = clinic.phone.replace(" ", "\u00a0")  # never broken in two, which turns its parts round in Arabic
    return render_template(f"private/{template}", said=said, clinic=clinic, style=style, phone=phone, **shown)


def closed(clinic: Clinic, why: str) -> Response:
    """A link that opens nothing, told in every language of the clinic; it never says whose it was."""
    tongues = [tongue(language) for language in clinic.languages]
    answer = sheet("closed.html", tongues[0], clinic, STATUS[why], tongues=tongues, why=why)
    if why == "away":
        answer.headers["Retry-After"] = "60"
    return answer


@lru_cache(maxsize=1)
def headers() -> Mapping[str, str]:
    """Of everything a link opens. Nothing is fetched, framed, kept by caches or told to other sites.

    Referrer-Policy: with `no-referrer` browsers would send `Origin: null` with our own forms (Fetch, 3.2);
    these pages lead nowhere else.
    """
    style = f"sha256-{b64encode(sha256(_style().encode()).digest()).decode()}"
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src '{style}'; img-src data:; "
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }


@lru_cache(maxsize=1)
def _style() -> str:
    return (_HERE / "sheet.css").read_text(encoding="utf-8")
