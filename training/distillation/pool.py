"""Choose unlabelled articles for distillation: half by rank of the linear part, half at random."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sorot.data.article import Article, Reject
from sorot.data.prepare import prepare
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_file
from sorot.data.taxonomy import Taxonomy
from sorot.data.text.windows import encode_article
from sorot.training.input.batches import Example, no_targets
from sorot.training.input.sources import words_of
from sorot.training.models.encoder import Encoder
from sorot.training.models.wide_fit import FittedWide

Item = TypeVar("Item")
Say = Callable[[str], None]
CHUNK = 500
MIN_WORDS = 5
# File number in the pool, and row number in that file.
RowId = tuple[int, int]


def existing_files(names: Sequence[str], say: Say) -> tuple[Path, ...]:
    """Paths of the files that exist; reports each missing one to `say`."""
    for name in names:
        if not Path(name).is_file():
            say(f"{name} is absent: nothing learned from it")
    return tuple(Path(name) for name in names if Path(name).is_file())


@dataclass(frozen=True, slots=True)
class Pool:
    """Files of unlabelled articles. Up to `articles` of each file become examples with loss weight `weight`."""

    encoder: Encoder
    taxonomy: Taxonomy
    files: tuple[Path, ...]
    articles: int
    weight: float

    def choose(self, wide: FittedWide, guarded: frozenset[str], seed: int, say: Say) -> list[RowId]:
        """Row ids of the chosen articles, in reading order.

        Per file, half are those with the greatest linear logit of a gate label (any label without a gate task), half are
        random. Skips articles whose words are in `guarded` (`sorot.training.input.sources.words_of`), and very short ones.
        """
        rng = np.random.default_rng(seed)
        gate = self.taxonomy.gate_task
        ranked_by = self.taxonomy.columns()[gate.key] if gate else slice(None)
        chosen: list[RowId] = []
        for number, path in enumerate(self.files):
            rows: list[int] = []
            scores: list[NDArray[np.float32]] = []
            for chunk in in_chunks(_articles(path)):
                cleaned = [(row, prepare(a, detect=False)) for row, a in chunk]
                usable = [(row, a) for row, a in cleaned if len(a.body.split()) >= MIN_WORDS and words_of(a) not in guarded]
                rows += [row for row, _ in usable]
                examples = [unlabelled(a, self.encoder, self.taxonomy) for _, a in usable]
                scores.append(wide.predict(examples)[:, ranked_by].max(axis=1))
            say(f"{path}: {len(rows)} articles to choose from")
            order = np.argsort(-np.concatenate(scores), kind="stable")
            half = self.articles // 2
            rest = rng.permutation(order[half:])[: self.articles - half]
            chosen += sorted((number, rows[i]) for i in [*order[:half], *rest])
        return chosen

    def articles_of(self, chosen: Iterable[RowId]) -> Iterator[Article]:
        """The chosen articles, cleaned, in reading order."""
        selected = set(chosen)
        for number, path in enumerate(self.files):
            for row, article in _articles(path):
                if (number, row) in selected:
                    yield prepare(article, detect=False)

    def read(self, chosen: Iterable[RowId]) -> list[Example]:
        """Examples of the chosen articles, in reading order, without labels."""
        return [unlabelled(article, self.encoder, self.taxonomy, self.weight) for article in self.articles_of(chosen)]


def unlabelled(article: Article, encoder: Encoder, taxonomy: Taxonomy, weight: float = 1.0) -> Example:
    """An article as an example without labels."""
    return Example(encode_article(article, encoder.tokenizer, encoder.max_tokens), no_targets(taxonomy, weight))


def _articles(path: Path) -> Iterator[tuple[int, Article]]:
    """Articles of a pool file with their row numbers."""
    for row, item in enumerate(read_file(path, Columns())):
        if not isinstance(item, Reject):
            yield row, item


def in_chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Split items into lists of CHUNK; the last may be shorter."""
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
