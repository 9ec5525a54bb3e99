"""What is derived from a link's secret tells nothing about it, and nothing about what else was derived."""

import hashlib
import re

import pytest

from scrqm_forms.domain.links import handle_of, link_hash, receipt_of

SECRET, OTHER = "T" * 43, "U" * 43


@pytest.mark.parametrize("of", ["invitation", "response", "sign-in"])
def test_link_hash_is_the_sha256_of_its_purpose_and_the_secret(of):
    assert link_hash(SECRET, of) == hashlib.sha256(f"{of}{SECRET}".encode()).hexdigest()


def test_what_is_derived_of_one_link_is_all_different():
    hashes = [link_hash(SECRET, of) for of in ("invitation", "response", "sign-in")]
    derived = [*hashes, handle_of(SECRET), receipt_of(SECRET).replace("-", "").lower()]
    assert len({each[:16] for each in derived}) == 5


@pytest.mark.parametrize("derive", [handle_of, receipt_of])
def test_what_is_derived_is_the_same_for_one_link_and_another_for_the_next(derive):
    assert derive(SECRET) == derive(SECRET)
    assert derive(SECRET) != derive(OTHER)


def test_handle_fits_an_address():
    assert re.fullmatch("[a-z2-7]{16}", handle_of(SECRET))


def test_receipt_has_four_groups_of_four():
    assert re.fullmatch("([A-Z2-7]{4}-){3}[A-Z2-7]{4}", receipt_of(SECRET))
