"""Arguments and options shared by commands."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class EngineName(StrEnum):
    """Where units are scored."""

    LOCAL = "local"
    RAY = "ray"


Inputs = Annotated[list[str], typer.Argument(help="Files, folders, patterns, or - for standard input.")]
BundleOption = Annotated[Path | None, typer.Option("--bundle", help="Bundle folder of the model; the shipped one by default.")]
TextColumn = Annotated[str | None, typer.Option(help="Column of the text; found by its usual names by default.")]
TitleColumn = Annotated[str | None, typer.Option(help="Column of the title; an empty string skips the field, here and below.")]
OutletColumn = Annotated[str | None, typer.Option(help="Column of the outlet.")]
DateColumn = Annotated[str | None, typer.Option(help="Column of the date.")]
UrlColumn = Annotated[str | None, typer.Option(help="Column of the web address.")]
IdColumn = Annotated[str | None, typer.Option(help="Column of the identifier.")]
Sheet = Annotated[str | None, typer.Option(help="Sheet of a workbook; all sheets with a table by default.")]
MaxCharacters = Annotated[int, typer.Option(min=1, help="Reject longer texts.")]
