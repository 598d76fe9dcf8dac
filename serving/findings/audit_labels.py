"""Reads the labels that people gave to an audit sample, and joins them with the corpus it was drawn from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sorot.data.labels.records import LabelledArticle, read_labelled
from sorot.data.taxonomy import Taxonomy, Value, held
from sorot.serving.findings.audit_sample import CHANCE_KEY
from sorot.serving.findings.errors import FindingsError
from sorot.serving.findings.estimates.sample import LabelledSample
from sorot.serving.findings.tables.arrays import CorpusArrays


@dataclass(frozen=True, slots=True)
class _Drawn:
    chance: float
    words: str


def read_audit(labelled: Path, sample: Path | None, corpus: CorpusArrays) -> LabelledSample:
    """The labels of an audit sample: `labelled` has labelled records, `sample` what `sorot audit-sample` wrote.

    Without `sample` the labelled records themselves must have the probabilities of the draw. Texts of the sample that are the
    same take one another's labels, as a review queue shows a text once. Raises FindingsError if records and sample do not
    fit, sorot.data.labels.records.LabelError for mistakes in the records.
    """
    drawn = _read_drawn(sample or labelled, sample is None)
    places = {article_id: row for row, article_id in enumerate(corpus.ids)}
    if strange := [article_id for article_id in drawn if article_id not in places]:
        raise FindingsError(
            f"{sample or labelled}: article {strange[0]!r} is not in {corpus.name}; name the scored output that the sample was "
            "drawn from"
        )
    labels, outside = _labels_by_id(labelled, corpus.taxonomy, drawn)
    if not labels:
        raise FindingsError(f"{labelled}: has no label of an article in the sample; name the sample's own labels")
    ids = list(labels)
    taxonomy = corpus.taxonomy
    return LabelledSample(
        rows=np.array([places[article_id] for article_id in ids]),
        weights=np.array([1 / drawn[article_id].chance for article_id in ids]),
        truth={
            task.key: np.array([[key in held(labels[i].get(task.key)) for key in task.keys] for i in ids], dtype=bool)
            for task in taxonomy.tasks
        },
        answered={task.key: np.array([labels[i].get(task.key) is not None for i in ids], dtype=bool) for task in taxonomy.tasks},
        drawn=len(drawn),
        notes=(f"{outside} labelled articles are not of the sample and are left out",) if outside else (),
    )


def _labels_by_id(path: Path, taxonomy: Taxonomy, drawn: Mapping[str, _Drawn]) -> tuple[dict[str, Mapping[str, Value]], int]:
    """Labels of sampled articles by id, and how many labelled articles are not of the sample."""
    by_text: dict[str, str] = {one.words: article_id for article_id, one in drawn.items()}
    given: dict[str, Mapping[str, Value]] = {}
    outside = 0
    for record in read_labelled(path, taxonomy):
        article_id = record.article.id
        if article_id not in drawn:
            # A second reader's record, whose id is not the article's own.
            article_id = by_text.get(_words(record.article.body), "")
        if not article_id:
            outside += 1
        elif _differ(given.get(article_id), record):
            raise FindingsError(
                f"{path}: article {article_id!r} is labelled twice, differently; decide, and take the other record out"
            )
        else:
            given[article_id] = record.labels
    by_words = {drawn[article_id].words: labels for article_id, labels in given.items()}
    return {i: given.get(i) or by_words[one.words] for i, one in drawn.items() if i in given or one.words in by_words}, outside


def _differ(labels: Mapping[str, Value] | None, record: LabelledArticle) -> bool:
    return labels is not None and any(set(held(labels[t])) != set(held(record.labels.get(t))) for t in labels)


def _read_drawn(path: Path, labelled: bool) -> dict[str, _Drawn]:
    drawn: dict[str, _Drawn] = {}
    for number, row in _objects(path):
        chance = row.get(CHANCE_KEY)
        if chance is None and labelled:
            raise FindingsError(
                f"{path}:{number}: says nothing of the draw; name the file that sorot audit-sample wrote with --sample"
            )
        if isinstance(chance, bool) or not isinstance(chance, int | float) or not 0 < chance <= 1 or "id" not in row:
            raise FindingsError(
                f"{path}:{number}: has no id with a {CHANCE_KEY} above 0 and up to 1; name a file that sorot audit-sample wrote"
            )
        drawn[str(row["id"])] = _Drawn(float(chance), _words(str(row.get("text", ""))))
    if not drawn:
        raise FindingsError(f"{path}: holds no drawn article; name a file that sorot audit-sample wrote")
    return drawn


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("not an object")
                yield number, row
    except OSError as error:
        raise FindingsError(f"{path}: cannot be read ({error.strerror}); name a file that sorot audit-sample wrote") from error
    except ValueError as error:
        raise FindingsError(f"{path}: is not JSON lines ({error}); name a file that sorot audit-sample wrote") from error


def _words(text: str) -> str:
    return " ".join(text.split())
