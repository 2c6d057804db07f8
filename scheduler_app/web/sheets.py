"""How clients' own pages are written: everything they need stands in them, in the client's language."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from flask import Response, render_template
from markupsafe import Markup

from scheduler_app.domain.clinic import Clinic

_HERE = Path(__file__).parent / "templates"


class Said(Protocol):
    """One language on a page."""

    @property
    def code(self) -> str:
        """BCP 47, for the attribute `lang`."""
        ...

    @property
    def direction(self) -> str:
        """For the attribute `dir`."""
        ...

    def say(self, section: str, key: str, **values: object) -> str:
        """A line, filled."""
        ...


@dataclass(frozen=True, slots=True)
class Sheets:
    """The pages of one folder of templates, with the style that lies there in sheet.css.

    script: the file there of the one script they have, "" for none. forms: whether they send any, to us.
    """

    folder: str
    script: str = ""
    forms: bool = False

    def page(self, template: str, said: Said, clinic: Clinic, status: int = 200, **shown: object) -> Response:
        """One page with its headers."""
        written = self.rendered(template, said, clinic, **shown)
        answer = Response(written, status, content_type="text/html; charset=utf-8")
        answer.headers.update(self.headers())
        return answer

    def rendered(self, template: str, said: Said, clinic: Clinic, **shown: object) -> str:
        """The page itself, which stands alone."""
        style = Markup(_read(self.folder, "sheet.css"))  # noqa: S704 - our own file
        phone = clinic.phone.replace(" ", "\u00a0")  # broken in two, its parts change places in Arabic
        return render_template(
            f"{self.folder}/{template}", said=said, clinic=clinic, style=style, phone=phone, **shown
        )

    def closed(self, tongues: Sequence[Said], clinic: Clinic, status: int, why: str) -> Response:
        """A link that opens nothing, told in every language of the clinic; it never says whose it was."""
        answer = self.page("closed.html", tongues[0], clinic, status, tongues=tongues, why=why)
        if status == 503:
            answer.headers["Retry-After"] = "60"
        return answer

    def headers(self) -> Mapping[str, str]:
        """Of everything a link opens. Nothing is fetched, framed, kept by caches or told to other sites."""
        return _headers(self)


@lru_cache(maxsize=8)
def _headers(sheets: Sheets) -> Mapping[str, str]:
    """Referrer-Policy: with `no-referrer` browsers would send `Origin: null` with our own forms (Fetch, 3.2),
    and we could not tell them from another site's."""
    style = _hash(_read(sheets.folder, "sheet.css"))
    script = f"'{_hash(_inside(_read(sheets.folder, sheets.script)))}'" if sheets.script else "'none'"
    action = "'self'" if sheets.forms else "'none'"
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src '{style}'; script-src {script}; img-src data:; base-uri 'none'; "
            f"form-action {action}; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin" if sheets.forms else "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }


@lru_cache(maxsize=8)
def _read(folder: str, file: str) -> str:
    return (_HERE / folder / file).read_text(encoding="utf-8")


def _inside(element: str) -> str:
    """What stands inside the one element there is: a browser runs it only if it has this hash."""
    return element.strip().removeprefix("<script>").removesuffix("</script>")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
