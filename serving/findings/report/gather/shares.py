"""The share of each label: in all, by period, by outlet, and where an outlet stands out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.findings.report.findings import LEVEL, Corpus, Group, GroupKind, LabelShare, Standout, TaskFindings
from sorot.serving.findings.report.gather.bands import corrected_bands, wilson_band
from sorot.serving.findings.report.gather.facts import counted_sql, periods_between, population_of
from sorot.serving.findings.tables.reading import STORY, identifier
from sorot.serving.findings.tables.scored_tables import ScoredTables
from sorot.serving.model.confusion import Confusion

Counts = dict[tuple[GroupKind, str], tuple[int, int]]


def count_shares(
    scored: ScoredTables, taxonomy: Taxonomy, corpus: Corpus, confusion: Confusion | None
) -> tuple[TaskFindings, ...]:
    """The shares of every task of the taxonomy; those of the whole corpus are corrected too if the errors are known."""
    by_story = STORY in scored.columns
    return tuple(
        _task_findings(scored, task, taxonomy, corpus, by_story=by_story, confusion=confusion) for task in taxonomy.tasks
    )


def find_standouts(tasks: Iterable[TaskFindings]) -> tuple[tuple[Standout, ...], int]:
    """Outlets whose band of a label lies above the share of all articles, and the number of comparisons.

    The bands compared are as wide as this many comparisons ask for (Bonferroni), so that all of them hold at LEVEL together.
    """
    candidates = [
        (task, outlet, share)
        for task in tasks
        for outlet in task.outlets
        if outlet.kind == "outlet" and not outlet.is_small
        for share in outlet.labels
    ]
    level = 1 - (1 - LEVEL) / max(1, len(candidates))
    found = []
    for task, outlet, share in candidates:
        overall, wide = task.overall.of_label(share.label).band, wilson_band(share.n, outlet.of, outlet.stories, level)
        if overall and wide and share.band and wide.low > overall.share:
            found.append(Standout(task.task, share.label, outlet.name, share.n, outlet.of, share.band, overall.share))
    return tuple(sorted(found, key=lambda s: (s.overall - s.here.share, s.outlet))), len(candidates)


def _task_findings(
    scored: ScoredTables, task: Task, taxonomy: Taxonomy, corpus: Corpus, *, by_story: bool, confusion: Confusion | None
) -> TaskFindings:
    counted = counted_sql(task, taxonomy)
    sizes = _cube(scored, f"SELECT period, media, outlet, {STORY} FROM facts WHERE {counted}", by_story=by_story)
    column = identifier(task.key)
    labels: dict[str, Counts] = {}
    for key in _counted_keys(task):
        holds = f"list_contains({column}, $label)" if task.many else f"{column} = $label"
        query = f"SELECT period, media, outlet, {STORY} FROM facts WHERE {counted} AND {holds}"
        labels[key] = _cube(scored, query, {"label": key}, by_story=by_story and task.many)

    def group(kind: GroupKind, name: str) -> Group:
        of, stories = sizes.get((kind, name), (0, 0))
        shares = []
        for key in _counted_keys(task):
            n, events = labels[key].get((kind, name), (0, 0))
            shares.append(LabelShare(key, n, events if by_story and task.many else None, wilson_band(n, of, stories)))
        return Group(kind, name, of, stories if by_story else None, tuple(shares))

    outlets = [key for key in sizes if key[0] in ("outlet", "no_outlet", "others")]
    order: dict[GroupKind, int] = {"outlet": 0, "others": 1, "no_outlet": 2}
    outlets.sort(key=lambda key: (order[key[0]], -sizes[key][0], key[1]))
    overall = group("all", "")
    if confusion is not None:
        overall = _corrected(scored, task, overall, confusion)
    return TaskFindings(
        task=task.key,
        population=population_of(task, taxonomy),
        overall=overall,
        periods=tuple(group("period", name) for name in periods_between(corpus)),
        outlets=tuple(group(*key) for key in outlets),
    )


def _corrected(scored: ScoredTables, task: Task, overall: Group, confusion: Confusion) -> Group:
    found = {share.label: share.n for share in overall.labels}
    size = overall.of
    if task.default is not None:
        # What the gate kept from the encoder has the default.
        holds = f"judged AND coalesce({identifier(task.key)}, $label) = $label"
        (found[task.default],) = scored.connection.execute(
            f"SELECT count(*) FROM facts WHERE {holds}", {"label": task.default}
        ).fetchone() or (0,)
        size += found[task.default]
    bands = corrected_bands(task, found, size, confusion)
    return replace(overall, labels=tuple(replace(share, corrected=bands.get(share.label)) for share in overall.labels))


def _counted_keys(task: Task) -> list[str]:
    return [key for key in task.keys if key != task.default]


def _cube(scored: ScoredTables, rows: str, values: dict[str, str] | None = None, *, by_story: bool) -> Counts:
    """Articles of `rows`, and their stories if `by_story`, in all, by period and by outlet."""
    stories_of = f"count(DISTINCT {STORY}) + count(*) FILTER ({STORY} IS NULL)" if by_story else "0"
    kind = (
        "CASE WHEN GROUPING(period) = 0 THEN 'period' WHEN GROUPING(media) = 1 THEN 'all' "
        "WHEN media IS NOT NULL THEN 'outlet' WHEN known THEN 'others' ELSE 'no_outlet' END"
    )
    query = (
        f"SELECT {kind}, coalesce(period, media, ''), count(*), {stories_of} "
        f"FROM (SELECT *, outlet IS NOT NULL AS known FROM ({rows})) "
        "GROUP BY GROUPING SETS ((), (period), (media, known))"
    )
    found: Counts = {}
    for group_kind, name, n, stories in scored.connection.execute(query, values or {}).fetchall():
        # Articles without a day are in no period.
        if group_kind != "period" or name:
            found[(group_kind, name)] = (n, stories)
    return found
