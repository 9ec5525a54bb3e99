"""What is derived from a link's secret. The secret itself is stored nowhere: it has 256 random bits of its own."""

import base64
import hashlib
from typing import Literal


def link_hash(secret: str, of: Literal["invitation", "response", "sign-in"]) -> str:
    """What a row keeps to be found by the link. The two hashes of one link cannot be matched without the secret."""
    return hashlib.sha256(f"{of}{secret}".encode()).hexdigest()


def handle_of(secret: str) -> str:
    """Stands in participants' addresses instead of the secret, so that several links work side by side."""
    return _letters(secret, "handle", 16)


def receipt_of(secret: str) -> str:
    """The receipt for a submission: always the same for one link, 80 bits, in groups of four."""
    letters = _letters(secret, "receipt", 16).upper()
    return "-".join(letters[n : n + 4] for n in range(0, 16, 4))


def _letters(secret: str, of: str, length: int) -> str:
    digest = hashlib.sha256(f"{of}{secret}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:length]
