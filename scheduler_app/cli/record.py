"""`record`: what is known about a client, and what a practitioner decides; each with who said so."""

from typing import Any

import click

from scheduler_app.bootstrap.house import House, opened
from scheduler_app.bootstrap.looking_up import client_ref
from scheduler_app.domain.facts import SPEAKERS
from scheduler_app.flow import decide
from scheduler_app.flow import record as recording
from scheduler_app.flow.record import Speaker
from scheduler_app.settings import settings


@click.group()
@click.option("--by", type=click.Choice(SPEAKERS), default="staff", show_default=True, help="In what role.")
@click.option("--who", required=True, help="Who says so: a name or an account.")
@click.pass_context
def record(ctx: click.Context, by: str, who: str) -> None:
    """Record what is known. CLIENT is a ref, e-mail, phone, code or name; the bookings are judged again.

    Nothing is overwritten: a correction names what it replaces, a mistake is withdrawn.
    """
    house = ctx.with_resource(opened(settings()))
    ctx.obj = (house, Speaker(by, who))


@record.result_callback()
@click.pass_context
def _settled(ctx: click.Context, *_: Any, **__: Any) -> None:
    house: House = ctx.obj[0]
    house.settle()


REPLACES = click.option("--replaces", help="The ref of the record that this one corrects.")


@record.command()
@click.argument("client")
@click.argument("treatment")
@click.option("--on", required=True, help="YYYY-MM-DD, or YYYY-MM where only the month is known.")
@click.option("--note", default="")
@REPLACES
@click.pass_obj
def treatment(
    obj: tuple[House, Speaker], client: str, treatment: str, on: str, note: str, replaces: str | None
) -> None:
    """A TREATMENT the CLIENT had, here or elsewhere."""
    house, speaker = obj
    ref = client_ref(house, client)
    fact = recording.record_treatment(
        house.flow, ref, treatment, speaker, on=on, note=note, replaces=replaces
    )
    click.echo(fact.ref)


@record.command()
@click.argument("client")
@click.argument("medication")
@click.option("--from", "started_on", help="First dose.")
@click.option("--to", "ended_on", help="Last dose, YYYY-MM-DD or YYYY-MM.")
@click.option("--ongoing", is_flag=True, help="Still being taken.")
@click.option("--note", default="")
@REPLACES
@click.pass_obj
def course(obj: tuple[House, Speaker], /, client: str, medication: str, **said: Any) -> None:
    """A course of a MEDICATION: still taking, or its last dose."""
    house, speaker = obj
    fact = recording.record_treatment(house.flow, client_ref(house, client), medication, speaker, **said)
    click.echo(fact.ref)


@record.command()
@click.argument("client")
@click.argument("code")
@click.option("--gone", is_flag=True, help="The client has it no longer.")
@REPLACES
@click.pass_obj
def condition(obj: tuple[House, Speaker], client: str, code: str, gone: bool, replaces: str | None) -> None:
    """A condition, by its CODE in conditions.toml."""
    house, speaker = obj
    ref = client_ref(house, client)
    fact = recording.record_condition(house.flow, ref, code, speaker, present=not gone, replaces=replaces)
    click.echo(fact.ref)


@record.command()
@click.argument("client")
@click.option("--on", required=True, help="The day the health questions were asked.")
@click.option(
    "--condition", "conditions", multiple=True, help="A code answered with yes; repeat it for more."
)
@click.pass_obj
def screening(obj: tuple[House, Speaker], client: str, on: str, conditions: tuple[str, ...]) -> None:
    """The health questions were asked."""
    house, speaker = obj
    ref = client_ref(house, client)
    click.echo(recording.record_screening(house.flow, ref, on, speaker, conditions=conditions).ref)


@record.command()
@click.argument("client")
@click.argument("code")
@click.option("--reason", required=True)
@click.option("--until", required=True, help="Last day on which it holds.")
@click.pass_obj
def clearance(obj: tuple[House, Speaker], client: str, code: str, reason: str, until: str) -> None:
    """A practitioner lets a not recommended condition stand for this client, for a while."""
    house, speaker = obj
    ref = client_ref(house, client)
    click.echo(recording.clear_condition(house.flow, ref, code, speaker, reason=reason, until=until).ref)


@record.command()
@click.argument("appointment")
@click.argument("finding")
@click.option("--reason", type=click.Choice(decide.OVERRIDE_REASONS), required=True)
@click.option("--comment", default="")
@click.pass_obj
def override(obj: tuple[House, Speaker], appointment: str, finding: str, reason: str, comment: str) -> None:
    """A practitioner lets one FINDING of an APPOINTMENT stand (its key: `scheduler explain`)."""
    house, speaker = obj
    decide.override(house.flow, appointment, finding, speaker, reason=reason, comment=comment)
    click.echo(f"{appointment}: overridden")


@record.command()
@click.argument("ref")
@click.pass_obj
def withdraw(obj: tuple[House, Speaker], ref: str) -> None:
    """A record (REF) was a mistake; it stays to be seen and counts no more."""
    house, speaker = obj
    click.echo(recording.withdraw(house.flow, ref, speaker))


@record.command()
@click.argument("ref")
@click.pass_obj
def accept(obj: tuple[House, Speaker], ref: str) -> None:
    """A practitioner takes a client's own statement (REF) as fact."""
    house, speaker = obj
    click.echo(recording.accept(house.flow, ref, speaker))


@record.command()
@click.argument("appointment")
@click.argument("client")
@click.pass_obj
def whose(obj: tuple[House, Speaker], appointment: str, client: str) -> None:
    """Say whose APPOINTMENT it is."""
    house, speaker = obj
    click.echo(decide.confirm_client(house.flow, appointment, client_ref(house, client), speaker).ref)
