"""The groups of a corpus as values of the output's columns `copy` and `story`."""

from __future__ import annotations

from collections.abc import Iterable

from sorot.serving.batch.grouping import Groups
from sorot.serving.batch.units import Item
from sorot.serving.findings.stories.corpus import read_corpus
from sorot.serving.findings.stories.groups import find_groups
from sorot.serving.output.columns import COPY, STORY


def find_group_columns(items: Iterable[Item], *, clean: bool = True, workers: int | None = None) -> list[Groups]:
    """The groups of each item, in order; null for one that cannot be read."""
    corpus = read_corpus(items, clean=clean, workers=workers)
    found: list[Groups] = [{COPY: None, STORY: None}] * (len(corpus.digests) + len(corpus.rejects))
    for place, group in zip(corpus.places, find_groups(corpus.digests), strict=True):
        found[place] = {COPY: group.copy, STORY: group.story}
    return found
