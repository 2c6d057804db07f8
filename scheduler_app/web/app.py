"""The Flask app: every route of this service but the feeds, which are served in front of it."""

from flask import Flask, redirect
from werkzeug.wrappers import Response

from scheduler_app.web import problems
from scheduler_app.web.api_check import api_check
from scheduler_app.web.api_clients import api_clients
from scheduler_app.web.api_slots import api_slots
from scheduler_app.web.bodies import READ_AT_MOST
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk import add_desk
from scheduler_app.web.health import health
from scheduler_app.web.hooks import hooks
from scheduler_app.web.openapi import openapi
from scheduler_app.web.private import private
from scheduler_app.web.pushes import pushes
from scheduler_app.web.subscribe import subscribe
from scheduler_app.web.validating import validating


def create_app(deps: Deps) -> Flask:
    """Compose the routes over what is handed in. Reads no environment, no clock, no global."""
    app = Flask("scheduler_app.web", static_url_path="/desk/static")
    app.config["MAX_CONTENT_LENGTH"] = READ_AT_MOST
    problems.register(app, deps.counters)
    app.register_blueprint(health(deps))
    app.register_blueprint(hooks(deps))
    app.register_blueprint(validating(deps))
    app.register_blueprint(pushes(deps))
    for routes in (api_check, api_clients, api_slots):
        app.register_blueprint(routes(deps))
    app.register_blueprint(openapi())
    app.register_blueprint(subscribe(deps))
    private(app, deps)
    add_desk(app, deps)

    @app.get("/")
    def door() -> Response:
        return redirect("/desk/")

    return app
