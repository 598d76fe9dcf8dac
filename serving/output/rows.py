"""One row per article, made from the column table, the same in every format.

A CSV field differs from the value in JSONL and Parquet only where CSV cannot hold it (null is an empty field) or where the
column's CSV form says so: lists are flattened, and free text is guarded against being run as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sorot.data.article import Article, Reject
from sorot.serving.model.analysis import Analysis
from sorot.serving.output.columns import ArticleColumn, Column, OutputColumns

Row = dict[str, Any]
_SURROGATE = re.compile("[\ud800-\udfff]")


def make_row(article: Article, analysis: Analysis, columns: OutputColumns) -> Row:
    """The row of one article as it was scored."""
    return {
        column.name: column.value(article) if isinstance(column, ArticleColumn) else column.value(analysis) for column in columns
    }


def make_repeat_row(article: Article, first: Row, columns: OutputColumns) -> Row:
    """The row of an article that repeats the text of the one with the row `first`: its own identity, the other's analysis."""
    return {column.name: column.value(article) if isinstance(column, ArticleColumn) else first[column.name] for column in columns}


def make_reject_row(reject: Reject) -> Row:
    """The record of a row or file that was not scored."""
    return {"source": reject.file, "row": reject.row, "reason": reject.reason}


def flatten_for_csv(row: Row, columns: Sequence[Column]) -> Row:
    """The row with every value in its CSV form."""
    return {column.name: column.csv(row[column.name]) for column in columns}


def writable(record: Row) -> Row:
    """The record with lone surrogates (from undecodable file names) as U+FFFD, one for one, so offsets stay right."""
    return {_SURROGATE.sub("\ufffd", name): _writable(value) for name, value in record.items()}


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_writable(item) for item in value]
    return writable(value) if isinstance(value, dict) else value
