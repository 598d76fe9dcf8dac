"""What the corpus tab reads of a file: never more than its limits, nothing that nobody chose, and no member takes others along."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from serving.page.corpus_limits import LIMITS, CorpusError
from serving.page.corpus_reading import column_names, read_corpus

GOOD = "Polisi menangkap terduga teroris di Jakarta."
ROWS = 1_000
LONG = "a" * 100_000
TYPES = [
    pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary(len(LONG)),
    pa.dictionary(pa.int32(), pa.string()), pa.dictionary(pa.int32(), pa.large_string()),
]  # fmt: skip


def write_heavy(path: Path, kind: pa.DataType) -> Path:
    """A small file in which one long value is meant by every row of the column `title`."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * ROWS, pa.int32()), pa.array([LONG]))
    if not pa.types.is_dictionary(kind):
        column = pa.array([LONG.encode() if "binary" in str(kind) else LONG] * ROWS, kind)
    elif kind.value_type == pa.large_string():
        column = pa.DictionaryArray.from_arrays(pa.array([0] * ROWS, pa.int32()), pa.array([LONG], pa.large_string()))
    pq.write_table(pa.table({"isi": [GOOD] * ROWS, "title": column}), path, compression="zstd")
    assert path.stat().st_size < 100_000
    return path


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_a_value_that_every_row_means_is_counted_before_it_is_read(tmp_path: Path, kind: pa.DataType) -> None:
    path = write_heavy(tmp_path / "k.parquet", kind)
    assert column_names(path) == ["isi", "title"]
    tracemalloc.start()
    try:
        with pytest.raises(CorpusError) as refused:
            read_corpus(path, {"text": "isi", "title": "title"})
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert (refused.value.key, refused.value.values["limit"]) == ("bomb", 64)


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_a_column_that_nobody_chose_is_not_read(tmp_path: Path, kind: pa.DataType) -> None:
    path = write_heavy(tmp_path / "k.parquet", kind)
    tracemalloc.start()
    try:
        reading = read_corpus(path, {"text": "isi", "title": ""})
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert len(reading.articles) == ROWS and {a.title for a in reading.articles} == {None}


def test_what_cannot_be_counted_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "k.parquet"
    table = pa.table({"isi": [GOOD], "bagian": [["a", "b"]], "a": [{"b": "c"}], "a.b": ["d"], "n": [1.5], "hari": [20_000]})
    pq.write_table(table.set_column(5, "hari", table["hari"].cast(pa.int32()).cast(pa.date32())), path)
    with pytest.raises(CorpusError, match="no_columns"):
        read_corpus(path, {"text": "bagian"})
    with pytest.raises(CorpusError, match="odd_column"):
        read_corpus(path, {"text": "a.b"})
    [article] = read_corpus(path, {"text": "isi", "id": "n", "date": "hari"}).articles
    assert article.id == "1.5" and article.published and article.published.year == 2024
    with pytest.raises(CorpusError, match="bomb"):
        read_corpus(path, {"text": "isi", "id": "n"}, replace(LIMITS, unpacked_bytes=7))
