"""No word is lost: 200 answers through everything that can come in between, and many who send at once."""

import http.client
import random
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from scrqm_forms.domain.links import handle_of, receipt_of
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.wording import normalise_typed
from scrqm_forms.storage.database import db
from scrqm_forms.web.app import create_app

from .page import Page
from .page import get_page as get_page_by
from .script import Script
from .world import Asked, World

Begin = Callable[..., Page]

# 200 answers

ANSWERS, ON_A_PAGE, LONGEST = 200, 50, 50_000
#: Kinds of text, each as pieces that a text is put together from.
PIECES = {
    "plain": ["The chair ", "asked; ", "nobody answered. ", "Yes", " 'no' \"perhaps\" ", "£5 – 10 %"],
    "lines": ["\r\n", "\r", "\n", "\n\r", "one", " two ", "\t"],
    "emoji": ["👩🏽‍💻", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "😀", "é", "e\u0301", "\u212b", " "],
    "right to left": ["שלום ", "سلام ", "\u202eabc\u202c", "\u200f", "\u2067", "1, 2 "],
    "markup": ["</textarea>", "<b>", "&amp;", "&#10;", '">', "{{ 7 * 7 }}", "%(name)s", "]]>", "<!--"],
    "invisible": ["\u200b", "\ufeff", "\xa0", "\u2028", "\x00", "\x0b", "\x1b", "\x85", "\uffff", " ", "x"],
    "any": [chr(n) for n in range(0x20, 0x3000, 7)] + [chr(n) for n in range(0x1F300, 0x1F6FF, 5)],
}


def make_answers() -> list[str]:
    """Of every kind and length; the same each time."""
    chance = random.Random(2016)
    answers = []
    for n in range(ANSWERS):
        pieces = list(PIECES.values())[n % len(PIECES)]
        length = LONGEST if n % 20 == 0 else int(10 ** chance.uniform(0, 3.5))
        text = "\n" * (n % 3) + "".join(chance.choices(pieces, k=length))
        answers.append(text[:length])
    return answers


@pytest.fixture
def boxes(world: World) -> list[str]:
    """Names of the text boxes of a marker, tea04, that asks for as much as fits on one page of answers."""
    asked = "".join(f'[[questions]]\nid = "q{n}"\nask = "{n}?"\nkind = "text"\n' for n in range(ON_A_PAGE - 4))
    marker = (world.marker_folder / "03-cups.toml").read_text().split("[[questions]]")[0]
    marker = marker.replace("number = 3", "number = 4").replace("tea03", "tea04")
    (world.marker_folder / "04-urn.toml").write_text(marker + asked)
    reflections = [f"reflection-{key}" for key in ("how_known", "helped", "hindered", "change_next")]
    return [f"comment-q{n}" for n in range(ON_A_PAGE - 4)] + reflections


@contextmanager
def restarted(app: Flask) -> Iterator[Flask]:
    """The program started once more over what there is."""
    with app.app_context():
        db.engine.dispose()
    again = create_app(app.instance_path)
    again.config["NOW"] = app.config["NOW"]
    yield again
    with again.app_context():
        db.engine.dispose()


def move(page: Page, app: Flask) -> FlaskClient:
    """The page now talks to the program `app`; the browser's cookie goes along."""
    cookie = page.client.get_cookie("scrqm_forms")
    page.client = app.test_client()
    if cookie is not None:
        page.client.set_cookie("scrqm_forms", cookie.value)
    return page.client


def press_save(page: Page, answers: dict[str, str], link: str, way: str) -> None:
    """Without the script: follow what the pages say until it is saved."""
    if "cookie" in way:
        page.client.delete_cookie("scrqm_forms")
    lost = {"csrf_token": ""} if "token" in way else {}
    if not ("cookie" in way or "token" in way):
        assert page.send(answers).heading == "The review as a whole"
        return
    page = page.send(answers | lost, status=400)
    if "cookie" in way:
        assert page.heading == "Open your link again, then press Save"
        get_page_by(page.client, link).send()
    assert page.send().heading == "The review as a whole"


def type_with_script(page: Page, answers: dict[str, str], link: str, way: str) -> None:
    """With the script: what it sends, and what it is told, until it is saved."""
    script = Script(page)
    # A text box gives its line ends out as CRLF.
    script.sent |= {name: re.sub("\r\n?|\n", "\r\n", text) for name, text in answers.items()}
    if "cookie" in way:
        page.client.delete_cookie("scrqm_forms")
        assert "Open your link again" in script.save(status=400)["said"]
        get_page_by(page.client, link).send()
    if "token" in way:
        script.sent["csrf_token"] = ""
    if "cookie" in way or "token" in way:
        script.sent["csrf_token"] = script.save(status=400)["token"]
    assert script.save() == {"version": "1"}


@pytest.mark.parametrize("save", [press_save, type_with_script], ids=["button", "script"])
def test_200_answers_are_kept_through_lost_cookie_lost_token_and_restart(
    web_app: Flask, world: World, boxes: list[str], save: Callable[..., None], instance_path: Path
) -> None:
    answers = make_answers()
    assert max(map(len, answers)) == LONGEST
    ways = ("cookie", "token", "restart", "restart, cookie and token")
    asked = world.open_round({"lead_reviewer": len(ways)}, markers=("tea04",))
    kept = 0
    with restarted(web_app) as after_restart:
        for n, way in enumerate(ways):
            typed = dict(zip(boxes, answers[n * ON_A_PAGE :], strict=False))
            link = asked.links[n]
            page = get_page_by(web_app.test_client(), link).send().follow("Cups")
            if "restart" in way:
                move(page, after_restart)
            save(page, typed, link, way)
            stored = world.entries(link.removeprefix("/i/"))["tea04"]
            texts = {f"comment-{key}": text for key, text in stored.comments.items()}
            texts |= {f"reflection-{key}": text for key, text in stored.reflections.items()}
            expected = {name: normalise_typed(text)[0] for name, text in typed.items()}
            assert texts == {name: text for name, text in expected.items() if text}
            shown = get_page_by(page.client, page.path).fields
            assert {name: shown[name] for name in boxes} == expected
            kept += len(typed)
    assert kept == ANSWERS


# What stays on a page that could not be saved


@pytest.fixture
def choosing(web_app: Flask, world: World, begin: Begin) -> tuple[Asked, Page]:
    """The page with two versions of an entry, one typed here and one saved from elsewhere."""
    asked = world.open_round()
    here = begin(asked.link).follow("Kettle")
    begin(asked.link, web_app.test_client()).follow("Kettle").send({"reflection-helped": "Typed there."})
    return asked, here.send({"reflection-helped": "Typed here."}, status=409)


@pytest.mark.parametrize("pick", ["here", "elsewhere", "both"])
def test_choice_made_with_a_lost_token_is_asked_for_again_as_it_was_made(
    world: World, choosing: tuple[Asked, Page], pick: str
) -> None:
    asked, page = choosing
    again = page.send({"pick-reflection-helped": pick, "csrf_token": ""}, status=400)
    assert again.heading == "Choose what to keep"
    assert "press Save again" in again.errors["both"]
    assert world.entries(asked.link.removeprefix("/i/"))["tea01"].reflections == {"helped": "Typed there."}
    kept = {"here": "Typed here.", "elsewhere": "Typed there.", "both": "Typed there.\n\nTyped here."}[pick]
    assert again.send().fields["reflection-helped"] == kept


def test_choice_made_with_a_lost_cookie_counts_once_the_link_is_open_again(
    choosing: tuple[Asked, Page], begin: Begin, client: FlaskClient
) -> None:
    asked, page = choosing
    client.delete_cookie("scrqm_forms")
    lost = page.send({"pick-reflection-helped": "elsewhere"}, status=400)
    begin(asked.link)
    assert lost.send().fields["reflection-helped"] == "Typed there."


def test_choice_is_asked_for_anew_when_the_token_is_lost_and_the_other_text_has_changed(
    web_app: Flask, choosing: tuple[Asked, Page], begin: Begin
) -> None:
    asked, page = choosing
    begin(asked.link, web_app.test_client()).follow("Kettle").send({"reflection-helped": "Quite another."})
    again = page.send({"pick-reflection-helped": "here", "csrf_token": ""}, status=400)
    assert [each.text for each in again.with_class("kept")] == ["Typed here.", "Quite another."]
    assert again.send().fields["reflection-helped"] == "Quite another.\n\nTyped here."


def test_save_that_fails_inside_can_be_pressed_again(
    world: World, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = world.open_round()
    page = begin(asked.link).follow("Kettle")
    values = {"reflection-helped": "\nThe urn.", "answer-full": "yes", "obstacles": ["no_water", "no_gas"]}
    with monkeypatch.context() as broken:
        broken.setattr(db.session, "commit", lambda: 1 / 0)
        failed = page.send(values, status=500)
    assert failed.heading == "Something went wrong"
    assert failed.fields == {"reflection-helped": "\nThe urn."}
    assert failed.send().heading == "Table"
    assert world.entries(asked.link.removeprefix("/i/"))["tea01"] == Entry(
        answers={"full": "yes"}, obstacles=("no_water", "no_gas"), reflections={"helped": "\nThe urn."}
    )


# Many at once

LINKS, AT_ONCE = 100, 10


@pytest.fixture
def port(web_app: Flask, instance_path: Path) -> Iterator[int]:
    """Of the program, served with a thread for each request."""
    server = make_server("127.0.0.1", 0, web_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.port
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_of_100_links_sent_ten_times_at_once_is_one_submission_with_one_receipt(
    web_app: Flask, world: World, port: int
) -> None:
    (secrets,) = world.open_round({"chair": LINKS}).secrets.values()
    together = threading.Barrier(AT_ONCE)

    def ask(secret: str, cookie: str, token: str) -> str:
        """Press Send; the address that it leads to."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        together.wait(60)
        form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"scrqm_forms={cookie}"}
        connection.request("POST", f"/r/{handle_of(secret)}/check", urlencode({"csrf_token": token}), form)
        answer = connection.getresponse()
        connection.close()
        return f"{answer.status} {answer.headers['Location']}"

    receipts = {}
    with ThreadPoolExecutor(AT_ONCE) as people:
        for secret in secrets:
            cookie, token = world.visit(secret)
            sent = [people.submit(ask, secret, cookie, token) for _ in range(AT_ONCE)]
            answers = {each.result() for each in sent}
            assert answers == {f"303 /r/{handle_of(secret)}/done"}
            client = web_app.test_client()
            client.set_cookie("scrqm_forms", cookie)
            (receipt,) = get_page_by(client, f"/r/{handle_of(secret)}/done").with_class("code")
            receipts[secret] = receipt.text
    assert receipts == {secret: receipt_of(secret) for secret in secrets}
    assert len(set(receipts.values())) == LINKS
    with web_app.app_context():
        numbers = db.session.execute(sa.text("SELECT count(*), sum(submitted) FROM response")).one()
        assert tuple(numbers) == (LINKS, LINKS)


def test_ten_different_saves_of_one_entry_at_once_keep_one_and_tell_the_others(
    web_app: Flask, world: World, port: int
) -> None:
    asked = world.open_round({"chair": 1})
    secret = asked.link.removeprefix("/i/")
    cookie, token = world.visit(secret)
    together = threading.Barrier(AT_ONCE)

    def save(text: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        data = urlencode({"csrf_token": token, "version": "0", "reflection-helped": text})
        form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"scrqm_forms={cookie}"}
        together.wait(60)
        connection.request("POST", f"/r/{handle_of(secret)}/tea01", data, form)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer.status, page

    texts = [f"Said by tab {n}." for n in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as people:
        answers = dict(zip(texts, people.map(save, texts), strict=True))
    (kept,) = world.entries(secret)["tea01"].reflections.values()
    assert {text: status for text, (status, _) in answers.items()} == {
        text: 303 if text == kept else 409 for text in texts
    }
    for text, (_, page) in answers.items():
        assert text == kept or (text in page and kept in page)
