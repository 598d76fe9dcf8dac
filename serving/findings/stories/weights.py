"""TF-IDF vectors of digests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sorot.data.article import Article
from sorot.serving.findings.stories.digest import Digest, count_terms

# Terms of more articles than this say nothing of the event; leaving them out keeps comparing fast.
COMMON = 0.2
_BACKGROUND = ("articles.jsonl", "beats.jsonl")


def weigh_terms(digests: Sequence[Digest]) -> csr_array:
    """One row of unit length per article, a column per term: (1 + log count) * log(articles / articles with the term).

    The shipped corpus is counted along with the digests, so that few articles can be compared as well as many. Rows of
    articles without a rare term are empty.
    """
    terms = np.concatenate([digest.terms for digest in digests]) if digests else np.zeros(0, np.uint32)
    counts = np.concatenate([digest.counts for digest in digests]) if digests else np.zeros(0, np.float32)
    ends = np.cumsum([0, *(len(digest.terms) for digest in digests)])
    known, columns = np.unique(terms, return_inverse=True)
    background, articles = _count_background()
    total = articles + len(digests)
    among = np.bincount(columns, minlength=len(known)) + _look_up(background, known)
    weights = np.where(among > COMMON * total, 0.0, np.log(total / among)).astype(np.float32)
    values = (1 + np.log(counts)) * weights[columns]
    matrix = csr_array((values, columns.astype(np.int32), ends), shape=(len(digests), len(known)))
    matrix.eliminate_zeros()
    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1))
    matrix.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(matrix.indptr)).astype(np.float32)
    return matrix


@cache
def _count_background() -> tuple[Counter[int], int]:
    """In how many articles of the shipped corpus each term stands, and how many articles those are."""
    found: Counter[int] = Counter()
    articles = 0
    folder = files("sorot.data").joinpath("corpus")
    for name in _BACKGROUND:
        for line in folder.joinpath(name).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found.update(count_terms(Article(id=record["id"], title=record["title"], body=record["text"])).keys())
            articles += 1
    return found, articles


def _look_up(background: Counter[int], terms: NDArray[np.uint32]) -> NDArray[np.int64]:
    return np.fromiter((background.get(term, 0) for term in terms.tolist()), np.int64, len(terms))
