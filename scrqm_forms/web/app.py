"""`create_app`: the pages over a prepared instance."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from scrqm_forms.services.context import make_app
from scrqm_forms.services.starting import check_start
from scrqm_forms.storage.database import has_traces, wipe_deleted
from scrqm_forms.web import (
    account,
    addresses,
    administrators,
    asking,
    assets,
    board_markers,
    boards,
    comparing,
    downloads,
    entries,
    errors,
    grouping,
    health,
    improvements,
    keeping,
    language,
    log,
    look,
    marker_drafts,
    marker_imports,
    marker_texts,
    markers,
    meeting,
    outdated,
    participant,
    people,
    plugins,
    register,
    results,
    reviews,
    rights,
    security,
    sending,
    set_up,
    side_by_side,
    sign_in,
)
from scrqm_forms.web.places import may
from scrqm_forms.web.purposes import add_purposes
from scrqm_forms.web.words import add_filters, add_parts

TOPICS = (
    *(participant, entries, boards, look, reviews, set_up, asking, grouping, people, sending, results, side_by_side),
    *(markers, comparing, board_markers, marker_drafts, marker_imports, marker_texts, outdated),
    *(meeting, register, improvements),
    *(keeping, rights, log, plugins, administrators, account, health),
)


class SmallNumber(IntegerConverter):
    """Whole numbers in addresses, as large as a database's own; larger ones lead nowhere."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


def create_app(instance_folder: str | Path | None = None, *, local: bool = False) -> Flask:
    """The web app over the instance in `instance_folder` (see `instance.find_instance`), prepared on first use.

    `local` as the setting: without it, raises Refused for what must not be served to others.
    """
    app = make_app(instance_folder, local=local)
    check_start(app.extensions["scrqm_forms"].instance, debug=app.debug)
    downloads.let_requests_go_first(app)
    addresses.guard_addresses(app)
    language.add_language(app)
    add_filters(app)
    add_purposes(app)
    plugins.add_origins(app)
    assets.add_assets(app)
    security.protect(app)
    sign_in.add_sign_in(app)
    errors.add_error_pages(app)
    app.jinja_env.globals["may"] = may
    app.url_map.converters["int"] = SmallNumber
    for topic in TOPICS:
        app.register_blueprint(topic.pages)
    with app.app_context():
        if has_traces():
            wipe_deleted(rebuild=True)
    add_parts(app)
    proxies = app.extensions["scrqm_forms"].instance.settings.trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app
