"""`google login` and `google check`: getting into calendars that are kept at Google."""

import click

from scheduler_app.bootstrap.connecting import check_google, login_google
from scheduler_app.cli.steps import say_steps
from scheduler_app.settings import settings


@click.group()
def google() -> None:
    """Getting into calendars that are kept at Google (docs/google-calendar.md)."""


@google.command()
@click.argument("account")
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening a browser.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    help="Where to wait for the browser on this machine. [default: any free port]",
)
def login(account: str, no_browser: bool, port: int) -> None:
    """Sign in at Google as a person, for an ACCOUNT of clinic.toml with sign_in = "user".

    The sign-in is kept encrypted in the data folder. Nothing but events of calendars is asked for.
    """

    def show(address: str) -> None:
        click.echo(f"Open this in a browser on this machine:\n\n{address}\n")

    ends = login_google(settings(), account, show, open_browser=not no_browser, port=port)
    click.echo("Signed in.")
    if ends is not None:
        click.echo(
            f"Google withdraws this sign-in by itself on {ends:%d %B %Y}, because the app is in Testing. "
            "Publish it (console.cloud.google.com, OAuth consent screen, Publish app) and sign in again."
        )


@google.command()
@click.argument("calendar", required=False)
@click.pass_context
def check(ctx: click.Context, calendar: str | None) -> None:
    """Try everything on an event of its own, and say what is missing and where to click.

    CALENDAR is one of clinic.toml's; without it all that are kept at Google are tried. The event is
    free time at 3 in the morning, 30 days ahead, and is deleted again. The exit status is 1 when
    something is missing.
    """
    if not say_steps(check_google(settings(), calendar)):
        ctx.exit(1)
