"""The wide part: a linear model over an article's bag of token ids and bigrams, shared out over its tokens.

A feature's value is (1 + ln tf) * idf, divided by the norm over the article's known features; each of a feature's tf
occurrences carries 1/tf of it, and a bigram half on either token. So the wide logits are sums over tokens too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from data.windows import EncodedArticle

BIGRAM = 1 << 32


@dataclass(frozen=True, slots=True)
class Wide:
    """`keys` (F,) sorted feature keys, `idf` (F,), `weight` (F, n_labels)."""

    keys: NDArray[np.int64]
    idf: NDArray[np.float32]
    weight: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> Wide:
        """Read the tensors of a bundle's gate file."""
        tensors = load_file(path)
        return cls(tensors["keys"], tensors["idf"], tensors["weight"].astype(np.float32))

    def token_logits(self, encoded: EncodedArticle) -> NDArray[np.float32]:
        """Each token's share of the wide logits, shape (n_tokens, n_labels)."""
        out = np.zeros((encoded.n_tokens, self.weight.shape[1]), dtype=np.float32)
        keys, left, right = occurrences(encoded)
        at, known = locate(keys, self.keys)
        if not known.any():
            return out
        at, left, right = at[known], left[known], right[known]
        features, which, counts = np.unique(at, return_inverse=True, return_counts=True)
        values = feature_values(counts, self.idf[features])
        share = (self.weight[features] * (values / counts)[:, None])[which] / 2
        np.add.at(out, left, share)
        np.add.at(out, right, share)
        return out


def occurrences(encoded: EncodedArticle) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Feature keys of all unigrams and bigrams (within a sentence) of an article, and the tokens they stand on.

    A unigram a has key a and stands twice on its token; a bigram (a, b) has key (a + 1) * 2**32 + b.
    """
    ids = encoded.ids.astype(np.int64)
    tokens = np.arange(len(ids))
    inside = np.flatnonzero(encoded.segment[1:] == encoded.segment[:-1])
    keys = np.concatenate([ids, (ids[inside] + 1) * BIGRAM + ids[inside + 1]])
    return keys, np.concatenate([tokens, inside]), np.concatenate([tokens, inside + 1])


def locate(keys: NDArray[np.int64], known: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Positions of `keys` in the sorted `known`, and whether each is there."""
    if len(known) == 0:
        return np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=bool)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return at, known[at] == keys


def feature_values(counts: NDArray[np.int64], idf: NDArray[np.float32]) -> NDArray[np.float32]:
    """TF-IDF values of an article's features with sublinear term frequency, at norm 1."""
    values = ((1 + np.log(counts)) * idf).astype(np.float32)
    return values / max(float(np.linalg.norm(values)), 1e-12)
