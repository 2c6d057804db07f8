"""`scheduler republish`: a change of care texts reaches every client's calendar."""

import click

from scheduler_app.bootstrap.republishing import republish as republish_everybody
from scheduler_app.settings import settings


@click.command()
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--anew", is_flag=True, help="Begin with the first client, even if a run was interrupted.")
def republish(processes: int, anew: bool) -> None:
    """Bring every client's calendar up to date, as after a change of care texts.

    May run beside `serve`, and be interrupted: the next run goes on where it stopped.
    """
    told = -1

    def tell(done: int, of: int) -> None:
        nonlocal told
        percent = 100 * done // of
        if percent != told:
            told = percent
            click.echo(f"\r{done:,} of {of:,} clients ({percent} %)", nl=False, err=True)

    done = republish_everybody(settings(), processes, tell, anew=anew)
    click.echo("", err=True)
    begun = "Went on where the last run stopped. " if done.went_on else ""
    click.echo(f"{begun}{done.clients:,} clients looked at, {done.written:,} calendars changed.")
