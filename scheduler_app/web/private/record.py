"""/my/record/<token>: everything held about the client, to be read and to be taken away."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from scheduler_app.domain.private_links import CLIENT, RECORD
from scheduler_app.ports import Transaction
from scheduler_app.texts.intake import Tongue
from scheduler_app.texts.sentences import full
from scheduler_app.web.deps import Deps
from scheduler_app.web.private.doors import enter, require_own_form
from scheduler_app.web.private.facts import facts_of
from scheduler_app.web.private.sheets import SHEETS


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is held about a client, ready to be shown. tables: title and rows, as they are kept."""

    name: str
    contacts: Sequence[str]
    visits: Sequence[tuple[str, str, Sequence[str]]]  # when, what, what the rules said
    facts: Sequence[tuple[str, str]]  # what, who said so
    tables: Sequence[tuple[str, Sequence[Mapping[str, Any]]]]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]


def add(blueprint: Blueprint, deps: Deps) -> None:
    """The routes."""

    @blueprint.get("/record/<token>")
    def show(token: str) -> Response:
        with deps.store.reading() as held:
            visitor = enter(deps, held, token, RECORD)
            if isinstance(visitor, Response):
                return visitor
            portrait = portray(deps, held, visitor.client, visitor.said)
        until = visitor.said.moment(_local(deps, visitor.link.expires_at))
        return SHEETS.page(
            "record.html", visitor.said, deps.clinic, portrait=portrait, until=until, alone=False
        )

    @blueprint.post("/record/<token>")
    def download(token: str) -> Response:
        require_own_form()
        with deps.store.transaction() as held:
            visitor = enter(deps, held, token, RECORD)
            if isinstance(visitor, Response):
                return visitor
            detail = {"link": visitor.link.ref}
            held.audit.write(visitor.now, CLIENT, "record-downloaded", visitor.client, detail)
            portrait = portray(deps, held, visitor.client, visitor.said)
        return zipped(deps, portrait, visitor.said, visitor.now)


def portray(deps: Deps, held: Transaction, client: str, said: Tongue) -> Portrait:
    """Read everything. Raises NotFound."""
    rows = held.personal.everything(client)
    known = held.clients.get(client)
    visits = []
    for visit in reversed(held.appointments.of_client(client)):
        judged = held.verdicts.get(visit.ref)
        start = visit.start.astimezone(ZoneInfo(visit.zone))
        names = ", ".join(deps.catalogue.name(code) for code in visit.treatments)
        sentences = (
            [full(finding, deps.catalogue, said.code) for finding in judged.verdict.findings]
            if judged
            else []
        )
        visits.append((said.moment(start), f"{names or visit.title} ({visit.status})", sentences))
    return Portrait(
        known.name if known else "",
        [contact.value for contact in held.links.contacts(client)],
        visits,
        facts_of(deps, held, client, said),
        [(said.name("table", table, table), told) for table, told in rows.items() if told],
        rows,
    )


def zipped(deps: Deps, portrait: Portrait, said: Tongue, now: datetime) -> Response:
    """One file: a page to read that stands alone, and the same for programs."""
    page = SHEETS.rendered("record.html", said, deps.clinic, portrait=portrait, until="", alone=True)
    document = {"clinic": deps.clinic.name, "made_at": now.isoformat(), "held": portrait.rows}
    stamp = _local(deps, now).timetuple()[:6]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("record.html", page),
            ("record.json", json.dumps(document, ensure_ascii=False, indent=2)),
        ):
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    answer = Response(file.getvalue(), content_type="application/zip")
    answer.headers.update(SHEETS.headers())
    answer.headers["Content-Disposition"] = 'attachment; filename="record.zip"'
    return answer


def _local(deps: Deps, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(deps.clinic.location.zone))
