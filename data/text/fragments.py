"""Turns fragments of HTML, as feeds and interfaces of sites give them, into plain text."""

from __future__ import annotations

import re
from html import unescape

_BLOCKS = frozenset(
    "p div br li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote section article header footer aside figure hr pre dl dt dd".split()
)
_SILENT = frozenset("script style noscript template iframe figcaption svg head".split())
# Scanned once, whatever is left open: html.parser takes quadratic time for broken markup.
_TOKEN = re.compile(r"<!--|-->|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:[\s/][^<>]*)?>")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-fA-F]{1,6}|[a-zA-Z]\w{1,30});")


def has_markup(text: str) -> bool:
    """Whether the text holds a tag of HTML."""
    return any(match["name"] for match in _TOKEN.finditer(text))


def html_to_text(fragment: str) -> str:
    """The text of a fragment of HTML: paragraphs separated by blank lines, without scripts, captions and tags.

    A text without tags only has its entities ('&amp;') resolved.
    """
    if not has_markup(fragment):
        return unescape(fragment).strip() if _ENTITY.search(fragment) else fragment.strip()
    pieces: list[str] = []
    hidden: str | None = None
    position = 0
    for token in _TOKEN.finditer(fragment):
        if hidden is None:
            # Line breaks of the source are spaces on the page.
            pieces.append(fragment[position : token.start()].replace("\n", " "))
        position = token.end()
        name = (token["name"] or token[0]).lower()
        if hidden is not None:
            hidden = None if (name == "-->" if hidden == "<!--" else token["end"] and name == hidden) else hidden
        elif name == "<!--" or (name in _SILENT and not token["end"] and not token[0].endswith("/>")):
            hidden = name
        elif name in _BLOCKS:
            pieces.append("\n")
    if hidden is None:
        pieces.append(fragment[position:].replace("\n", " "))
    lines = (" ".join(unescape(line).split()) for line in _CDATA.sub("", "".join(pieces)).split("\n"))
    return "\n\n".join(line for line in lines if line)


def html_to_line(fragment: str) -> str:
    """As `html_to_text`, on one line: for titles."""
    return " ".join(html_to_text(fragment).split())
