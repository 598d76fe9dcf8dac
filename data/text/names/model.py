"""A linear model that marks the names of people: logistic regression over features of a word and the tag before it, decoded
by Viterbi (a maximum entropy Markov model, McCallum et al. 2000)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from sorot.data.text.names.features import Word, hashed_features, name_runs

# Tags of a word: outside, first and further words of a person's name, and of any other name.
TAGS = ("O", "B-PER", "I-PER", "B-NAM", "I-NAM")
OUTSIDE, BEGIN, INSIDE = 0, 1, 2
# A name's further words follow its first.
_MAY_FOLLOW = np.array([[not (after.startswith("I") and before[2:] != after[2:]) for after in TAGS] for before in TAGS])
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class NameModel:
    """Weights of the features, shape (BUCKETS, tags), of the tag before, shape (tags, tags), and biases, shape (tags,).

    `classes` is the table of word classes that the features need.
    """

    weights: NDArray[np.float32]
    transitions: NDArray[np.float32]
    bias: NDArray[np.float32]
    classes: dict[int, tuple[int, int]]

    @classmethod
    def load(cls, path: Path) -> NameModel:
        """Read a file of training/names; OSError or safetensors' error if it cannot be read."""
        tensors: dict[str, NDArray[Any]] = load_file(path)
        keys, classes = tensors["keys"].tolist(), tensors["classes"].tolist()
        return cls(
            tensors["weights"].astype(np.float32),
            tensors["transitions"].astype(np.float32),
            tensors["bias"].astype(np.float32),
            {key: (coarse, fine) for key, (coarse, fine) in zip(keys, classes, strict=True)},
        )

    def people(self, words: Sequence[Word], wanted: Callable[[Word], bool] = lambda _: True) -> list[tuple[int, int]]:
        """Half-open ranges of words that are names of people, in order.

        Runs of capitalised words that hold no `wanted` word are skipped, which saves their time.
        """
        texts = [word.text for word in words]
        runs = [run for run in name_runs(texts) if any(wanted(words[at]) for at in range(*run))]
        found: list[tuple[int, int]] = []
        for (start, _), tags in zip(runs, self._tags(texts, runs), strict=True):
            at = 0
            while at < len(tags):
                stop = at + 1
                if tags[at] == BEGIN:
                    while stop < len(tags) and tags[stop] == INSIDE:
                        stop += 1
                    found.append((start + at, start + stop))
                at = stop
        return found

    def _tags(self, words: Sequence[str], runs: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
        """The most probable tags of the words of each run, as places in TAGS."""
        features = [buckets for run in runs for buckets in hashed_features(words, run, self.classes)]
        if not features:
            return
        sizes = [len(buckets) for buckets in features]
        begins = np.cumsum([0, *sizes[:-1]])
        flat = np.fromiter((bucket for buckets in features for bucket in buckets), dtype=np.intp, count=sum(sizes))
        # Of each word: a row for the tag before it, a column for its own.
        scores = (np.add.reduceat(self.weights[flat], begins) + self.bias)[:, None, :] + self.transitions
        top = scores.max(axis=2, keepdims=True)
        logs = scores - top - np.log(np.exp(scores - top).sum(axis=2, keepdims=True))
        rows = np.where(_MAY_FOLLOW, logs, _NEVER).tolist()
        at = 0
        for start, stop in runs:
            yield _best_path(rows[at : at + stop - start])
            at += stop - start


def _best_path(rows: Sequence[Sequence[Sequence[float]]]) -> list[int]:
    """The tags of greatest probability (Viterbi); `rows` has, for each word, the logarithms by tag before and own tag."""
    best = rows[0][OUTSIDE]
    ways: list[list[int]] = []
    for logs in rows[1:]:
        paths = [[before + row[tag] for before, row in zip(best, logs, strict=True)] for tag in range(len(TAGS))]
        best = [max(path) for path in paths]
        ways.append([path.index(most) for path, most in zip(paths, best, strict=True)])
    tags = [best.index(max(best))]
    for way in reversed(ways):
        tags.append(way[tags[-1]])
    return tags[::-1]
