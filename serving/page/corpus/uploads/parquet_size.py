"""What a Parquet file comes to, found before its values are made: one that stands there once may be meant by every row."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from sorot.serving.page.corpus.limits import CorpusError, CorpusLimits, too_many_rows, too_much_unpacked

if TYPE_CHECKING:
    import pyarrow.parquet as pq

BATCH_ROWS = 512
# The types whose values are of any length, and those that have one length each.
BYTES, FIXED = "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"


def parquet_names(path: Path, limits: CorpusLimits) -> list[str]:
    """The names of columns that are no lists and no structures; CorpusError for a file that is not read or beyond a limit."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path)
        meta = table.metadata
        if meta.num_rows > limits.rows:
            raise too_many_rows(path, limits)
        if sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)) > limits.unpacked_bytes:
            raise too_much_unpacked(path, limits)
        return [field.name for field in table.schema_arrow if not pa.types.is_nested(field.type)]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise CorpusError("broken", kind="Parquet") from error


def check_parquet(path: Path, names: Collection[str], limits: CorpusLimits, columns: dict[str, str]) -> None:
    """Raise CorpusError where the values of the columns `names`, all rows together, are more than is held in memory.

    `columns` are those that the user chose; the message's command names them.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path)
        total = sum(_width(table, name) for name in names) * table.metadata.num_rows
        texts = [name for name in names if _leaf(table, name).physical_type == BYTES]
        # As dictionaries values stand in memory as often as in the file; Arrow's own type for them may say otherwise.
        packed = pq.ParquetFile(path, read_dictionary=texts)
        for batch in packed.iter_batches(batch_size=BATCH_ROWS, columns=texts) if texts else ():
            for column in batch.columns:
                if not pa.types.is_dictionary(column.type):
                    raise CorpusError("odd_column")
                total += pc.sum(pc.binary_length(column.dictionary).take(column.indices)).as_py() or 0
            if total > limits.unpacked_bytes:
                raise too_much_unpacked(path, limits, columns)
        if total > limits.unpacked_bytes:
            raise too_much_unpacked(path, limits, columns)
    except MemoryError:
        # Arrow's own kind is an ArrowException too. A file whose footer tells too small a size ends here, at the worker's bound.
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise CorpusError("broken", kind="Parquet") from error


def _leaf(table: pq.ParquetFile, name: str) -> pq.ColumnSchema:
    """The first column of this name. CorpusError for a list or a structure, whose values nothing here counts."""
    leaves = [table.schema.column(i) for i in range(len(table.schema.names))]
    found = [leaf for leaf in leaves if leaf.path == name or leaf.path.startswith(f"{name}.")]
    if not found or any(leaf.path != name or leaf.name != name or leaf.max_repetition_level for leaf in found):
        raise CorpusError("odd_column")
    first = found[0]
    # Decimals of any length.
    if first.physical_type == BYTES and first.logical_type.type == "DECIMAL":
        raise CorpusError("odd_column")
    return first


def _width(table: pq.ParquetFile, name: str) -> int:
    """Bytes of one value of a column whose values are all of one length; 0 where they are not."""
    leaf = _leaf(table, name)
    return leaf.length if leaf.physical_type == FIXED else 0 if leaf.physical_type == BYTES else 8
