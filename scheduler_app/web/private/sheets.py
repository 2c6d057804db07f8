"""The pages of private links, and what each of them says that opens nothing."""

from flask import Response

from scheduler_app.domain.clinic import Clinic
from scheduler_app.texts.intake import tongue
from scheduler_app.web.sheets import Sheets

SHEETS = Sheets("private", forms=True)
STATUS = {"unknown": 404, "expired": 410, "used": 410, "answered": 410, "revoked": 410, "away": 503}


def closed(clinic: Clinic, why: str) -> Response:
    """A link that opens nothing. why: a key of STATUS."""
    return SHEETS.closed([tongue(language) for language in clinic.languages], clinic, STATUS[why], why)
