"""/my/intake/<token>: the health questions, a look at the answers, and sending them once.

Nothing about the client is shown but the day of the last answers: whoever holds the phone may read it.
Nothing is kept between the steps; the answers travel with the form until they are sent.
"""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from scheduler_app.domain.private_links import INTAKE, USED
from scheduler_app.errors import Invalid
from scheduler_app.flow.intake import Answers, last_told, take_answers
from scheduler_app.flow.private_links import opened
from scheduler_app.web.deps import Deps
from scheduler_app.web.private.answers import Questions, Sent, lines, questions, read
from scheduler_app.web.private.doors import Visitor, enter, require_own_form, tongue_of
from scheduler_app.web.private.sheets import SHEETS, closed

LONGEST = 40  # characters of any field: all of them are choices


def add(blueprint: Blueprint, deps: Deps) -> None:
    """The routes."""

    @blueprint.get("/intake/<token>")
    def ask_questions(token: str) -> Answer:
        with deps.store.reading() as held:
            visitor = enter(deps, held, token, INTAKE)
            if isinstance(visitor, Response):
                return visitor
            since = last_told(held, visitor.client)
        if since is not None:
            return _changed(deps, visitor, since)
        return _form(deps, visitor, Sent({}))

    @blueprint.post("/intake/<token>")
    def hear_answers(token: str) -> Answer:
        require_own_form()
        with deps.store.reading() as held:
            visitor = enter(deps, held, token, INTAKE)
            if isinstance(visitor, Response):
                return visitor
            since = last_told(held, visitor.client)
        return _step(deps, visitor, _typed(), since)

    @blueprint.get("/intake/<token>/done")
    def thank(token: str) -> Answer:
        with deps.store.reading() as held:
            standing, link = opened(held, token, INTAKE, deps.clock())
            if link is None or standing != USED:
                return closed(deps.clinic, "unknown")
            said = tongue_of(deps, held, link.client)
        return SHEETS.page("told.html", said, deps.clinic, section="intake", also=("done_wrong",))


def _typed() -> Mapping[str, str]:
    return {name: value.strip()[:LONGEST] for name, value in request.form.items()}


def _step(deps: Deps, visitor: Visitor, typed: Mapping[str, str], since: date | None) -> Answer:
    step, sent = typed.get("step", ""), Sent(typed)
    if step == "changed":
        if typed.get("changed") == "yes":
            return _form(deps, visitor, Sent({}))
        if typed.get("changed") == "no" and since is not None:
            return _review(deps, visitor, {"unchanged": "yes"}, Answers(), since)
        sent.mistakes["changed"] = visitor.said.say("mistake", "changed")
        return _changed(deps, visitor, since, sent) if since else _form(deps, visitor, Sent({}))
    if step == "edit":
        return _form(deps, visitor, Sent({} if sent.has("unchanged") else typed))
    unchanged = sent.has("unchanged") and since is not None
    answers = (
        Answers() if unchanged else read(sent, _asked(deps, visitor), visitor.said, _today(deps, visitor))
    )
    if sent.mistakes:
        return _form(deps, visitor, sent, 422)
    if step == "send":
        return _send(deps, visitor, sent, answers)
    return _review(deps, visitor, typed, answers, since if unchanged else None)


def _send(deps: Deps, visitor: Visitor, sent: Sent, answers: Answers) -> Answer:
    try:
        client = take_answers(deps.flow, visitor.token, answers)
    except Invalid:
        sent.mistakes["none"] = visitor.said.say("mistake", "refused")
        return _form(deps, visitor, sent, 422)
    if client is not None:
        deps.nudge()
    # whoever was second finds the same page: the answers are there
    return redirect(f"/my/intake/{visitor.token}/done", 303)


def _changed(deps: Deps, visitor: Visitor, since: date, sent: Sent | None = None) -> Response:
    sent = sent or Sent({})
    return SHEETS.page(
        "changed.html", visitor.said, deps.clinic, 422 if sent.mistakes else 200, sent=sent,
        since=visitor.said.day(since),
    )  # fmt: skip


def _form(deps: Deps, visitor: Visitor, sent: Sent, status: int = 200) -> Response:
    return SHEETS.page(
        "intake.html", visitor.said, deps.clinic, status, asked=_asked(deps, visitor), sent=sent
    )


def _review(
    deps: Deps, visitor: Visitor, typed: Mapping[str, str], answers: Answers, since: date | None
) -> Response:
    said = visitor.said
    told = lines(answers, _asked(deps, visitor), said)
    if since is not None:
        told = [
            (
                said.say("intake", "changed_title"),
                [said.say("intake", "review_unchanged", date=said.day(since))],
            )
        ]
    kept = {name: value for name, value in typed.items() if name != "step" and value}
    return SHEETS.page("review.html", said, deps.clinic, told=told, kept=kept)


def _asked(deps: Deps, visitor: Visitor) -> Questions:
    return questions(deps.flow, visitor.said, _today(deps, visitor))


def _today(deps: Deps, visitor: Visitor) -> date:
    return date.fromordinal(deps.flow.today(visitor.now))
