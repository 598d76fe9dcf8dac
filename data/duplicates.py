"""Near-duplicate groups of articles, by MinHash over word shingles (Broder 1997), with datasketch."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.article import Article

SHINGLE = 5
PERMUTATIONS = 128


def group_duplicates(articles: Sequence[Article], *, threshold: float = 0.6) -> list[str]:
    """One group name an article, the id of its group's first; `threshold` is the Jaccard similarity of 5-word shingles.

    Raises ModuleNotFoundError naming the extra to install where datasketch is absent.
    """
    try:
        from datasketch import MinHash, MinHashLSH
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("finding duplicates needs datasketch; run: pip install 'sorot[train]'") from error
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    group: list[int] = []
    for number, article in enumerate(articles):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([s.encode() for s in _shingles(article.body)])
        found = [int(key) for key in index.query(sketch)]
        root = min((group[f] for f in found), default=number)
        joined = {group[f] for f in found}
        group = [root if g in joined else g for g in group]
        group.append(root)
        index.insert(str(number), sketch)
    return [articles[g].id for g in group]


def _shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}
