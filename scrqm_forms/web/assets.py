"""Stylesheets, scripts and the icon, at addresses that change with their content: browsers may keep them for good.

Comments and indentation are for readers of the files; they are left out of what is sent.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, abort, request

_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def add_assets(app: Flask) -> None:
    """Gives templates `asset("style.css")`, the address of a file in `static/`."""
    found = {path.name: _read(path) for path in Path(app.static_folder or "").iterdir() if path.suffix in _MEDIA_TYPES}

    paths = {name: f"/assets/{digest}/{name}" for name, (digest, _) in found.items()}

    def asset(name: str) -> str:
        return request.script_root + paths[name]

    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/assets/<digest>/<name>", "asset", _view_of(found))


def _view_of(found: dict[str, tuple[str, str]]) -> Callable[[str, str], Response]:
    def send(digest: str, name: str) -> Response:
        if name not in found or found[name][0] != digest:
            abort(404)
        response = Response(found[name][1], content_type=_MEDIA_TYPES[Path(name).suffix])
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    return send


def _read(path: Path) -> tuple[str, str]:
    """(digest, text) of what is sent."""
    text = _SQUEEZERS.get(path.suffix, str)(path.read_text(encoding="utf-8"))
    return hashlib.sha256(text.encode()).hexdigest()[:16], text


def _squeeze_style(text: str) -> str:
    return re.sub(r"\s*([{};])\s*", r"\1", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()


def _squeeze_script(text: str) -> str:
    """Line by line: a comment must have its lines to itself."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


_SQUEEZERS: dict[str, Callable[[str], str]] = {".css": _squeeze_style, ".js": _squeeze_script}
