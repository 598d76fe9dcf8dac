"""Agreement of the sentences shown as evidence with those that a person marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from sorot.data.article import Article
from sorot.data.labels.records import LabelledArticle, Mark
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.evidence import Evidence
from sorot.training.measure.evidence_scores import score_evidence

SENTENCES = ("Kominfo memblokir situs.", "Warga protes.", "Hujan turun.")
BODY = " ".join(SENTENCES)


@dataclass(frozen=True)
class Shown:
    """The part of an analysis that is compared."""

    evidence: tuple[Evidence, ...]


def shown(task: str, label: str, *numbers: int) -> list[Evidence]:
    """Evidence of a label: sentences by their number, strongest first; -1 is the title."""
    found = []
    for rank, number in enumerate(numbers):
        start = None if number < 0 else BODY.index(SENTENCES[number])
        text = "Situs diblokir" if start is None else SENTENCES[number]
        found.append(Evidence(task, label, text, start, None if start is None else start + len(text), 1.0 - rank / 10))
    return found


def score(marks: list[Mark], evidence: list[Evidence]) -> dict[str, Any]:
    row = LabelledArticle(Article(id="a", title="Situs diblokir", body=BODY), {}, marks=tuple(marks))
    return score_evidence([row], [cast(Analysis, Shown(tuple(evidence)))], load_taxonomy())


def test_sentences_are_compared_label_by_label() -> None:
    marks = [
        Mark("topics", "censorship", SENTENCES[0]),
        Mark("topics", "censorship", "Situs diblokir"),
        Mark("stance", "oppose", "protes"),
        Mark("sentiment", "negative", SENTENCES[2]),
    ]
    evidence = [*shown("topics", "censorship", 1, 0, -1), *shown("stance", "oppose", 1), *shown("sentiment", "positive", 2)]
    found = score(marks, evidence)
    # Two of three shown are marked, both marked are shown, and the strongest is not marked.
    assert found["topics"]["labels"] == 1 and found["topics"]["first_sentence"] == 0
    assert found["topics"]["f1"] == pytest.approx(2 * (2 / 3) * 1 / (2 / 3 + 1))
    assert found["stance"]["f1"] == found["stance"]["first_sentence"] == 1
    # The label marked is another than the one given.
    assert "sentiment" not in found


def test_without_marks_there_is_nothing_to_measure() -> None:
    assert score([], shown("topics", "censorship", 0)) == {}
    assert score([Mark("stance", "oppose", SENTENCES[1])], shown("stance", "oppose", 0))["stance"]["f1"] == 0
