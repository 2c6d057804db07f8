"""What programs may tell about a client, one shape for each kind; each knows how the flow keeps it.

by: who says so (client, staff, practitioner, import, platform); who: the person's name or account.
"""

from msgspec import Struct

from scheduler_app.flow import record
from scheduler_app.flow.decide import override
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.record import Speaker


class FactIn(Struct, tag_field="kind", forbid_unknown_fields=True, kw_only=True):
    """What all of them say."""

    by: str
    who: str

    @property
    def speaker(self) -> Speaker:
        """Raises Invalid for nobody."""
        return Speaker(self.by, self.who)

    @property
    def concerns(self) -> tuple[str | None, str | None]:
        """The record and the appointment it is about, which must be the client's own."""
        return None, None

    def keep(self, flow: Flow, client: str) -> str:
        """Have it recorded; the ref of the record, new or old, it is about. Raises Invalid, NotFound."""
        raise NotImplementedError


class TreatmentIn(FactIn, tag="treatment"):
    """A treatment had, on a day or in a month."""

    treatment: str
    on: str
    note: str = ""
    replaces: str | None = None

    def keep(self, flow: Flow, client: str) -> str:
        """As FactIn says."""
        return record.record_treatment(
            flow,
            client,
            self.treatment,
            self.speaker,
            on=self.on,
            note=self.note,
            replaces=self.replaces,
        ).ref


class CourseIn(FactIn, tag="course"):
    """A medication course: its last dose, or that it is still being taken."""

    treatment: str
    started_on: str | None = None
    ended_on: str | None = None
    ongoing: bool = False
    note: str = ""
    replaces: str | None = None

    def keep(self, flow: Flow, client: str) -> str:
        """As FactIn says."""
        return record.record_treatment(
            flow,
            client,
            self.treatment,
            self.speaker,
            started_on=self.started_on,
            ended_on=self.ended_on,
            ongoing=self.ongoing,
            note=self.note,
            replaces=self.replaces,
        ).ref


class ConditionIn(FactIn, tag="condition"):
    """A condition the client has or, with present: false, has no longer."""

    code: str
    present: bool = True
    replaces: str | None = None

    def keep(self, flow: Flow, client: str) -> str:
        """As FactIn says."""
        return record.record_condition(
            flow, client, self.code, self.speaker, present=self.present, replaces=self.replaces
        ).ref


class ClearanceIn(FactIn, tag="clearance"):
    """A practitioner clears a condition, up to and with a day."""

    code: str
    reason: str
    until: str

    def keep(self, flow: Flow, client: str) -> str:
        """As FactIn says."""
        return record.clear_condition(
            flow, client, self.code, self.speaker, reason=self.reason, until=self.until
        ).ref


class ScreeningIn(FactIn, tag="screening"):
    """The health questions were asked; conditions: those answered with yes."""

    on: str
    conditions: list[str] = []

    def keep(self, flow: Flow, client: str) -> str:
        """As FactIn says."""
        return record.record_screening(flow, client, self.on, self.speaker, conditions=self.conditions).ref


class OverrideIn(FactIn, tag="override"):
    """A practitioner lets one finding of an appointment stand. finding: its `key`."""

    appointment: str
    finding: str
    reason: str
    comment: str = ""

    @property
    def concerns(self) -> tuple[str | None, str | None]:
        """An appointment."""
        return None, self.appointment

    def keep(self, flow: Flow, client: str) -> str:
        """As FactIn says."""
        del client
        given = override(
            flow,
            self.appointment,
            self.finding,
            self.speaker,
            reason=self.reason,
            comment=self.comment,
        )
        return given.appointment


class WithdrawIn(FactIn, tag="withdraw"):
    """A record was wrong; it stays to be seen. fact: its ref."""

    fact: str

    @property
    def concerns(self) -> tuple[str | None, str | None]:
        """A record."""
        return self.fact, None

    def keep(self, flow: Flow, client: str) -> str:
        """As FactIn says."""
        del client
        record.withdraw(flow, self.fact, self.speaker)
        return self.fact


class AcceptIn(WithdrawIn, tag="accept"):
    """A practitioner takes what the client said as fact. fact: its ref."""

    def keep(self, flow: Flow, client: str) -> str:
        """As FactIn says."""
        del client
        record.accept(flow, self.fact, self.speaker)
        return self.fact


ANY_FACT = (
    TreatmentIn | CourseIn | ConditionIn | ClearanceIn | ScreeningIn | OverrideIn | WithdrawIn | AcceptIn
)
