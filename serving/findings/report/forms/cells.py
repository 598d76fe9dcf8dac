"""Cells of a table as text."""

from __future__ import annotations

from sorot.serving.findings.report.document.parts import Cell, Decimal, Percent
from sorot.serving.findings.report.document.voice import Voice
from sorot.serving.findings.report.findings import Band

NOTHING = "–"


def cell_text(cell: Cell, voice: Voice) -> str:
    """A cell as the report's language writes it."""
    match cell:
        case None:
            return NOTHING
        case str():
            return cell
        case Percent(share):
            return voice.percent(share)
        case Decimal(value, digits):
            return voice.number(value, digits)
        case Band():
            return voice.band(cell)
        case _:
            return voice.count(cell)
