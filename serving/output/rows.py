"""One row an article, flat columns, the same in every format.

A value of a CSV file equals that of JSONL and Parquet, but for what CSV cannot hold: null is an empty field, `topics` are
joined by ';', `evidence` is JSON, and an id, a source, a title, an outlet or a body that a spreadsheet would run as a formula
(it begins with = + - @, a tab or a carriage return, and more follows) gets a leading apostrophe. No other column is altered.

`start` and `end` of a piece of evidence count characters of the cleaned body, from 0, `end` not included, and are null for
the title; that body is the last column, `body`, where it was asked for. `withheld` says why an article has no labels: 'language',
'empty', or 'gate' where the gate kept it from the encoder; it is null where it has them.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pyarrow as pa

from sorot.data.article import Article, Reject
from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.analysis import Analysis

Row = dict[str, Any]
_EVIDENCE = pa.list_(
    pa.struct(
        [
            ("task", pa.string()), ("label", pa.string()), ("sentence", pa.string()),
            ("start", pa.int64()), ("end", pa.int64()), ("contribution", pa.float64()),
        ]
    )
)  # fmt: skip
# Text that a spreadsheet would run as a formula, and the columns whose text strangers wrote.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FREE_TEXT = ("id", "source", "title", "outlet", "body")
_SURROGATE = re.compile("[\ud800-\udfff]")
DIGITS = 6


def make_schema(taxonomy: Taxonomy, *, with_body: bool = False) -> pa.Schema:
    """Column names and types, in order; probability columns follow the taxonomy."""
    text, number = pa.string(), pa.float64()
    columns = [
        ("id", text),
        ("source", text),
        ("row", pa.int64()),
        ("title", text),
        ("outlet", text),
        ("published", text),
    ]
    columns += [("topics", pa.list_(text)), *((f"p_{t}", number) for t in taxonomy.labels("topics"))]
    for task in ("stance", "sentiment"):
        labels = taxonomy.labels("stance" if task == "stance" else "sentiment")
        columns += [(task, text), *((f"p_{task}_{label}", number) for label in labels)]
    columns += [
        ("evidence", _EVIDENCE),
        ("n_tokens", pa.int64()),
        ("n_windows", pa.int64()),
        ("language", text),
        ("withheld", text),
        ("model", text),
    ]
    if with_body:
        columns.append(("body", text))
    return pa.schema(columns)


def make_row(article: Article, analysis: Analysis, taxonomy: Taxonomy, *, with_body: bool = False) -> Row:
    """The row of one article, as it was scored. Where labels were withheld, topics is empty, other label columns are null."""
    row: Row = _identity(article) | {"topics": list(analysis.topics)}
    row |= {f"p_{t}": _probability(analysis, "topics", t) for t in taxonomy.labels("topics")}
    row["stance"] = analysis.stance
    row |= {f"p_stance_{s}": _probability(analysis, "stance", s) for s in taxonomy.labels("stance")}
    row["sentiment"] = analysis.sentiment
    row |= {f"p_sentiment_{s}": _probability(analysis, "sentiment", s) for s in taxonomy.labels("sentiment")}
    row["evidence"] = [
        {
            "task": e.task, "label": e.label, "sentence": e.sentence, "start": e.start, "end": e.end,
            "contribution": round(e.contribution, DIGITS),
        }
        for e in analysis.evidence
    ]  # fmt: skip
    row |= {
        "n_tokens": analysis.n_tokens,
        "n_windows": analysis.n_windows,
        "language": analysis.language,
        "withheld": analysis.withheld,
        "model": analysis.model,
    }
    if with_body:
        row["body"] = article.body
    return row


def _identity(article: Article) -> Row:
    """What tells an article apart from others with its text."""
    return {
        "id": article.id,
        "source": article.source.file if article.source else None,
        "row": article.source.row if article.source else None,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
    }


def make_repeat_row(article: Article, row: Row) -> Row:
    """The row of an article whose text is that of the one with `row`."""
    return row | _identity(article)


def make_reject_row(reject: Reject) -> Row:
    """What is told of a row or file that was not scored."""
    return {"source": reject.file, "row": reject.row, "reason": reject.reason}


def flatten_for_csv(row: Row) -> Row:
    """Lists as CSV has them: topics joined by ';', evidence as JSON; free text that would run as a formula is guarded."""
    flat = dict(row)
    flat["topics"] = ";".join(row["topics"])
    flat["evidence"] = json.dumps(row["evidence"], ensure_ascii=False, allow_nan=False)
    for name in _FREE_TEXT:
        value = flat.get(name)
        # A sign alone is no formula, and '-' is the source of what came by a pipe.
        if isinstance(value, str) and len(value) > 1 and value.startswith(_FORMULA_STARTS):
            flat[name] = "'" + value
    return flat


def writable(record: Row) -> Row:
    """The record with lone surrogates (undecodable file names have them) as U+FFFD, one for one, so offsets stay right."""
    return {name: _writable(value) for name, value in record.items()}


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_writable(item) for item in value]
    return writable(value) if isinstance(value, dict) else value


def _probability(analysis: Analysis, task: str, label: str) -> float | None:
    found = analysis.probabilities.get(task, {}).get(label)  # type: ignore[call-overload]
    return None if found is None else round(found, DIGITS)
