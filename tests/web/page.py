"""A page as a browser and a screen reader take it: parsed, checked, filled in and sent."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {"a", "b", "em", "span", "strong"}
UNSEEN = {"hidden", "submit", "button", "reset", "image"}

#: Written out here once more: a header that goes missing in the program must be missed here.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}

#: Name of a field -> what is typed or picked.
Values = Mapping[str, str | Sequence[str]]


class Element:
    def __init__(self, tag: str, attrs: dict[str, str], parent: "Element | None") -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attrs.get(name, "")

    def walk(self) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def find(self, *tags: str, **attrs: str) -> list["Element"]:
        """All elements below with one of these tags (any, if none is named) and these attributes."""
        wanted = attrs.items()
        return [each for each in self.walk() if (not tags or each.tag in tags) and wanted <= each.attrs.items()]

    def above(self, tag: str) -> "Element | None":
        found = self.parent
        while found is not None and found.tag != tag:
            found = found.parent
        return found

    @property
    def content(self) -> str:
        return "".join(child if isinstance(child, str) else child.content for child in self.children)

    @property
    def text(self) -> str:
        """What is read, white space and the edges of blocks as one blank."""
        return " ".join(self._read().split())

    def _read(self) -> str:
        read = "".join(child if isinstance(child, str) else child._read() for child in self.children)
        return read if self.tag in INLINE else f" {read} "

    @property
    def classes(self) -> list[str]:
        return self["class"].split()


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(element)
        self.at = self.at if tag in VOID else element

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.at.tag, f"</{tag}> closes <{self.at.tag}>"
        self.at = self.at.parent or self.root

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def parse(html: str) -> Element:
    """The elements of a page; as in a browser, every line end in it is a line feed."""
    tree = _Tree()
    tree.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    tree.close()
    assert tree.at is tree.root, f"<{tree.at.tag}> is not closed"
    return tree.root


class Page:
    """One page that a client was shown."""

    def __init__(self, client: FlaskClient, response: TestResponse) -> None:
        self.client, self.response = client, response
        self.status = response.status_code
        self.path = urlsplit(response.request.url).path
        #: The page's whole address without the host.
        self.address = response.request.url.removeprefix(response.request.root_url.rstrip("/"))
        self.html = response.text
        self.root = parse(self.html)
        (self.main,) = self.root.find("main")

    @property
    def title(self) -> str:
        return " ".join(each.text for each in self.root.find("title"))

    @property
    def heading(self) -> str:
        return self.root.find("h1")[0].text

    @property
    def text(self) -> str:
        """What the page says, its menu and foot left out."""
        return self.main.text

    @property
    def fields(self) -> dict[str, str | list[str]]:
        """Name -> what would be sent, of all that can be seen to fill in."""
        found: dict[str, str | list[str]] = {}
        for control in self.main.find("input", "textarea", "select"):
            if control["type"] not in UNSEEN and control["name"]:
                found.setdefault(control["name"], [] if control["type"] == "checkbox" else "")
                for name, value in _sent(control):
                    before = found[name]
                    found[name] = [*before, value] if isinstance(before, list) else value
        return found

    @property
    def buttons(self) -> list[str]:
        return [each.text for each in self.main.find("button")]

    @property
    def links(self) -> dict[str, str]:
        """Text of a link -> where it leads."""
        return {each.text: each["href"] for each in self.root.find("a")}

    @property
    def errors(self) -> dict[str, str]:
        """Field -> sentence, as the error summary has them; a sentence without a field under ""."""
        items = [item for box in self.with_class("error-summary") for item in box.find("li")]
        return {(item.find("a") or [Element("", {}, None)])[0]["href"].removeprefix("#"): item.text for item in items}

    @property
    def notices(self) -> str:
        return " ".join(each.text for each in self.with_class("notice"))

    def with_class(self, name: str) -> list[Element]:
        return [each for each in self.root.walk() if name in each.classes]

    @property
    def legends(self) -> list[str]:
        return [each.text for each in self.main.find("legend")]

    @property
    def statuses(self) -> dict[str, str]:
        """Title -> status of every line of a task list."""
        return {
            (task.find("a") or task.find("span"))[0].text: next(
                part.text for part in task.walk() if "tag" in part.classes
            )
            for task in self.with_class("task")
        }

    def rows(self, caption: str) -> list[list[str]]:
        """The body of a table, by its caption."""
        (table,) = [each for each in self.main.find("table") if each.find("caption")[0].text == caption]
        return [[cell.text for cell in row.find("th", "td")] for row in table.find("tbody")[0].find("tr")]

    def heads(self, caption: str) -> list[str]:
        """The head of a table."""
        (table,) = [each for each in self.main.find("table") if each.find("caption")[0].text == caption]
        return [cell.text for cell in table.find("thead")[0].find("th")]

    def group(self, legend: str) -> list[str]:
        """Labels of the choices under a legend."""
        (found,) = [each for each in self.main.find("fieldset") if each.find("legend")[0].text == legend]
        return [label.text for label in found.find("label")]

    def follow(self, link: str) -> "Page":
        """The page behind a link, which must hold the place that the link names."""
        address, _hash, place = self.links[link].partition("#")
        page = get_page(self.client, urljoin(self.address, address))
        assert not place or page.root.find(id=place), f"{link}: nothing on {page.path} is called {place!r}"
        return page

    def again(self) -> "Page":
        """The page, fetched once more."""
        return get_page(self.client, self.path)

    def form(self, button: str = "") -> Element:
        """The form with that button; the first that is sent by POST if none is named."""
        forms = self.root.find("form") if button else self.main.find("form", method="post")
        return next(form for form in forms if not button or button in [each.text for each in form.find("button")])

    def data(self, values: Values = {}, button: str = "") -> MultiDict[str, str]:  # noqa: B006  never changed
        """What a browser sends when `button` is pressed after `values` were typed and picked."""
        form = self.form(button)
        controls = form.find("input", "textarea", "select")
        offered = dict.fromkeys(each["name"] for each in controls if each["name"])
        assert values.keys() <= offered.keys(), f"not in the form: {values.keys() - offered.keys()}"
        data: MultiDict[str, str] = MultiDict()
        for name in offered:
            now = [value for each in controls if each["name"] == name for _, value in _sent(each)]
            typed = values.get(name, now)
            data.setlist(name, [typed] if isinstance(typed, str) else list(typed))
        for pressed in form.find("button")[:1] if not button else form.find("button"):
            if pressed["name"] and (not button or pressed.text == button):
                data[pressed["name"]] = pressed["value"]
        return MultiDict([(name, re.sub("\r\n?|\n", "\r\n", value)) for name, value in data.items(multi=True)])

    def send(self, values: Values = {}, button: str = "", status: int = 200, **more: Any) -> "Page":  # noqa: B006
        """Fill the form in, press the button, and go where that leads; `status` is of the page that is shown then.

        `more`: further fields, such as a file.
        """
        form = self.form(button)
        address = urljoin(self.address, form["action"] or self.address)
        data = self.data(values, button).to_dict(flat=False) | more
        response = self.client.post(address, data=data, content_type=form["enctype"] or None)
        check_headers(response)
        if response.location:
            assert response.status_code in (302, 303), response.status
            return get_page(self.client, response.location, status)
        return checked(self.client, response, status)


def links_on(page: Page) -> dict[str, str]:
    """Name -> path of the link, on the page that shows links."""
    (caption,) = [each.text for each in page.main.find("caption")]
    return {row[0]: row[-1].removeprefix("http://localhost") for row in page.rows(caption)}


def get_page(client: FlaskClient, path: str, status: int = 200, **more: Any) -> Page:
    """Fetch a page, follow its redirects, and check it as every page is checked."""
    response = client.get(path, **more)
    while response.location:
        check_headers(response)
        response = client.get(response.location, **more)
    return checked(client, response, status)


def checked(client: FlaskClient, response: TestResponse, status: int) -> Page:
    check_headers(response)
    assert response.status_code == status, f"{response.request.path}: {response.status}"
    assert response.content_type == "text/html; charset=utf-8"
    page = Page(client, response)
    faults = list(faults_of(page))
    assert not faults, f"{page.address}: {faults}"
    return page


def check_headers(response: TestResponse) -> None:
    found = {name: response.headers.get(name) for name in HEADERS}
    assert found == HEADERS, response.request.path
    assert response.headers.get("Cache-Control") == "no-store", response.request.path


def faults_of(page: Page) -> Iterator[str]:
    """Everything that is wrong with a page whatever it says."""
    yield from _faults_of_outline(page)
    yield from _faults_of_labels(page.root)
    yield from _faults_of_groups(page.root)
    yield from _faults_of_forms(page.root)
    yield from _faults_of_targets(page.root)
    yield from _faults_of_inline(page.root)
    yield from _faults_of_errors(page)


def _faults_of_outline(page: Page) -> Iterator[str]:
    if not page.title:
        yield "no title"
    if len(page.root.find("h1")) != 1 or not page.heading:
        yield f"{len(page.root.find('h1'))} h1"
    if not page.root.find("html")[0]["lang"]:
        yield "no language"
    ids = Counter(each["id"] for each in page.root.walk() if "id" in each.attrs)
    yield from (f"id {key!r} stands {number} times" for key, number in ids.items() if number > 1 or not key)


def _faults_of_labels(root: Element) -> Iterator[str]:
    labels = {each["for"] for each in root.find("label") if each.text}
    for control in root.find("input", "textarea", "select"):
        named = control["aria-label"] or (control["id"] and control["id"] in labels)
        if control["type"] not in UNSEEN and not named:
            yield f"no label: {control.tag} {control['name']}"


def _faults_of_groups(root: Element) -> Iterator[str]:
    controls = [each for each in root.find("input") if each["type"] in ("radio", "checkbox")]
    numbers = Counter((each["type"], each["name"]) for each in controls)
    for control in controls:
        fieldset = control.above("fieldset")
        legend = fieldset.find("legend") if fieldset else []
        if numbers[control["type"], control["name"]] > 1 and not (legend and legend[0].text):
            yield f"no legend: {control['name']}"
    for fieldset in root.find("fieldset"):
        radios = {each["name"] for each in fieldset.find("input", type="radio")}
        if len(radios) > 1:
            yield f"several questions under one legend: {radios}"


def _faults_of_forms(root: Element) -> Iterator[str]:
    for form in root.find("form"):
        if form["method"] not in ("get", "post"):
            yield f"form without method: {form['action']}"
        if form["method"] == "post" and not form["action"]:
            yield "form without action"
        if form["method"] == "post" and not any(each["value"] for each in form.find("input", name="csrf_token")):
            yield f"form without token: {form['action']}"


def _faults_of_targets(root: Element) -> Iterator[str]:
    ids = {each["id"] for each in root.walk() if each["id"]}
    for each in root.walk():
        wanted = each["aria-describedby"].split() + each["aria-labelledby"].split()
        wanted += [each["for"]] if "for" in each.attrs else []
        wanted += [each["href"][1:]] if each["href"].startswith("#") else []
        yield from (f"<{each.tag}> names {key!r}, which is not there" for key in wanted if key not in ids)


def _faults_of_inline(root: Element) -> Iterator[str]:
    for each in root.walk():
        if each.tag == "style" or (each.tag == "script" and not each["src"]):
            yield f"inline <{each.tag}>"
        yield from (f"{name} on <{each.tag}>" for name in each.attrs if name == "style" or name.startswith("on"))
        if "maxlength" in each.attrs:
            yield f"maxlength on {each['name']}"
        for address in (each["href"], each["src"], each["action"]):
            if urlsplit(address).scheme == "javascript" or urlsplit(address).netloc not in ("", "localhost"):
                yield f"leads away: {address}"


def _faults_of_errors(page: Page) -> Iterator[str]:
    """A fault is told in the title, in a summary, and beside its field."""
    if bool(page.with_class("error-summary")) != page.title.startswith("Error:"):
        yield f"error summary and title {page.title!r} do not go together"
    described = {key for each in page.root.walk() for key in each["aria-describedby"].split()}
    for sentence in page.with_class("error"):
        if sentence["id"] not in described:
            yield f"no field is described by the error {sentence.text!r}"


def _sent(control: Element) -> Iterator[tuple[str, str]]:
    kind = control["type"]
    if control.tag == "textarea":
        yield control["name"], control.content.removeprefix("\n")
    elif control.tag == "select":
        options = control.find("option")
        chosen = [each for each in options if "selected" in each.attrs] or options[:1]
        yield from ((control["name"], each["value"]) for each in chosen)
    elif kind in ("radio", "checkbox"):
        if "checked" in control.attrs:
            yield control["name"], control["value"]
    elif kind not in ("file", "submit", "button"):
        yield control["name"], control["value"]
