"""The page's HTML."""

from __future__ import annotations

from html import escape


def notice_html(message: str) -> str:
    """A sentence of the page's own in place of labels, or above them."""
    return f'<p class="notice" role="status">{escape(message)}</p>'
