"""Lists of people, invitations, and links that are shown once and stored nowhere."""

import pytest
import sqlalchemy as sa

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.links import link_hash
from scrqm_forms.domain.marker import ROLES
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import Person
from scrqm_forms.services.invitations import (
    PeopleFaults,
    check_person,
    correct_person,
    decode_people,
    invite_people,
    make_links,
    read_people,
    remove_person,
)
from scrqm_forms.services.responding import find_participant, read_entries, save_entry, submit_response
from scrqm_forms.storage.database import db
from scrqm_forms.storage.invitations import list_invitations

ANN = Person(name="Ann Example", email="ann@example.org", role="chair", agency="Council")
BO = Person(name="Bo Example", email="", role="practitioner", agency="")


def named(name, role="chair"):
    return Person(name=name, email="", role=role, agency="")


# Reading a list of people


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["Ann Example,ann@example.org,chair,Council", "Bo Example,,practitioner,"], id="commas"),
        pytest.param(["Ann Example;ann@example.org;chair;Council", "Bo Example;;practitioner;"], id="semicolons"),
        pytest.param(["Ann Example\tann@example.org\tchair\tCouncil", "Bo Example\t\tpractitioner\t"], id="tabs"),
        pytest.param(
            ["name,email,role,agency", "Ann Example,ann@example.org,chair,Council", "Bo Example,,practitioner"],
            id="heading",
        ),
        pytest.param(
            [
                "Role;Agency;Phone;Name;Email",
                "chair;Council;01632;Ann Example;ann@example.org",
                "practitioner;;;Bo Example;",
            ],
            id="heading_in_another_order_with_a_column_of_no_use",
        ),
        pytest.param(
            ["", " Ann Example , ann@example.org , chair , Council ", " , , ,", "Bo Example,,practitioner", "", ""],
            id="blanks_and_empty_lines",
        ),
        pytest.param(
            ['"Ann Example","ann@example.org","chair","Council"', '"Bo Example","","practitioner",""'], id="quotes"
        ),
        pytest.param(
            ["Ann Example,ann@example.org,Chair or Board Member,Council", "Bo Example,,PRACTITIONER"],
            id="role_by_title_and_in_any_case",
        ),
    ],
)
@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["no_bom", "bom"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_list_of_people_is_read_in_the_shapes_that_spreadsheets_give(lines, bom, line_end):
    assert read_people(bom + line_end.join(lines), ROLES) == [ANN, BO]


@pytest.mark.parametrize(
    ("role", "key"),
    [("lead reviewer", "lead_reviewer"), ("Business unit", "business_unit"), ("BUSINESS_UNIT", "business_unit")],
)
def test_role_is_read_by_key_or_title(role, key):
    assert read_people(f"Ann,,{role}", ROLES)[0].role == key


def test_cell_with_a_separator_in_quotes_stays_whole():
    assert read_people('"Example, Ann",,chair,"Health; Care"', ROLES) == [
        Person(name="Example, Ann", email="", role="chair", agency="Health; Care")
    ]


def test_every_line_at_fault_is_named():
    text = "name,email,role\n,x@example.org,chair\nAnn,ann at example,chair\nBo,,cook\nCy,,chair\nDi,,\n"
    with pytest.raises(PeopleFaults) as raised:
        read_people(text, ROLES)
    assert [fault.split(":")[0] for fault in raised.value.faults] == ["Line 2", "Line 3", "Line 4", "Line 6"]
    missing, address, role, _ = raised.value.faults
    assert "the name is missing" in missing
    assert '"ann at example" is not an e-mail address' in address
    assert 'the role "cook" is not one of chair, panel, lead_reviewer, business_unit, practitioner' in role


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('Ann,,chair,"Health\nand\ncare"\nBo,,cook,', 4),
        ("\n\nAnn,,cook,", 3),
        ('Ann,,chair,"Health\r\nand care"\r\nBo,,chair,\r\nCy,,cook,"A\r\nB"', 4),
    ],
    ids=["cell_over_three_lines", "empty_lines", "crlf"],
)
def test_fault_is_named_by_the_line_that_an_editor_shows(text, line):
    with pytest.raises(PeopleFaults, match=f"^Line {line}: "):
        read_people(text, ROLES)


@pytest.mark.parametrize("text", ["", "\n \n", "name,email,role,agency\n"], ids=["nothing", "blanks", "heading_alone"])
def test_list_of_nobody_is_refused(text):
    with pytest.raises(PeopleFaults, match="nobody in this list"):
        read_people(text, ROLES)


@pytest.mark.parametrize(
    ("lines", "fault"), [(2, 'Line 1: the role "" is not one of'), (20_000, "a quotation mark opened and not closed")]
)
def test_quote_that_is_never_closed_is_a_fault_and_not_a_crash(lines, fault):
    with pytest.raises(PeopleFaults, match=fault):
        read_people('"Ann,ann@example.org,chair\n' + "Bo,,chair\n" * lines, ROLES)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param("Zoë".encode(), "Zoë", id="utf_8"),
        pytest.param("\ufeffZoë".encode(), "Zoë", id="utf_8_with_bom"),
        pytest.param("Zoë – “x”".encode("cp1252"), "Zoë – “x”", id="windows"),
        pytest.param(b"\x81\xff", "\ufffdÿ", id="neither"),
    ],
)
def test_file_is_decoded_as_spreadsheets_save_it(data, text):
    assert decode_people(data) == text


# Inviting


def test_people_are_invited_once(build):
    round_ = build.round()
    assert invite_people(round_, [ANN, BO, ANN]) == 2
    again = Person(name="Ann Other", email="ANN@example.org", role="chair", agency="")
    assert invite_people(round_, [again, BO, named("Cy")]) == 1
    assert [each.person.name for each in list_invitations(round_)] == ["Ann Example", "Cy", "Bo Example"]


def test_one_person_can_be_invited_in_two_roles(build):
    round_ = build.round()
    assert invite_people(round_, [named("Ann"), named("Ann", "panel")]) == 2


def test_people_are_invited_after_opening_but_not_after_closing(build):
    round_, _ = build.open_round(chair=1)
    assert invite_people(round_, [BO]) == 1
    with pytest.raises(Refused, match="closed; nobody can be invited"):
        invite_people(build.close(round_), [named("Cy")])


# Links


def test_link_is_made_once_for_each_person(build):
    round_ = build.round()
    invite_people(round_, [ANN, BO])
    assert {link.person for link in make_links(round_)} == {ANN, BO}
    invite_people(round_, [named("Cy")])
    assert [link.person.name for link in make_links(round_)] == ["Cy"]
    assert make_links(round_) == []


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_secret_of_a_link_is_stored_nowhere_but_as_a_hash(build, mode):
    _, links = build.open_round({"mode": mode}, chair=1, panel=1)
    build.answer(links[0])
    stored = repr(build.dump())
    assert link_hash(links[0].secret, "invitation") in stored
    assert link_hash(links[0].secret, "response") in stored
    for link in links:
        assert link.secret not in stored


def test_secret_has_256_random_bits(build):
    _, links = build.open_round(chair=3)
    assert {len(link.secret) for link in links} == {43}  # 32 bytes in base64
    assert len({link.secret for link in links}) == 3


def test_new_link_in_a_named_round_leads_to_what_was_written(build):
    round_, (old,) = build.open_round({"mode": "named"}, chair=1)
    build.begin(old)
    build.save(old, "tea01", Entry(judgement="met"))
    (invitation,) = list_invitations(round_)
    (new,) = make_links(round_, invitation.id)
    assert find_participant(old.secret) is None
    assert read_entries(build.participant(new)) == {"tea01": (Entry(judgement="met"), 1)}
    assert build.participant(new).invitation.state == "begun"


def test_new_link_in_a_named_round_shows_that_answers_were_sent(build):
    round_, (old,) = build.open_round({"mode": "named"}, chair=1)
    build.answer(old)
    (new,) = make_links(round_, list_invitations(round_)[0].id)
    assert build.participant(new).response.submitted


def test_new_link_in_a_confidential_round_begins_anew(build):
    round_, (old,) = build.open_round({"mode": "confidential"}, chair=1)
    build.begin(old)
    build.save(old, "tea01", Entry(judgement="met"))
    (new,) = make_links(round_, list_invitations(round_)[0].id)
    assert find_participant(old.secret) is None
    assert (build.participant(new).response, build.participant(new).invitation.state) == (None, "not_begun")


def test_new_link_in_a_confidential_round_is_refused_once_answers_were_sent(build):
    round_, (old,) = build.open_round({"mode": "confidential"}, chair=1)
    build.answer(old)
    with pytest.raises(Refused, match="would let them answer twice"):
        make_links(round_, list_invitations(round_)[0].id)
    assert find_participant(old.secret) is not None
    assert submit_response(build.participant(old), build.today) == build.participant(old).receipt


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_link_that_was_replaced_saves_and_sends_nothing_from_a_page_still_open(build, mode):
    round_, (old,) = build.open_round({"mode": mode}, chair=1)
    page = build.begin(old)
    make_links(round_, list_invitations(round_)[0].id)
    before = build.dump()
    with pytest.raises(Refused, match="replaced by a new one"):
        save_entry(page, "tea01", Entry(judgement="met"), 0, build.today)
    with pytest.raises(Refused):
        submit_response(page, build.today)
    assert build.dump() == before


def test_lost_list_of_links_is_made_again_for_those_who_have_not_begun(build):
    round_, (old, begun) = build.open_round({"mode": "confidential"}, chair=1, panel=1)
    build.begin(begun)
    (new,) = make_links(round_, again=True)
    assert (new.person, new.secret == old.secret) == (old.person, False)
    assert find_participant(old.secret) is None
    assert build.participant(begun).invitation.state == "begun"


def test_closed_round_makes_no_links(build):
    round_, _ = build.open_round(chair=1)
    with pytest.raises(Refused, match="links would lead nowhere"):
        make_links(build.close(round_))


def test_link_for_somebody_of_another_round_is_not_made(build):
    round_, _ = build.open_round(chair=1)
    other, _ = build.open_round(panel=1)
    with pytest.raises(NotFound):
        make_links(round_, list_invitations(other)[0].id)


# Correcting and taking out


def test_person_who_has_not_begun_is_corrected_in_everything(build):
    round_, (link,) = build.open_round(chair=1)
    correct_person(round_, list_invitations(round_)[0].id, BO, ROLES)
    assert build.participant(link).invitation.person == BO


def test_role_of_somebody_who_has_begun_is_fixed(build):
    round_, (link,) = build.open_round(chair=1)
    person = build.begin(link).invitation.person
    (invitation,) = list_invitations(round_)
    with pytest.raises(Refused, match="has begun, so the role can no longer change"):
        correct_person(round_, invitation.id, BO, ROLES)
    assert build.participant(link).invitation.person == person
    correct_person(round_, invitation.id, ANN, ROLES)
    assert build.participant(link).invitation.person == ANN


def test_correction_is_checked_like_an_invitation(build):
    round_, _ = build.open_round(chair=1)
    with pytest.raises(Refused, match='the role "cook" is not one of'):
        correct_person(round_, list_invitations(round_)[0].id, named("Ann", "cook"), ROLES)
    with pytest.raises(Refused, match="the name is missing"):
        check_person(named(" "), ROLES)


def test_person_who_has_not_begun_is_taken_out(build):
    round_, (link,) = build.open_round(chair=1)
    remove_person(round_, list_invitations(round_)[0].id)
    assert list_invitations(round_) == []
    assert find_participant(link.secret) is None


def test_nobody_is_taken_out_of_an_open_confidential_round(build):
    round_ = build.round(mode="confidential")
    build.invite(round_, chair=6)
    remove_person(round_, list_invitations(round_)[0].id)
    round_ = build.open(round_)
    with pytest.raises(Refused, match="were told how many are in their group"):
        remove_person(round_, list_invitations(round_)[0].id)
    assert len(list_invitations(round_)) == 5


def test_role_in_an_open_confidential_round_changes_within_the_group_alone(build):
    round_ = build.round(mode="confidential")
    build.invite(round_, practitioner=5, chair=5)
    round_ = build.open(round_)
    chair = next(each for each in list_invitations(round_) if each.person.role == "chair")
    with pytest.raises(Refused, match="would move the person to another group"):
        correct_person(round_, chair.id, named("Ann", "practitioner"), ROLES)
    correct_person(round_, chair.id, named("Ann", "panel"), ROLES)
    assert named("Ann", "panel") in [each.person for each in list_invitations(round_)]


def test_person_who_has_begun_is_not_taken_out(build):
    round_, (link,) = build.open_round(chair=1)
    build.begin(link)
    with pytest.raises(Refused, match="has begun answering"):
        remove_person(round_, list_invitations(round_)[0].id)
    assert len(list_invitations(round_)) == 1


@pytest.mark.parametrize("do", [correct_person, remove_person], ids=["correct", "remove"])
def test_person_of_another_round_is_not_there(build, do):
    round_, _ = build.open_round(chair=1)
    other, _ = build.open_round(panel=1)
    before = build.dump()
    with pytest.raises(NotFound, match="no such person in this round"):
        do(round_, list_invitations(other)[0].id, *([BO, ROLES] if do is correct_person else []))
    assert build.dump() == before


def test_named_response_can_still_be_found_by_its_person(build):
    round_, (link,) = build.open_round({"mode": "named"}, chair=1)
    build.begin(link)
    assert db.session.scalar(sa.text("select invitation_id from response")) == list_invitations(round_)[0].id


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Panel member", "panel"),
        ("panel", "panel"),
        ("Chairs", "chair"),
        ("board member", "chair"),
        ("Business unit staff", "business_unit"),
        ("first-line manager", "practitioner"),
        ("Lead Reviewers", "lead_reviewer"),
    ],
)
def test_role_is_known_by_what_people_call_it(typed, key):
    (person,) = read_people(f"Ira,,{typed},", ROLES)
    assert person.role == key
