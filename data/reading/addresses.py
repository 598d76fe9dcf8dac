"""Masks passwords, tokens and signatures in addresses and messages."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

WEB = ("http://", "https://")
_MASK = "***"
# Strings this short occur in ordinary words, so they are not masked.
_SHORT = 3


def shown_address(address: str) -> str:
    """The address with its credentials masked: user and password, and a query string such as a signature."""
    return _WHOLE.sub(_mask, address)


def hide_secrets(text: str, address: str) -> str:
    """The text, such as a library's message, with the credentials of `address` and of any address inside the text masked."""
    with_secrets = [match for match in _WHOLE.finditer(address) if _mask(match) != match[0]]
    parts = [part for match in with_secrets for part in (match["user"], match["query"]) if part]
    pieces = [piece for part in parts for piece in (part, *re.split("[:?&=]", part))]
    # Libraries may quote or unquote a secret before they print it.
    forms = {form for piece in pieces for form in (piece, quote(piece), quote(piece, safe=""), unquote(piece))}
    for secret in sorted((form for form in forms if len(form) > _SHORT), key=len, reverse=True):
        text = text.replace(secret, _MASK)
    return _IN_TEXT.sub(_mask, text)


def _mask(address: re.Match[str]) -> str:
    web = address["protocol"].lower() in WEB
    user, query = address["user"], address["query"]
    if user and (web or ":" in user):
        # A user without a password is a token on the web, but part of the path elsewhere: abfs://container@account.
        user = _MASK
    if query and (web or re.match(r"\?[\w.-]+=", query)):
        # Outside the web a question mark may be a wildcard.
        query = f"?{_MASK}"
    return address["protocol"] + (f"{user}@" if user is not None else "") + address["rest"] + (query or "")


def _pattern(ends: str) -> re.Pattern[str]:
    """Matches one address, up to a character of `ends`; addresses chained by '::' match one by one."""
    next_link = r"(?!::[a-z0-9+.-]*://)"
    # Slashes in passwords should be escaped, but often are not.
    user = rf"[^/?#{ends}]*|[^/?#@{ends}]*:(?!\d*(?:[/?#]|$))(?:{next_link}[^@{ends}])*"
    rest = rf"(?:{next_link}[^?{ends}])*"
    return re.compile(
        rf"(?P<protocol>[a-z][a-z0-9+.-]*://)(?:(?P<user>{user})@)?(?P<rest>{rest})(?P<query>\?[^{ends}]*)?", re.IGNORECASE
    )


_WHOLE, _IN_TEXT = _pattern(r"\x00"), _pattern(r"\s'\"")
