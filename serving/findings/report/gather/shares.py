"""The share of each label: in all, by period, by outlet, and where an outlet stands out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.findings.estimates.shares import LEVEL
from sorot.serving.findings.report.findings import Corpus, Group, GroupKind, LabelShare, Standout, TaskFindings
from sorot.serving.findings.report.gather.bands import corrected_bands, wilson_band
from sorot.serving.findings.report.gather.counted import Counted, count_groups
from sorot.serving.findings.report.gather.facts import counted_sql, periods_between, population_of
from sorot.serving.findings.tables.scored_tables import ScoredTables
from sorot.serving.model.confusion import Confusion
from sorot.serving.output.columns import STORY


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
        overall, wide = task.overall.of_label(share.label).band, wilson_band(share.n, outlet.of, share.independent, level)
        if overall and wide and share.band and wide.low > overall.share:
            found.append(Standout(task.task, share.label, outlet.name, share.n, outlet.of, share.band, overall.share))
    return tuple(sorted(found, key=lambda s: (s.overall - s.here.share, s.outlet))), len(candidates)


def _task_findings(
    scored: ScoredTables, task: Task, taxonomy: Taxonomy, corpus: Corpus, *, by_story: bool, confusion: Confusion | None
) -> TaskFindings:
    keys = [key for key in task.keys if key != task.default]
    groups = count_groups(scored, task, keys, where=counted_sql(task, taxonomy))

    def group(kind: GroupKind, name: str) -> Group:
        counted = groups.get((kind, name), Counted())
        stories = counted.stories if by_story else None
        return Group(kind, name, counted.articles, stories, tuple(_label_shares(task, keys, counted, by_story=by_story)))

    outlets = [key for key in groups if key[0] in ("outlet", "no_outlet", "others")]
    order: dict[GroupKind, int] = {"outlet": 0, "others": 1, "no_outlet": 2}
    outlets.sort(key=lambda key: (order[key[0]], -groups[key].articles, key[1]))
    overall = group("all", "")
    if confusion is not None:
        overall = _corrected(scored, task, overall, groups.get(("all", ""), Counted()), confusion)
    return TaskFindings(
        task=task.key,
        population=population_of(task, taxonomy),
        overall=overall,
        periods=tuple(group("period", name) for name in periods_between(corpus)),
        outlets=tuple(group(*key) for key in outlets),
    )


def _label_shares(task: Task, keys: Sequence[str], counted: Counted, *, by_story: bool) -> Iterator[LabelShare]:
    for key in keys:
        if not counted.articles:
            yield LabelShare(key, 0, 0.0, 0 if by_story and task.many else None)
            continue
        label = counted.labels[key]
        independent = counted.independent(*([key] if task.many else keys))
        stories = label.stories if by_story and task.many else None
        band = wilson_band(label.articles, counted.articles, independent)
        yield LabelShare(key, label.articles, independent, stories, band)


def _corrected(scored: ScoredTables, task: Task, overall: Group, counted: Counted, confusion: Confusion) -> Group:
    if task.default is not None:
        # What the gate kept from the encoder has the default.
        groups = count_groups(scored, task, task.keys, where="judged", default=task.default)
        counted = groups.get(("all", ""), Counted())
    bands = corrected_bands(task, counted, confusion)
    return replace(overall, labels=tuple(replace(share, corrected=bands.get(share.label)) for share in overall.labels))
