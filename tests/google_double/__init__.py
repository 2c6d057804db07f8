"""A Google Calendar API v3 of the tests' own: real HTTP on 127.0.0.1, state in memory, time of its own.

In a test: `from tests.google_double.fixtures import google_double, google_double_server, google_service`
(the first gives a fresh double, `google_service("anna")` the real client of that account). By hand:

    with GoogleDouble() as double:                     # GoogleDouble(port=0, quirks=None); start(), stop()
        service = service_for(double, "bot")           # fixtures.service_for(double, who="bot", timeout=10)

Attributes: `address` (http://127.0.0.1:PORT), `endpoint` (for client_options api_endpoint),
`clock` (`.now = aware datetime`, `.advance(timedelta)`), `quirks` (calls.Quirks: page_limit, https_only,
channel_life, check_responses, per_minute, tombstones_for_exceptions, ...), `signing_in`, `faults_of_its_own`.
`reset()` gives accounts bot, anna and robot (a service account; tokens are the names) and the calendars
double.ROOM (anna owner; bot and robot writer; Europe/London) and double.READ_ONLY (bot and robot reader).

    account(name, email=None, token=None, service=False) -> token
    calendar(id, zone="Europe/London", acl={who: role}, summary=None, labels=()) -> id
    share(calendar, who, role); unshare(calendar, who); label(calendar, name, colour) -> label id
    seed(calendar, events) -> count                    # no HTTP, tells nobody; may set organizer, locked, ...
    event(calendar, id) -> dict; events(calendar) -> list   # as stored; events: those not cancelled
    person(name) -> people.Person                      # book move retitle describe recolour label free patch
                                                       # delete restore send_to save_in_editor split_series
    fail(method="*", calendar="*", times=1, when="before"|"after", status=503, reason="backendError",
         message="", drop=False, hang=False, delay=0.0, account="*", skip=0)   # method ids: "events.patch"
    meanwhile(act, method="*", calendar="*", times=1, when="before"|"after", skip=0)   # act() in between
    release()                                          # whoever hangs is dropped
    expire_sync_tokens(calendar="*"); revoke(name); reinstate(name)
    push(mode, calendar="*", times=None)               # "lost" "doubled" "late" "reordered"
    deliver() -> count                                 # sends what is late or reordered, ends that trouble
    push_before_answer(on=True); push_backoff(*seconds); settle(seconds=5) -> bool
    expire_channels(calendar="*")
    channels -> list; deliveries -> list of pushing.Delivered(notice, status, attempts)
    mark() -> int; requests_since(mark=0) -> list of counting.Request(number, method, account, calendar,
         status, units, reason); counts(since=0); counts_by_account(since=0); units(since=0)

The client's httplib2 repeats any request once by itself when the connection ends without an answer: order
`drop` with times=2 for the client to see it; with when="after" a write without its own id is done twice.

`signing_in`: service_account_file(name="robot", delegated=False) and client_file() -> dict as downloaded from
the console, refresh_token(name, scopes=()) -> token; set `refuse = "invalid_grant"`, `consents = "anna"`,
`consent_denied`, `life`. oauthlib wants OAUTHLIB_INSECURE_TRANSPORT=1 for the http address.

As a process: `python -m tests.google_double --port 0 [--insecure-hooks] [--unchecked]
[--seed CALENDAR JSONL]` prints its address. Every method above is `POST /_control/<name>` with its arguments
as JSON, answered {"result": ...}; also `person` {"who", "do", ...}, `clock` {"now"} or {"advance": seconds},
`quirks` {...}, `signing_in` {...}, `service_account_file`, `client_file`, `refresh_token`,
`faults_of_its_own`, `channels`, `deliveries`.
"""

from tests.google_double.double import READ_ONLY, ROOM, GoogleDouble

__all__ = ["READ_ONLY", "ROOM", "GoogleDouble"]
