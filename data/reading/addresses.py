"""Addresses as they may be shown: without passwords and signatures."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

WEB = ("http://", "https://")
_HIDDEN = "***"
# What is so short would be found in any word.
_SHORT = 3


def shown_address(address: str) -> str:
    """An address without what only its owner may know: a password with its user, a signature behind a question mark."""
    return _WHOLE.sub(_mask, address)


def hide_secrets(text: str, address: str) -> str:
    """A text, such as a library's message, without what may not be shown of `address`, or of any other address in it."""
    masked = [match for match in _WHOLE.finditer(address) if _mask(match) != match[0]]
    parts = [part for match in masked for part in (match["user"], match["query"]) if part]
    pieces = [piece for part in parts for piece in (part, *re.split("[:?&=]", part))]
    # As it stands there, and as libraries write it.
    forms = {form for piece in pieces for form in (piece, quote(piece), quote(piece, safe=""), unquote(piece))}
    for secret in sorted((form for form in forms if len(form) > _SHORT), key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return _IN_TEXT.sub(_mask, text)


def _mask(address: re.Match[str]) -> str:
    web = address["protocol"].lower() in WEB
    user, query = address["user"], address["query"]
    if user and (web or ":" in user):
        # Without a password it is a token on the web, and elsewhere a part of the place: abfs://container@account.
        user = _HIDDEN
    if query and (web or re.match(r"\?[\w.-]+=", query)):
        # Elsewhere a question mark may be a wildcard.
        query = f"?{_HIDDEN}"
    return address["protocol"] + (f"{user}@" if user is not None else "") + address["rest"] + (query or "")


def _pattern(ends: str) -> re.Pattern[str]:
    """Addresses, up to one of the signs `ends`; of those that are chained by '::' each by itself."""
    next_link = r"(?!::[a-z0-9+.-]*://)"
    # A password should hold no slash, but may.
    user = rf"[^/?#{ends}]*|[^/?#@{ends}]*:(?!\d*(?:[/?#]|$))(?:{next_link}[^@{ends}])*"
    rest = rf"(?:{next_link}[^?{ends}])*"
    return re.compile(
        rf"(?P<protocol>[a-z][a-z0-9+.-]*://)(?:(?P<user>{user})@)?(?P<rest>{rest})(?P<query>\?[^{ends}]*)?", re.IGNORECASE
    )


_WHOLE, _IN_TEXT = _pattern(r"\x00"), _pattern(r"\s'\"")
