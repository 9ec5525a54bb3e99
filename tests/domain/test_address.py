"""Which names lead to one machine alone, and what a link may begin with."""

import pytest

from scrqm_forms.domain.address import NOT_REACHABLE, find_address_fault, find_link_fault, is_this_machine, name_in

HERE = ["localhost", "127.0.0.1", "127.8.9.10", "::1", "LOCALHOST"]
ELSEWHERE = ["reflect.example.org", "192.0.2.7", "127.0.0.1.example.org", "localhost.example.org", "::2", "0.0.0.0", ""]


@pytest.mark.parametrize("name", HERE)
def test_name_of_this_machine_is_known(name):
    assert is_this_machine(name)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_other_name_is_not_this_machine(name):
    assert not is_this_machine(name)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost", "localhost"),
        ("Localhost:8000", "localhost"),
        ("[::1]:8000", "::1"),
        ("[::1]", "::1"),
        ("reflect.example.org:443", "reflect.example.org"),
        ("", ""),
    ],
)
def test_name_is_read_from_a_host_header(host, name):
    assert name_in(host) == name


@pytest.mark.parametrize(
    "address", ["", "https://reflect.example.org", "https://reflect.example.org:8443/", "http://localhost:8000"]
)
def test_address_that_can_be_set_has_no_fault(address):
    assert find_address_fault(address) is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("reflect.example.org", "an address such as"),
        ("ftp://reflect.example.org", "an address such as"),
        ("https://", "an address such as"),
        ("https://[::1", "an address such as"),
        ("https://reflect.example.org/forms", "an address such as"),
        ("https://reflect.example.org?x=1", "an address such as"),
        ("https://ann@reflect.example.org", "an address such as"),
        ("http://reflect.example.org", "https://, since plain HTTP"),
    ],
)
def test_address_that_cannot_be_set_is_named_with_what_was_expected(address, expected):
    fault = find_address_fault(address)
    assert fault.startswith(f'base_url: found "{address}"; expected {expected}')
    assert find_link_fault(address, local=True) == fault


@pytest.mark.parametrize("address", ["", "http://localhost:8000", "https://127.0.0.1"])
def test_link_that_leads_to_this_machine_alone_is_for_trials(address):
    assert find_link_fault(address, local=False) == NOT_REACHABLE
    assert find_link_fault(address, local=True) is None


def test_link_that_others_can_open_needs_nothing_else():
    assert find_link_fault("https://reflect.example.org", local=False) is None
