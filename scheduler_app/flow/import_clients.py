"""import: a client list with history from another system; all rows or none, every bad row reported.

The columns are described in docs/import.md. A second import of the same file adds nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.clients import Client
from scheduler_app.domain.facts import ConditionFact, Said, Screening, TreatmentFact, read_date
from scheduler_app.domain.identity import (
    SAME_NAME,
    Identified,
    NewClient,
    Unidentified,
    identify,
    normal_code,
    normal_email,
)
from scheduler_app.errors import Invalid
from scheduler_app.flow.client_rows import NUMBER, TOO_MANY, BadRow, BadRows
from scheduler_app.flow.flow import JUDGE, Flow, plan_name
from scheduler_app.flow.record import LONGEST_NAME, LONGEST_NOTE, new_ref
from scheduler_app.flow.take import identifiers, new_client_ref
from scheduler_app.ports import Transaction
from scheduler_app.ports.phones import normal_phone

SOURCE = "import"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"", "no", "false", "0"})
_CURES = {
    "client-shared-contact": "give this client a client_code, or an e-mail or phone of their own",
    "client-same-name": "give this client a client_code",
    "client-name-only": "give an e-mail, a phone or a client_code",
    "client-nameless": "give the name",
    "client-unknown": "give a name with an e-mail, a phone or a client_code",
    "client-twins": "give the client_code; two known clients fit",
    "client-conflict": "check the client_code; it belongs to somebody of another name",
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What was added, and how many records were known already."""

    rows: int
    clients: int
    records: int
    known: int


def import_rows(flow: Flow, rows: Iterable[Mapping[str, str]], who: str) -> Imported:
    """Add the clients and what is known of them. Raises BadRows, and then nothing was added.

    rows: as client_rows.read_rows gives them. Everybody in the list is judged again, as one plan.
    """
    now = flow.clock()
    faults: list[BadRow] = []
    with flow.store.transaction() as tx:
        desk = _Desk(flow, tx, Said("import", who, now), faults)
        count = 0
        for row in rows:
            count += 1
            desk.take(int(row.get(NUMBER, count + 1)), row)
        if faults:
            raise BadRows(faults)  # and with it everything is rolled back
        plan = plan_name("import", now.isoformat())
        for client in sorted(desk.touched):
            tx.work.touch(JUDGE, client, plan=plan)
        detail = {"rows": str(count), "clients": str(desk.clients), "records": str(desk.records)}
        tx.audit.write(now, who, "clients-imported", SOURCE, detail)
    return Imported(count, desk.clients, desk.records, desk.known)


class _Desk:
    """Takes rows one by one, within one transaction."""

    def __init__(self, flow: Flow, tx: Transaction, said: Said, faults: list[BadRow]) -> None:
        self._flow = flow
        self._tx = tx
        self._said = said
        self._faults = faults
        self._today = flow.today(said.at)
        self.touched: set[str] = set()
        self.clients = self.records = self.known = 0

    def take(self, number: int, row: Mapping[str, str]) -> None:
        """One row: a client, and at most one treatment, one condition and one screening."""
        before = len(self._faults)
        self._look_over(number, row)
        client = self._client(number, row)
        for record in (self._treatment, self._condition, self._screening):
            try:
                record(client or "nobody", row, keep=client is not None and len(self._faults) == before)
            except Invalid as fault:
                field = (fault.path or "row").rpartition(".")[2]
                self._faults.append(BadRow(number, field, fault.message, "correct it"))
        if client:
            self.touched.add(client)

    def _look_over(self, number: int, row: Mapping[str, str]) -> None:
        if row.get(TOO_MANY):
            cure = "put cells that hold the separator in quotes"
            self._faults.append(BadRow(number, "row", "more cells than the header has columns", cure))
        self._faults += [
            BadRow(number, field, "control characters", "type it anew")
            for field, value in row.items()
            if _CONTROL.search(value)
        ]

    def _client(self, number: int, row: Mapping[str, str]) -> str | None:
        clues, faults = self._clues(number, row)
        if faults:
            self._faults += faults
            return None
        answer = identify(clues, self._tx.clients.candidates(clues, SOURCE))
        if isinstance(answer, Unidentified) and answer.reason == SAME_NAME and clues.code:
            answer = NewClient()  # the clinic's own code tells two people of one name apart
        if isinstance(answer, Identified):
            self._tx.clients.add_identifiers(answer.client, identifiers(clues, SOURCE))
            return answer.client
        if isinstance(answer, NewClient):
            language = row.get("language") or self._flow.clinic.languages[0]
            client = Client(new_client_ref(), clues.name or "", self._said.at, clues.code, language)
            self._tx.clients.add(client, identifiers(clues, SOURCE))
            self.clients += 1
            return client.ref
        cure = _CURES.get(answer.reason, "say who it is")
        self._faults.append(BadRow(number, "client", "it is not certain who this is", cure))
        return None

    def _clues(self, number: int, row: Mapping[str, str]) -> tuple[Clues, list[BadRow]]:
        faults = []
        name, email, phone = row.get("name", ""), row.get("email", ""), row.get("phone", "")
        country = self._flow.clinic.location.country
        clues = Clues(
            name=name or None,
            email=normal_email(email),
            phone=normal_phone(phone, country),
            code=normal_code(row.get("client_code")),
        )
        if not name or len(name) > LONGEST_NAME:
            faults.append(BadRow(number, "name", "a name is needed", f"at most {LONGEST_NAME} characters"))
        if email and clues.email is None:
            faults.append(BadRow(number, "email", "this is no address", "correct it or leave it empty"))
        if phone and clues.phone is None:
            cure = f"write it with its country code, or as one of {country}, or leave it empty"
            faults.append(BadRow(number, "phone", "this is no valid number", cure))
        languages = self._flow.clinic.languages
        if row.get("language") and row["language"] not in languages:
            faults.append(
                BadRow(number, "language", "not one of the clinic's", f"use {', '.join(languages)}")
            )
        if row.get("ongoing", "").lower() not in _YES | _NO:
            faults.append(BadRow(number, "ongoing", "neither yes nor no", "write yes, no or nothing"))
        if len(row.get("note", "")) > LONGEST_NOTE:
            faults.append(BadRow(number, "note", "too long", f"at most {LONGEST_NOTE} characters"))
        return clues, faults

    def _treatment(self, client: str, row: Mapping[str, str], keep: bool) -> None:
        on, started_on, ended_on = (row.get(name) or None for name in ("on", "started_on", "ended_on"))
        code, ongoing = row.get("treatment", ""), row.get("ongoing", "").lower() in _YES
        if not code:
            if ongoing or on or started_on or ended_on:
                raise Invalid("treatment-missing", "a date without a treatment", "treatment")
            return
        known = self._flow.catalogue.treatments.get(code)
        if known is None:
            raise Invalid("treatment-unknown", "not in the catalogue; use its code", "treatment")
        dates = (on, started_on, ended_on, ongoing)
        fact = TreatmentFact(new_ref("t"), client, code, self._said, *dates, note=row.get("note", ""))
        fact.item(known.medication, self._today)
        if keep and not self._held(fact, self._tx.records.treatments(client)):
            self._tx.records.add_treatment(fact)

    def _condition(self, client: str, row: Mapping[str, str], keep: bool) -> None:
        code = row.get("condition", "")
        if not code:
            return
        if code not in self._flow.rulebook.conditions:
            raise Invalid("condition-unknown", "none of the clinic's conditions; use its code", "condition")
        fact = ConditionFact(new_ref("k"), client, code, self._said)
        if keep and not self._held(fact, self._tx.records.conditions(client)):
            self._tx.records.add_condition(fact)

    def _screening(self, client: str, row: Mapping[str, str], keep: bool) -> None:
        on = row.get("screened_on", "")
        if not on:
            return
        if read_date(on, "screened_on") > self._today:
            raise Invalid("date-in-future", "lies after today", "screened_on")
        screening = Screening(new_ref("s"), client, on, self._said)
        if keep and not self._held(screening, self._tx.records.screenings(client)):
            self._tx.records.add_screening(screening)

    def _held(
        self,
        fact: TreatmentFact | ConditionFact | Screening,
        others: Sequence[TreatmentFact | ConditionFact | Screening],
    ) -> bool:
        """Whether the same is on record: what was withdrawn counts too, or an import would bring it back."""
        same = any(_essence(other) == _essence(fact) for other in others)
        self.known += same
        self.records += not same
        return same


def _essence(fact: TreatmentFact | ConditionFact | Screening) -> tuple[object, ...]:
    """What it says, apart from who said it and when."""
    if isinstance(fact, TreatmentFact):
        return (fact.treatment, fact.on, fact.started_on, fact.ended_on, fact.ongoing)
    return (fact.code, fact.present) if isinstance(fact, ConditionFact) else (fact.on,)
