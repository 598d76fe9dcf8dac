"""Parts a text that holds several articles: exports of press databases (Factiva, Nexis), clippings below each other."""

from __future__ import annotations

import re
from itertools import pairwise

from sorot.data.text.dates import find_date

# Shorter pieces between a database's lines are lists of what the export holds; between lines of signs, parts of one article.
MIN_WORDS = 15
# A clipping has its date near its top, on a line of its own.
DATE_LINES, DATE_WORDS = 4, 15
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
_SIGNS = re.compile(r"^[ \t]*([=*#_~-])\1{4,}[ \t]*$", re.MULTILINE)
_FIELD = re.compile(
    r"[ \t]*(judul(?: berita)?|title|headline|media|nama media|sumber|source|tanggal(?: terbit| tayang| berita)?|tgl|date"
    r"|penulis|author|url|link|isi(?: berita)?|body|content)[ \t]*:[ \t]",
    re.IGNORECASE,
)
_TITLES = ("judul", "judul berita", "title", "headline")


def part_articles(text: str) -> list[str]:
    """The articles, without the lines between them; none if the text is one article."""
    return _between_database_lines(text) or _below_heads(text) or _between_signs(text)


def _between_database_lines(text: str) -> list[str]:
    ends, begins = list(_ENDS.finditer(text)), list(_BEGINS.finditer(text))
    if not ends and len(begins) < 2:
        return []
    pieces = _ENDS.split(text) if ends else _BEGINS.split(text)
    found = (_LINES.sub("", _BEGINS.sub("", piece)).strip() for piece in pieces)
    return [piece for piece in found if len(piece.split()) >= MIN_WORDS]


def _below_heads(text: str) -> list[str]:
    """Articles that each begin with the same field, as in 'Judul: ...', and a second one below it."""
    lines = text.split("\n")
    # Each line that is not blank, with its number and its field.
    names = [(n, match[1].lower() if (match := _FIELD.match(line)) else "") for n, line in enumerate(lines) if line.strip()]
    if not names or not names[0][1]:
        return []
    first = names[0][1]
    heads = [i for i, ((_, name), (_, below)) in enumerate(pairwise(names)) if name == first and below not in ("", first)]
    titled = all(any(name in _TITLES for _, name in names[i:j]) for i, j in pairwise([*heads, len(names)]))
    if heads[:1] != [0] or len(heads) < 2 or not titled:
        return []
    return ["\n".join(lines[i:j]).strip() for i, j in pairwise([*(names[head][0] for head in heads), len(lines)])]


def _between_signs(text: str) -> list[str]:
    """Articles between lines of signs ('====='), where each of them has a date near its top."""
    bounds = [(0, 0), *(match.span() for match in _SIGNS.finditer(text)), (len(text), len(text))]
    pieces = [piece for (_, begin), (end, _) in pairwise(bounds) if (piece := text[begin:end].strip())]
    return pieces if len(pieces) > 1 and all(map(_is_clipping, pieces)) else []


def _is_clipping(piece: str) -> bool:
    head = [line for line in piece.split("\n") if line.strip()][:DATE_LINES]
    dated = any(len(line.split()) <= DATE_WORDS and find_date(line) is not None for line in head)
    return dated and len(piece.split()) >= MIN_WORDS
