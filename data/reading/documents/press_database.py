"""Parts the articles of a text that a press database wrote one after another (Factiva, Nexis)."""

from __future__ import annotations

import re

# Shorter pieces are lists of what the export holds.
MIN_WORDS = 15
# The last line of an article: Factiva's number, Nexis' words; or the line above one in older exports of Nexis.
_ENDS = re.compile(r"^[ \t]*(?:Document [A-Z]{2,12}0{0,4}\d{6,20}\w{1,12}|End of Document)[ \t]*$", re.MULTILINE)
_BEGINS = re.compile(r"^[ \t]*\d+ (?:of|dari) \d+ DOCUMENTS[ \t]*$", re.MULTILINE | re.IGNORECASE)
# Lines that only such a database writes.
_LINES = re.compile(
    r"^[ \t]*(?:Page \d+ of \d+ \W{0,3}\d{4} Factiva.*|\W{0,3}\d{4} Factiva.*|\d+ words|Body|[A-Z]{4,8}|Indonesian|English"
    r"|(?i:byline|section|length|load-date|language|publication-type|journal[- ]code|graphic|dateline|distribution): .*)"
    r"[ \t]*(?:\n|\Z)",
    re.MULTILINE,
)


def part_articles(text: str) -> list[str]:
    """The articles, without the lines of the database; none if the text is not such an export."""
    ends, begins = list(_ENDS.finditer(text)), list(_BEGINS.finditer(text))
    if not ends and len(begins) < 2:
        return []
    pieces = _ENDS.split(text) if ends else _BEGINS.split(text)
    found = (_LINES.sub("", _BEGINS.sub("", piece)).strip() for piece in pieces)
    return [piece for piece in found if len(piece.split()) >= MIN_WORDS]
