"""Near-duplicate groups of articles, by MinHash over word shingles (Broder 1997), with datasketch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sorot.data.article import Article
from sorot.data.errors import install_extra

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH

SHINGLE = 5
PERMUTATIONS = 128
# Similarity from which two short texts are one, edited: half of the shingles are shared.
EDITED = 0.5


def group_duplicates(articles: Sequence[Article], *, threshold: float = 0.6) -> list[str]:
    """One group name an article, the id of its group's first; `threshold` is the Jaccard similarity of 5-word shingles.

    Raises ModuleNotFoundError naming the extra to install where datasketch is absent.
    """
    index = _make_index(threshold)
    group: list[int] = []
    for number, article in enumerate(articles):
        sketch = _sketch(article)
        found = [int(key) for key in index.query(sketch)]
        root = min((group[f] for f in found), default=number)
        joined = {group[f] for f in found}
        group = [root if g in joined else g for g in group]
        group.append(root)
        index.insert(str(number), sketch)
    return [articles[g].id for g in group]


def near_any(articles: Sequence[Article], others: Sequence[Article], *, threshold: float = 0.6) -> list[bool]:
    """For each of `articles` whether one of `others` is a near-duplicate of it; errors and `threshold` as `group_duplicates`."""
    index = _make_index(threshold)
    for number, article in enumerate(others):
        index.insert(str(number), _sketch(article))
    return [bool(index.query(_sketch(article))) for article in articles]


def _make_index(threshold: float) -> MinHashLSH:
    try:
        from datasketch import MinHashLSH
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"finding duplicates needs datasketch; run: {install_extra('train')}") from error
    return MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)


def _sketch(article: Article) -> MinHash:
    from datasketch import MinHash

    sketch = MinHash(num_perm=PERMUTATIONS)
    sketch.update_batch([s.encode() for s in _shingles(article.body)])
    return sketch


def _shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}
