"""Large files: rows come before all is read, and what is broken costs itself."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.article import Article, Reject
from data.columns import Columns
from data.parquet_rows import read_parquet
from tests.data.reading import read


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
    assert isinstance(first, Article) and file.taken < size / 6
    peak = 0
    for number, _ in enumerate(found, 2):
        if number % 256 == 0:
            peak = max(peak, pa.total_allocated_bytes() - before)
    assert number == rows and peak < 10_000_000
    # The column that nobody asked for, half of the file, was not read.
    assert file.taken < size * 0.75


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
