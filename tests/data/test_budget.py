"""No article takes more than its budget, whatever code works on it."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sorot.data import budget
from sorot.data.article import Article, Reject
from sorot.data.budget import Budget, OverBudgetError, Within, each_within
from sorot.data.reading import html, readers
from sorot.data.reading.bounds_met import BoundsMet
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_articles
from tests.data.read_inputs import BODY, read

TIGHT = Budget(seconds=0.1, file_seconds=0.2)


def work_forever(*_: Any) -> Any:
    """A pattern of a library that takes exponential time, under an except that catches errors."""
    try:
        return re.match(r"(a+)+$", "a" * 60 + "b")
    except Exception:
        return None


def test_a_regular_expression_is_interrupted() -> None:
    begin = time.process_time()
    with pytest.raises(OverBudgetError, match=r"takes more than 0.1 s of CPU time"), Within(0.1):
        work_forever()
    assert time.process_time() - begin < 2


def test_an_inner_bound_leaves_the_outer_one_its_rest() -> None:
    with pytest.raises(OverBudgetError, match=r"0.3 s"), Within(0.3):
        with pytest.raises(OverBudgetError, match=r"0.05 s"), Within(0.05):
            work_forever()
        work_forever()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process' data")
def test_memory_is_bounded_and_the_limit_is_lifted_after() -> None:
    with pytest.raises(OverBudgetError, match=r"more than 100 MB of memory"), Within(5, 100_000_000):
        bytearray(400_000_000)
    assert len(bytearray(400_000_000)) == 400_000_000


def test_items_end_with_the_one_that_takes_too_long() -> None:
    def items() -> Iterator[str]:
        yield "a"
        work_forever()
        yield "b"

    assert list(each_within(items(), 0.1, str)) == ["a", "takes more than 0.1 s of CPU time"]


def test_a_page_that_takes_too_long_is_a_reject_and_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text(f"<html><body><p>{BODY}</p></body></html>", encoding="utf-8")
    (tmp_path / "b.txt").write_text(BODY, encoding="utf-8")
    monkeypatch.setattr(html, "BUDGET", TIGHT)
    monkeypatch.setattr(html, "_read_tree", work_forever)
    met = tmp_path / "met"
    reject, article = read_articles([str(tmp_path / "a.html"), str(tmp_path / "b.txt")], met=BoundsMet(met))
    assert isinstance(reject, Reject) and isinstance(article, Article)
    assert reject.reason == "this HTML page takes more than 0.1 s of CPU time; give its article as plain text"
    monkeypatch.setattr(html, "_read_tree", lambda _: pytest.fail("it was tried again"))
    [again, _] = read_articles([str(tmp_path / "a.html"), str(tmp_path / "b.txt")], met=BoundsMet(met))
    assert again == reject


def test_a_file_whose_reader_takes_too_long_ends_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv"
    file.write_text("judul,isi\n" + f"satu,{BODY}\n" * 3, encoding="utf-8")
    monkeypatch.setattr(readers, "BUDGET", TIGHT)
    calls: list[int] = []

    def slow(items: Any, *_: Any) -> Any:
        for item in items:
            calls.append(1)
            if len(calls) == 2:
                work_forever()
            yield item

    stream = readers.read_stream
    monkeypatch.setattr(readers, "read_stream", lambda *given: slow(stream(*given)))
    met = tmp_path / "met"
    one, reject = read_articles([str(file)], met=BoundsMet(met))
    assert isinstance(one, Article) and isinstance(reject, Reject)
    assert "the file takes more than 0.2 s of CPU time after 1 articles and rejects" in reject.reason
    calls[:] = [1, 1]
    assert [type(item) for item in read_articles([str(file)], met=BoundsMet(met))] == [Article, Reject]


@pytest.mark.parametrize("suffix", ["txt", "csv", "html"])
def test_a_longer_text_than_any_article_is_a_reject(tmp_path: Path, suffix: str) -> None:
    text = BODY * 20
    whole = {"txt": text, "csv": f"isi\n{text}\n", "html": f"<html><body><article><p>{text}</p></article></body></html>"}[suffix]
    file = tmp_path / f"a.{suffix}"
    file.write_text(whole, encoding="utf-8")
    assert [type(item) for item in read(str(file))] == [Article]
    [reject] = read(str(file), columns=Columns(characters=1000))
    assert isinstance(reject, Reject)
    assert reject.reason.endswith("more than 1,000; cut the text, or raise --max-characters")


def test_the_budget_is_stated_once() -> None:
    assert budget.BUDGET.to_score(1000) == pytest.approx(
        budget.BUDGET.scoring_seconds + 1000 * budget.BUDGET.scoring_seconds_per_character
    )
    assert Columns().characters == budget.BUDGET.characters
