"""The command `sorot drift`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.messages import print_lines
from sorot.serving.findings.commands.options import AsJson, Scored, open_corpus
from sorot.serving.findings.commands.tables import aligned


def drift_command(
    scored: Scored,
    against: Annotated[Path | None, typer.Option(help="Bundle folder of the model; the shipped one by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare a scored corpus with the articles on which the model was measured.

    Length, words, language, labels and confidence. Where they differ much, the
    model's figures may not hold, and one sentence says so.
    """
    from sorot.serving.findings.drift import COMPARED_TEXTS, compare_with_reference
    from sorot.serving.findings.errors import FindingsError
    from sorot.serving.model.wide import Wide

    corpus, bundle, other = open_corpus(scored, against, texts=COMPARED_TEXTS)
    if other:
        raise FindingsError(other.replace("--bundle", "--against"))
    if bundle.manifest.reference is None:
        raise FindingsError(
            f"{bundle.path}: this bundle does not say what its articles are like; add that with: sorot reference {bundle.path}"
        )
    found = compare_with_reference(corpus, bundle.manifest.reference, Wide.load(bundle.path / bundle.manifest.wide_file).keys)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False))
        return
    head = ["measure", "here", "model's articles", "shift", "limit", ""]
    rows = [[m.name, m.here, m.there, f"{m.index:.2f}", f"{m.limit:.2f}", "differs" if m.differs else ""] for m in found.measures]
    for line in aligned(head, rows, frozenset({3, 4})):
        typer.echo(line)
    for measure in found.measures:
        if measure.examples:
            typer.echo("\n  ".join([f"{measure.name}, for example:", *measure.examples]))
    typer.echo(found.warning)
    print_lines(found.notes)
