"""Prints progress and messages on standard error; standard output is for results only."""

from __future__ import annotations

import typer


def print_message(text: str) -> None:
    """Print a line on standard error."""
    typer.echo(text, err=True)
