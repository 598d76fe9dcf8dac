"""The report as Markdown: sentences and tables; the charts' numbers are in the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sorot.serving.findings.report.document.parts import Card, Document, Section, Table
from sorot.serving.findings.report.document.voice import Voice
from sorot.serving.findings.report.forms.cells import cell_text

# Signs that would begin markup or HTML, wherever a text of others stands.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_ADDRESS_SIGNS = re.compile(r"[\s<>()\\]")


def markdown_report(document: Document, voice: Voice) -> str:
    """The Markdown of a report; every text is escaped."""
    lines = [f"# {plain(document.title)}", "", plain(document.subtitle), ""]
    for section in document.sections:
        lines += _section(section, voice)
    return "\n".join(lines).rstrip() + "\n"


def plain(text: str) -> str:
    """A text in one line, with all signs of Markdown and HTML escaped."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _section(section: Section, voice: Voice) -> Iterator[str]:
    yield from (f"## {plain(section.heading)}", "")
    for text in (*section.paragraphs, *section.notes):
        yield from (plain(text), "")
    if section.points:
        yield from (f"- {plain(text)}" for text in section.points)
        yield ""
    for table in section.tables:
        yield from _table(table, voice)
    for card in section.cards:
        yield from _card(card, voice)


def _table(table: Table, voice: Voice) -> Iterator[str]:
    yield from (f"**{plain(table.caption)}**", "")
    numeric = [all(not isinstance(row[at], str) for row in table.rows) for at in range(len(table.columns))]
    yield _row([plain(name) for name in table.columns])
    yield _row(["---:" if is_number else "---" for is_number in numeric])
    yield from (_row([plain(cell_text(cell, voice)) for cell in row]) for row in table.rows)
    yield ""


def _card(card: Card, voice: Voice) -> Iterator[str]:
    title = plain(card.title)
    if card.url:
        address = _ADDRESS_SIGNS.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), card.url)
        title = f"[{title}](<{address}>)"
    certainty = voice("certainty", p=cell_text(card.certainty, voice))
    yield from (
        f"### {title}",
        "",
        f"{plain(card.label)} · {plain(certainty)}" + (f" · {plain(card.origin)}" if card.origin else ""),
    )
    for sentence in card.sentences:
        yield from ("", f"> {plain(sentence)}")
    yield ""


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
