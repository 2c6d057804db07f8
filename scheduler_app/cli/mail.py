"""`mail`: letters to clients that wait or failed, and whether sending works at all."""

import click

from scheduler_app.bootstrap.configuration import load_config
from scheduler_app.bootstrap.house import opened
from scheduler_app.bootstrap.looking_up import client_ref
from scheduler_app.bootstrap.mailing import send_test
from scheduler_app.domain.mail import EVERYTHING, INVITATIONS, LETTERS, NOTHING
from scheduler_app.flow.mailing.desk import choose_mail, mail_again, mail_sight
from scheduler_app.flow.mailing.posting import approve_letters, withhold_letters
from scheduler_app.settings import settings

WHO = click.option("--who", required=True, help="Who does this; the audit log keeps it.")


@click.group(invoke_without_command=True)
@click.pass_context
def mail(ctx: click.Context) -> None:
    """Letters to clients: what waits, what was refused. See docs/mail.md."""
    if ctx.invoked_subcommand is not None:
        return
    with opened(settings()) as house:
        sight = mail_sight(house.flow)
    for plan, mails in sight.waiting.items():
        visits = len({mail.appointment for mail in mails})
        click.echo(f"waits for approval: {plan}: {len(mails)} letters about {visits} visits")
    for client, count in sight.unsent.items():
        click.echo(f"to be sent: {count} to {client}")
    for mail in sight.failed:
        click.echo(f"failed: {mail.kind} to {mail.client} on {mail.created_at:%Y-%m-%d %H:%M}: {mail.error}")
    for bounce in sight.bounces:
        click.echo(f"refused address: of {bounce.client} since {bounce.at:%Y-%m-%d %H:%M}: {bounce.code}")
    if not (sight.waiting or sight.unsent or sight.failed or sight.bounces):
        click.echo("No letter waits, and none failed.")


@mail.command()
@click.argument("plan")
@WHO
def approve(plan: str, who: str) -> None:
    """Let the letters of a PLAN go out."""
    with opened(settings()) as house:
        click.echo(f"{approve_letters(house.flow, plan, who)} clients are written to.")


@mail.command()
@click.argument("plan")
@WHO
def withhold(plan: str, who: str) -> None:
    """Drop the letters of a PLAN: nobody is told of these changes by mail."""
    with opened(settings()) as house:
        click.echo(f"{withhold_letters(house.flow, plan, who)} letters were dropped.")


@mail.command()
@click.argument("address")
def test(address: str) -> None:
    """Send a test letter to ADDRESS and say in plain words what became of it."""
    given = settings()
    click.echo(f"Sent: {send_test(given, load_config(given.config).clinic, address)}.")


@mail.command()
@click.argument("client")
@click.option(
    "--by-mail",
    default="",
    help="What they get.",
    type=click.Choice(["", NOTHING, LETTERS, INVITATIONS, EVERYTHING]),
)
@click.option("--address", default="", help="Which of their known addresses letters go to.")
@WHO
def choose(client: str, by_mail: str, address: str, who: str) -> None:
    """What a CLIENT wants by mail; without --by-mail, what the clinic's setting says."""
    with opened(settings()) as house:
        choose_mail(house.flow, client_ref(house, client), who, by_mail=by_mail, address=address)
    click.echo("Kept.")


@mail.command()
@click.argument("client")
@click.argument("address")
@WHO
def again(client: str, address: str, who: str) -> None:
    """Write to a refused ADDRESS of a CLIENT again: it works now."""
    with opened(settings()) as house:
        mail_again(house.flow, client_ref(house, client), address, who)
    click.echo("Kept; the next letter goes there.")
