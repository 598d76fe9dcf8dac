"""A linear model that marks the names of people: logistic regression over features of a word and the tag before it, decoded
by Viterbi (a maximum entropy Markov model, McCallum et al. 2000)."""

from __future__ import annotations

from collections.abc import Sequence
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

    def people(self, words: Sequence[Word]) -> list[tuple[int, int]]:
        """Half-open ranges of words that are names of people, in order."""
        texts = [word.text for word in words]
        found: list[tuple[int, int]] = []
        for run in name_runs(texts):
            tags = self.tags(texts, run)
            at = 0
            while at < len(tags):
                stop = at + 1
                if tags[at] == BEGIN:
                    while stop < len(tags) and tags[stop] == INSIDE:
                        stop += 1
                    found.append((run[0] + at, run[0] + stop))
                at = stop
        return found

    def tags(self, words: Sequence[str], run: tuple[int, int]) -> list[int]:
        """The most probable tags of the words of a run from `name_runs`, as places in TAGS."""
        features = hashed_features(words, run, self.classes)
        best: NDArray[np.float32] | None = None
        ways: list[NDArray[np.intp]] = []
        for buckets in features:
            scores = self.weights[buckets].sum(axis=0) + self.bias + self.transitions
            top = scores.max(axis=1, keepdims=True)
            logs = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
            logs = np.where(_MAY_FOLLOW, logs, _NEVER)
            if best is None:
                best = logs[OUTSIDE]
            else:
                paths = best[:, None] + logs
                ways.append(paths.argmax(axis=0))
                best = paths.max(axis=0)
        if best is None:
            return []
        tags = [int(best.argmax())]
        for way in reversed(ways):
            tags.append(int(way[tags[-1]]))
        return tags[::-1]
