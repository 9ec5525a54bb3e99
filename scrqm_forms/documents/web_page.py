"""A saved web page -> its text."""

import re
from html.parser import HTMLParser

#: Not forms, which some sites put around the whole page, nor larger parts that are hidden: sections are folded so.
_LEFT_OUT = frozenset(
    {
        "del",
        "script",
        "style",
        "head",
        "nav",
        "footer",
        "aside",
        "noscript",
        "template",
        "svg",
        "select",
        "iframe",
        "textarea",
    }
)
#: Where these are hidden, it is not because a section is folded away.
_PIECES = frozenset({"a", "abbr", "b", "em", "font", "i", "label", "li", "mark", "p", "small", "span", "strong", "u"})
_HIDES = re.compile(r"display\s*:\s*none\b", re.IGNORECASE)
#: Roles that mark the same parts of a page.
_LEFT_OUT_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert"})
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "button", "caption", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "label"}
    | {"legend", "li", "main", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "td", "th"}
    | {"thead", "tr", "ul"}
)
#: In a list they are no item: folding sections are often made so.
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "summary", "button"])
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_CLOSED_BY = {
    "li": ("li",),
    "p": ("p",),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "dt": ("dt", "dd"),
    "dd": ("dt", "dd"),
}
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def read_web_page(page: str) -> str:
    """The text of a page: of its main part where it has one, without menus, sidebars, forms and footers."""
    texts = [_read(page, only_main=only) for only in (True, False)]
    return next((text for text in texts if text.strip()), "")


def _read(page: str, *, only_main: bool) -> str:
    reader = _Reader(only_main)
    reader.feed(page)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self, only_main: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._only_main = only_main
        self._rows: list[str] = []
        self._row = ""
        #: Mark and indentation of the item whose first row is next.
        self._mark = ""
        self._indent = ""
        #: Open elements, and for each whether its text is left out.
        self._open: list[tuple[str, bool]] = []
        #: Open lists: None for a bulleted one, else the next number.
        self._lists: list[int | None] = []
        self._mains = 0

    def text(self) -> str:
        self._end_row()
        return "\n".join(self._rows)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._end_row(blank=not self._row.strip() and not self._lists)
            return
        if tag in _EMPTY:
            if tag == "hr":
                self._part()
            return
        self._close_implied(tag)
        if tag in _BLOCKS:
            self._part(blank=tag != "li")
        is_main = tag == "main" or given.get("role") == "main"
        self._mains += is_main
        self._open.append((tag + "!" * is_main, self._leaves_out(tag, given)))
        if tag in ("ul", "ol"):
            self._lists.append(_first_number(given) if tag == "ol" else None)
        if tag == "li" and not self._open[-1][1]:
            self._begin_item(given)
        if tag in _HEADINGS or given.get("role") in ("button", "heading"):
            self._mark = ""

    def handle_endtag(self, tag: str) -> None:
        names = [name.rstrip("!") for name, _ in self._open]
        if tag not in names:
            return
        while self._open:
            name, _ = self._open.pop()
            self._mains -= name.endswith("!")
            if name.rstrip("!") in ("ul", "ol") and self._lists:
                self._lists.pop()
            if name.rstrip("!") == tag:
                break
        if tag in _BLOCKS:
            self._part(blank=tag != "li")
        if tag == "li":
            self._mark = ""
            self._indent = "  " * max(len(self._lists) - 1, 0)

    def handle_data(self, data: str) -> None:
        if any(left_out for _, left_out in self._open) or (self._only_main and not self._mains):
            return
        if any(name == "pre" for name, _ in self._open):
            *rows, data = data.split("\n")
            for row in rows:
                self._row += row
                self._end_row(blank=False)
        self._row += _BLANKS.sub(" ", data)

    def _close_implied(self, tag: str) -> None:
        """Some elements end where the next begins, without saying so."""
        for name, _ in reversed(self._open):
            bare = name.rstrip("!")
            if bare in _CLOSED_BY.get(tag, ()):
                self.handle_endtag(bare)
                return
            if bare in ("ul", "ol", "table", "tr", "dl", "div", "section", "main", "body"):
                return
            if bare == "p" and tag in _BLOCKS:
                self.handle_endtag("p")
                return

    def _leaves_out(self, tag: str, given: dict[str, str]) -> bool:
        outside = tag == "header" and not self._mains and not any(name == "article" for name, _ in self._open)
        # hidden="until-found" is a section that opens when somebody looks for its words.
        hidden = (
            given.get("hidden", "until-found") != "until-found" or _HIDES.search(given.get("style", "")) is not None
        )
        return tag in _LEFT_OUT or given.get("role") in _LEFT_OUT_ROLES or outside or (hidden and tag in _PIECES)

    def _begin_item(self, given: dict[str, str]) -> None:
        self._indent = "  " * max(len(self._lists) - 1, 0)
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._mark = "• "
            return
        number = int(given["value"]) if given.get("value", "").isdigit() else number
        self._mark = f"{number}. "
        self._lists[-1] = number + 1

    def _end_row(self, *, blank: bool = False) -> None:
        row = _BLANKS.sub(" ", self._row).strip(" ")
        self._row = ""
        if row.strip():
            self._rows.append(f"{self._indent}{self._mark}{row}")
            self._mark = ""
        if blank and self._rows and self._rows[-1]:
            self._rows.append("")

    def _part(self, *, blank: bool = True) -> None:
        """End the paragraph; within an item the next row still belongs to it."""
        self._end_row(blank=blank and not self._lists)
        if not self._lists:
            self._mark = self._indent = ""


def _first_number(given: dict[str, str]) -> int:
    return int(given["start"]) if given.get("start", "").isdigit() else 1
