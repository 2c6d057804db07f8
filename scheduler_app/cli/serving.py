"""`serve`, `demo` and `worker`: the commands that keep running."""

from dataclasses import replace

import click

from scheduler_app.bootstrap.crewing import work
from scheduler_app.bootstrap.house import prepare
from scheduler_app.bootstrap.serving import serve as serve_site
from scheduler_app.settings import Settings, settings


def _listening(given: Settings, host: str | None, port: int | None) -> Settings:
    return replace(given, host=host or given.host, port=given.port if port is None else port)


@click.command()
@click.option("--host", help="Where to listen (SCHEDULER_HOST; 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65_535), help="SCHEDULER_PORT; 8000.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes.")
@click.option("--no-crew", is_flag=True, help="Leave the work behind the page to `scheduler worker`.")
def serve(host: str | None, port: int | None, workers: int, no_crew: bool) -> None:
    """Serve the desk, the API, webhooks and feeds; do the work behind them.

    Migrates the database first, and refuses to start while the configuration has mistakes.
    """
    chosen = replace(_listening(settings(), host, port), crew=not no_crew)
    prepare(chosen)
    click.echo(f"Data: {chosen.data}\nDesk: http://{chosen.host}:{chosen.port}/desk/\nStop with Ctrl-C.")
    serve_site(chosen, workers)


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), help="SCHEDULER_PORT; 8000.")
def demo(port: int | None) -> None:
    """Serve a demo clinic with believable people and dates around today."""
    from scheduler_app.bootstrap.demo import demo_settings, open_demo  # `serve` need not load it

    chosen = demo_settings(_listening(settings(), None, port))
    guide = open_demo(chosen, click.echo)
    click.echo(
        f"""
The demo clinic is open. Its data lies in {guide.data}; delete that folder to start anew.

  Desk     {guide.address}/desk/
           Emma Clarke had Botox four days ago and is booked for microneedling on day ten: see it held, why,
           from when it is possible, and move it there with one button.
           Book something yourself: "Botox" for Hannah Fischer the week after her microneedling.
  Known    {guide.address}/desk/clients
           Open Hannah, record that she is taking isotretinoin, and look at her booking again.
  Client   {guide.page}
           Hannah's own page, as her phone shows it: how to subscribe, what to do when, a card to print.
  Feed     {guide.feed}
           Hannah's own calendar: subscribe to it, or `curl -i` it.
  Letters  {guide.mail}
           What clients are written, as files a mail program opens: nothing leaves this machine.
  Check    .venv/bin/scheduler check --help
  Audit    .venv/bin/scheduler audit YOUR-CALENDAR.ics

Care texts are shown under a banner here, because the clinic has not approved them. Stop with Ctrl-C.
"""
    )
    serve_site(chosen)


@click.command()
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True)
def worker(threads: int) -> None:
    """Do the work behind the pages, beside `serve --no-crew`; as many as wanted, on one database."""
    work(settings(), threads)
