"""The column table: every column of the output with its name, Arrow type, value, CSV form and description.

Schema, rows, CSV and the list in docs/scoring.md are made from it. A new column is one entry here and one line there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from sorot.data.article import Article
from sorot.data.taxonomy import Task, Taxonomy, json_value
from sorot.serving.model.analysis import Analysis
from sorot.serving.quotes.record import quote_record

# Decimal places of probabilities and contributions.
DIGITS = 6
TEXT, WHOLE_NUMBER, NUMBER = pa.string(), pa.int64(), pa.float64()
# Names of groups of the same text, and of the same event.
COPY, STORY = "copy", "story"
EVIDENCE = pa.list_(
    pa.struct(
        [
            ("task", TEXT), ("label", TEXT), ("sentence", TEXT),
            ("start", WHOLE_NUMBER), ("end", WHOLE_NUMBER), ("contribution", NUMBER),
        ]
    )
)  # fmt: skip
# A spreadsheet runs text that begins so as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def unchanged(value: Any) -> Any:
    """CSV form of a flat value: itself; null becomes an empty field."""
    return value


def guard_formula(value: Any) -> Any:
    """CSV form of free text: an apostrophe before text that a spreadsheet would run as a formula."""
    # A sign alone is no formula, and '-' is the source of articles from standard input.
    return "'" + value if isinstance(value, str) and len(value) > 1 and value.startswith(FORMULA_STARTS) else value


def join_keys(value: Any) -> str | None:
    """CSV form of a list of label keys: joined by ';'; null becomes an empty field."""
    return None if value is None else ";".join(value)


def as_json(value: Any) -> str:
    """CSV form of a list of objects: JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An output column: name, Arrow type and one line of description; `csv` turns its value into that of a CSV field."""

    name: str
    type: pa.DataType
    description: str
    csv: Callable[[Any], Any] = unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleColumn(Column):
    """A column whose `value` comes from the article, so that an article with a repeated text keeps its own."""

    value: Callable[[Article], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisColumn(Column):
    """A column whose `value` comes from the analysis."""

    value: Callable[[Analysis], Any]


OutputColumns = tuple[ArticleColumn | AnalysisColumn, ...]


def output_columns(taxonomy: Taxonomy, *, with_body: bool = False, quotes: bool = False) -> OutputColumns:
    """All columns of the output, in order; each task of the taxonomy has its own, with one for each label's probability."""
    tasks = (column for task in taxonomy.tasks for column in _task_columns(task))
    said = (_quotes_column(taxonomy),) if quotes else ()
    return (*_IDENTITY, *tasks, *_ANALYSIS, *said, *((_BODY,) if with_body else ()))


def make_schema(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow schema of these columns."""
    return pa.schema([(column.name, column.type) for column in columns])


def hash_columns(columns: Iterable[Column]) -> str:
    """A hash of names, types and CSV forms; it changes when a file of these columns would look different."""
    table = [(column.name, str(column.type), column.csv.__name__) for column in columns]
    return hashlib.sha256(json.dumps([DIGITS, table]).encode()).hexdigest()[:12]


_IDENTITY = (
    ArticleColumn(
        name="id", type=TEXT, csv=guard_formula, value=lambda article: article.id,
        description="The article's own identifier, or the file's name with the row's number",
    ),
    ArticleColumn(
        name="source", type=TEXT, csv=guard_formula, value=lambda article: article.source.file if article.source else None,
        description="File or address the article was read from; `-` for standard input",
    ),
    ArticleColumn(
        name="row", type=WHOLE_NUMBER, value=lambda article: article.source.row if article.source else None,
        description="Line of that file on which the record begins; the record's number in Parquet and JSON arrays",
    ),
    ArticleColumn(name="title", type=TEXT, csv=guard_formula, value=lambda article: article.title, description="Headline"),
    ArticleColumn(name="outlet", type=TEXT, csv=guard_formula, value=lambda article: article.outlet, description="Publisher"),
    ArticleColumn(
        name="published", type=TEXT, value=lambda article: article.published.isoformat() if article.published else None,
        description="Time of publication, ISO 8601 with time zone, or the day alone where no time of day is known",
    ),
    ArticleColumn(name="url", type=TEXT, csv=guard_formula, value=lambda article: article.url, description="Web address"),
)  # fmt: skip
_ANALYSIS = (
    AnalysisColumn(
        name="evidence", type=EVIDENCE, csv=as_json, value=lambda analysis: _evidence(analysis),
        description="Sentences that show the labels: task, label, sentence, start and end (characters of the cleaned body from "
        "0, end excluded; null for the title), contribution (the sentence's share of the label's logit)",
    ),
    AnalysisColumn(name="n_tokens", type=WHOLE_NUMBER, value=lambda analysis: analysis.n_tokens, description="Length in tokens"),
    AnalysisColumn(
        name="n_windows", type=WHOLE_NUMBER, value=lambda analysis: analysis.n_windows, description="Windows the encoder read",
    ),
    AnalysisColumn(
        name="language", type=TEXT, value=lambda analysis: analysis.language,
        description="Detected language, ISO 639-1; null if the text is too short to tell",
    ),
    AnalysisColumn(
        name="withheld", type=TEXT, value=lambda analysis: analysis.withheld,
        description=(
            "Why the article has no labels: `language` (not Indonesian), `empty`, `address`, `numbers`, `short` (fewer than six "
            "words) or `gate`; null if it has labels"
        ),
    ),
    AnalysisColumn(name="model", type=TEXT, value=lambda analysis: analysis.model, description="Name and version of the model"),
)  # fmt: skip
_BODY = ArticleColumn(
    name="body", type=TEXT, csv=guard_formula, value=lambda article: article.body,
    description="The cleaned text that evidence offsets count in; only with `--with-body`",
)  # fmt: skip

# Known only when the whole input is scored, so these follow the other columns.
GROUP_COLUMNS = (
    Column(
        name=COPY, type=TEXT, csv=guard_formula,
        description="Name of the group of articles with this text, edited or not; null where it is alone; only with `--stories`",
    ),
    Column(
        name=STORY, type=TEXT, csv=guard_formula,
        description="Name of the group of articles on this event; null where it is alone; only with `--stories`",
    ),
)  # fmt: skip


def _task_columns(task: Task) -> Iterator[AnalysisColumn]:
    """A task's labels, those that may hold if exactly one does, then the probability of each of them."""
    yield AnalysisColumn(
        name=task.key,
        type=pa.list_(TEXT) if task.many else TEXT,
        csv=join_keys if task.many else unchanged,
        value=partial(_labels, task=task.key),
        description=f"{task.name('en')}: "
        + ("every label that holds; empty if withheld" if task.many else "the one label that holds; null if withheld"),
    )
    if not task.many:
        yield AnalysisColumn(
            name=f"{task.key}_set",
            type=pa.list_(TEXT),
            csv=join_keys,
            value=partial(_label_set, task=task.key),
            description=f"{task.name('en')}: every label that may hold; more than one: the model is not sure; null if withheld",
        )
    for label in task.labels:
        yield AnalysisColumn(
            name=task.column_of(label.key),
            type=NUMBER,
            value=partial(_probability, task=task.key, label=label.key),
            description=f"Probability of {label.name('en')}; null if withheld",
        )


def _quotes_column(taxonomy: Taxonomy) -> AnalysisColumn:
    """Who says what, with the label of each task where exactly one holds."""
    fields = [
        ("type", TEXT), ("start", WHOLE_NUMBER), ("end", WHOLE_NUMBER), ("text", TEXT), ("speaker", TEXT), ("cue", TEXT),
        *((task.key, TEXT) for task in taxonomy.one_tasks),
    ]  # fmt: skip
    return AnalysisColumn(
        name="quotes",
        type=pa.list_(pa.struct(fields)),
        csv=as_json,
        value=lambda analysis: [quote_record(quote) for quote in analysis.quotes],
        description="Who says what, only with `--quotes`: type (direct or indirect), start and end (characters of the cleaned "
        "body), text, speaker, cue, and one label for each task that has exactly one (null: the model is not sure)",
    )


def _labels(analysis: Analysis, *, task: str) -> list[str] | str | None:
    return json_value(analysis.labels[task])


def _label_set(analysis: Analysis, *, task: str) -> list[str] | None:
    labels = analysis.label_sets.get(task)
    return None if labels is None else list(labels)


def _probability(analysis: Analysis, *, task: str, label: str) -> float | None:
    probability = analysis.probabilities.get(task, {}).get(label)
    return None if probability is None else round(probability, DIGITS)


def _evidence(analysis: Analysis) -> list[dict[str, Any]]:
    return [
        {
            "task": e.task, "label": e.label, "sentence": e.sentence, "start": e.start, "end": e.end,
            "contribution": round(e.contribution, DIGITS),
        }
        for e in analysis.evidence
    ]  # fmt: skip
