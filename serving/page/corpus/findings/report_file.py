"""The report of `sorot report` on the filtered articles, in the page's language."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sorot.serving.findings.report.gather.findings_of import gather_findings
from sorot.serving.findings.report.write import report_bytes
from sorot.serving.model.bundle import Bundle
from sorot.serving.output.columns import COPY, GROUP_COLUMNS, STORY, make_schema, output_columns
from sorot.serving.output.rows import writable
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus
from sorot.serving.words.language import Language


def report_file(opened: OpenCorpus, places: Sequence[int], bundle: Bundle, language: Language) -> tuple[str, bytes]:
    """Name and content of the HTML file. Raises sorot.data.errors.SorotError for what no report can be made of."""
    columns = output_columns(opened.taxonomy, with_body=True, quotes=True)
    schema = make_schema((*columns, *GROUP_COLUMNS))
    rows = []
    for place in places:
        item, group = opened.items[place], opened.arrays.groups[place]
        added = {"body": item.text, "quotes": list(item.quotes), STORY: group.story, COPY: group.copy}
        rows.append(writable({**item.row, **added}))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sorot.parquet"
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
        findings = gather_findings(path, bundle, title=opened.name)
        return f"sorot-{language}.html", report_bytes(findings, opened.taxonomy, language, "html")
