"""Work grows with size and not faster: n, 2n and 4n characters of plain and of hostile input, third-party parsers included."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sorot.data.article import Article
from sorot.data.labels.convert import convert_labels
from sorot.data.labels.exchange.tools import Tool
from sorot.data.prepare import prepare
from sorot.data.reading.fields.markup import plain_text
from sorot.data.reading.html import read_html
from sorot.data.reading.readers import read_articles
from sorot.data.taxonomy import load_taxonomy
from sorot.data.text.encodings import mend
from sorot.data.text.sentences import split_sentences
from sorot.data.text.windows import Segment, cut_windows, encode_article
from sorot.serving.model.evidence import find_evidence
from tests.hostile_texts import FILES, PAGES, TEXTS, Make
from tests.tiny_bundle import make_tokenizer

SIZE = 4_000
# Four times the size takes four times as long, sixteen times if work is quadratic; below FLOOR seconds the clock decides.
MOST, FLOOR = 9.0, 0.03
RUNS = 2


def check_linear(work: Callable[[int], object], size: int = SIZE) -> None:
    """Compare the least CPU times of n and 4n characters; 2n as well, so that a step at one size does not count."""
    ratios = []
    for n in (size, 2 * size):
        small, large = _least(work, n), _least(work, 2 * n)
        ratios.append(large / max(small, FLOOR / 4))
    assert ratios[0] * ratios[1] <= MOST, f"times grow by {ratios[0]:.1f} and {ratios[1]:.1f} when the size doubles"


def _least(work: Callable[[int], object], size: int) -> float:
    least = float("inf")
    for _ in range(RUNS):
        begin = time.thread_time()
        work(size)
        least = min(least, time.thread_time() - begin)
        if least < FLOOR / 4:
            break
    return least


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS)
def test_preparing_a_text(make: Make) -> None:
    prepare(Article("1", "kata"))
    check_linear(lambda n: prepare(Article("1", plain_text(make(n)))))


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS)
def test_mending_and_splitting_a_text(make: Make) -> None:
    check_linear(lambda n: split_sentences(mend(make(n))), 4 * SIZE)


@pytest.mark.parametrize("make", PAGES.values(), ids=PAGES)
def test_reading_a_page(make: Make) -> None:
    read_html("<p>kata</p>", "a", "a")
    check_linear(lambda n: read_html(make(n), "a", "a"))


@pytest.mark.parametrize(("name", "make"), FILES.items(), ids=FILES)
def test_reading_a_file(tmp_path: Path, name: str, make: Make) -> None:
    file = tmp_path / name

    def read(n: int) -> None:
        file.write_text(make(n), encoding="utf-8")
        assert list(read_articles([str(file)]))

    read(100)
    check_linear(read)


def test_a_title_above_many_lines() -> None:
    body = "kata lain\n" * 300 + TEXTS["plain"](1000)
    check_linear(lambda n: prepare(Article("1", body * (n // SIZE), title="kata " * n)))


def test_windows_of_many_sentences() -> None:
    check_linear(lambda n: cut_windows([25] * n, 510), 10_000)


def test_tokens_of_a_long_text() -> None:
    tokenizer = make_tokenizer()
    check_linear(lambda n: encode_article(Article("1", TEXTS["plain"](n)), tokenizer, 64))


def test_evidence_among_many_sentences() -> None:
    taxonomy = load_taxonomy()
    assigned = [(task.key, task.keys[0]) for task in taxonomy.tasks]

    def find(n: int) -> object:
        segments = [Segment("kata", at, at + 4) for at in range(n)]
        return find_evidence(segments, np.ones((n, taxonomy.n_labels), dtype=np.float32), taxonomy, assigned)

    check_linear(find, 4 * SIZE)


def test_converting_labels(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    taxonomy = load_taxonomy()

    def convert(n: int) -> None:
        file.write_text('{"id": "1", "text": "Taman baru dibuka.", "labels": {}}\n' * (n // 50), encoding="utf-8")
        convert_labels(file, Tool.SOROT, Tool.DOCCANO, taxonomy)

    check_linear(convert)
