"""A scored corpus as arrays: what estimates need of each article, and of its texts only those that are asked for.

Labels become one boolean column for each label of the taxonomy, so no task is known by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.findings.errors import FindingsError
from sorot.serving.findings.tables.reading import identifier, literal
from sorot.serving.findings.tables.scored_tables import DAY, GATE, ScoredTables, open_scored, single_model
from sorot.serving.output.columns import STORY

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CorpusArrays:
    """The rows of a scored corpus, in its order; arrays have one entry per row.

    `labels` by task has shape (n, labels of the task); `labelled` by task says which rows have labels at all. `days` holds the
    day of publication, NaT if unknown; `outlets` None if unknown; `stories` a number for each story, None without a column
    `story`. `texts` has the text columns that were asked for and are there, by name.
    """

    name: str
    taxonomy: Taxonomy
    model: str
    ids: NDArray[np.object_]
    outlets: NDArray[np.object_]
    days: NDArray[np.datetime64]
    stories: NDArray[np.int64] | None
    withheld: NDArray[np.object_]
    labels: Mapping[str, BoolArray]
    labelled: Mapping[str, BoolArray]
    probabilities: Mapping[str, NDArray[np.float64]]
    n_tokens: NDArray[np.float64]
    texts: Mapping[str, NDArray[np.object_]]

    def __len__(self) -> int:
        return len(self.ids)

    def text(self, name: str, row: int) -> str | None:
        """The value of one of `texts`, None if it is empty or there is no such column."""
        return self.texts[name][row] if name in self.texts else None

    @property
    def unlabelled(self) -> dict[str, int]:
        """How many rows have no labels, by the reason; the gate is none, as it says that nothing holds."""
        counts = Counter(str(why) for why in self.withheld if why is not None and why != GATE)
        return dict(counts.most_common())


def read_scored(path: Path | str, taxonomy: Taxonomy, *, texts: Collection[str] = ()) -> CorpusArrays:
    """The scored corpus at `path`: a Parquet, CSV, JSONL or DuckDB file, or a folder of parts; with the text columns `texts`.

    Raises FindingsError if it cannot be read, was not scored by this taxonomy or by two models, or has no labelled article.
    """
    with open_scored(Path(path), taxonomy) as scored:
        model = single_model(scored)
        wanted = ", ".join(f"{value} AS {identifier(name)}" for name, value in _selected(scored, texts).items())
        return _arrays(scored, model, scored.connection.sql(f"SELECT {wanted} FROM articles").to_arrow_table(), texts)


def _selected(scored: ScoredTables, texts: Collection[str]) -> dict[str, str]:
    """By column of the arrays, the SQL of its value."""
    selected = {name: name for name in ("id", "withheld", "n_tokens")}
    selected |= {"outlet": "nullif(trim(outlet), '')", "day": DAY}
    selected |= {name: f"nullif({identifier(name)}, '')" for name in (STORY, *texts) if name in scored.columns}
    for task in scored.taxonomy.tasks:
        for key in task.keys:
            selected[_holds(task, key)] = f"coalesce({_holds_sql(task, key)}, false)"
            selected[task.column_of(key)] = identifier(task.column_of(key))
    return selected


def _holds(task: Task, key: str) -> str:
    return f"{task.key}.{key}"


def _holds_sql(task: Task, key: str) -> str:
    column = identifier(task.key)
    return f"list_contains({column}, {literal(key)})" if task.many else f"{column} = {literal(key)}"


def _arrays(scored: ScoredTables, model: str, table: pa.Table, texts: Collection[str]) -> CorpusArrays:
    def column(name: str) -> NDArray[Any]:
        return np.asarray(table[name].to_numpy(zero_copy_only=False))

    def objects(name: str) -> NDArray[np.object_]:
        return np.array(table[name].to_pylist(), dtype=object)

    taxonomy, withheld = scored.taxonomy, objects("withheld")
    gated = withheld == GATE
    known = np.array([why is None for why in withheld], dtype=bool)
    if not (known | gated).any():
        reasons = ", ".join(f"{why} {n}" for why, n in Counter(map(str, withheld)).most_common())
        raise FindingsError(
            f"{scored.path}: none of its {len(withheld)} articles has labels (withheld: {reasons}); score Indonesian news"
        )
    labels = {task.key: np.stack([column(_holds(task, key)) for key in task.keys], axis=1) for task in taxonomy.tasks}
    labelled = {}
    for task in taxonomy.tasks:
        # The gate says that nothing holds; what follows from that is known, other labels are not.
        settled = task.many or task.default is not None
        if settled and task.default is not None:
            labels[task.key][gated, task.keys.index(task.default)] = True
        labelled[task.key] = known | gated if settled else known
    has_stories = STORY in table.column_names and table[STORY].null_count < table.num_rows
    return CorpusArrays(
        name=str(scored.path),
        taxonomy=taxonomy,
        model=model,
        ids=_unique_ids(objects("id")),
        outlets=objects("outlet"),
        days=column("day").astype("datetime64[D]"),
        stories=_numbered(objects(STORY)) if has_stories else None,
        withheld=withheld,
        labels=labels,
        labelled=labelled,
        probabilities={
            task.key: np.stack([column(task.column_of(key)).astype(np.float64) for key in task.keys], axis=1)
            for task in taxonomy.tasks
        },
        n_tokens=column("n_tokens").astype(np.float64),
        texts={name: objects(name) for name in texts if name in table.column_names},
    )


def _unique_ids(ids: NDArray[np.object_]) -> NDArray[np.object_]:
    """The ids; a repeated one gets ' #2', ' #3' and so on, in the order of the rows."""
    seen: Counter[str] = Counter()
    unique = []
    for value in ids:
        name = str(value)
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return np.array(unique, dtype=object)


def _numbered(stories: NDArray[np.object_]) -> NDArray[np.int64]:
    """A number for each story; an article without one is a story of its own."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(n if s is None else s, len(numbers)) for n, s in enumerate(stories)], dtype=np.int64)
