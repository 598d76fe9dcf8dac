"""Rows that take more than their share, and damage to what a run keeps: the run goes on, and says what happened."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sorot.data.article import Article
from sorot.data.budget import Budget
from sorot.serving.batch import scoring, units
from sorot.serving.batch.parts import PARTS, parts_folder
from sorot.serving.batch.run import score_files
from sorot.serving.model.scorer import Scorer
from tests.serving.batch.test_resume import write_input
from tests.serving.command import GOOD, lines, run

TIGHT = Budget(seconds=0.1, scoring_seconds=0.3, scoring_seconds_per_character=0)
SLOW = "lambat"


def slow_at(marked: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but with a pattern that never ends at articles that say so."""

    def work(article: Article, **options: Any) -> Any:
        if SLOW in article.body:
            re.match(r"(a+)+$", "a" * 60 + "b")
        return marked(article, **options)

    return work


def write_rows(path: Path, slow: set[int], rows: int = 20) -> None:
    texts = [f"{GOOD} Nomor {n}." + (f" {SLOW}" if n in slow else "") for n in range(rows)]
    path.write_text("".join(json.dumps({"isi": text}) + "\n" for text in texts), encoding="utf-8")


@pytest.mark.parametrize("slow", [{3}, set(range(20))])
def test_a_row_that_cannot_be_cleaned_in_time_is_a_reject(
    slow: set[int], tmp_path: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(tmp_path / "in.jsonl", slow)
    monkeypatch.setattr(units, "BUDGET", TIGHT)
    monkeypatch.setattr(units, "prepare", slow_at(units.prepare))
    found = score_files(tiny_scorer, [str(tmp_path / "in.jsonl")], tmp_path / "out.jsonl")
    assert (found.articles, found.rejects) == (20 - len(slow), len(slow))
    assert "cleaning it takes more than 0.1 s of CPU time; cut the text" in found.first_rejects[0].reason


def test_a_row_that_cannot_be_scored_in_time_is_a_reject_and_takes_no_neighbour_along(
    tmp_path: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(tmp_path / "in.jsonl", {3})
    monkeypatch.setattr(scoring, "BUDGET", TIGHT)
    draft = Scorer._draft
    monkeypatch.setattr(Scorer, "_draft", lambda scorer, article, gate: slow_at(lambda a: draft(scorer, a, gate))(article))
    found = score_files(tiny_scorer, [str(tmp_path / "in.jsonl")], tmp_path / "out.jsonl")
    assert (found.articles, found.rejects) == (19, 1)
    assert "takes more than 0.3 s of CPU time" in found.first_rejects[0].reason


def test_a_longer_row_than_asked_for_is_a_reject(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"isi": GOOD}, {"isi": GOOD * 20}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    arguments = ("score", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--bundle", tiny_bundle)
    assert run(monkeypatch, *arguments, "--max-characters", 1000) == 0
    [reject] = lines(tmp_path / "out.jsonl.rejects.jsonl")
    assert reject["row"] == 2 and "more than 1,000; cut the text" in str(reject["reason"])


def stopped(folder: Path, scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The parts of a run that stopped at its end."""
    monkeypatch.setattr(units, "UNIT_ROWS", 4)
    write_input(folder / "in.jsonl")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("sorot.serving.batch.run.open_output", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        score_files(scorer, [str(folder / "in.jsonl")], folder / "out.jsonl")
    return sorted(parts_folder(folder / "out.jsonl").glob(PARTS))


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.replace(b'"model"', b'"modeI"', 1),
        lambda data: data[: len(data) // 2],
        lambda _: b"",
        lambda _: b"\xff\xfe",
        lambda data: b"[]\n" + data.partition(b"\n")[2],
    ],
    ids=["changed", "cut off", "empty", "no text", "another head"],
)
def test_a_damaged_part_is_scored_again(
    damage: Callable[[bytes], bytes], tmp_path: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = stopped(tmp_path, tiny_scorer, monkeypatch)
    whole = parts[2].read_bytes()
    assert damage(whole) != whole
    parts[2].write_bytes(damage(whole))
    found = score_files(tiny_scorer, [str(tmp_path / "in.jsonl")], tmp_path / "out.jsonl")
    assert 0 < found.resumed < found.articles
    score_files(tiny_scorer, [str(tmp_path / "in.jsonl")], tmp_path / "new.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "new.jsonl").read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record["summary"].update(articles="satu"),
        lambda record: record["summary"].update(gate_recall="semua"),
        lambda record: record.update(summary=[]),
        lambda record: record.update(rejects=[[1]]),
        lambda record: record["summary"].update(topics={"x": "banyak"}),
        lambda record: record.update(run=7),
    ],
)
def test_a_record_of_wrong_types_is_no_record(
    change: Callable[[dict[str, Any]], None], tmp_path: Path, tiny_scorer: Scorer
) -> None:
    write_rows(tmp_path / "in.jsonl", set(), 3)
    given = ([str(tmp_path / "in.jsonl")], tmp_path / "out.jsonl")
    score_files(tiny_scorer, *given)
    assert score_files(tiny_scorer, *given).repeated
    path = tmp_path / "out.jsonl.run.json"
    record = json.loads(path.read_text())
    change(record)
    path.write_text(json.dumps(record))
    again = score_files(tiny_scorer, *given)
    assert not again.repeated and again.articles == 3


def test_the_log_is_not_the_file_on_standard_input(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "in.jsonl"
    write_rows(file, set(), 3)
    before = file.read_bytes()
    with file.open() as standard:
        monkeypatch.setattr(sys, "stdin", standard)
        assert run(monkeypatch, "score", "-", "-o", tmp_path / "out.jsonl", "--bundle", tiny_bundle, "--log", file) == 2
    assert f"{file}: is an input" in capfd.readouterr().err and file.read_bytes() == before


def test_a_broken_first_line_on_standard_input_is_a_reject(
    tmp_path: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = f'isi": "{GOOD}"}}\n' + "".join(json.dumps({"isi": f"{GOOD} {n}"}) + "\n" for n in range(3))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
    found = score_files(tiny_scorer, ["-"], tmp_path / "out.jsonl")
    assert (found.articles, found.rejects) == (3, 1)
