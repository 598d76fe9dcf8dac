"""Rows of Parquet files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sorot.data.article import Article, Reject
from sorot.data.reading.columns import Columns, make_article, resolve, used_columns
from sorot.data.reading.json_rows import NO_ROWS
from sorot.data.reading.stores import RemoteError

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"PAR1"
BATCH_ROWS = 512
IN_MEMORY = 50_000_000
# How much of a column is read at a time, however large the groups of rows are.
READ_BYTES = 2**20
# Text that is no UTF-8, a moment beyond the calendar, a time zone that does not exist.
UNREADABLE = (ValueError, OverflowError, KeyError)


def read_parquet(source: Path | IO[bytes], file: str, stem: str, columns: Columns) -> Iterator[Article | Reject]:
    """Articles and rejects of a Parquet file, by batches; a value that cannot be read costs its row alone.

    Of the file only the wanted columns are read, as far as the rows are asked for. Raises RemoteError where a store fails.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        table = pq.ParquetFile(source, pre_buffer=False, buffer_size=READ_BYTES)
        chosen = resolve(columns, table.schema_arrow.names, file)
        used = sorted(set(used_columns(chosen)))
        wanted = list(dict.fromkeys(table.schema_arrow.names)) if chosen.keep else used
        for batch in table.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
            for row in _rows(batch, wanted, used):
                number += 1
                if isinstance(row, str):
                    yield Reject(file, number, row)
                else:
                    yield make_article(row, chosen, file, number, stem)
        if not number:
            yield Reject(file, None, NO_ROWS)
    except RemoteError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        yield Reject(file, None, f"not a readable Parquet file: {reason}")


def read_parquet_stream(stream: IO[bytes], file: str, stem: str, columns: Columns) -> Iterator[Article | Reject]:
    """As `read_parquet`, of bytes that can be read but once: they are kept in memory, or on disk where there are many."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
        shutil.copyfileobj(stream, kept)
        kept.seek(0)
        yield from read_parquet(kept, file, stem, columns)


def _rows(batch: pa.RecordBatch, wanted: list[str], used: list[str]) -> Iterator[dict[str, Any] | str]:
    """Each row, or why one of its `used` columns cannot be read. Of columns with the same name the first counts."""
    columns = {name: _to_microseconds(batch.column(batch.schema.names.index(name))) for name in wanted}
    values: dict[str, list[Any]] = {}
    for name, column in columns.items():
        try:
            values[name] = column.to_pylist()
        except UNREADABLE:
            values[name] = [_value(column, at) for at in range(len(column))]
    for row in zip(*values.values(), strict=True):
        bad = {name: value.reason for name, value in zip(values, row, strict=True) if isinstance(value, _Bad)}
        faults = [f"column {name!r} cannot be read: {reason}" for name, reason in bad.items() if name in used]
        yield "; ".join(faults) or {n: None if n in bad else value for n, value in zip(values, row, strict=True)}


def _to_microseconds(column: pa.Array) -> pa.Array:
    """Python's moments have no nanoseconds; nobody misses them in a date."""
    import pyarrow as pa

    kind = column.type
    return column.cast(pa.timestamp("us", kind.tz), safe=False) if pa.types.is_timestamp(kind) and kind.unit == "ns" else column


def _value(column: pa.Array, at: int) -> Any:
    try:
        return column[at].as_py()
    except UNREADABLE as error:
        return _Bad(str(error).splitlines()[0] if str(error) else type(error).__name__)


@dataclass(frozen=True, slots=True)
class _Bad:
    reason: str
