"""Groups of near-duplicates, compared with every pair looked at on its own."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.data.labels.duplicates import group_duplicates, near_any

WORDS = [f"kata{number}" for number in range(400)]


def articles_of(seed: int, count: int, edits: int) -> list[Article]:
    """Articles of 60 words, about half of them a copy of an earlier one in which `edits` words are replaced."""
    chance = random.Random(seed)
    texts: list[list[str]] = []
    for _ in range(count):
        if texts and chance.random() < 0.5:
            words = list(chance.choice(texts))
            for _ in range(edits):
                words[chance.randrange(len(words))] = chance.choice(WORDS)
        else:
            words = chance.choices(WORDS, k=60)
        texts.append(words)
    return [Article(id=f"a{number}", body=" ".join(words)) for number, words in enumerate(texts)]


def groups_by_pairs(articles: list[Article], threshold: float) -> list[str]:
    """The same groups the slow way: each article joins, and so merges, the groups of all earlier near-duplicates."""
    groups: list[int] = []
    for number, article in enumerate(articles):
        near_earlier = near_any(articles[:number], [article], threshold=threshold)
        near = {group for group, is_near in zip(groups, near_earlier, strict=True) if is_near}
        first = min(near, default=number)
        groups = [first if group in near else group for group in groups] + [first]
    return [articles[group].id for group in groups]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 12), st.integers(0, 4), st.sampled_from([0.5, 0.6, 0.8]))
def test_groups_are_those_of_all_pairs(seed: int, count: int, edits: int, threshold: float) -> None:
    articles = articles_of(seed, count, edits)
    assert group_duplicates(articles, threshold=threshold) == groups_by_pairs(articles, threshold)


def test_a_chain_of_edits_is_one_group_named_after_its_first_article() -> None:
    words = [f"w{number}" for number in range(100)]
    # Neighbours share most of their text; the first and the last share none of it.
    chain = [Article(id=f"c{start}", body=" ".join((words * 2)[start : start + 50])) for start in range(0, 51, 5)]
    assert not near_any([chain[-1]], [chain[0]])[0]
    assert group_duplicates(chain) == ["c0"] * len(chain)
    # A later article that links two groups merges them under the first of all.
    assert group_duplicates([chain[0], chain[2], chain[1]], threshold=0.95) == ["c0", "c10", "c5"]
    assert group_duplicates([chain[0], chain[2], chain[1]]) == ["c0"] * 3


@pytest.mark.parametrize("body", ["", "dua kata"])
def test_texts_shorter_than_a_shingle_are_compared_as_they_are(body: str) -> None:
    assert group_duplicates([Article(id="a", body=body), Article(id="b", body=body), Article(id="c", body="lain")]) == [
        "a",
        "a",
        "c",
    ]
