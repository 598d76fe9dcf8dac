"""The report as one HTML file that needs nothing else: no request, no script, charts as SVG."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sorot.serving.findings.report.document.parts import Cell, Document
from sorot.serving.findings.report.document.voice import Voice
from sorot.serving.findings.report.draw.picture import WIDTH
from sorot.serving.findings.report.findings import Findings
from sorot.serving.findings.report.forms.cells import cell_text
from sorot.serving.words.label_styles import label_styles

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent


def html_report(document: Document, findings: Findings, voice: Voice) -> str:
    """The HTML of a report; every text is escaped. The findings are in it as JSON too, for programs."""
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            document=document,
            voice=voice,
            styles=label_styles(voice.taxonomy),
            width=WIDTH,
            css=(FOLDER / "report.css").read_text(encoding="utf-8"),
            cell=lambda value: cell_text(value, voice),
            is_number=_is_number,
            # '<' would end the element or begin a comment in it.
            data=json.dumps(findings.to_dict(), ensure_ascii=False, sort_keys=True, allow_nan=False).replace("<", "\\u003c"),
        )
    )


def _is_number(cell: Cell) -> bool:
    return cell is not None and not isinstance(cell, str)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
