"""Work grows with size and not faster: n, 2n and 4n characters of plain and of hostile input, third-party parsers included."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from sorot.data.article import Article
from sorot.data.errors import InputError
from sorot.data.labels.convert import convert_labels
from sorot.data.labels.exchange.tools import Tool
from sorot.data.prepare import prepare
from sorot.data.reading import reader_process
from sorot.data.reading.fields.markup import plain_text
from sorot.data.reading.html import read_html
from sorot.data.reading.readers import read_articles
from sorot.data.reading.tables import lines
from sorot.data.taxonomy import load_taxonomy
from sorot.data.text.encodings import mend
from sorot.data.text.sentences import split_sentences
from sorot.data.text.windows import Segment, cut_windows, encode_article
from sorot.serving.model.evidence import find_evidence
from sorot.serving.quotes.find import find_quotes
from tests.hostile_documents import DOCUMENTS, MakeBytes, exports, write_export
from tests.hostile_texts import FILES, PAGES, QUOTED, TEXTS, Make
from tests.tiny_bundle import make_tokenizer

SIZE = 4_000
# Four times the size takes four times as long, sixteen times if work is quadratic; below FLOOR seconds the clock decides.
MOST, FLOOR = 9.0, 0.0075
RUNS = 2


def check_linear(work: Callable[[int], object], size: int = SIZE) -> None:
    """Compare the least CPU times of n, 2n and 4n characters. Where 4n are that fast nothing can be wrong, and that is all."""
    largest = _least(work, 4 * size)
    if largest <= MOST * FLOOR:
        return
    times = [_least(work, size), _least(work, 2 * size), largest]
    told = ", ".join(f"{seconds:.3f}" for seconds in times)
    assert largest <= MOST * max(times[0], FLOOR), f"n, 2n and 4n take {told} s of CPU time"


def _least(work: Callable[[int], object], size: int) -> float:
    least = float("inf")
    for _ in range(RUNS):
        begin = time.thread_time()
        work(size)
        least = min(least, time.thread_time() - begin)
        if least <= FLOOR:
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
def test_reading_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, make: Make) -> None:
    # So much is always read again, which would hide what grows with size.
    monkeypatch.setattr(lines, "READ_AGAIN", 20_000)
    file = tmp_path / name

    def read(n: int) -> None:
        file.write_text(make(n), encoding="utf-8")
        assert list(read_articles([str(file)]))

    read(100)
    check_linear(read)


@pytest.mark.parametrize(("name", "make"), DOCUMENTS.items(), ids=DOCUMENTS)
def test_reading_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, make: MakeBytes) -> None:
    # Else workbooks are read in another process, whose time does not count here.
    monkeypatch.setattr(reader_process, "has_cpu_limit", lambda: True)
    file = tmp_path / name

    def read(n: int) -> None:
        file.write_bytes(make(n))
        with suppress(InputError):
            assert list(read_articles([str(file)]))

    read(100)
    check_linear(read)


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS)
def test_finding_quotes(make: Make) -> None:
    find_quotes(None, "kata")
    check_linear(lambda n: find_quotes(None, plain_text(make(n))))


@pytest.mark.parametrize("make", QUOTED.values(), ids=QUOTED)
def test_finding_quotes_in_marks_and_clauses(make: Make) -> None:
    check_linear(lambda n: find_quotes(None, make(n)))


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


@pytest.mark.parametrize("tool", [tool for tool in Tool if tool is not Tool.SOROT])
def test_converting_labels_for_a_tool_and_back(tmp_path: Path, tool: Tool) -> None:
    file, there = tmp_path / "a.jsonl", tmp_path / "b"
    taxonomy = load_taxonomy()
    row = json.dumps({"id": "1", "text": "Taman baru dibuka.", "topics": ["censorship"], "stance": "oppose"}) + "\n"

    def convert(n: int) -> None:
        file.write_text(row * (n // 50), encoding="utf-8")
        there.write_text(convert_labels(file, Tool.SOROT, tool, taxonomy).text, encoding="utf-8")
        assert convert_labels(there, tool, Tool.SOROT, taxonomy).records == n // 50

    check_linear(convert)


@pytest.mark.parametrize("tool", exports(100))
def test_converting_an_export_of_many_labels(tmp_path: Path, tool: str) -> None:
    file = tmp_path / "a.jsonl"

    def convert(n: int) -> None:
        file.write_text(write_export(exports(n)[tool]), encoding="utf-8")
        assert convert_labels(file, Tool(tool), Tool.SOROT, load_taxonomy()).records

    check_linear(convert)
