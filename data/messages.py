"""Progress and messages for people, on standard error: standard output holds results alone."""

from __future__ import annotations

import typer


def print_message(text: str) -> None:
    """Print a line on standard error."""
    typer.echo(text, err=True)
