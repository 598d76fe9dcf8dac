"""What may be wrong with labels: suspected errors by confident learning, near-duplicates that differ, annotators who do.

Confident learning (Northcutt et al. 2021, with cleanlab) compares each label with out-of-fold probabilities: those of a model
that saw neither the article nor a near-duplicate of it. A topic is a yes-or-no question of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

from sorot.data.article import Source
from sorot.data.labels.records import LabelledArticle
from sorot.data.labels.splits import hold_out
from sorot.data.taxonomy import TASKS, Task, Taxonomy
from sorot.training.input.sources import words_of
from sorot.training.labelling.agreement import Agreement, measure_agreement
from sorot.training.labelling.article_groups import article_units, fold_groups, near_groups
from sorot.training.measure.baselines import Indicators, article_text, indicators, is_labelled, text_features
from sorot.training.measure.logistic_models import Probabilities, fit_predict
from sorot.training.measure.metrics import FloatArray, IntArray

FOLDS = 5
# A task with fewer articles, near-duplicates counted once, is not audited: a model of so few knows nothing.
FEWEST_ARTICLES = 20
TITLE = 60

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label to which the model prefers another. `quality` is 0..0.5, the lower the more suspect.

    `flagged` says whether it is among those that confident learning, which estimates how many are wrong, takes for wrong.

    `given` and `suggested` hold all labels of the task; for topics they differ in `topic`, and else that is None.
    """

    source: Source
    id: str
    task: Task
    topic: str | None
    given: tuple[str, ...]
    suggested: tuple[str, ...]
    quality: float
    flagged: bool
    title: str


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a conflict: its place, id and labels for the task."""

    source: Source
    id: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Near-duplicates (`identical`: their words are the same) that are not labelled alike for a task."""

    task: Task
    identical: bool
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """All that was found: suspects most suspect first, `audited` articles by task, and in words what was not done."""

    articles: int
    audited: dict[str, int]
    suspects: tuple[Suspect, ...]
    conflicts: tuple[Conflict, ...]
    agreement: tuple[Agreement, ...]
    notes: tuple[str, ...]


def audit_rows(rows: Sequence[LabelledArticle], taxonomy: Taxonomy, *, seed: int = 0, say: Say = lambda _: None) -> Audit:
    """Audit labelled articles, cleaned ones with their sources, of one file or several."""
    say(f"looking for near-duplicates among {len(rows)} articles")
    near = near_groups(rows)
    groups = fold_groups(rows, near)
    audited: dict[str, int] = {}
    notes = []
    for task in TASKS:
        known = is_labelled(rows, task)
        if len(np.unique(groups[known])) >= FEWEST_ARTICLES:
            audited[task] = int(known.sum())
        else:
            notes.append(f"{task}: not audited, {known.sum()} articles are labelled; {FEWEST_ARTICLES} different ones are needed")
    suspects: list[Suspect] = []
    if audited:
        suspects = find_suspects(rows, out_of_fold(rows, groups, taxonomy, seed=seed, say=say), taxonomy, tuple(audited))
    agreement = measure_agreement(rows, article_units(rows, near), taxonomy)
    if not agreement:
        notes.append("agreement: no article is labelled by two annotators or in two of the files; have some labelled twice")
    return Audit(len(rows), audited, tuple(suspects), tuple(find_conflicts(rows, near)), tuple(agreement), tuple(notes))


def out_of_fold(
    rows: Sequence[LabelledArticle], groups: IntArray, taxonomy: Taxonomy, *, seed: int, say: Say = lambda _: None
) -> Probabilities:
    """Probabilities of each row (n, labels of the task) by a model that saw no row of its group; `groups` is (n,).

    Which n-grams there are, and how rare, is counted over all rows: that tells nothing of their labels.
    """
    fold = _folds(rows, groups, seed)
    matrix = text_features().fit_transform([article_text(row) for row in rows]).tocsr()
    truth = indicators(rows, taxonomy)
    known = {task: is_labelled(rows, task) for task in TASKS}
    out: Probabilities = {task: np.zeros(truth[task].shape) for task in TASKS}
    for number in np.unique(fold):
        say(f"fold {number + 1} of {FOLDS}")
        seen, held = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        part: Indicators = {task: truth[task][seen] for task in TASKS}
        [found] = fit_predict(matrix[seen], part, {task: known[task][seen] for task in TASKS}, [matrix[held]])
        for task in TASKS:
            out[task][held] = found[task]
    return out


def find_suspects(
    rows: Sequence[LabelledArticle], probabilities: Probabilities, taxonomy: Taxonomy, tasks: Sequence[Task] = TASKS
) -> list[Suspect]:
    """Labels to which the model prefers another, most suspect first; `probabilities` by task, (n, labels of the task)."""
    truth = indicators(rows, taxonomy)
    suspects: list[Suspect] = []
    for task in tasks:
        labels = taxonomy.labels(task)
        known = np.flatnonzero(is_labelled(rows, task))
        given, probability = truth[task][known], probabilities[task][known]
        if task != "topics":
            for doubt in _doubts(given.argmax(axis=1), probability):
                row = rows[known[doubt.index]]
                suspects.append(_suspect(row, task, None, (labels[doubt.preferred],), doubt))
            continue
        for k, topic in enumerate(labels):
            yes = probability[:, k]
            for doubt in _doubts(given[:, k].astype(np.int64), np.stack([1 - yes, yes], axis=1)):
                row = rows[known[doubt.index]]
                other = tuple(t for t in labels if (t in _labels(row, task)) != (t == topic))
                suspects.append(_suspect(row, task, topic, other, doubt))
    return sorted(suspects, key=lambda s: s.quality)


def find_conflicts(rows: Sequence[LabelledArticle], near: IntArray) -> list[Conflict]:
    """Groups of near-duplicates, `near` (n,), whose members are labelled differently for a task, by task."""
    groups: dict[int, list[LabelledArticle]] = defaultdict(list)
    for row, number in zip(rows, near, strict=True):
        groups[int(number)].append(row)
    conflicts = []
    for task in TASKS:
        for group in groups.values():
            members = [Member(_source(r), r.article.id, _labels(r, task)) for r in group if getattr(r, task) is not None]
            if len({frozenset(m.labels) for m in members}) > 1:
                identical = len({words_of(r.article) for r in group}) == 1
                conflicts.append(Conflict(task, identical, tuple(members)))
    return conflicts


def _folds(rows: Sequence[LabelledArticle], groups: IntArray, seed: int) -> IntArray:
    """The fold of each row, (n,): a fifth of every combination of labels in each, no group in two."""
    rest: Sequence[LabelledArticle] = [replace(row, group=str(group)) for row, group in zip(rows, groups, strict=True)]
    place = {id(row): i for i, row in enumerate(rest)}
    fold = np.zeros(len(rows), dtype=np.int64)
    for left in range(FOLDS, 1, -1):
        held, rest = hold_out(rest, fraction=1 / left, seed=seed)
        fold[[place[id(row)] for row in held]] = left - 1
    return fold


@dataclass(frozen=True, slots=True)
class _Doubt:
    """The label at `index`, the class that the model prefers, and quality and flag as in Suspect."""

    index: int
    preferred: int
    quality: float
    flagged: bool


def _doubts(given: IntArray, probability: FloatArray) -> list[_Doubt]:
    """Those of the labels `given` (n,) to which `probability` (n, classes) prefers another."""
    # Classes that nobody gave have no threshold to be compared by.
    present, classes = np.unique(given, return_inverse=True)
    if len(present) < 2:
        return []
    spread = probability[:, present]
    quality = get_label_quality_scores(classes, spread, method="normalized_margin")
    # With one label in twenty of our corpus flipped, this way of flagging found most at a list of the same length.
    flagged = find_label_issues(classes, spread, filter_by="prune_by_class", n_jobs=1)
    preferred = present[spread.argmax(axis=1)]
    return [_Doubt(int(i), int(preferred[i]), float(quality[i]), bool(flagged[i])) for i in np.flatnonzero(preferred != given)]


def _suspect(row: LabelledArticle, task: Task, topic: str | None, suggested: tuple[str, ...], doubt: _Doubt) -> Suspect:
    title = " ".join((row.article.title or row.article.body[:TITLE]).split())
    return Suspect(_source(row), row.article.id, task, topic, _labels(row, task), suggested, doubt.quality, doubt.flagged, title)


def _labels(row: LabelledArticle, task: Task) -> tuple[str, ...]:
    return row.topics or () if task == "topics" else (str(getattr(row, task)),)


def _source(row: LabelledArticle) -> Source:
    return row.article.source or Source("", 0)
