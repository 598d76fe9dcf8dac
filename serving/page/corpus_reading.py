"""What is dropped on the corpus tab, read within limits: a table by its columns, or a zip of texts, all of it in memory."""

from __future__ import annotations

import io
import json
import shlex
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path, PurePosixPath

from data.article import Article, Reject, Source
from data.columns import Columns, InputError, resolve
from data.csv_rows import read_names
from data.encodings import decode, looks_binary, valid_name
from data.errors import SorotError
from data.files import CSV_SUFFIXES, HTML_SUFFIXES, JSON_SUFFIXES, PARQUET_SUFFIXES
from data.html import read_html
from data.readers import read_file
from data.streams import is_packed, open_stream

ZIP = ".zip"
TEXTS = (".txt", *HTML_SUFFIXES)
TABLES = CSV_SUFFIXES + JSON_SUFFIXES + PARQUET_SUFFIXES
FIELDS = tuple(field.name for field in fields(Columns))
HEAD_ROWS = 50
# An article at first, then what is read of it: the reader's own defaults find columns that a person has set to none.
NONE = ""


@dataclass(frozen=True, slots=True)
class CorpusLimits:
    """How much the page reads at once."""

    rows: int = 5_000
    bytes: int = 8_000_000
    characters: int = 200_000
    columns: int = 64
    unpacked_bytes: int = 64_000_000


LIMITS = CorpusLimits()


class CorpusError(SorotError):
    """A file that is not read: `key` is the sentence among the tab's words, `values` what stands in it."""

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one file, in order."""

    articles: tuple[Article, ...]
    rejects: tuple[Reject, ...]


def command(name: str) -> str:
    """What to type to score a file of this name without limits."""
    safe = shlex.quote(f"./{name}" if name.startswith("-") else name)
    if name.lower().endswith(ZIP):
        return f"unzip {safe} -d texts && sorot score texts -o out.parquet"
    return f"sorot score {safe} -o out.parquet"


def column_names(path: Path, limits: CorpusLimits = LIMITS) -> list[str] | None:
    """The names of a table's columns; None for a zip of texts, which has none. CorpusError for what is not read here."""
    kind = _checked(path, limits)
    if kind == ZIP:
        return None
    if kind in CSV_SUFFIXES:
        with path.open("rb") as raw:
            names = read_names(open_stream(raw), kind, Columns())
    elif kind in PARQUET_SUFFIXES:
        names = _parquet_names(path, limits)
    else:
        names = _json_names(path)
    if len(names) > limits.columns:
        raise CorpusError("too_many_columns", limit=limits.columns, command=command(path.name))
    if not names:
        raise CorpusError("no_rows")
    return names


def guess(names: list[str]) -> Columns:
    """The columns that the readers take by themselves; `text` is None where no name looks like it."""
    try:
        return resolve(Columns(), names, "")
    except InputError:
        return replace(resolve(Columns(text=names[0]), names, ""), text=None)


def read_corpus(path: Path, chosen: Mapping[str, str | None], limits: CorpusLimits = LIMITS) -> Reading:
    """All articles of a file; `chosen` says which column each field is in, NONE for a field that is not to be read.

    Raises CorpusError beyond a limit, data.columns.InputError for a column that is not there.
    """
    names = column_names(path, limits)
    if names is None:
        items = _read_zip(path, limits)
    else:
        picked = {field: chosen.get(field) or None for field in FIELDS}
        if not picked["text"]:
            raise CorpusError("no_text_column")
        if path.suffix.lower() in PARQUET_SUFFIXES:
            _check_parquet(path, [name for name in picked.values() if name], limits)
        items = (_without(item, picked, path.stem) for item in read_file(path, Columns(**picked)))
    articles: list[Article] = []
    rejects: list[Reject] = []
    for number, item in enumerate(items, 1):
        if number > limits.rows:
            raise CorpusError("too_many_rows", limit=limits.rows, command=command(path.name))
        if isinstance(item, Reject):
            rejects.append(replace(item, file=path.name) if names is not None else item)
        elif len(item.body) + len(item.title or "") > limits.characters:
            source = item.source or Source(path.name, number)
            rejects.append(Reject(source.file, source.row, f"longer than {limits.characters:,} characters"))
        else:
            articles.append(replace(item, source=Source(path.name, item.source.row if item.source else number)))
    return Reading(tuple(articles), tuple(rejects))


def _checked(path: Path, limits: CorpusLimits) -> str:
    """The file's kind, by its suffix, when its size is within the limits."""
    kind = path.suffix.lower()
    if path.stat().st_size > limits.bytes:
        raise CorpusError("too_many_bytes", limit=limits.bytes // 1_000_000, command=command(path.name))
    if kind not in (*TABLES, ZIP):
        raise CorpusError("unknown_kind")
    with path.open("rb") as raw:
        # What is packed may unpack to anything.
        if is_packed(raw.read(4)):
            raise CorpusError("packed", command=command(path.name))
    return kind


def _without(item: Article | Reject, picked: Mapping[str, str | None], stem: str) -> Article | Reject:
    """The article without fields that were found though nobody wants them."""
    if isinstance(item, Reject):
        return item
    return replace(
        item,
        title=item.title if picked["title"] else None,
        outlet=item.outlet if picked["outlet"] else None,
        published=item.published if picked["date"] else None,
        url=item.url if picked["url"] else None,
        id=item.id if picked["id"] else f"{stem}-{item.source.row if item.source else 0}",
    )


def _json_names(path: Path) -> list[str]:
    text = decode(path.read_bytes()).lstrip("\ufeff")
    try:
        whole = json.loads(text)
        rows = whole if isinstance(whole, list) else [whole]
    except (ValueError, RecursionError):
        rows = list(_json_lines(text))
    names = dict.fromkeys(str(key) for row in rows[:HEAD_ROWS] if isinstance(row, dict) for key in row)
    return list(names)


def _json_lines(text: str) -> Iterator[object]:
    for line in text.splitlines()[:HEAD_ROWS]:
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            continue


def _parquet_names(path: Path, limits: CorpusLimits) -> list[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path)
        meta = table.metadata
        if meta.num_rows > limits.rows:
            raise CorpusError("too_many_rows", limit=limits.rows, command=command(path.name))
        unpacked = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
        if unpacked > limits.unpacked_bytes:
            raise CorpusError("bomb", limit=limits.unpacked_bytes // 1_000_000, command=command(path.name))
        return [field.name for field in table.schema_arrow if not pa.types.is_nested(field.type)]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise CorpusError("broken", kind="Parquet") from error


def _check_parquet(path: Path, names: list[str], limits: CorpusLimits) -> None:
    """A value that stands once in a dictionary may be meant by every row: what it comes to is counted before it is read."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    total = 0
    try:
        schema = pq.ParquetFile(path).schema_arrow
        texts = [n for n in set(names) if n in schema.names and pa.types.is_string(schema.field(n).type)]
        for batch in pq.ParquetFile(path, read_dictionary=texts).iter_batches(batch_size=512, columns=texts) if texts else ():
            for column in batch.columns:
                lengths = pc.binary_length(column.dictionary).take(column.indices)
                total += pc.sum(lengths).as_py() or 0
            if total > limits.unpacked_bytes:
                raise CorpusError("bomb", limit=limits.unpacked_bytes // 1_000_000, command=command(path.name))
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise CorpusError("broken", kind="Parquet") from error


def _read_zip(path: Path, limits: CorpusLimits) -> Iterator[Article | Reject]:
    """The texts of a zip, each an article called by its name in it; nothing is ever unpacked to the disk."""
    left = limits.unpacked_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > limits.rows:
                raise CorpusError("too_many_rows", limit=limits.rows, command=command(path.name))
            # Told sizes may lie: they are checked first, and what is really read is counted too.
            if sum(member.file_size for member in members) > left:
                raise CorpusError("bomb", limit=limits.unpacked_bytes // 1_000_000, command=command(path.name))
            for member in members:
                data: bytes | None = None
                name = valid_name(member.filename)
                suffix = PurePosixPath(name).suffix.lower()
                if suffix in TEXTS:
                    try:
                        with archive.open(member) as file:
                            data = file.read(min(left, 4 * limits.characters * 10) + 1)
                    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error):
                        yield Reject(name, None, "the member is damaged or locked by a password")
                        continue
                    left -= len(data)
                    if left < 0:
                        raise CorpusError("bomb", limit=limits.unpacked_bytes // 1_000_000, command=command(path.name))
                yield _member(name, suffix, data)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        raise CorpusError("broken", kind="zip") from error


def _member(name: str, suffix: str, data: bytes | None) -> Article | Reject:
    if data is None:
        return Reject(name, None, "not a .txt or .html file")
    if looks_binary(data[:8_192]):
        return Reject(name, None, "the file is binary, not text")
    stem = str(PurePosixPath(name).with_suffix(""))
    if suffix in HTML_SUFFIXES:
        return read_html(data, name, stem)
    text = decode(data).strip("\ufeff \t\n\r")
    return Article(id=stem, body=text, source=Source(name, 1)) if text else Reject(name, None, "the file holds no text")
