"""For each label the articles that the model is most certain of, with the sentences that show it."""

from __future__ import annotations

from typing import Any

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.findings.report.findings import Example, Sentence
from sorot.serving.findings.report.gather.facts import counted_sql
from sorot.serving.findings.tables.reading import identifier
from sorot.serving.findings.tables.scored_tables import ScoredTables
from sorot.serving.output.columns import COPY, STORY

EXAMPLES, SENTENCES = 2, 2


def choose_examples(scored: ScoredTables, taxonomy: Taxonomy) -> tuple[Example, ...]:
    """At most EXAMPLES articles a label, no two of one story or one text; none of a label that says nothing."""
    chosen: list[tuple[Task, str, float, tuple[Any, ...]]] = []
    for task in taxonomy.tasks:
        for key in task.keys:
            if key != task.default:
                chosen += [(task, key, p, who) for p, who in _most_certain(scored, task, key, counted_sql(task, taxonomy))]
    known = _read(scored, {who for *_, who in chosen})
    return tuple(_example(task, key, p, who, known[who]) for task, key, p, who in chosen)


def _most_certain(scored: ScoredTables, task: Task, key: str, counted: str) -> list[tuple[float, tuple[Any, ...]]]:
    column, probability = identifier(task.key), identifier(task.column_of(key))
    holds = f"list_contains({column}, $label)" if task.many else f"{column} = $label"
    group = f"coalesce({STORY}, {COPY}, concat_ws('|', id, source, \"row\"))"
    rows = scored.connection.execute(
        f'SELECT max({probability}) AS p, arg_max(struct_pack(id := id, source := source, n := "row"), ({probability}, id)) '
        f"FROM facts WHERE {counted} AND {holds} AND {probability} IS NOT NULL GROUP BY {group} "
        f"ORDER BY p DESC, {group} LIMIT {EXAMPLES}",
        {"label": key},
    ).fetchall()
    return [(p, (who["id"], who["source"], who["n"])) for p, who in rows]


def _read(scored: ScoredTables, wanted: set[tuple[Any, ...]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Title, outlet, time, address and evidence of the wanted articles, in one pass over the corpus."""
    rows = scored.connection.execute(
        "SELECT id, source, \"row\", title, nullif(trim(outlet), ''), published, url, evidence FROM articles "
        "WHERE list_contains($ids, id)",
        {"ids": sorted({who[0] for who in wanted})},
    ).fetchall()
    return {who: row[3:] for row in rows if (who := row[:3]) in wanted}


def _example(task: Task, key: str, probability: float, who: tuple[Any, ...], read: tuple[Any, ...]) -> Example:
    title, outlet, published, url, evidence = read
    own = [e for e in evidence or [] if e["task"] == task.key and e["label"] == key]
    own.sort(key=lambda e: (-e["contribution"], e["sentence"]))
    sentences = tuple(Sentence(e["sentence"], e["contribution"]) for e in own[:SENTENCES])
    return Example(task.key, key, who[0], title, outlet, published, url, probability, sentences)
