"""Is a scored corpus like the articles on which the model was measured? If not, its figures may not hold there.

Each measure is compared by the population stability index (Siddiqi 2006, "Credit risk scorecards"): the sum over bins of
(p - q) ln(p / q), where bins are tenths of the reference. By convention 0.25 is a major shift; besides, it has to be more than
chance gives to samples of these sizes, by simulation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sorot.serving.findings.tables.arrays import CorpusArrays
from sorot.serving.model.reference import (
    CONFIDENCE,
    LABELS,
    LANGUAGE,
    LENGTH,
    NOTHING,
    TEXT_WORDS,
    TITLE_WORDS,
    WITHHELD,
    FloatArray,
    Reference,
    confidence,
)
from sorot.serving.model.wide import KeyArray, unknown_words

MAJOR = 0.25
CHANCE_DRAWS = 500
EXAMPLES, EXAMPLE_CHARACTERS = 3, 70
UNKNOWN_WORDS = 8
# Text columns that are compared if the corpus has them.
COMPARED_TEXTS = ("title", "language", "body")
# Of more articles only this many are looked at for words.
WORD_ARTICLES = 5_000


@dataclass(frozen=True, slots=True)
class DriftMeasure:
    """One measure: its stability `index`, and the `limit` above which the corpus differs; `here` and `there` in words.

    `examples` are titles of the articles that differ most, or words that the model does not know.
    """

    name: str
    index: float
    limit: float
    here: str
    there: str
    examples: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the corpus differs from the reference."""
        return self.index > self.limit


@dataclass(frozen=True, slots=True)
class Drift:
    """A corpus beside the reference of the model; `notes` say what could not be compared."""

    articles: int
    reference_articles: int
    measures: tuple[DriftMeasure, ...]
    notes: tuple[str, ...]

    @property
    def warning(self) -> str:
        """One sentence: what differs, and what to do."""
        different = [measure.name for measure in self.measures if measure.differs]
        if not different:
            return f"like the {self.reference_articles} articles on which the model was measured, in all that was compared"
        return (
            f"unlike the {self.reference_articles} articles on which the model was measured in {', '.join(different)}: "
            "its errors may be others here, so label an audit sample (sorot audit-sample) before shares are quoted"
        )

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form."""
        return asdict(self) | {
            "warning": self.warning,
            "measures": [asdict(measure) | {"differs": measure.differs} for measure in self.measures],
        }


def compare_with_reference(corpus: CorpusArrays, reference: Reference, known: KeyArray, *, seed: int = 0) -> Drift:
    """Compare a corpus with a bundle's reference; `known` are the keys of its linear part."""
    rng = np.random.default_rng(seed)
    numbers, categories, words = corpus_measures(corpus, known)
    measures: list[DriftMeasure] = []
    notes: list[str] = []
    for name, spread in reference.numbers.items():
        if name not in numbers or not len(numbers[name][0]):
            notes.append(f"{name}: not in the scored output" + ("; score with --with-body" if name == TEXT_WORDS else ""))
            continue
        values, rows = numbers[name]
        index, limit = _stability(spread.count(values), np.array(spread.counts), rng)
        here, there = f"median {np.median(values):.3g}", f"median {spread.median:.3g}"
        examples = words.get(name) or _titles(corpus, rows, values, spread.median)
        measures.append(DriftMeasure(name, index, limit, here, there, examples if index > limit else ()))
    for name, counts in reference.categories.items():
        own = Counter(categories.get(name, ()))
        if not own:
            notes.append(f"{name}: not in the scored output")
            continue
        keys = sorted(counts.keys() | own.keys())
        ours, theirs = np.array([own[key] for key in keys]), np.array([counts.get(key, 0) for key in keys])
        index, limit = _stability(ours, theirs, rng)
        measures.append(DriftMeasure(name, index, limit, _top(own), _top(counts)))
    return Drift(len(corpus), reference.articles, tuple(measures), tuple(notes))


Numbers = dict[str, tuple[FloatArray, NDArray[np.int64]]]


def corpus_measures(corpus: CorpusArrays, known: KeyArray) -> tuple[Numbers, dict[str, list[str]], dict[str, tuple[str, ...]]]:
    """The measures of a corpus by name: numbers with the rows that have one, categories of each article, and the words most often
    unknown."""
    rows = np.flatnonzero([why is None for why in corpus.withheld])
    everything = np.arange(len(corpus))
    numbers: Numbers = {LENGTH: (corpus.n_tokens, everything)}
    categories = {
        LANGUAGE: [language or NOTHING for language in corpus.texts.get("language", ())],
        WITHHELD: [why or NOTHING for why in corpus.withheld],
    }
    words: dict[str, tuple[str, ...]] = {}
    for name, column in ((TITLE_WORDS, "title"), (TEXT_WORDS, "body")):
        if column in corpus.texts:
            values, where, words[name] = _word_shares(corpus.texts[column], rows, known)
            numbers[name] = values, where
    for task in corpus.taxonomy.tasks:
        probabilities = corpus.probabilities.get(task.key)
        if probabilities is not None and len(rows):
            numbers[f"{CONFIDENCE} {task.key}"] = confidence(probabilities[rows], many=task.many), rows
        labels = corpus.labels[task.key][corpus.labelled[task.key]]
        categories[f"{LABELS} {task.key}"] = ["+".join(np.array(task.keys)[own]) or NOTHING for own in labels]
    return numbers, categories, words


def _word_shares(
    texts: NDArray[np.object_], rows: NDArray[np.int64], known: KeyArray
) -> tuple[FloatArray, NDArray[np.int64], tuple[str, ...]]:
    """The share of unknown words by article, the rows, and the words unknown in most articles."""
    if len(rows) > WORD_ARTICLES:
        rows = np.sort(np.random.default_rng(0).choice(rows, WORD_ARTICLES, replace=False))
    shares, where = [], []
    often: Counter[str] = Counter()
    for row in rows:
        unknown, total = unknown_words(texts[row] or "", known)
        if total:
            shares.append(len(unknown) / total)
            where.append(row)
            often.update(set(unknown))
    common = tuple(f"{word} ({n} articles)" for word, n in often.most_common(UNKNOWN_WORDS) if n > 1)
    return np.array(shares), np.array(where, dtype=np.int64), common


def _stability(ours: NDArray[np.int64], theirs: NDArray[np.int64], rng: np.random.Generator) -> tuple[float, float]:
    """The index of counts in the same bins, and its limit."""
    pooled = (ours + theirs) / (ours.sum() + theirs.sum())
    chance = _index(
        rng.multinomial(ours.sum(), pooled, size=CHANCE_DRAWS), rng.multinomial(theirs.sum(), pooled, size=CHANCE_DRAWS)
    )
    return float(_index(ours, theirs)), max(MAJOR, float(np.quantile(chance, 0.95)))


def _index(ours: NDArray[np.int64], theirs: NDArray[np.int64]) -> FloatArray:
    # Half an article in each bin, because of empty ones.
    p, q = ((counts + 0.5) / (counts + 0.5).sum(axis=-1, keepdims=True) for counts in (ours, theirs))
    return np.asarray(((p - q) * np.log(p / q)).sum(axis=-1))


def _titles(corpus: CorpusArrays, rows: NDArray[np.int64], values: FloatArray, median: float) -> tuple[str, ...]:
    farthest = np.argsort(-np.abs(values - median), kind="stable")[:EXAMPLES]
    return tuple(
        f"{(corpus.text('title', rows[at]) or corpus.ids[rows[at]])[:EXAMPLE_CHARACTERS]} ({values[at]:.3g})" for at in farthest
    )


def _top(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    return ", ".join(_shares(Counter(counts).most_common(3), total))


def _shares(pairs: Iterable[tuple[str, int]], total: int) -> Iterator[str]:
    yield from (f"{key} {n / total:.0%}" for key, n in pairs)
