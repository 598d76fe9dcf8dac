"""The wide part against scikit-learn's vectorisers, which read strings where it reads hashes."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from sorot.data.text.windows import Segment
from sorot.serving.model.wide import CHARACTERS, WORDS, Wide, occurrences

TEXTS = [
    "Kementerian memblokir 22 situs, kata juru bicara.",
    "Situs itu diblokir lagi; situs lain tidak — “belum”, katanya.",
    "Cuaca cerah di Yogyakarta hari ini dan besok.",
]


def segments(*texts: str) -> tuple[Segment, ...]:
    return tuple(Segment(text, None, None) for text in texts)


def word_key(name: str) -> int:
    """The key of a word or pair of words: pairs come after their words."""
    return int([key for key in occurrences(segments(name))[0] if key % 2 == WORDS][-1])


def counts_by_family(text: str) -> dict[int, list[int]]:
    """Sorted counts of the text's features, by family."""
    keys, found = np.unique(occurrences(segments(text))[0], return_counts=True)
    return {family: sorted(found[keys % 2 == family].tolist()) for family in (CHARACTERS, WORDS)}


@example("a.1b.1")
@given(st.text(alphabet="abcde éÇ.,1 ", max_size=80).filter(lambda t: re.search(r"\w\w", t)))
def test_features_are_those_of_scikit_learn(text: str) -> None:
    found = counts_by_family(text)
    words = CountVectorizer(ngram_range=(1, 2)).fit_transform([text])
    assert found[WORDS] == sorted(words.data.tolist())
    # scikit-learn also counts a word too short for a length as one n-gram of that length.
    padded = [f" {word} " for word in text.lower().split()]
    grams = [w[i : i + n] for w in padded for n in (3, 4, 5) for i in range(len(w) - n + 1)]
    assert found[CHARACTERS] == sorted(grams.count(g) for g in set(grams))


def test_logits_are_those_of_tf_idf_times_weights() -> None:
    vectoriser = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit(TEXTS)
    names = vectoriser.get_feature_names_out()
    keys = [word_key(name) for name in names]
    weight = np.random.default_rng(0).normal(size=(len(names), 4)).astype(np.float32)
    order = np.argsort(keys)
    wide = Wide(np.array(keys, dtype=np.uint64)[order], vectoriser.idf_.astype(np.float32)[order], weight[order])
    for text in TEXTS:
        expected = vectoriser.transform([text]) @ weight
        assert wide.segment_logits(segments(text)).sum(axis=0) == pytest.approx(expected[0], abs=1e-5)


def test_no_feature_crosses_a_sentence_and_shares_stay_with_theirs() -> None:
    keys, where = occurrences(segments("situs diblokir", "cuaca cerah"))
    joined, _ = occurrences(segments("situs diblokir cuaca cerah"))
    assert set(where.tolist()) == {0, 1}
    [only_joined] = set(joined.tolist()) - set(keys.tolist())
    assert only_joined % 2 == WORDS
    first = set(occurrences(segments("situs diblokir"))[0].tolist())
    assert set(keys[where == 0].tolist()) == first
    wide = Wide(np.array(sorted(first), dtype=np.uint64), np.ones(len(first), np.float32), np.ones((len(first), 2), np.float32))
    shares = wide.segment_logits(segments("situs diblokir", "cuaca cerah"))
    assert (shares[0] > 0).all()
    assert (shares[1] == 0).all()


@pytest.mark.parametrize("text", ["", " ", "\ud800 lone", "a", "\x00\x00", "𝔘𝔫𝔦 İstanbul"])
def test_odd_texts_are_no_error(text: str) -> None:
    keys, where = occurrences(segments(text, "situs"))
    assert len(keys) == len(where) > 0
    assert set(where.tolist()) <= {0, 1}
