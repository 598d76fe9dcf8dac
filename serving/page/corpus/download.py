"""The scored corpus as a file to download, the same columns and the same writers as `sorot score`."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.labels import Thresholds
from sorot.serving.output.columns import output_columns
from sorot.serving.output.rows import writable
from sorot.serving.output.target import as_target
from sorot.serving.output.writers import open_writer
from sorot.serving.page.common.language import Language
from sorot.serving.page.corpus.charts import draw_charts
from sorot.serving.page.corpus.scored_articles import relabel
from sorot.serving.page.corpus.scoring import ScoredCorpus

FORMATS = ("csv", "jsonl", "parquet", "svg")


def scored_file(
    corpus: ScoredCorpus,
    form: str,
    thresholds: Thresholds,
    defaults: Thresholds,
    taxonomy: Taxonomy,
    language: Language,
) -> tuple[str, bytes]:
    """Name and content of the file at these thresholds; the name has every label whose threshold was moved."""
    items = relabel(corpus.items, thresholds, taxonomy)
    moved = "".join(
        f"-{label}-{value:.2f}"
        for task, own in thresholds.items()
        for label, value in own.items()
        if value != defaults[task][label]
    )
    if form == "svg":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, svg in draw_charts(items, taxonomy, language, own_file=True).items():
                archive.writestr(f"{name}.svg", svg)
        return f"sorot{moved}-svg.zip", packed.getvalue()
    rows = [writable(item.row) for item in items]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sorot.{form}"
        writer = open_writer(as_target(path), path, output_columns(taxonomy))
        try:
            writer.write(rows)
        finally:
            writer.close()
        return f"sorot{moved}.{form}", path.read_bytes()
