"""Encryption of a short text with a key of 32 bytes, from the standard library alone (docs/decisions/0010).

Encrypt, then authenticate: a key stream of HMAC-SHA256 in counter mode, and an HMAC-SHA256 over all that is stored and
what it belongs to; each with a key of its own, made from the given key and a nonce that is never used twice.
"""

import hmac

NONCE, TAG = 32, 32


class NotSealed(ValueError):
    """Changed since it was sealed, or sealed with another key, or for something else."""


def seal(key: bytes, text: str, belongs_to: str, nonce: bytes) -> bytes:
    """`nonce`: 32 random bytes."""
    data = text.encode()
    hidden = _mask(key, nonce, data)
    return nonce + hidden + _tag(key, nonce, hidden, belongs_to)


def unseal(key: bytes, sealed: bytes, belongs_to: str) -> str:
    """The text. Raises NotSealed."""
    nonce, hidden, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
    if len(sealed) < NONCE + TAG or not hmac.compare_digest(tag, _tag(key, nonce, hidden, belongs_to)):
        raise NotSealed("this was not sealed with this key, for this")
    return _mask(key, nonce, hidden).decode()


def _mask(key: bytes, nonce: bytes, data: bytes) -> bytes:
    """XOR with the key stream: the same hides and shows."""
    one_time = hmac.digest(key, b"hide" + nonce, "sha256")
    blocks = range(-(-len(data) // 32))
    stream = b"".join(hmac.digest(one_time, n.to_bytes(8, "big"), "sha256") for n in blocks)
    return bytes(a ^ b for a, b in zip(data, stream, strict=False))


def _tag(key: bytes, nonce: bytes, hidden: bytes, belongs_to: str) -> bytes:
    one_time = hmac.digest(key, b"prove" + nonce, "sha256")
    return hmac.digest(one_time, hidden + hmac.digest(one_time, belongs_to.encode(), "sha256"), "sha256")
