"""Links that sign in to the demonstration. Added by `scrqm-forms demo` only; no other program has these addresses."""

import secrets

from flask import Flask, abort, redirect, url_for
from flask_security import login_user
from werkzeug.wrappers import Response

from scrqm_forms.services.demo import Demo
from scrqm_forms.storage.database import db
from scrqm_forms.web.sign_in import Administrator


def add_demo_links(app: Flask, demo: Demo) -> tuple[str, str]:
    """(path of the administrator's link, path of the link to the results); each works as often as it is opened."""
    secret = secrets.token_urlsafe(32)
    review = demo.round.review
    endpoints = {"round": "reviews.show_round", "results": "results.show"}

    def enter(given: str, page: str) -> Response:
        if not secrets.compare_digest(given, secret) or page not in endpoints:
            abort(404)
        login_user(db.session.get_one(Administrator, demo.administrator_id))
        return redirect(
            url_for(endpoints[page], board_key=review.board.key, review_key=review.key, round_key=demo.round.key)
        )

    # Browsers keep one cookie of a name for all programs of a machine: the demonstration signs nobody out of another.
    app.config["SESSION_COOKIE_NAME"] += "_demo"
    app.add_url_rule("/demo/<given>/<page>", "demo", enter)
    return f"/demo/{secret}/round", f"/demo/{secret}/results"
