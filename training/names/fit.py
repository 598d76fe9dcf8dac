"""Fits the model of people's names and scores it on sentences held out.

Run with: python -m sorot.training.names.fit TAGGED ARTICLES -o serving/names/names.safetensors
TAGGED is a folder with idner/ (learnt from) and nergrit/ (only scored);
ARTICLES is a JSONL file of unlabelled articles with a `text`, plain or .gz.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression

from sorot.data.messages import print_message
from sorot.data.text.names.features import BUCKETS, Word, WordClasses, hashed_features, name_runs
from sorot.data.text.names.model import TAGS, NameModel
from sorot.training.names.tagged_sentences import TaggedSentence, read_tagged, without_repeats
from sorot.training.names.word_classes import word_classes

STRENGTH = 2.0
ITERATIONS = 150


def main() -> None:
    """Fit, write and score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tagged", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    chosen = parser.parse_args()
    tests = {name: read_tagged(chosen.tagged / name / "test.txt") for name in ("idner", "nergrit")}
    held_out = [sentence for sentences in tests.values() for sentence in sentences]
    # The other corpora are no news, or call other things a name: with them the model does worse on news (docs/actors.md).
    news = [s for part in ("train", "dev") for s in read_tagged(chosen.tagged / "idner" / f"{part}.txt")]
    sentences = without_repeats(news, held_out)
    print_message(f"{len(sentences)} sentences; classes of words")
    keys, classes = word_classes(read_texts(chosen.articles))
    print_message(f"{len(keys)} words with classes; fitting")
    model = fit_names(sentences, {int(key): (int(c), int(f)) for key, (c, f) in zip(keys, classes, strict=True)})
    save_file(
        {
            "weights": model.weights.astype(np.float16),
            "transitions": model.transitions,
            "bias": model.bias,
            "keys": keys,
            "classes": classes,
        },
        chosen.output,
    )
    for name, own in tests.items():
        precision, recall, f1 = score_names(NameModel.load(chosen.output), own)
        print(f"{name:8} people  precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  ({len(own)} sentences)")


def read_texts(path: Path) -> Iterator[str]:
    """The texts of a JSONL file of articles, plain or .gz."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def fit_names(sentences: Sequence[TaggedSentence], classes: WordClasses) -> NameModel:
    """Fit the model on tagged sentences, with the true tag before each word as a feature."""
    indices: list[int] = []
    ends, targets = [0], []
    for sentence in sentences:
        for run in name_runs(sentence.words):
            for at, buckets in zip(range(*run), hashed_features(sentence.words, run, classes), strict=True):
                # Decoding begins each run from 'outside'.
                before = TAGS.index(sentence.tags[at - 1]) if at > run[0] else 0
                indices += [*buckets, BUCKETS + before]
                ends.append(len(indices))
                targets.append(TAGS.index(sentence.tags[at]))
    rows = sp.csr_matrix((np.ones(len(indices), np.float32), indices, ends), shape=(len(targets), BUCKETS + len(TAGS)))
    rows.sum_duplicates()
    fitted = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS).fit(rows, targets)
    weights = fitted.coef_.T.astype(np.float32)
    return NameModel(weights[:BUCKETS], weights[BUCKETS:], fitted.intercept_.astype(np.float32), dict(classes))


def score_names(model: NameModel, sentences: Sequence[TaggedSentence]) -> tuple[float, float, float]:
    """Precision, recall and F1 of people's names, exact spans, as CoNLL counts them (Tjong Kim Sang and De Meulder 2003)."""
    right = found = there = 0
    for sentence in sentences:
        given = set(model.people([Word(text, 0, 0) for text in sentence.words]))
        true = set(_true_people(sentence.tags))
        right, found, there = right + len(given & true), found + len(given), there + len(true)
    precision, recall = right / max(found, 1), right / max(there, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _true_people(tags: Sequence[str]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for at, tag in enumerate([*tags, TAGS[0]]):
        if start is not None and tag != "I-PER":
            yield start, at
            start = None
        if tag.endswith("PER") and start is None:
            start = at


if __name__ == "__main__":
    main()
