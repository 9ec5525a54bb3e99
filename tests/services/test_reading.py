"""A board's markers for anybody: the board's own and in its words, unless it does not show them."""

import logging

import pytest
import sqlalchemy as sa

from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.services.boards import change_board
from scrqm_forms.services.reading import read_markers, read_one_marker, search_words
from scrqm_forms.storage.boards import list_boards_showing_markers
from scrqm_forms.storage.database import db, writing
from scrqm_forms.storage.models import BoardRow


def hide_markers(board):
    with writing():
        db.session.execute(sa.update(BoardRow).where(BoardRow.id == board.id).values(shows_markers=False))


@pytest.fixture
def board(build):
    return build.board("Invented Board", vocabulary="sar")


def test_markers_are_in_the_boards_words_and_in_order(build, board):
    found, markers = read_markers(build.context, board.key)
    assert found == board
    ids = [each.asked.id for each in markers]
    assert ids == [f"qm{n:02}" for n in range(1, 19)] + ["tea01", "tea02", "tea03"]
    assert markers[18].asked.statement == "The safeguarding adults review has a kettle."


def test_markers_of_a_plugin_are_read_where_the_board_has_chosen_it(build, board):
    assert "exb01" not in [each.asked.id for each in read_markers(build.context, board.key)[1]]
    with pytest.raises(NotFound):
        read_one_marker(build.context, board.key, "exb01")
    change_board(OPERATOR, board, name=board.name, vocabulary="sar", support="", plugins=["example_board"])
    assert read_one_marker(build.context, board.key, "exb01").marker.asked.origin.startswith("plugin example_board")


@pytest.mark.parametrize(
    ("key", "around"),
    [("qm01", (None, "qm02")), ("qm18", ("qm17", "tea01")), ("tea03", ("tea02", None))],
    ids=["first", "between sets", "last"],
)
def test_one_marker_stands_between_its_neighbours(build, board, key, around):
    shown = read_one_marker(build.context, board.key, key)
    assert (shown.board, shown.marker.asked.id) == (board, key)
    assert tuple(each and each.asked.id for each in (shown.previous, shown.next)) == around


def test_board_that_shows_no_markers_is_not_there(build, board):
    other = build.board("Other Board")
    hide_markers(board)
    assert list_boards_showing_markers() == [other]
    for key in (board.key, "nowhere"):
        with pytest.raises(NotFound):
            read_markers(build.context, key)
        with pytest.raises(NotFound):
            read_one_marker(build.context, key, "tea01")


def test_marker_that_the_board_has_not_is_not_there(build, board):
    with pytest.raises(NotFound):
        read_one_marker(build.context, board.key, "tea99")


def test_marker_with_an_unknown_word_is_left_out_and_named_in_the_log(build, board, monkeypatch, caplog):
    monkeypatch.delitem(VOCABULARIES["sar"], "subject")
    with caplog.at_level(logging.WARNING):
        markers = read_markers(build.context, board.key)[1]
    ids = [each.asked.id for each in markers]
    assert "tea01" in ids
    assert "qm18" not in ids
    assert "markers/scr/18-implementation-and-evaluation.toml is not shown to board invented-board" in caplog.text


def test_marker_file_with_an_unknown_word_is_left_out(build, board):
    file = build.marker_folder / "01-kettle.toml"
    file.write_text(file.read_text().replace("{review}", "{kettle}"))
    assert [each.asked.id for each in read_markers(build.context, board.key)[1]][18:] == ["tea02", "tea03"]


def test_words_are_searched_for_in_the_boards_words(build, board):
    markers = read_markers(build.context, board.key)[1]
    search = search_words(markers, "Adults KETTLE")
    assert (search.words, search.each_word) == (("adults", "kettle"), {})
    assert [each.marker.asked.id for each in search.found] == ["tea01"]


@pytest.mark.parametrize(
    ("query", "words"),
    [("zzz water", {"zzz": 0, "water": 1}), ("zzz", {}), ("?", {})],
    ids=["one of two", "one word", "no word"],
)
def test_search_that_finds_nothing_tells_where_each_of_several_words_is(build, board, query, words):
    search = search_words(read_markers(build.context, board.key)[1], query)
    assert (search.found, search.each_word) == ([], words)
