"""Large files: rows come before all is read, and what is broken costs itself."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.tables.parquet_rows import read_parquet
from tests.data.read_inputs import read


class Counting(io.BytesIO):
    """A file that says how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@pytest.mark.parametrize("group", [500, 16_000])
def test_rows_of_parquet_arrive_before_the_file_is_read(group: int) -> None:
    rng = random.Random(0)
    rows = 16_000
    noise = pa.array([rng.randbytes(500) for _ in range(rows)])
    table = pa.table(
        {"judul": [f"judul {n}" for n in range(rows)], "teks": [rng.randbytes(500).hex() for _ in range(rows)], "gambar": noise}
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer, row_group_size=group, use_dictionary=False)
    file = Counting(buffer.getvalue())
    size = len(file.getvalue())
    del table, noise, buffer
    before = pa.total_allocated_bytes()
    found = read_parquet(file, "a.parquet", "a", Columns())
    first = next(found)
    # The dictionaries of the first row group are looked at before its rows.
    assert isinstance(first, Article) and file.taken < size / 5
    peak = 0
    for number, _ in enumerate(found, 2):
        if number % 256 == 0:
            peak = max(peak, pa.total_allocated_bytes() - before)
    assert number == rows and peak < 10_000_000
    # The column that nobody asked for, half of the file, was not read.
    assert file.taken < size * 0.8


@pytest.mark.parametrize(
    "row", ["{n},Judul {n},{text} {n}", '{n},"Judul {n}","{text}, {n}"', '{n},Judul {n},"{text}\nlanjut, {n}"']
)
@pytest.mark.parametrize(
    "broken", ['rusak,"Judul tanpa tutup,teks', 'rusak,Judul,"teks tanpa tutup', 'rusak,Judul "dua",teks" dan "lagi']
)
def test_a_broken_quote_in_a_large_table_costs_a_few_rows(tmp_path: Path, row: str, broken: str) -> None:
    path = tmp_path / "a.csv"
    n_rows, text = 2400, "kata " * 900
    made = [row.format(n=n, text=text) for n in range(n_rows)]
    made[n_rows // 2 : n_rows // 2] = [broken]
    path.write_text("id,judul,teks\n" + "\n".join(made) + "\n", encoding="utf-8")
    assert path.stat().st_size > 10_000_000
    articles = [item for item in read(str(path)) if isinstance(item, Article) and item.id != "rusak"]
    assert len(articles) >= n_rows - 5
    assert all(item.title == f"Judul {item.id}" and item.body.endswith(item.id) for item in articles)
    assert {item.id for item in articles} >= {str(n) for n in range(n_rows // 2 + 5, n_rows)}


def test_broken_lines_in_a_large_file_cost_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    made = [json.dumps({"id": str(n), "teks": "kata " * 900}) for n in range(2400)]
    for at, broken in ((7, '{"teks": "putus'), (1200, '{"teks": "'), (1201, '"}'), (2000, "[" * 5000), (2399, "{")):
        made[at] = broken
    path.write_text("\n".join(made) + "\n", encoding="utf-8")
    assert path.stat().st_size > 10_000_000
    found = read(str(path))
    assert [item.row for item in found if isinstance(item, Reject)] == [8, 1201, 1202, 2001, 2400]
    assert sum(isinstance(item, Article) for item in found) == 2395


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_line_without_end_is_never_held_whole(tmp_path: Path, suffix: str, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sorot.data.reading.tables.json_rows.MAX_CHARACTERS", 100_000)
    monkeypatch.setattr("sorot.data.reading.tables.csv_rows.MAX_FIELD", 100_000)
    path = tmp_path / f"a{suffix}"
    # Not ASCII at once, so that the encoding is known without reading far.
    rows = (
        [json.dumps({"teks": "é satu"}, ensure_ascii=False), '{"teks": "dua"}'] if suffix == ".jsonl" else ["é satu,1", "dua,2"]
    )
    rows.insert(at, "{" + "é, kata " * 3_000_000)
    path.write_text(("teks,id\n" if suffix == ".csv" else "") + "\n".join(rows) + "\n", encoding="utf-8")
    tracemalloc.start()
    found = read(str(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000 < path.stat().st_size
    [reject] = [item for item in found if isinstance(item, Reject)]
    assert found[at] == reject and "the line is longer than 100,000 characters" in reject.reason
    assert reject.row == at + (2 if suffix == ".csv" else 1)
    assert [item.body for item in found if isinstance(item, Article)] == ["é satu", "dua"]


def test_a_first_line_without_end_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("teks," * 300_000, encoding="utf-8")
    with pytest.raises(InputError, match=r"a.csv: the header line is longer than"):
        read(str(path))
