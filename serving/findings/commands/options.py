"""Arguments that the commands over a scored corpus share, and the corpus with the model that scored it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sorot.serving.findings.tables.arrays import CorpusArrays
    from sorot.serving.model.bundle import Bundle

Scored = Annotated[Path, typer.Argument(help="Output of sorot score: a file, or a folder of parts.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]


def open_corpus(scored: Path, bundle: Path | None, *, texts: Collection[str] = ()) -> tuple[CorpusArrays, Bundle, str | None]:
    """The corpus with the text columns `texts`, the bundle, and a sentence if another model than this bundle's scored it."""
    from sorot.serving.findings.tables.arrays import read_scored
    from sorot.serving.model.bundle import load_bundle

    loaded = load_bundle(bundle)
    corpus = read_scored(scored, loaded.taxonomy, texts=texts)
    name = f"{loaded.manifest.name}-{loaded.manifest.version}"
    if corpus.model in ("", name):
        return corpus, loaded, None
    return corpus, loaded, f"{scored} was scored by {corpus.model}, not by {name}; name the folder of that model with --bundle"
