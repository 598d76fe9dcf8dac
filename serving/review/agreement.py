"""Agreement of people who answered the same articles, by task, as the Review tab shows it while they work.

The answer to a task of the kind 'many' is its whole set of labels. `sorot audit` measures each label and pair of people, with
intervals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sorot.data.taxonomy import held
from sorot.serving.review.store import Store
from sorot.serving.review.store_rows import labels_from_json

# With fewer articles the figures may change much with the next one.
FEW_ARTICLES = 50
Answer = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskAgreement:
    """Agreement on a task over `articles` with at least two answers.

    `equal` is the share of pairs of answers that are the same, averaged over articles; `reliability` is Krippendorff's alpha,
    None where all answers are the same or there are none.
    """

    task: str
    articles: int
    equal: float | None
    reliability: float | None


def reviewer_agreement(store: Store) -> list[TaskAgreement]:
    """Agreement on each task, in the taxonomy's order."""
    answers: dict[int, list[Mapping[str, Answer]]] = defaultdict(list)
    with store.reading() as db:
        for article, labels in db.execute("SELECT article, labels FROM reviews WHERE undone IS NULL"):
            given = labels_from_json(labels)
            answers[article].append({task: tuple(sorted(held(value))) for task, value in given.items()})
    shared = [given for given in answers.values() if len(given) > 1]
    return [_agreement(task, [[one[task] for one in given] for given in shared]) for task in store.taxonomy.keys]


def nominal_alpha(units: Sequence[Sequence[Answer]]) -> float | None:
    """Krippendorff's alpha (2004) for nominal values of units with at least two answers each; None if it is not defined."""
    values = Counter(answer for unit in units for answer in unit)
    n = values.total()
    expected = n * n - sum(count * count for count in values.values())
    if not expected:
        return None
    observed = sum(_unequal_pairs(unit) / (len(unit) - 1) for unit in units)
    return 1 - (n - 1) * observed / expected


def _agreement(task: str, units: Sequence[Sequence[Answer]]) -> TaskAgreement:
    if not units:
        return TaskAgreement(task, 0, None, None)
    unequal = sum(_unequal_pairs(unit) / (len(unit) * (len(unit) - 1)) for unit in units)
    return TaskAgreement(task, len(units), 1 - unequal / len(units), nominal_alpha(units))


def _unequal_pairs(unit: Sequence[Answer]) -> int:
    """Ordered pairs of different answers."""
    return len(unit) ** 2 - sum(count * count for count in Counter(unit).values())
