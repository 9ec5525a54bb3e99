"""How often each kind is found, and how often what is found is one: measured on labelled, invented reflections.

To see what is missed or marked wrongly: pytest -k corpus -vv prints it with the failure.
"""

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrqm_forms.hookspecs import TextCheck
from scrqm_forms.plugin_host import PluginHost
from scrqm_forms.services.text_checks import call_find

CORPUS = Path(__file__).with_name("identifying_corpus.txt")
PLUGIN = Path(__file__).parents[2] / "plugins" / "identifying_details.py"
WORDS = ("Ashdown", "Rose Court", "Kayleigh")

#: Kind -> (precision, recall), as the docstring of the plugin and docs/hooks.md may be held to.
MEASURED = {
    "date-of-birth": (1.0, 0.9),
    "email": (1.0, 1.0),
    "listed-words": (1.0, 0.83),
    "nhs-number": (0.8, 1.0),
    "phone": (1.0, 1.0),
    "postcode": (1.0, 0.89),
    "titled-name": (1.0, 0.94),
}

Place = tuple[int, int, int]


def load_checks(**settings: object) -> dict[str, TextCheck]:
    host = PluginHost({"identifying_details": settings})
    assert host.load_one(PLUGIN).errors == []
    return host.text_checks


@pytest.fixture(scope="module")
def checks() -> dict[str, TextCheck]:
    return load_checks()


def labelled_lines() -> Iterator[tuple[str, dict[str, set[tuple[int, int]]]]]:
    """(text, kind -> places)."""
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        text, places = "", defaultdict(set)
        for before, kind, words in re.findall(r"(.*?)(?:\[\[([\w-]+)\|(.*?)\]\]|$)", line):
            text += before
            if kind:
                places[kind].add((len(text), len(text) + len(words)))
                text += words
        yield text, places


def words_found(check: TextCheck, text: str, words: tuple[str, ...] = ()) -> list[str]:
    return [text[each.start : each.end] for each in call_find(check, text, "north", words)]


@pytest.mark.parametrize("kind", MEASURED)
def test_precision_and_recall_on_the_corpus(checks: dict[str, TextCheck], kind: str) -> None:
    right, wrong, missed = [], [], []
    for text, places in labelled_lines():
        found = {(each.start, each.end) for each in call_find(checks[kind], text, "north", WORDS)}
        right += [text[slice(*place)] for place in found & places[kind]]
        wrong += [text[slice(*place)] for place in found - places[kind]]
        missed += [text[slice(*place)] for place in places[kind] - found]
    precision, recall = len(right) / len(right + wrong), len(right) / len(right + missed)
    assert (round(precision, 2), round(recall, 2)) == MEASURED[kind], {"wrong": wrong, "missed": missed}


def test_every_kind_has_examples_in_the_corpus(checks: dict[str, TextCheck]) -> None:
    labelled = [kind for _, places in labelled_lines() for kind, found in places.items() for _ in found]
    assert sorted(MEASURED) == sorted(checks) == sorted(set(labelled))
    assert {kind: labelled.count(kind) >= 4 for kind in MEASURED} == dict.fromkeys(MEASURED, True)


@pytest.mark.parametrize("text", ["999 123 4568", "111 111 1111", "12345678901", "a9991234567"])
def test_number_with_a_wrong_check_digit_is_no_nhs_number(checks: dict[str, TextCheck], text: str) -> None:
    assert words_found(checks["nhs-number"], text) == []


def test_words_come_from_the_board_and_from_the_settings() -> None:
    check = load_checks(words=["Elm Road"], boards={"north": ["Ashdown"], "south": ["Beech"]})["listed-words"]
    text = "Elm\nRoad, Ashdown, Beech, Kayleigh, Ashdowns"
    assert words_found(check, text, ("Kayleigh", " ")) == ["Elm\nRoad", "Ashdown", "Kayleigh"]


def test_kinds_can_be_left_out() -> None:
    assert sorted(load_checks(without=["postcode", "phone"])) == sorted(set(MEASURED) - {"postcode", "phone"})


@pytest.mark.parametrize(
    "settings", [{"without": ["postcodes"]}, {"words": "Rose"}, {"boards": {"north": "Rose"}}, {"boards": ["Rose"]}]
)
def test_settings_that_are_wrong_are_named(settings: dict[str, object]) -> None:
    host = PluginHost({"identifying_details": settings})
    (error,) = host.load_one(PLUGIN).errors
    assert re.search(r"register_text_checks: ValueError: (without|words): expected", error)


@pytest.mark.parametrize("text", ["0" * 100_000, "a@" * 50_000, "Mr " * 33_333, "born " * 20_000, "A.B. " * 20_000])
def test_no_text_takes_long(checks: dict[str, TextCheck], text: str) -> None:
    start = time.process_time()
    for check in checks.values():
        call_find(check, text, "north", WORDS)
    assert time.process_time() - start < 1
