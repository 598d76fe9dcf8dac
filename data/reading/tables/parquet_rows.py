"""Reads rows of Parquet files.

A value may stand in a file once, in the dictionary of its column, and be meant by every row. So batches are cut by the bytes that
they come to, and a file may come to so many in all.
"""

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
    import pyarrow.parquet as pq

MAGIC = b"PAR1"
BATCH_ROWS = 512
BATCH_BYTES = 64_000_000
# Row groups whose rows cannot come to more at once are read without a look at their dictionaries.
UNPROBED_BYTES = 500_000_000
# A longer cell is no article.
MAX_CELL = 10_000_000
# Bytes of all values together, and what they may be to each byte of the file; also rows to each byte.
HARMLESS_BYTES, MAX_RATIO = 200_000_000, 1_000
HARMLESS_ROWS, ROWS_PER_BYTE = 1_000_000, 100
# Rows at a time where a column holds lists: the dictionary says little about their size.
NESTED_ROWS = 8
IN_MEMORY = 50_000_000
# Bytes of a column read at a time, whatever the size of its row groups.
READ_BYTES, PROBE_BYTES = 2**20, 2**14
UNSAFE = "it is not read further; save the rows that you need as a file of their own"
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
        if table.metadata.num_rows > HARMLESS_ROWS + ROWS_PER_BYTE * (size := _size(source)):
            yield Reject(file, None, f"{table.metadata.num_rows:,} rows in {size:,} bytes of Parquet: {UNSAFE}")
            return
        batches = _batches(table, source, wanted)
        rows: Iterator[TableRow] = enumerate((row for batch in batches for row in _rows(batch, wanted, used)), 1)
        for item in articles_of(rows, chosen, file, stem, candidates=others, notes=notes):
            empty = False
            yield item
        if empty:
            yield Reject(file, None, NO_ROWS)
    except (RemoteError, MemoryError):
        raise
    except _UnsafeError:
        yield Reject(file, None, f"the values of this Parquet file come to more than {MAX_RATIO:,} times its size: {UNSAFE}")
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


class _UnsafeError(Exception):
    """The values come to more than they may."""


def _batches(table: pq.ParquetFile, source: Path | IO[bytes], wanted: list[str]) -> Iterator[pa.RecordBatch]:
    """All rows, in batches of BATCH_ROWS or of about BATCH_BYTES, whichever is less. Raises _UnsafeError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {field.name: field.type for field in reversed(list(table.schema_arrow))}
    texts = [name for name in wanted if _is_text(kinds[name])]
    most = NESTED_ROWS if any(pa.types.is_nested(kinds[name]) for name in wanted) else BATCH_ROWS
    # With `read_dictionary` a value stands in memory as often as in the file.
    options: dict[str, Any] = {"pre_buffer": False, "buffer_size": PROBE_BYTES}
    packed = pq.ParquetFile(source, metadata=table.metadata, read_dictionary=texts, **options)
    left = max(HARMLESS_BYTES, MAX_RATIO * _size(source))
    for group in range(table.metadata.num_row_groups):
        rows = min(most, BATCH_BYTES // max(_longest_values(packed, group, texts), BATCH_BYTES // most)) or 1
        for batch in table.iter_batches(batch_size=rows, row_groups=[group], columns=wanted):
            # A column that its writer kept as a dictionary comes as one.
            columns = [c.dictionary_decode() if pa.types.is_dictionary(c.type) else c for c in batch.columns]
            left -= sum(column.nbytes for column in columns)
            if left < 0:
                raise _UnsafeError
            yield pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _longest_values(packed: pq.ParquetFile, group: int, texts: list[str]) -> int:
    """Bytes of the longest values in the dictionaries of a row group's columns, added up; the first row brings them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    meta = packed.metadata.row_group(group)
    parts = [part for part in map(meta.column, range(meta.num_columns)) if part.path_in_schema in texts]
    longest = 0
    if min(meta.num_rows, BATCH_ROWS) * sum(part.total_uncompressed_size for part in parts) <= UNPROBED_BYTES:
        # Even if every row meant all of it.
        return longest
    for batch in packed.iter_batches(batch_size=1, row_groups=[group], columns=texts) if texts else ():
        for column in batch.columns:
            if pa.types.is_dictionary(column.type) and len(column.dictionary):
                longest += pc.max(pc.binary_length(column.dictionary)).as_py() or 0
        break
    return longest


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    is_text = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return any(each(kind) for each in is_text)


def _size(source: Path | IO[bytes]) -> int:
    if isinstance(source, Path):
        return source.stat().st_size
    at = source.tell()
    size = source.seek(0, 2)
    source.seek(at)
    return size


def _rows(batch: pa.RecordBatch, wanted: list[str], used: list[str]) -> Iterator[dict[str, Any] | str]:
    """Each row, or the reason why a `used` column of it is unreadable. If columns share a name, the first is used.

    Unreadable values in other columns become None.
    """
    columns = {name: _to_microseconds(batch.column(batch.schema.names.index(name))) for name in wanted}
    values: dict[str, list[Any]] = {}
    for name, column in columns.items():
        try:
            values[name] = _without_long(column).to_pylist()
        except UNREADABLE:
            values[name] = [_read_value(column, row) for row in range(len(column))]
    for row in zip(*values.values(), strict=True):
        unreadable = {name: value.reason for name, value in zip(values, row, strict=True) if isinstance(value, _Unreadable)}
        faults = [f"column {name!r} cannot be read: {reason}" for name, reason in unreadable.items() if name in used]
        yield "; ".join(faults) or {n: None if n in unreadable else value for n, value in zip(values, row, strict=True)}


def _without_long(column: pa.Array) -> pa.Array:
    """The column itself; ValueError if one of its values is longer than MAX_CELL, so that they are read one by one."""
    import pyarrow.compute as pc

    if _is_text(column.type) and column.nbytes > MAX_CELL and (pc.max(pc.binary_length(column)).as_py() or 0) > MAX_CELL:
        raise ValueError
    return column


def _to_microseconds(column: pa.Array) -> pa.Array:
    """Casts timestamps from nanoseconds, which Python's datetime lacks."""
    import pyarrow as pa

    kind = column.type
    return column.cast(pa.timestamp("us", kind.tz), safe=False) if pa.types.is_timestamp(kind) and kind.unit == "ns" else column


def _read_value(column: pa.Array, row: int) -> Any:
    import pyarrow.compute as pc

    if _is_text(column.type) and (pc.binary_length(column[row]).as_py() or 0) > MAX_CELL:
        return _Unreadable(f"its text is longer than {MAX_CELL:,} bytes, too long for an article")
    try:
        return column[row].as_py()
    except UNREADABLE as error:
        return _Unreadable(str(error).splitlines()[0] if str(error) else type(error).__name__)


@dataclass(frozen=True, slots=True)
class _Unreadable:
    reason: str
