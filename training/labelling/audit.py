"""Audit of labels: suspected errors by confident learning, near-duplicates with different labels, and annotators' agreement.

Confident learning (Northcutt et al. 2021, with cleanlab) compares each label with out-of-fold probabilities, from a model that
saw neither the article nor a near-duplicate of it. Each label of a `many` task is a separate yes-or-no question.
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
from sorot.data.taxonomy import Taxonomy, held
from sorot.training.input.sources import words_of
from sorot.training.labelling.agreement import Agreement, measure_agreement
from sorot.training.labelling.article_groups import article_units, fold_groups, near_groups
from sorot.training.measure.baselines import Indicators, article_text, indicators, is_labelled, text_features
from sorot.training.measure.logistic_models import Probabilities, fit_predict
from sorot.training.measure.metrics import FloatArray, IntArray

FOLDS = 5
# A task with fewer articles, near-duplicates counted once, is not audited: too few to train a model on.
FEWEST_ARTICLES = 20
TITLE = 60

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label to which the model prefers another. `quality` is 0..0.5; lower means more suspect.

    `flagged`: confident learning, which estimates the number of wrong labels, counts it among them. `given` and `suggested`
    hold all labels of the task; for a `many` task they differ in `label`, which is None for a `one` task.
    """

    source: Source
    id: str
    task: str
    label: str | None
    given: tuple[str, ...]
    suggested: tuple[str, ...]
    quality: float
    flagged: bool
    title: str


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a conflict: its source, id and labels for the task."""

    source: Source
    id: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Near-duplicates with different labels for a task; `identical`: their words are the same."""

    task: str
    identical: bool
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """Suspects, most suspect first; conflicts; agreement; `audited` articles by task; `notes` say what was not audited."""

    articles: int
    audited: dict[str, int]
    suspects: tuple[Suspect, ...]
    conflicts: tuple[Conflict, ...]
    agreement: tuple[Agreement, ...]
    notes: tuple[str, ...]


def audit_rows(rows: Sequence[LabelledArticle], taxonomy: Taxonomy, *, seed: int = 0, say: Say = lambda _: None) -> Audit:
    """Audit labelled articles of one or more files, cleaned and with their sources."""
    say(f"looking for near-duplicates among {len(rows)} articles")
    near = near_groups(rows)
    groups = fold_groups(rows, near)
    audited: dict[str, int] = {}
    notes = []
    for task in taxonomy.keys:
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
    return Audit(len(rows), audited, tuple(suspects), tuple(find_conflicts(rows, near, taxonomy)), tuple(agreement), tuple(notes))


def out_of_fold(
    rows: Sequence[LabelledArticle], groups: IntArray, taxonomy: Taxonomy, *, seed: int, say: Say = lambda _: None
) -> Probabilities:
    """Probabilities of each row (n, labels of the task) by a model that saw no row of its group; `groups` is (n,).

    The n-grams and their frequencies come from all rows, which reveals nothing about labels.
    """
    fold = _folds(rows, groups, seed)
    matrix = text_features().fit_transform([article_text(row) for row in rows]).tocsr()
    truth = indicators(rows, taxonomy)
    known = {task: is_labelled(rows, task) for task in taxonomy.keys}
    out: Probabilities = {task: np.zeros(truth[task].shape) for task in taxonomy.keys}
    for number in np.unique(fold):
        say(f"fold {number + 1} of {FOLDS}")
        seen, held = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        part: Indicators = {task: truth[task][seen] for task in taxonomy.keys}
        [found] = fit_predict(taxonomy, matrix[seen], part, {task: known[task][seen] for task in taxonomy.keys}, [matrix[held]])
        for task in taxonomy.keys:
            out[task][held] = found[task]
    return out


def find_suspects(
    rows: Sequence[LabelledArticle], probabilities: Probabilities, taxonomy: Taxonomy, tasks: Sequence[str] | None = None
) -> list[Suspect]:
    """Labels to which the model prefers another, most suspect first; `probabilities` by task, (n, labels of the task)."""
    truth = indicators(rows, taxonomy)
    suspects: list[Suspect] = []
    for task in map(taxonomy.task, tasks or taxonomy.keys):
        known = np.flatnonzero(is_labelled(rows, task.key))
        given, probability = truth[task.key][known], probabilities[task.key][known]
        if not task.many:
            for doubt in _doubts(given.argmax(axis=1), probability):
                row = rows[known[doubt.index]]
                suspects.append(_suspect(row, task.key, None, (task.keys[doubt.preferred],), doubt))
            continue
        for k, label in enumerate(task.keys):
            yes = probability[:, k]
            for doubt in _doubts(given[:, k].astype(np.int64), np.stack([1 - yes, yes], axis=1)):
                row = rows[known[doubt.index]]
                other = tuple(key for key in task.keys if (key in _labels(row, task.key)) != (key == label))
                suspects.append(_suspect(row, task.key, label, other, doubt))
    return sorted(suspects, key=lambda s: s.quality)


def find_conflicts(rows: Sequence[LabelledArticle], near: IntArray, taxonomy: Taxonomy) -> list[Conflict]:
    """Groups of near-duplicates, `near` (n,), whose members have different labels for a task, in the order of tasks."""
    groups: dict[int, list[LabelledArticle]] = defaultdict(list)
    for row, number in zip(rows, near, strict=True):
        groups[int(number)].append(row)
    conflicts = []
    for task in taxonomy.keys:
        for group in groups.values():
            members = [Member(_source(r), r.article.id, _labels(r, task)) for r in group if r.labels.get(task) is not None]
            if len({frozenset(m.labels) for m in members}) > 1:
                identical = len({words_of(r.article) for r in group}) == 1
                conflicts.append(Conflict(task, identical, tuple(members)))
    return conflicts


def _folds(rows: Sequence[LabelledArticle], groups: IntArray, seed: int) -> IntArray:
    """The fold of each row, (n,): each holds a fifth of every combination of labels, and no group is in two folds."""
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
    """The labels `given` (n,) to which `probability` (n, classes) prefers another."""
    # A class that nobody gave has no threshold for the comparison.
    present, classes = np.unique(given, return_inverse=True)
    if len(present) < 2:
        return []
    spread = probability[:, present]
    quality = get_label_quality_scores(classes, spread, method="normalized_margin")
    # With one label in twenty of our corpus flipped, this filter found most errors for a list of the same length.
    flagged = find_label_issues(classes, spread, filter_by="prune_by_class", n_jobs=1)
    preferred = present[spread.argmax(axis=1)]
    return [_Doubt(int(i), int(preferred[i]), float(quality[i]), bool(flagged[i])) for i in np.flatnonzero(preferred != given)]


def _suspect(row: LabelledArticle, task: str, label: str | None, suggested: tuple[str, ...], doubt: _Doubt) -> Suspect:
    title = " ".join((row.article.title or row.article.body[:TITLE]).split())
    return Suspect(_source(row), row.article.id, task, label, _labels(row, task), suggested, doubt.quality, doubt.flagged, title)


def _labels(row: LabelledArticle, task: str) -> tuple[str, ...]:
    return held(row.labels.get(task))


def _source(row: LabelledArticle) -> Source:
    return row.article.source or Source("", 0)
