"""The output of commands that write one JSON object a line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

OutputFile = Annotated[str, typer.Option("--output", "-o", help="JSONL file to write; standard output by default, or with -.")]


@contextmanager
def opened_output(output: str, inputs: list[str]) -> Iterator[TextIO]:
    """The JSONL file to write, under its own name only once it is complete; standard output for '-'.

    Raises OutputError for another suffix and for an input.
    """
    from sorot.data.atomic_files import flush_to_disk
    from sorot.serving.output.target import OutputError

    if output == "-":
        yield sys.stdout
        return
    path = Path(output)
    if path.suffix.lower() not in (".jsonl", ".json"):
        raise OutputError(f"{output}: JSON lines are written; end the name in .jsonl, or leave -o out")
    if any(Path(name).exists() and path.exists() and path.samefile(name) for name in inputs):
        raise OutputError(f"{output}: is an input and would be overwritten; name another output with -o")
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        flush_to_disk(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
