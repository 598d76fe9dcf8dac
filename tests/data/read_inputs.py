"""What the tests of inputs share."""

from __future__ import annotations

import io
import json

import pyarrow as pa
import pyarrow.parquet as pq

from sorot.data.article import Article, Reject
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_articles

BODY = "Pemerintah kota membuka taman baru di tepi sungai pada hari Minggu. Warga datang sejak pagi dan menikmati udara segar."


def read(*inputs: str, columns: Columns | None = None) -> list[Article | Reject]:
    """All that is in the inputs."""
    return list(read_articles(list(inputs), columns=columns))


def ids(*inputs: str) -> list[str]:
    """The ids of their articles."""
    return [item.id for item in read(*inputs) if isinstance(item, Article)]


def parquet(rows: list[dict[str, str]]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(
        pa.Table.from_pylist(rows, schema=pa.schema([("judul", pa.string()), ("teks", pa.string())])), buffer, row_group_size=200
    )
    return buffer.getvalue()


def json_lines(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def csv_table(rows: list[dict[str, str]]) -> bytes:
    return ("judul,teks\n" + "".join(f'"{row["judul"]}","{row["teks"]}"\n' for row in rows)).encode()
