"""Polls of one client's feed: against nginx and Radicale with the same entries, and by its size.

nginx serves our bytes as a file, Radicale a collection it was given them for. Ours is the site as `serve`
runs it, with token, revocation and conditions on; only its crew is left out, since the peers have none.
Requests a second are those of one core that does nothing else: told from the processor time the server
took, which stays the same while the machine is busy with other things. Run by itself:
`python -m tests.bench.feed`.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from scheduler_app.domain.tokens import token
from scheduler_app.store import open_store
from tests.bench.feed_change import KEY, NOW, changed, put_feed, whole_feed
from tests.bench.rows import HEAD, Row
from tests.bench.servers import Polled, free_port, granian, wait_for

SIZES = (10, 30, 300)
ROUNDS = 5
POLLS = 500
NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; types {{ text/calendar ics; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""
_GZIP = 'wrk.headers["Accept-Encoding"] = "gzip"\n'


def rows(seconds: int = 2) -> list[Row]:
    """Every promise about feeds. Peers that are not installed here are left out, and said so."""
    return [changed(30, 40), *polls(seconds)]


def polls(seconds: int = 2) -> list[Row]:
    """The promises about polls; the servers take turns, so that a slow minute hits all alike."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        gzip = folder / "gzip.lua"
        gzip.write_text(_GZIP, encoding="ascii")
        paths, body = _prepared(folder)
        told = {"SCHEDULER_DATA": str(folder), "SCHEDULER_CREW": "no", "SCHEDULER_SECRET": "k" * 32}
        site = stack.enter_context(granian("scheduler_app.wsgi:application", told))
        ours = {size: Polled(site + path) for size, path in paths.items()}
        zipped = {size: Polled(site + path, gzip) for size, path in paths.items()}
        peers = dict(_peers(stack, folder, body))
        for _ in range(ROUNDS):
            for each in (*ours.values(), *zipped.values(), *peers.values()):
                each.load(seconds)
        unchanged = _unchanged(site, paths[30])
    return [
        *_against(ours[30], peers),
        _growth(zipped, ours),
        Row(f"304 of {POLLS} polls of an unchanged feed", str(unchanged), str(POLLS), unchanged / POLLS, 1),
    ]


def _against(ours: Polled, peers: dict[str, Polled]) -> Iterator[Row]:
    for name, what, limit in (("radicale", "the same collection", 50), ("nginx", "it as a file", 0.15)):
        peer = peers.get(name)
        if peer is None:
            print(f"SKIPPED: polls of 30 entries against {name}, which is not installed", file=sys.stderr)
            continue
        mine, theirs = f"{ours.rate:,.0f} /s", f"{name} {peer.rate:,.0f} /s"
        yield Row(f"polls of 30 entries, {name} with {what}", mine, theirs, ours.rate / peer.rate, limit)


def _growth(zipped: dict[int, Polled], plain: dict[int, Polled]) -> Row:
    """Every calendar program asks for gzip; what plain bytes cost more goes into sending them."""
    small, large = zipped[10].rate, zipped[300].rate
    note = f"as plain bytes {plain[10].rate / plain[300].rate:.1f}"
    what = "a poll of 300 entries against one of 10"
    return Row(what, f"{large:,.0f} /s", f"10 entries {small:,.0f} /s", small / large, 1.3, True, note)


def _prepared(folder: Path) -> tuple[dict[int, str], bytes]:
    """Feeds of every size in the database that the site will open; their paths, and 30 entries' bytes."""
    paths = {}
    body = b""
    with closing(open_store(f"sqlite:///{folder}/clinic.db", lambda: NOW)) as store:
        store.migrate()
        for size in SIZES:
            with store.transaction() as tx:
                feed, made = put_feed(tx, f"c{size}", size)
            paths[size] = f"/feeds/{token(KEY, feed)}.ics"
            body = whole_feed(made) if size == 30 else body
    return paths, body


def _unchanged(site: str, path: str) -> int:
    """How many polls that carry the tag of the last answer are told 304."""
    with closing(HTTPConnection(urlsplit(site).netloc)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        tag = answer.headers["ETag"]
        count = 0
        for _ in range(POLLS):
            connection.request("GET", path, headers={"If-None-Match": tag})
            answer = connection.getresponse()
            answer.read()
            count += answer.status == 304
    return count


def _peers(stack: ExitStack, folder: Path, body: bytes) -> Iterator[tuple[str, Polled]]:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/bin")
    if nginx:
        yield "nginx", Polled(stack.enter_context(_nginx(nginx, folder / "nginx", body)))
    radicale = Path(sys.executable).parent / "radicale"
    if radicale.exists():
        yield "radicale", Polled(stack.enter_context(_radicale(radicale, folder / "radicale", body)))


@contextmanager
def _nginx(nginx: str, folder: Path, body: bytes) -> Iterator[str]:
    folder.mkdir(mode=0o755)
    folder.parent.chmod(0o755)  # its worker is another user where it is started by root
    (folder / "feed.ics").write_bytes(body)
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port), encoding="ascii")
    with _pinned([nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)]):
        url = f"http://127.0.0.1:{port}/feed.ics"
        wait_for(url)
        yield url


@contextmanager
def _radicale(radicale: Path, folder: Path, body: bytes) -> Iterator[str]:
    port = free_port()
    settings = [
        f"--server-hosts=127.0.0.1:{port}",
        "--auth-type=none",
        "--rights-type=authenticated",
        "--logging-level=error",
        f"--storage-filesystem-folder={folder}",
    ]
    with _pinned([str(radicale), "--config", "", *settings]):
        wait_for(f"http://127.0.0.1:{port}/")
        with closing(HTTPConnection("127.0.0.1", port)) as connection:
            # Whose collection it is has to be said once; reading it is free.
            sent = {"Content-Type": "text/calendar; charset=utf-8", "Authorization": "Basic YzE6eA=="}
            connection.request("PUT", "/c1/feed/", body, sent)
            put = connection.getresponse()
            assert put.status == 201, put.status
        yield f"http://127.0.0.1:{port}/c1/feed/"


@contextmanager
def _pinned(command: list[str]) -> Iterator[None]:
    """On the core that granian has too; wrk has the other one."""
    server = subprocess.Popen(
        ["taskset", "-c", "0", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    print(HEAD)
    for row in rows():
        print(row)
