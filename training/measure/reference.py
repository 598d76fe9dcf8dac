"""Measure what development articles are like, for `sorot drift`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sorot.data.article import Article
from sorot.data.taxonomy import held
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.reference import (
    CONFIDENCE,
    LABELS,
    LANGUAGE,
    LENGTH,
    NOTHING,
    TEXT_WORDS,
    TITLE_WORDS,
    WITHHELD,
    FloatArray,
    Reference,
    confidence,
    make_reference,
)
from sorot.serving.model.scorer import Scorer
from sorot.serving.model.wide import KeyArray, unknown_words
from sorot.training.measure.evaluate import analyse_articles


def measure_reference(scorer: Scorer, articles: Sequence[Article]) -> Reference:
    """The reference of articles that training has not seen, cleaned already; there is at least one."""
    return describe_articles(scorer, articles, analyse_articles(scorer, articles))


def describe_articles(scorer: Scorer, articles: Sequence[Article], analyses: Sequence[Analysis]) -> Reference:
    """The same, from their analyses."""
    read = [(article, analysis) for article, analysis in zip(articles, analyses, strict=True) if analysis.withheld is None]
    numbers = {
        LENGTH: np.array([analysis.n_tokens for analysis in analyses], dtype=np.float64),
        TITLE_WORDS: _unknown_shares([article.title or "" for article, _ in read], scorer.wide.keys),
        TEXT_WORDS: _unknown_shares([article.body for article, _ in read], scorer.wide.keys),
    }
    categories = {
        LANGUAGE: [analysis.language or NOTHING for analysis in analyses],
        WITHHELD: [analysis.withheld or NOTHING for analysis in analyses],
    }
    for task in scorer.taxonomy.tasks:
        rows = [[analysis.probabilities[task.key][key] for key in task.keys] for _, analysis in read]
        if rows:
            numbers[f"{CONFIDENCE} {task.key}"] = confidence(np.array(rows), many=task.many)
        categories[f"{LABELS} {task.key}"] = ["+".join(held(analysis.labels[task.key])) or NOTHING for _, analysis in read]
    return make_reference(numbers, categories)


def _unknown_shares(texts: Sequence[str], known: KeyArray) -> FloatArray:
    counted = [unknown_words(text, known) for text in texts]
    return np.array([len(unknown) / total for unknown, total in counted if total])
