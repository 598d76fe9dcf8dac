"""The command `sorot query`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.messages import print_message
from sorot.serving.options import BundleOption


def query_command(
    scored: Annotated[Path, typer.Argument(metavar="SCORED", help="Output of sorot score: a file or a folder of parts.")],
    sql: Annotated[str, typer.Argument(help="One SELECT, in the SQL of DuckDB.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
    bundle: BundleOption = None,
) -> None:
    """Ask a scored corpus with SQL: the tables are articles, evidence, quotes and stories.

    articles has the columns of the scored file and published_day; evidence
    has a row for each sentence that shows a label; quotes and stories are
    empty if the scored file has no columns of that kind.
    'DESCRIBE evidence' shows the columns. The query can read this corpus
    alone, and changes nothing.
    """
    from sorot.data.errors import InputError
    from sorot.serving.findings.query.printing import print_csv, print_json, print_table
    from sorot.serving.findings.query.run import run_query
    from sorot.serving.model.bundle import load_bundle

    if as_csv and as_json:
        raise InputError("--csv and --json: the answer has one form; choose one of them")
    show = print_csv if as_csv else print_json if as_json else print_table
    with run_query(scored, sql, load_bundle(bundle).taxonomy) as answer:
        n = show(answer.columns, answer.rows, sys.stdout)
    sys.stdout.flush()
    print_message(f"{n} row{'' if n == 1 else 's'}")
