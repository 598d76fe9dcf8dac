"""A report as bytes, in each of its forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from sorot.data.taxonomy import Language, Taxonomy
from sorot.serving.findings.report.document.document_of import write_document
from sorot.serving.findings.report.document.voice import Voice
from sorot.serving.findings.report.findings import Findings
from sorot.serving.findings.report.forms.html import html_report
from sorot.serving.findings.report.forms.markdown import markdown_report
from sorot.serving.findings.report.forms.workbook import workbook_report
from sorot.serving.findings.tables.files import check_libraries
from sorot.serving.output.target import OutputError

ReportFormat = Literal["html", "md", "xlsx", "json"]


def report_bytes(findings: Findings, taxonomy: Taxonomy, language: Language, form: ReportFormat) -> bytes:
    """The report; the same findings give the same bytes."""
    if form == "json":
        return (json.dumps(findings.to_dict(), ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
    document, voice = write_document(findings, taxonomy, language), Voice(taxonomy, language)
    match form:
        case "xlsx":
            return workbook_report(document, voice)
        case "md":
            return markdown_report(document, voice).encode("utf-8", "replace")
        case "html":
            return html_report(document, findings, voice).encode("utf-8", "replace")


def check_report_target(output: Path, scored: Path, form: ReportFormat) -> None:
    """Raise OutputError if the report could not be written later, and SorotError if a library for it is missing."""
    if form == "xlsx":
        check_libraries("xlsxwriter")
    if str(output) == "-":
        return
    if output.is_dir():
        raise OutputError(f"{output}: is a folder; name a file in it")
    if not output.parent.is_dir():
        raise OutputError(f"{output}: the folder {output.parent} does not exist; make it first")
    if output.exists() and scored.exists() and output.samefile(scored):
        raise OutputError(f"{output}: is the scored corpus itself; name another file for the report")
