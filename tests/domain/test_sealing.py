"""What is sealed is opened with its key alone, whole, and in its own place."""

import pytest

from scrqm_forms.domain.sealing import NONCE, TAG, NotSealed, seal, unseal

KEY, OTHER, FIRST, SECOND = (bytes([n]) * 32 for n in (1, 2, 3, 4))
TEXTS = ["", "x", "Ring 07700 900123 🫖\n", "y" * 31, "y" * 32, "y" * 33, "long " * 2_000]


@pytest.mark.parametrize("text", TEXTS, ids=len)
def test_sealed_text_comes_back(text: str) -> None:
    sealed = seal(KEY, text, "message 1", FIRST)
    assert unseal(KEY, sealed, "message 1") == text
    assert len(sealed) == NONCE + len(text.encode()) + TAG
    assert not text[:8] or text[:8].encode() not in sealed


def test_same_text_looks_different_each_time() -> None:
    first, second = (seal(KEY, "the same words", "1", nonce)[NONCE:] for nonce in (FIRST, SECOND))
    assert first != second
    assert first[:-TAG] != second[:-TAG]


def test_no_changed_bit_goes_unseen() -> None:
    sealed = seal(KEY, "words", "1", FIRST)
    for n in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[n // 8] ^= 1 << n % 8
        with pytest.raises(NotSealed):
            unseal(KEY, bytes(changed), "1")


@pytest.mark.parametrize(
    ("key", "sealed", "belongs_to"),
    [
        pytest.param(OTHER, seal(KEY, "words", "1", FIRST), "1", id="another_key"),
        pytest.param(KEY, seal(KEY, "words", "1", FIRST), "2", id="another_message"),
        pytest.param(KEY, seal(KEY, "words", "1", FIRST)[:-1], "1", id="cut"),
        pytest.param(KEY, b"", "1", id="nothing"),
        pytest.param(KEY, bytes(NONCE + TAG - 1), "1", id="too_short"),
    ],
)
def test_what_was_not_sealed_for_this_is_refused(key: bytes, sealed: bytes, belongs_to: str) -> None:
    with pytest.raises(NotSealed):
        unseal(key, sealed, belongs_to)
