"""`calendars` and `digest`: where we write, who allowed it, and what the clinic should know each day."""

import click

from scheduler_app.bootstrap.house import opened
from scheduler_app.cli.book import WHO
from scheduler_app.domain.digests import CalendarLine
from scheduler_app.flow.digest import calendars as stand_of
from scheduler_app.flow.digest import digest as gathered
from scheduler_app.flow.foresee import Foreseen, foresee
from scheduler_app.flow.hearing import trust_empty
from scheduler_app.flow.start import start_calendar, stop_calendar
from scheduler_app.settings import settings
from scheduler_app.texts.digest import calendar_standing, digest_text, fault_text


@click.group(invoke_without_command=True)
@click.pass_context
def calendars(ctx: click.Context) -> None:
    """The clinic's calendars, and what may be written in each."""
    if ctx.invoked_subcommand is not None:
        return
    with opened(settings()) as house, house.store.reading() as tx:
        for line in stand_of(tx, house.flow):
            click.echo(_told(line))


@calendars.command()
@click.argument("id")
def show(id: str) -> None:
    """What would be written in the calendar ID, had it been started for all bookings ahead."""
    with opened(settings()) as house:
        foreseen = foresee(house.flow, id)
    click.echo(f"{len(foreseen.held)} would be held:")
    for each in foreseen.held:
        click.echo(f"  {_visit(each)}")
    click.echo(f"{len(foreseen.reviews)} for a person to look at:")
    for each in foreseen.reviews:
        click.echo(f"  {_visit(each)}")
    click.echo(f"{len(foreseen.unrecognised)} titles nobody could read:")
    for visit in foreseen.unrecognised:
        click.echo(f"  {visit.start:%Y-%m-%d}  {visit.title}")
    click.echo(f"{len(foreseen.written)} events would be written on.")


@calendars.command()
@click.argument("id")
@click.option(
    "--all", "everything", is_flag=True, help="All bookings ahead, not only those made from now on."
)
@WHO
def start(id: str, everything: bool, who: str) -> None:
    """Let the service write in the calendar ID. Look at `calendars show ID` first."""
    with opened(settings()) as house:
        count = start_calendar(house.flow, id, who, "all" if everything else "new")
        house.settle()
    click.echo(f"{id}: started; {count} events are being written on.")


@calendars.command()
@click.argument("id")
@WHO
def stop(id: str, who: str) -> None:
    """Only observe the calendar ID again. Marks that stand there are left alone."""
    with opened(settings()) as house:
        stop_calendar(house.flow, id, who)
    click.echo(f"{id}: only observed from now on.")


@calendars.command("is-empty")
@click.argument("id")
@WHO
def is_empty(id: str, who: str) -> None:
    """Believe the calendar ID, which suddenly looks empty: its visits were called off."""
    with opened(settings()) as house:
        changed = trust_empty(house.flow, id, who)
        house.settle()
    click.echo(f"{id}: {changed} appointments changed.")


@click.command()
def digest() -> None:
    """What is held, by whom it is to be settled and by when, and what else waits for a person.

    Plain text for staff: it names people and treatments. Meant for a mail each morning (docs/marks.md).
    """
    with opened(settings()) as house:
        click.echo(digest_text(gathered(house.flow), house.flow.language), nl=False)


def _told(line: CalendarLine) -> str:
    read = f" Last read {line.read_at:%Y-%m-%d %H:%M}." if line.read_at else ""
    fault = fault_text(line)
    return f"{line.id}: {calendar_standing(line)}{read}{' ' + fault if fault else ''}"


def _visit(foreseen: Foreseen) -> str:
    mark = foreseen.wish.mark
    shown = (
        "called off" if foreseen.wish.kind == "cancel" else mark.prefix.strip(" ·") if mark else "at the desk"
    )
    return f"{foreseen.appointment.start:%Y-%m-%d}  {shown:<10}  {foreseen.appointment.title}"
