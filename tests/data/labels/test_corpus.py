"""The corpus that a fresh clone trains on: valid, of the promised lengths, without near-duplicates."""

from __future__ import annotations

from pathlib import Path

import sorot.data as data
from sorot.data.cleaning.clean import clean_article
from sorot.data.labels.duplicates import group_duplicates
from sorot.data.labels.records import LabelledArticle, read_labelled, validate_labelled
from sorot.data.taxonomy import held, load_taxonomy

REMOVED = {"dateline", "pager", "credit", "initials", "related", "copyright", "advert", "tags"}
CORPUS = sorted((Path(data.__file__).parent / "corpus").glob("*.jsonl"))


def test_every_record_is_valid_and_every_label_occurs() -> None:
    taxonomy = load_taxonomy()
    assert CORPUS
    assert [m for path in CORPUS for m in validate_labelled(path, taxonomy)] == []
    rows = [row for path in CORPUS for row in _rows(path)]
    for task in taxonomy.tasks:
        assert {label for row in rows for label in held(row.labels[task.key])} == set(task.keys)
    assert len(rows) >= 300
    assert sum(row.labels["topics"] == () for row in rows) >= 100


def test_articles_have_90_to_500_words_evidence_and_no_twin() -> None:
    rows = [row for path in CORPUS for row in _rows(path)]
    assert all(90 <= len(row.article.body.split()) <= 500 for row in rows)
    assert len({row.article.id for row in rows}) == len(rows)
    assert len({row.article.title for row in rows}) == len(rows)
    # Contrast pairs share their wording on purpose and have a group.
    groups = group_duplicates([row.article for row in rows])
    twins = [[row.group for row, group in zip(rows, groups, strict=True) if group == g] for g in set(groups)]
    assert all(len(members) == 1 or (None not in members and len(set(members)) == 1) for members in twins)


def test_every_label_has_its_evidence() -> None:
    taxonomy = load_taxonomy()
    rows = [row for path in CORPUS for row in _rows(path)]
    assert sum(bool(row.marks) for row in rows) > 1000
    for row in rows:
        if not row.marks:
            assert row.evidence or (row.labels["topics"] == () and row.labels["sentiment"] == "neutral")
            continue
        marked = {(mark.task, mark.label) for mark in row.marks}
        assert marked <= {(task.key, label) for task in taxonomy.tasks for label in held(row.labels[task.key])}
        assert {("topics", label) for label in held(row.labels["topics"])} <= marked


def test_no_group_stands_in_both_the_training_and_the_held_out_part() -> None:
    groups = [
        {row.group or row.article.id for path in CORPUS if path.stem.endswith("held_out") is held_out for row in _rows(path)}
        for held_out in (True, False)
    ]
    assert groups[0] and groups[1] and not groups[0] & groups[1]


def _rows(path: Path) -> list[LabelledArticle]:
    return read_labelled(path, load_taxonomy())


def test_cleaning_leaves_their_prose_alone() -> None:
    for row in (row for path in CORPUS for row in _rows(path)):
        cleaned = clean_article(row.article)
        assert all(s in cleaned.body or s in (cleaned.title or "") for s in (row.evidence, *(m.sentence for m in row.marks)))
        assert {r.kind for r in cleaned.removed} <= REMOVED
