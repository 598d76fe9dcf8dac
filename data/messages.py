"""Prints progress and messages on standard error; standard output is for results only."""

from __future__ import annotations

from collections.abc import Iterable

import typer


def print_message(text: str) -> None:
    """Print a line on standard error."""
    typer.echo(text, err=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print each line on standard error."""
    for line in lines:
        print_message(line)
