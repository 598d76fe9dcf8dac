"""An audit sample: drawn with known probabilities, queued for review, and read back with labels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.labels.records import read_labelled
from sorot.serving.findings.audit_labels import read_audit
from sorot.serving.findings.audit_sample import draw_rows, draw_sample, make_strata
from sorot.serving.findings.errors import FindingsError
from sorot.serving.findings.prevalence import prevalence
from sorot.serving.findings.tables.arrays import CorpusArrays, read_scored
from tests.serving.command import GOOD, lines, run
from tests.serving.findings.scored_files import TAXONOMY, row, write

FIRST = TAXONOMY.many_tasks[0]
DEPENDENT = next(task for task in TAXONOMY.one_tasks if task.without == FIRST.key)


def scored(folder: Path, n: int = 120) -> CorpusArrays:
    rows = [
        row(
            i,
            {FIRST.key: FIRST.keys[:1], DEPENDENT.key: DEPENDENT.keys[0]} if i % 6 == 0 else {},
            published=f"2025-{1 + i % 12:02d}-05",
            body=f"{GOOD} Artikel nomor {i}.",
            model="tiny-0",
        )
        for i in range(n)
    ]
    return read_scored(write(folder / "s.parquet", rows), TAXONOMY, texts=["title", "url", "body"])


def labelled(path: Path, sample: list[dict[str, object]], corpus: CorpusArrays) -> Path:
    """The sample with the model's labels, as if people agreed with all of them."""
    at = {article_id: place for place, article_id in enumerate(corpus.ids)}
    records = []
    for one in sample:
        record = {key: one[key] for key in ("id", "title", "text")}
        for task in TAXONOMY.tasks:
            keys = [key for key, holds in zip(task.keys, corpus.labels[task.key][at[str(one["id"])]], strict=True) if holds]
            record[task.key] = keys if task.many else keys[0]
        records.append(record)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-1, 4), min_size=1, max_size=80).filter(lambda s: max(s) >= 0), st.integers(10, 60))
def test_every_row_has_the_probability_that_it_says(strata: list[int], n: int) -> None:
    numbers = np.array(strata)
    drawn = draw_rows(numbers, n, np.random.default_rng(0))
    assert len(set(drawn.rows)) == len(drawn.rows) == min(n, (numbers >= 0).sum())
    assert ((drawn.chances > 0) & (drawn.chances <= 1)).all() and (numbers[drawn.rows] >= 0).all()
    for stratum in set(strata) - {-1}:
        own = numbers[drawn.rows] == stratum
        assert own.any() and (1 / drawn.chances[own]).sum() == pytest.approx((numbers == stratum).sum())


def test_strata_are_labels_in_spans_of_time(tmp_path: Path) -> None:
    strata = make_strata(scored(tmp_path))
    assert len(strata.names) == len(set(strata.names)) >= 4
    assert {name.split(",")[0] for name in strata.names} == {
        f"{DEPENDENT.key} {DEPENDENT.keys[0]}",
        f"{DEPENDENT.key} {DEPENDENT.default}",
    }
    with pytest.raises(FindingsError, match="no task of this model"):
        make_strata(scored(tmp_path), "mood")


def test_labels_of_a_sample_are_estimated_from(tmp_path: Path) -> None:
    corpus = scored(tmp_path)
    texts = dict(zip(corpus.ids, corpus.texts["body"], strict=True))
    sample = draw_sample(corpus, texts, 60)
    assert not {*TAXONOMY.keys, "labels"} & {key for one in sample for key in one}
    design = tmp_path / "sample.jsonl"
    design.write_text("".join(json.dumps(one) + "\n" for one in sample), encoding="utf-8")
    labels = labelled(tmp_path / "labels.jsonl", sample, corpus)
    audit = read_audit(labels, design, corpus)
    assert (1 / audit.weights).max() <= 1 and audit.weights.sum() == pytest.approx(len(corpus))
    found = prevalence(corpus, audit=audit)
    first = found.estimates[0]
    assert first.method == "audit" and first.labelled == 60
    # People agreed with the model, so its share is the estimate, and it is no longer taken on trust.
    assert first.share == pytest.approx(first.uncorrected) and first.low < first.share < first.high
    few = prevalence(corpus, audit=read_audit(labelled(tmp_path / "few.jsonl", sample[:20], corpus), design, corpus))
    assert few.estimates[0].method == "audit_matrix" and any("40 of 60 sampled" in note for note in few.notes)


def test_labels_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    corpus = scored(tmp_path)
    sample = draw_sample(corpus, dict(zip(corpus.ids, corpus.texts["body"], strict=True)), 30)
    design, labels = tmp_path / "sample.jsonl", labelled(tmp_path / "labels.jsonl", sample, corpus)
    design.write_text("".join(json.dumps(one) + "\n" for one in sample), encoding="utf-8")
    with pytest.raises(FindingsError, match=r"nothing of the draw.*--sample"):
        read_audit(labels, None, corpus)
    other = read_scored(write(tmp_path / "o.parquet", [row(9_999, {})]), TAXONOMY)
    with pytest.raises(FindingsError, match="is not in"):
        read_audit(labels, design, other)
    first = json.loads(labels.read_text().splitlines()[0])
    value = [] if first[FIRST.key] else list(FIRST.keys[:1])
    labels.write_text(labels.read_text() + json.dumps(first | {FIRST.key: value, DEPENDENT.key: DEPENDENT.keys[-1]}) + "\n")
    with pytest.raises(FindingsError, match="labelled twice"):
        read_audit(labels, design, corpus)
    with pytest.raises(FindingsError, match="no text there"):
        draw_sample(corpus, {}, 30)


def test_from_the_command_to_the_queue_and_back(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    corpus = scored(tmp_path, 40)
    design = tmp_path / "sample.jsonl"
    command = ("audit-sample", tmp_path / "s.parquet", "-n", 20, "-o", design, "--bundle", tiny_bundle)
    assert run(monkeypatch, *command) == 0
    assert len(lines(design)) == 20 and "20 of 40 articles" in capfd.readouterr().err
    assert run(monkeypatch, *command) == 2
    assert "exists already" in capfd.readouterr().err
    assert run(monkeypatch, "feedback", "add", tmp_path / "queue", design, "--bundle", tiny_bundle) == 0
    assert "20 queued" in capfd.readouterr().err
    labels = labelled(tmp_path / "labels.jsonl", lines(design), corpus)
    assert len(read_labelled(labels, TAXONOMY)) == 20
    arguments = ("--audit", labels, "--sample", design, "--bundle", tiny_bundle, "--json")
    assert run(monkeypatch, "prevalence", tmp_path / "s.parquet", *arguments) == 0
    methods = {e["method"] for e in json.loads(capfd.readouterr().out)["estimates"]}
    assert methods == {"audit_matrix"}
