"""Scored outputs are read alike in every format, and what is none of these is refused with a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sorot.serving.findings.errors import FindingsError
from sorot.serving.findings.tables.arrays import read_scored
from tests.serving.findings.scored_files import TAXONOMY, row, write

FIRST = TAXONOMY.many_tasks[0]
DEPENDENT = next(task for task in TAXONOMY.one_tasks if task.without == FIRST.key)
FREE = next(task for task in TAXONOMY.one_tasks if task.without is None)
ROWS = [
    row(
        1,
        {FIRST.key: FIRST.keys[:2], DEPENDENT.key: DEPENDENT.keys[0]},
        outlet="Warta, 'Kota'",
        published="2025-11-03T23:30:00+07:00",
    ),
    row(2, {FREE.key: FREE.keys[1]}, published="2025-11-04"),
    row(2, {}, language="en", withheld="language"),
    row(4, {}, withheld="gate"),
]


@pytest.mark.parametrize("name", ["s.parquet", "s.csv", "s.jsonl", "s.duckdb", "folder"])
def test_every_format_is_read_alike(name: str, tmp_path: Path) -> None:
    corpus = read_scored(write(tmp_path / name, ROWS), TAXONOMY, texts=["body", "absent"])
    assert list(corpus.ids) == ["a1", "a2", "a2 #2", "a4"]
    assert list(corpus.outlets) == ["Warta, 'Kota'", None, None, None]
    assert str(corpus.days[0]) == "2025-11-03" and str(corpus.days[1]) == "2025-11-04" and np.isnat(corpus.days[2])
    assert corpus.labels[FIRST.key].tolist()[0] == [key in FIRST.keys[:2] for key in FIRST.keys]
    assert corpus.labels[DEPENDENT.key][0].argmax() == 0
    assert corpus.labels[FREE.key][1].argmax() == 1
    assert corpus.unlabelled == {"language": 1}
    assert corpus.probabilities[FREE.key][1].tolist() == [0.05, 0.9, 0.05]
    assert corpus.text("body", 0) == "Isi artikel nomor 1." and [*corpus.texts] == ["body"]


def test_the_gate_says_that_nothing_holds(tmp_path: Path) -> None:
    corpus = read_scored(write(tmp_path / "s.parquet", ROWS), TAXONOMY)
    assert corpus.labelled[FIRST.key].tolist() == [True, True, False, True]
    assert not corpus.labels[FIRST.key][3].any()
    assert DEPENDENT.keys[corpus.labels[DEPENDENT.key][3].argmax()] == DEPENDENT.default
    # A task that depends on none is not known of an article that the encoder skipped.
    assert corpus.labelled[FREE.key].tolist() == [True, True, False, False]


def refused(path: Path) -> str:
    with pytest.raises(FindingsError) as error:
        read_scored(path, TAXONOMY)
    return str(error.value)


def test_what_cannot_be_used_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "absent.parquet")
    (tmp_path / "s.txt").write_text("x")
    assert "is no output of sorot score" in refused(tmp_path / "s.txt")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    assert "cannot be read as a scored corpus" in refused(tmp_path / "broken.parquet")
    rejects = tmp_path / "s.rejects.jsonl"
    rejects.write_text(json.dumps({"source": "k.csv", "row": 3, "reason": "is empty"}) + "\n")
    assert "lists what could not be scored" in refused(rejects)
    assert f"no column {FREE.key!r}" in refused(write(tmp_path / "other.csv", ROWS, without=[FREE.key]))
    two = [row(1, {}), row(2, {}, model="sorot-other")]
    assert "by sorot-other and sorot-test" in refused(write(tmp_path / "two.parquet", two))
    assert "language 1" in refused(write(tmp_path / "english.jsonl", [ROWS[2]]))
    assert "holds no articles" in refused(write(tmp_path / "none.parquet", []))
    (tmp_path / "empty").mkdir()
    assert "no parts" in refused(tmp_path / "empty")
