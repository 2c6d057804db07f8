"""`platforms check` and `platforms services`: getting on with booking platforms."""

import click

from scheduler_app.bootstrap.platforms import check_platforms, services_of
from scheduler_app.cli.steps import say_steps
from scheduler_app.settings import settings


@click.group()
def platforms() -> None:
    """Booking platforms: trying the keys, matching services to treatments (docs/platforms/)."""


@platforms.command()
@click.argument("names", nargs=-1)
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Try the key and the webhooks of each platform, and say what is missing and where to click.

    NAMES are those of clinic.toml; without any all are tried. Nothing is changed there. The exit status
    is 1 when something is missing.
    """
    if not say_steps(check_platforms(settings(), names)):
        ctx.exit(1)


@platforms.command()
@click.argument("names", nargs=-1)
@click.pass_context
def services(ctx: click.Context, names: tuple[str, ...]) -> None:
    """List what clients can book on each platform, and the treatments clinic.toml matches it to.

    A service that is matched to nothing sends its bookings to review; what to write is printed with it.
    The exit status is 1 while there is one, and where a platform could not be asked.
    """
    lacks = False
    for offered in services_of(settings(), names):
        click.echo(offered.platform)
        if offered.fault:
            click.echo(f"  cannot be asked: {offered.fault}")
        for service, treatments in offered.services:
            click.echo(f"  {', '.join(treatments) or 'NOT MATCHED':32} {service.name} ({service.id})")
        lacking = [service for service, treatments in offered.services if not treatments]
        lacks |= bool(lacking or offered.fault)
        if lacking:
            click.echo(
                f"\n  In clinic.toml, in the [[platform]] named {offered.platform}:\n  [platform.services]"
            )
            for service in lacking:
                click.echo(f'  "{service.id}" = ["…"]  # {service.name}')
    if lacks:
        ctx.exit(1)
