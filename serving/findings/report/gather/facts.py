"""The narrow table `facts`, one row an article, that all counts are made of; texts are read only for the few that are shown."""

from __future__ import annotations

from datetime import date, timedelta

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.findings.report.findings import Corpus, Population, Unit
from sorot.serving.findings.tables.reading import identifier, literal
from sorot.serving.findings.tables.scored_tables import DAY, GATE, ScoredTables, single_model
from sorot.serving.output.columns import COPY, STORY

# Longest span of days that is shown by day, by week and by month.
MAX_DAYS, MAX_WEEKS, MAX_MONTHS = 35, 7 * 30, 31 * 60
TOP_OUTLETS = 12


def create_facts(scored: ScoredTables, taxonomy: Taxonomy) -> None:
    """Create the table `facts`: identity, outlet, day, period, labels, probabilities, groups, `judged` and `labelled`.

    Raises FindingsError if there is no article, or if articles of two models stand side by side.
    """
    run = scored.connection.execute
    single_model(scored)
    gate = taxonomy.gate_task
    labelled = f"len({identifier(gate.key)}) > 0" if gate else "withheld IS NULL"
    columns = ", ".join(
        identifier(name) for task in taxonomy.tasks for name in (task.key, *(task.column_of(key) for key in task.keys))
    )
    run(
        f"CREATE TEMP TABLE facts AS SELECT id, source, \"row\", nullif(trim(outlet), '') AS outlet, {DAY} AS day, "
        f"withheld, {columns}, {_group(scored, COPY)}, {_group(scored, STORY)}, "
        f"withheld IS NULL OR withheld = {literal(GATE)} AS judged, coalesce({labelled}, false) AS labelled FROM articles"
    )


def _group(scored: ScoredTables, name: str) -> str:
    return identifier(name) if name in scored.columns else f"NULL::VARCHAR AS {identifier(name)}"


def count_corpus(scored: ScoredTables) -> Corpus:
    """The size of the corpus; adds the columns `period` and `media` (the outlets with most articles, else null) to `facts`."""
    run = scored.connection.execute
    row = run(
        "SELECT count(*), count(*) FILTER (judged), count(*) FILTER (labelled), count(DISTINCT outlet), "
        "count(*) FILTER (outlet IS NULL), count(*) FILTER (day IS NULL), min(day), max(day), "
        f"count(DISTINCT {STORY}) + count(*) FILTER ({STORY} IS NULL) FROM facts"
    ).fetchone()
    assert row is not None
    articles, judged, labelled, outlets, without, undated, first, last, stories = row
    withheld = run("SELECT withheld, count(*) FROM facts WHERE withheld IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()
    unit = _unit(first, last)
    # ISO forms: a week is named by its Monday.
    period = {"day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}.get(unit or "", "%Y")
    top = _top_outlets(scored)
    listed = ", ".join(literal(name) for name in top) or "NULL"
    run("ALTER TABLE facts ADD COLUMN period VARCHAR")
    run("ALTER TABLE facts ADD COLUMN media VARCHAR")
    run(
        f"UPDATE facts SET period = strftime(date_trunc({literal(unit or 'year')}, day), {literal(period)}), "
        f"media = CASE WHEN outlet IN ({listed}) THEN outlet END"
    )
    return Corpus(
        articles=articles,
        judged=judged,
        labelled=labelled,
        outlets=outlets,
        without_outlet=without,
        undated=undated,
        first_day=first.isoformat() if first else None,
        last_day=last.isoformat() if last else None,
        unit=unit,
        stories=stories if STORY in scored.columns else None,
        withheld=dict(withheld),
        rejects=scored.files.n_rejects(),
    )


def periods_between(corpus: Corpus) -> list[str]:
    """The names of all periods from the first to the last, those without articles too."""
    if corpus.first_day is None or corpus.last_day is None:
        return []
    day, last = date.fromisoformat(corpus.first_day), date.fromisoformat(corpus.last_day)
    if corpus.unit == "week":
        day -= timedelta(day.weekday())
    names: dict[str, None] = {}
    while day <= last:
        names[_period(day, corpus.unit)] = None
        day += timedelta(7 if corpus.unit == "week" else 1)
    return list(names)


def population_of(task: Task, taxonomy: Taxonomy) -> Population:
    """The articles among which a task's labels are counted, see TaskFindings."""
    if task.default is not None:
        return "decided"
    return "judged" if task.many or taxonomy.gate_task is None else "labelled"


def counted_sql(task: Task, taxonomy: Taxonomy) -> str:
    """The condition that a row of `facts` is among the articles in which a task's labels are counted."""
    population = population_of(task, taxonomy)
    return f"{identifier(task.key)} <> {literal(task.default or '')}" if population == "decided" else population


def _period(day: date, unit: Unit | None) -> str:
    return day.isoformat()[: {"month": 7, "year": 4}.get(unit or "", 10)]


def _unit(first: date | None, last: date | None) -> Unit | None:
    if first is None or last is None:
        return None
    days = (last - first).days
    return "day" if days < MAX_DAYS else "week" if days < MAX_WEEKS else "month" if days < MAX_MONTHS else "year"


def _top_outlets(scored: ScoredTables) -> list[str]:
    """The outlets with most labelled articles, then with most articles."""
    rows = scored.connection.execute(
        "SELECT outlet FROM facts WHERE outlet IS NOT NULL GROUP BY 1 "
        f"ORDER BY count(*) FILTER (labelled) DESC, count(*) DESC, 1 LIMIT {TOP_OUTLETS}"
    ).fetchall()
    return [name for (name,) in rows]
