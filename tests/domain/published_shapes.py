"""One invented marker, written out in every way in which people hold the published ones.

A shape is one choice for each way in which copies differ; `all_pairs` gives a short list of shapes in which every two
choices meet. Nothing here is published wording.
"""

from itertools import combinations

TITLE = "Kettle care"
STATEMENT = "The kettle is boiled before the guests (GST) arrive. It is poured by those who know how"
RATIONALE = (
    "Cold tea disappoints, and those who wait too long go home.",
    "It takes several things:",
    ("water that was drawn the same morning", "who brings the leaves?", "is there milk?"),
    "Rationale and questions differ from house to house.",
)
QUESTIONS = (
    "Is there a kettle?",
    "Does somebody fill it? Does it then boil?",
    "Those who pour are named.",
    "Are the cups clean, and is the pot – if there is one – warm?",
    "What helps the guests to ask for more?",
)
NESTED = ("Are these ready:", ("the spoons", "the sugar"))
SECTIONS = {
    "knowledge": ("Tea drinkers reports that hot water matter (Leaf, 2001 2002).", "The Tea Office found the same."),
    "equality": ("Some guests take no milk.",),
    "guidance": ("No law says how tea is made (p. 72).",),
    "obstacles": ("A spare kettle helps.", "One person who pours is better than three."),
}
HEADINGS = {
    "statement": "Quality statement",
    "rationale": "Rationale",
    "questions": "How might you know if you are meeting this quality marker?",
    "knowledge": "Knowledge base",
    "equality": "Equality and diversity",
    "guidance": "Link to statutory guidance and inspection criteria",
    "obstacles": "Tackling some common obstacles",
}
NAVIGATION = (
    "Skip to content",
    "Home > Children > Quality markers",
    "Menu",
    "Knowledge base",
    "- Quality statement",
    "Print this page",
)

#: Way in which copies differ -> the choices, the plainest first.
WAYS = {
    "above": ("nothing", "set name", "navigation"),
    "title": ("one line", "dash", "two lines", "three lines", "set name below"),
    "statement": ("same line", "next line", "after a blank line", "dash"),
    "headings": (
        "plain",
        "ampersand",
        "upper",
        "lower",
        "colon",
        "two lines",
        "no-break",
        "plural",
        "numbered",
        "Markdown",
    ),
    "rationale": ("headed", "no heading"),
    "marks": ("{n}. ", "{n}) ", "({n}) ", "- ", "• ", "* ", "•\t", "{n}.\t", "1. ", "Q{n}. ", "8.{n} ", "({a}) ", "· "),
    "lists": ("same marks", "dashes", "bullets"),
    "indent": ("", "  ", "      "),
    "between": ("", "\n"),
    "nested": ("none", "deeper", "other mark"),
    "sections": ("all", "none empty", "all empty", "absent", "equality absent"),
    "below": ("nothing", "about the set", "downloads", "page words"),
    "line end": ("\n", "\r\n", "\r", "\n\n"),
    "codec": ("utf-8", "utf-8-sig", "utf-16", "cp1252"),
}


def all_pairs():
    """Shapes in which any two choices meet at least once."""
    ways = list(WAYS)
    wanted = {((one, a), (other, b)) for one, other in combinations(ways, 2) for a in WAYS[one] for b in WAYS[other]}
    shapes = []
    while wanted:
        shape = dict(min(wanted, key=repr))
        for way in ways:
            if way not in shape:
                shape[way] = max(WAYS[way], key=lambda choice: _gain(shape, way, choice, wanted))
        shape = {way: shape[way] for way in ways}
        wanted -= {(a, b) for a, b in combinations(shape.items(), 2)}
        shapes.append(shape)
    return shapes


def _gain(shape, way, choice, wanted):
    order = list(WAYS)
    pairs = [
        ((other, taken), (way, choice)) if order.index(other) < order.index(way) else ((way, choice), (other, taken))
        for other, taken in shape.items()
    ]
    return sum(pair in wanted for pair in pairs)


def plain_shape(**chosen):
    return {way: choices[0] for way, choices in WAYS.items()} | chosen


def write_document(shape):
    """The bytes of the document in this shape."""
    text = "\n\n".join(block for block in _blocks(shape) if block) + "\n"
    if shape["line end"] == "\n\n":  # as e-mail programs double them
        text = "\n\n".join(line for line in text.split("\n") if line.strip())
    else:
        text = text.replace("\n", shape["line end"])
    return text.encode(shape["codec"])


def expected(shape):
    """What is read from the document in this shape."""
    nested = f"{NESTED[0]}\n" + "\n".join(f"- {item}" for item in NESTED[1])
    found = {name: SECTIONS[name] for name in SECTIONS if _has(shape, name)}
    empty = shape["sections"] == "all empty"
    return {
        "number": None if shape["title"] == "set name below" else 8,
        "title": TITLE,
        "statement": STATEMENT,
        "questions": (*QUESTIONS[:2], *([nested] if shape["nested"] != "none" else []), *QUESTIONS[2:]),
        **{name: () if empty and name in found else found.get(name) for name in SECTIONS},
    }


def _has(shape, name):
    return shape["sections"] != "absent" and (shape["sections"], name) != ("equality absent", "equality")


def _blocks(shape):
    above = {"nothing": (), "set name": ("Tea House Quality Markers",), "navigation": NAVIGATION}
    yield from above[shape["above"]]
    yield {
        "one line": f"Quality Marker 8: {TITLE}",
        "dash": f"QUALITY MARKER 8 – {TITLE}",
        "two lines": f"Quality Marker 8\n{TITLE}",
        "three lines": f"Quality Marker\n8\n{TITLE}",
        "set name below": f"{TITLE}\n\nTea House Quality MarkersĀ\u00a0",
    }[shape["title"]].replace("Ā", "Â" if shape["codec"] == "cp1252" else "Ā")
    heading = _heading(shape, "statement")
    parting = {"same line": ": ", "next line": "\n", "after a blank line": "\n\n", "dash": " – "}[shape["statement"]]
    if heading.endswith(":"):
        parting = parting.replace(":", "").replace(" –", "")
    yield heading + parting + STATEMENT
    if shape["rationale"] == "headed":
        yield _heading(shape, "rationale")
    for part in RATIONALE:
        yield part if isinstance(part, str) else _list(shape, part, shape["marks"])
    yield f"{_heading(shape, 'questions')}\n{_questions(shape)}"
    for name, items in SECTIONS.items():
        if _has(shape, name):
            empty = shape["sections"] == "all empty"
            yield _heading(shape, name) + ("" if empty else "\n" + _list(shape, items, _mark(shape)))
    yield from {
        "nothing": (),
        "about the set": (
            "This is one of a set of 18 Quality Markers which aim to support tea.",
            "The Tea Quality Markers were produced as part of the Teapot Project. For more see tea.example/pot",
        ),
        "downloads": (
            "All SCIE resources are free to download, however to get the following you will need an account:",
            "Available downloads:",
            "  • Overview: Tea Quality Markers\n  • Full report",
        ),
        "page words": ("Back to top", "Next: Spoons", "Page 3 of 4", "© Tea House 2016. All rights reserved."),
    }[shape["below"]]


def _heading(shape, name):
    text = HEADINGS[name]
    return {
        "plain": text,
        "ampersand": text.replace(" and ", " & "),
        "upper": text.upper(),
        "lower": text.lower(),
        "colon": text.rstrip("?") + ":",
        "two lines": text.replace("this quality", "this\nquality").replace("guidance and", "guidance and\n"),
        "no-break": text.replace(" ", "\u00a0"),
        "plural": text.replace("Link ", "Links "),
        "numbered": f"{[*HEADINGS].index(name) + 1}. {text}",
        "Markdown": f"**{text}**" if name == "statement" else f"## {text}",
    }[shape["headings"]]


def _mark(shape):
    return {"same marks": shape["marks"], "dashes": "- ", "bullets": "• "}[shape["lists"]]


def _list(shape, items, mark):
    marked = [shape["indent"] + mark.format(n=n, a=chr(96 + n)) + item for n, item in enumerate(items, 1)]
    return f"\n{shape['between']}".join(marked)


def _questions(shape):
    rows = _list(shape, QUESTIONS, shape["marks"]).split(f"\n{shape['between']}")
    if shape["nested"] != "none":
        number = 3
        rows = _list(shape, (*QUESTIONS[:2], NESTED[0], *QUESTIONS[2:]), shape["marks"]).split(f"\n{shape['between']}")
        other = shape["nested"] == "other mark" and shape["marks"] != "({a}) "
        inner = ("a) ", "b) ") if other else ("    - ", "    - ")
        rows[number:number] = [f"{shape['indent']}{mark}{item}" for mark, item in zip(inner, NESTED[1], strict=True)]
    return f"\n{shape['between']}".join(rows)
