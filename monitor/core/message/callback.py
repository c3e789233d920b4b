"""What a button carries: an action, sealed so that nobody can make one up or use it elsewhere.

Telegram gives back 1–64 bytes of ``callback_data`` (Bot API, InlineKeyboardButton); a client may send
any bytes it likes. The seal is a keyed hash over the action and the place where its button stands.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

DATA_BYTES = 64
_SEAL_BYTES = 9
_TOKEN_BYTES = 8


def key_of(token: str) -> bytes:
    """The sealing key that belongs to a bot's token: a new token makes old buttons worthless."""
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"callback").digest()


def seal(key: bytes, place: str, action: str) -> str:
    """The action with its seal; ``place`` is where the button will stand.

    Raises ValueError when that is longer than a button can carry.
    """
    data = f"{action}~{_seal(key, place, action)}"
    if len(data.encode()) > DATA_BYTES:
        raise ValueError(f"action {action!r} is too long for a button")
    return data


def unseal(key: bytes, place: str, data: str) -> str | None:
    """The action, or None when this data was not made for this place with this key."""
    action, _, sealed = data.rpartition("~")
    expected = _seal(key, place, action)
    return action if hmac.compare_digest(sealed.encode("utf-8", "replace"), expected.encode()) else None


def token(*names: str) -> str:
    """A short name for something whose own may be too long for a button."""
    digest = hashlib.blake2b("\x1f".join(names).encode(), digest_size=_TOKEN_BYTES).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()


def _seal(key: bytes, place: str, action: str) -> str:
    digest = hashlib.blake2b(
        f"{place}\x1f{action}".encode("utf-8", "replace"), key=key, digest_size=_SEAL_BYTES
    ).digest()
    return base64.urlsafe_b64encode(digest).decode()
