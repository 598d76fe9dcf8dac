"""A workbook is read in a process that the system ends at its bounds; the files after it are read."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sorot.data.article import Article, Reject
from sorot.data.budget import OverBudgetError
from sorot.data.errors import InputError
from sorot.data.reading.reader_process import read_in_process
from tests.data.read_inputs import BODY, read
from tests.data.reading.office_files import shared_string_bomb, xlsx


def forever() -> Iterator[Article | Reject]:
    yield Reject("a", 1, "satu")
    # No exception gets through.
    while True:
        try:
            sum(range(1_000_000))
        except BaseException:
            continue


def killed() -> Iterator[Article | Reject]:
    os.kill(os.getpid(), signal.SIGABRT)
    yield Reject("a", 1, "satu")


def numbers(n: int) -> Iterator[Article | Reject]:
    print("a library's words are no items")
    yield from (Reject("a", row, "satu") for row in range(n))


def refused() -> Iterator[Article | Reject]:
    raise InputError("a: tidak ada")
    yield


def test_what_never_ends_is_ended() -> None:
    begin = time.process_time()
    items = read_in_process(forever, "a", seconds=1)
    assert isinstance(next(items), Reject)
    with pytest.raises(OverBudgetError, match="more than 1 s of CPU time"):
        next(items)
    assert time.process_time() - begin < 1


def test_a_process_that_dies_is_replaced_and_one_that_does_not_is_kept() -> None:
    with pytest.raises(OverBudgetError, match="memory"):
        next(read_in_process(killed, "a"))
    assert len(list(read_in_process(numbers, "a", 3000))) == 3000
    with pytest.raises(InputError, match="tidak ada"):
        next(read_in_process(refused, "a"))
    # Two at a time, one of which is given up.
    one, other = read_in_process(numbers, "a", 100_000), read_in_process(numbers, "a", 5)
    assert next(one) == next(other) and len(list(other)) == 4
    one.close()  # type: ignore[attr-defined]
    assert len(list(read_in_process(numbers, "a", 2))) == 2


def test_a_workbook_that_means_one_long_text_many_times_is_a_reject(tmp_path: Path) -> None:
    # The library in Rust makes a copy for each cell, 10 GB, and aborts where it gets no more.
    (tmp_path / "a.xlsx").write_bytes(shared_string_bomb(10_000, 1_000_000))
    (tmp_path / "b.xlsx").write_bytes(xlsx({"a": [["judul", "isi"], ["Taman", BODY]]}))
    reject, article = read(str(tmp_path))
    assert isinstance(reject, Reject) and "needs more than 2 GB of memory" in reject.reason
    assert isinstance(article, Article) and article.body == BODY
