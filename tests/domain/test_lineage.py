"""Which markers are the same one."""

import msgspec

from scrqm_forms.domain.lineage import kin_of

from .conftest import KETTLE, library_marker


def marker(marker_id, *lineage):
    question = msgspec.structs.replace(KETTLE.questions[0], lineage=lineage)
    return library_marker(msgspec.structs.replace(KETTLE, id=marker_id, questions=(question,)))


def test_kin_is_the_marker_with_all_that_it_comes_from_and_that_come_from_it():
    markers = [marker("old01"), marker("new01", "old/old01.full"), marker("later01", "new/new01.full"), marker("x01")]
    for one in ("old01", "new01", "later01"):
        assert kin_of(one, markers) == {"old01", "new01", "later01"}
    assert kin_of("x01", markers) == {"x01"}


def test_marker_that_is_gone_is_still_kin_to_what_names_it():
    assert kin_of("gone01", [marker("new01", "old/gone01.full")]) == {"gone01", "new01"}
    assert kin_of("gone01", []) == {"gone01"}
