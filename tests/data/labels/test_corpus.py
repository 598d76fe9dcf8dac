"""The corpus that a fresh clone trains on: valid, of the promised lengths, without near-duplicates."""

from __future__ import annotations

from pathlib import Path

import sorot.data as data
from sorot.data.cleaning.clean import clean_article
from sorot.data.labels.duplicates import group_duplicates
from sorot.data.labels.records import read_labelled, validate_labelled
from sorot.data.taxonomy import held, load_taxonomy

CORPUS = sorted((Path(data.__file__).parent / "corpus").glob("*.jsonl"))


def test_every_record_is_valid_and_every_label_occurs() -> None:
    taxonomy = load_taxonomy()
    assert CORPUS
    assert [m for path in CORPUS for m in validate_labelled(path, taxonomy)] == []
    rows = [row for path in CORPUS for row in read_labelled(path, taxonomy)]
    for task in taxonomy.tasks:
        assert {label for row in rows for label in held(row.labels[task.key])} == set(task.keys)
    assert len(rows) >= 300
    assert sum(row.labels["topics"] == () for row in rows) >= 100


def test_articles_have_120_to_500_words_evidence_and_no_twin() -> None:
    rows = [row for path in CORPUS for row in read_labelled(path, load_taxonomy())]
    assert all(120 <= len(row.article.body.split()) <= 500 for row in rows)
    assert all(row.evidence for row in rows)
    assert len({row.article.title for row in rows}) == len(rows)
    assert len(set(group_duplicates([row.article for row in rows]))) == len(rows)


def test_cleaning_leaves_their_prose_alone() -> None:
    for row in (row for path in CORPUS for row in read_labelled(path, load_taxonomy())):
        cleaned = clean_article(row.article)
        assert row.evidence in cleaned.body
        assert {r.kind for r in cleaned.removed} <= {"dateline", "credit", "initials", "related"}
