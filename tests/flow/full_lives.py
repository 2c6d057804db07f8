"""Somebody about whom every table knows something, and how to look for their traces."""

import json
from datetime import timedelta

from scheduler_app.domain.clients import Identifier
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.events import EventDraft
from scheduler_app.domain.facts import Said, TreatmentFact
from scheduler_app.domain.private_links import RECORD
from scheduler_app.flow.private_links import LinkPress, Wanted, make_link
from scheduler_app.flow.record import Speaker, record_condition, record_screening, record_treatment
from tests.flow.clinic_at_work import DESK, SITE, ClinicAtWork

PRESS = LinkPress((b"k" * 32,), "https://care.example")
WORDS = ("Zelda", "Quux", "zelda.quux", "7700900999", "SECRETNOTE", "Quintessa")
DOCTOR = Speaker("practitioner", "Dr Reyes")


def traces(clinic: ClinicAtWork) -> dict[str, list[str]]:
    """Which of the person's words stand in which file of the database, byte for byte."""
    found = {}
    for file in sorted(clinic.file.parent.glob(clinic.file.name + "*")):
        held = file.read_bytes().lower()
        found[file.name] = [word for word in WORDS if word.lower().encode() in held]
    return found


def a_full_life(clinic: ClinicAtWork) -> str:
    """Somebody about whom every table knows something; the client's ref."""
    event = clinic.book("Botox", "2026-03-03", "Zelda Quux")
    clinic.settle()
    too_soon = clinic.book("Microneedling", "2026-03-10", "Zelda Quux")
    clinic.settle()
    client = clinic.client_of(event)
    assert clinic.mark(too_soon) is not None
    flow = clinic.flow
    record_treatment(flow, client, "plasma_pen", DOCTOR, on="2025-10", note="SECRETNOTE elsewhere")
    record_condition(flow, client, "diabetes", Speaker("client", "Zelda Quux"))
    record_screening(flow, client, "2026-03-01", DOCTOR)
    with clinic.store.transaction() as tx:
        tx.clients.add_identifiers(client, [Identifier("phone", "+447700900999")])
        tx.audit.write(clinic.clock(), "x", "noted", client, {"about": "Zelda Quux"})
        loose = TreatmentFact(
            "t-loose", client, "botulinum_toxin", Said("client", "Zelda Quux", clinic.clock())
        )
        tx.records.add_treatment(loose)
    make_link(flow, PRESS, client, Wanted(RECORD, "kim", "email", "zelda.quux@example.com", confirmed=True))
    body = json.dumps({"who": "Z\u00e9", "mail": "Zelda.Quux@example.com", "note": "SECRETNOTE"})
    clinic.inbox.accept(Delivery(SITE, "unreadable", clinic.clock(), body.encode()))
    with clinic.store.transaction() as tx:
        tx.deliveries.settle(Delivery(SITE, "unreadable", clinic.clock(), b""), "field-invalid")
    start = clinic.clock() - timedelta(days=3)
    for title in ("Call Zelda Quux back", "Staff lunch, with ZELDA QUUX"):
        draft = EventDraft(title, start, start + timedelta(hours=1), "Europe/London")
        clinic.calendar.book(DESK, draft)
    clinic.look()
    clinic.settle()
    clinic.move(too_soon, "2026-03-12")
    clinic.settle()
    clinic.clock.pass_by(days=30)
    clinic.settle()
    return client


def rows_about(clinic: ClinicAtWork, client: str) -> dict[str, int]:
    with clinic.store.reading() as tx:
        return {table: len(rows) for table, rows in tx.personal.everything(client).items() if rows}
