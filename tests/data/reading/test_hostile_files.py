"""Files that once took far more work or memory than they hold: each with what it takes now."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sorot.data.article import Article, Reject
from sorot.data.prepare import prepare
from sorot.data.reading.tables import parquet_rows
from sorot.data.text import dates
from tests.data.read_inputs import BODY, read
from tests.hostile_texts import FILES, TEXTS


def test_a_table_of_open_quotes_is_read_again_in_proportion(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(FILES["open quotes.csv"](80_000), encoding="utf-8")
    begin = time.process_time()
    assert all(isinstance(item, Reject) for item in read(str(file)))
    # 39 s before.
    assert time.process_time() - begin < 8


def test_rows_after_open_quotes_are_still_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    plain = f'1,Taman,"{BODY}"\n'
    file.write_text("id,judul,teks\n" + plain + '2,x,"buka\n' + plain * 300, encoding="utf-8")
    assert sum(isinstance(item, Article) for item in read(str(file))) == 301


def test_lines_never_go_to_dateparser(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(dates, "_parse_with_dateparser", calls.append)
    prepare(Article("1", TEXTS["dates with a zone"](20_000)))
    assert len(calls) <= 10


def test_datelines_in_a_row_are_removed_at_once() -> None:
    once = prepare(Article("1", TEXTS["datelines"](300)))
    assert prepare(once) == once and once.body.startswith("Pemerintah kota")


def bomb(value: str, rows: int) -> bytes:
    """A Parquet file whose every row means the one value of its dictionary."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([value]))
    buffer = io.BytesIO()
    pq.write_table(pa.table({"teks": column}), buffer, compression="zstd", store_schema=False, use_dictionary=True)
    return buffer.getvalue()


def test_one_long_value_for_many_rows_is_not_made_for_each(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    file.write_bytes(bomb("kata " * 2_400_000, 2_000))
    pool = pa.default_memory_pool()
    before = pool.bytes_allocated()
    found = read(str(file))
    assert found and all(isinstance(item, Reject) for item in found) and len(found) < 100
    assert "times its size" in str(found[-1])
    # 24 GB if all were made, 6 GB a batch of 512.
    assert pool.max_memory() - before < 500_000_000


def test_far_more_rows_than_bytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.parquet"
    file.write_bytes(bomb("", 5_000))
    monkeypatch.setattr(parquet_rows, "HARMLESS_ROWS", 100)
    monkeypatch.setattr(parquet_rows, "ROWS_PER_BYTE", 1)
    [reject] = read(str(file))
    assert isinstance(reject, Reject) and reject.reason.startswith("5,000 rows in ")


def test_lines_of_json_after_a_broken_one_are_read_wherever_they_come_from(tmp_path: Path) -> None:
    file = tmp_path / "tanpa-akhiran"
    file.write_text(f'isi": "{BODY}"}}\n' + f'{{"isi": "{BODY}"}}\n' * 3, encoding="utf-8")
    assert [type(item) for item in read(str(file))] == [Reject, Article, Article, Article]
