"""The command `sorot report`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.messages import print_message
from sorot.serving.options import BundleOption


class ReportForm(StrEnum):
    """The form of a report."""

    HTML = "html"
    MD = "md"
    XLSX = "xlsx"
    JSON = "json"


class ReportLanguage(StrEnum):
    """The language of a report."""

    ID = "id"
    EN = "en"


def report_command(
    scored: Annotated[Path, typer.Argument(metavar="SCORED", help="Output of sorot score: a file or a folder of parts.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write; - for standard output.")],
    language: Annotated[ReportLanguage, typer.Option(help="Language of the report.")] = ReportLanguage.ID,
    form: Annotated[
        ReportForm | None, typer.Option("--format", help="Form of the report; that of the output's suffix by default, else html.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Heading of the report.")] = None,
    bundle: BundleOption = None,
) -> None:
    """Write a report on a scored corpus: its labels over time and by outlet, who is quoted, words, copies, examples.

    The HTML is one file that opens from the disk, asks for nothing on the
    network and prints. json has every number of the text; xlsx has a sheet
    for each table. The same input gives the same bytes.

    What the scored file lacks is left out, and the report says so: dates and
    outlets come from the input, texts with `sorot score --with-body`.
    """
    from sorot.data.atomic_files import write_atomically
    from sorot.serving.findings.report.gather.findings_of import gather_findings
    from sorot.serving.findings.report.write import check_report_target, report_bytes
    from sorot.serving.model.bundle import load_bundle

    printed = str(output) == "-"
    form = form or next((one for one in ReportForm if output.suffix.lower() == f".{one}"), ReportForm.HTML)
    check_report_target(output, scored, form.value)
    loaded = load_bundle(bundle)
    findings = gather_findings(scored, loaded, title=title, advance=lambda step: print_message(f"{step} ..."))
    content = report_bytes(findings, loaded.taxonomy, language.value, form.value)
    if printed:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    write_atomically(output, content)
    print_message(f"written to {output}")
