"""Who is quoted in the labelled articles, how often, and with which labels."""

from __future__ import annotations

from sorot.data.taxonomy import Taxonomy
from sorot.serving.findings.report.findings import Quoted, Speaker
from sorot.serving.findings.tables.reading import QUOTES, identifier, literal
from sorot.serving.findings.tables.scored_tables import ScoredTables

TOP_SPEAKERS = 15


def count_speakers(scored: ScoredTables, taxonomy: Taxonomy) -> Quoted | None:
    """The speakers with most quotes; None if the scored file has no column of quotes."""
    if QUOTES not in scored.columns:
        return None
    run = scored.connection.execute
    fields = {name for name, *_ in run("DESCRIBE quotes").fetchall()}
    tasks = [task for task in taxonomy.one_tasks if task.key in fields]
    gate = taxonomy.gate_task
    labelled = f"len({identifier(gate.key)}) > 0" if gate else "withheld IS NULL"
    labels = "".join(f", q.{identifier(task.key)}" for task in tasks)
    run(
        "CREATE TEMP TABLE said AS SELECT id, source, \"row\", nullif(trim(outlet), '') AS outlet, q.type AS type, "
        f"nullif(trim(q.speaker), '') AS speaker{labels} "
        f'FROM (SELECT id, source, "row", outlet, unnest({QUOTES}) AS q FROM articles WHERE {labelled})'
    )
    total = run('SELECT count(*), count(DISTINCT (id, source, "row")), count(*) FILTER (speaker IS NULL) FROM said').fetchone()
    assert total is not None
    rows = run(
        'SELECT speaker, count(*), count(DISTINCT (id, source, "row")), count(DISTINCT outlet), '
        f"count(*) FILTER (type = 'direct') FROM said WHERE speaker IS NOT NULL "
        f"GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT {TOP_SPEAKERS}"
    ).fetchall()
    names = ", ".join(literal(name) for name, *_ in rows) or "NULL"
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for task in tasks:
        column = identifier(task.key)
        found = run(
            f"SELECT speaker, {column}, count(*) FROM said WHERE speaker IN ({names}) AND {column} IS NOT NULL GROUP BY ALL"
        ).fetchall()
        of_speaker = {(name, label): n for name, label, n in found}
        for name, *_ in rows:
            counts[(name, task.key)] = {key: n for key in task.keys if (n := of_speaker.get((name, key)))}
    return Quoted(
        quotes=total[0],
        articles=total[1],
        unnamed=total[2],
        speakers=tuple(
            Speaker(name, quotes, articles, outlets, direct, {task.key: counts[(name, task.key)] for task in tasks})
            for name, quotes, articles, outlets, direct in rows
        ),
    )
