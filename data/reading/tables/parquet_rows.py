"""Reads rows of Parquet files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sorot.data.article import Article, Reject
from sorot.data.reading.columns import Columns, candidates, resolve, used_columns
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.stores import RemoteError
from sorot.data.reading.tables.json_rows import NO_ROWS
from sorot.data.reading.tables.table_rows import TableRow, articles_of

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"PAR1"
BATCH_ROWS = 512
IN_MEMORY = 50_000_000
# Bytes of a column read at a time, whatever the size of its row groups.
READ_BYTES = 2**20
# Raised by Arrow for invalid UTF-8, dates out of Python's range, and unknown time zones.
UNREADABLE = (ValueError, OverflowError, KeyError)


def read_parquet(
    source: Path | IO[bytes], file: str, stem: str, columns: Columns, notes: ReadingNotes | None = None
) -> Iterator[Article | Reject]:
    """Articles and rejects of a Parquet file, in batches; an unreadable value rejects only its own row.

    Reads only the columns it needs, and stops when the caller does. Raises InputError if a given column, or any for the
    text, is missing, and RemoteError if a remote store fails.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    empty = True
    try:
        table = pq.ParquetFile(source, pre_buffer=False, buffer_size=READ_BYTES)
        names = list(dict.fromkeys(table.schema_arrow.names))
        chosen = resolve(columns, names, file)
        others = candidates(columns, names)
        used = sorted(set(used_columns(chosen)))
        wanted = names if chosen.keep else sorted({*used, *(name for each in others.values() for name in each)})
        batches = table.iter_batches(batch_size=BATCH_ROWS, columns=wanted)
        rows: Iterator[TableRow] = enumerate((row for batch in batches for row in _rows(batch, wanted, used)), 1)
        for item in articles_of(rows, chosen, file, stem, candidates=others, notes=notes):
            empty = False
            yield item
        if empty:
            yield Reject(file, None, NO_ROWS)
    except RemoteError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        yield Reject(file, None, f"not a readable Parquet file: {reason}")


def read_parquet_stream(
    stream: IO[bytes], file: str, stem: str, columns: Columns, notes: ReadingNotes | None = None
) -> Iterator[Article | Reject]:
    """Like `read_parquet`, for streams that cannot seek: copies them to memory, or to disk beyond IN_MEMORY bytes."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield from read_parquet(copy, file, stem, columns, notes)


def _rows(batch: pa.RecordBatch, wanted: list[str], used: list[str]) -> Iterator[dict[str, Any] | str]:
    """Each row, or the reason why a `used` column of it is unreadable. If columns share a name, the first is used.

    Unreadable values in other columns become None.
    """
    columns = {name: _to_microseconds(batch.column(batch.schema.names.index(name))) for name in wanted}
    values: dict[str, list[Any]] = {}
    for name, column in columns.items():
        try:
            values[name] = column.to_pylist()
        except UNREADABLE:
            values[name] = [_read_value(column, row) for row in range(len(column))]
    for row in zip(*values.values(), strict=True):
        unreadable = {name: value.reason for name, value in zip(values, row, strict=True) if isinstance(value, _Unreadable)}
        faults = [f"column {name!r} cannot be read: {reason}" for name, reason in unreadable.items() if name in used]
        yield "; ".join(faults) or {n: None if n in unreadable else value for n, value in zip(values, row, strict=True)}


def _to_microseconds(column: pa.Array) -> pa.Array:
    """Casts timestamps from nanoseconds, which Python's datetime lacks."""
    import pyarrow as pa

    kind = column.type
    return column.cast(pa.timestamp("us", kind.tz), safe=False) if pa.types.is_timestamp(kind) and kind.unit == "ns" else column


def _read_value(column: pa.Array, row: int) -> Any:
    try:
        return column[row].as_py()
    except UNREADABLE as error:
        return _Unreadable(str(error).splitlines()[0] if str(error) else type(error).__name__)


@dataclass(frozen=True, slots=True)
class _Unreadable:
    reason: str
