"""What is dropped on the corpus tab, read within limits: a table by its columns, or a zip of texts, all of it in memory."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from sorot.data.article import Article, Reject, Source
from sorot.data.errors import InputError
from sorot.data.reading.columns import USUAL, Columns, resolve
from sorot.data.reading.files import CSV_SUFFIXES, JSON_SUFFIXES, PARQUET_SUFFIXES
from sorot.data.reading.readers import read_file
from sorot.data.reading.streams import is_packed, open_stream
from sorot.data.reading.tables.csv_rows import read_names
from sorot.data.text.encodings import decode
from sorot.serving.page.corpus.limits import LIMITS, ZIP, CorpusError, CorpusLimits, command, too_many_rows
from sorot.serving.page.corpus.uploads.parquet_size import check_parquet, parquet_names
from sorot.serving.page.corpus.uploads.zip_texts import read_zip, too_long

TABLES = CSV_SUFFIXES + JSON_SUFFIXES + PARQUET_SUFFIXES
FIELDS = tuple(USUAL)
HEAD_ROWS = 50
# The reader takes it as well for a field that is not to be read.
NONE = ""


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """What was read of one file, in order."""

    articles: tuple[Article, ...]
    rejects: tuple[Reject, ...]


def column_names(path: Path, limits: CorpusLimits = LIMITS) -> list[str] | None:
    """The names of a table's columns; None for a zip of texts, which has none.

    Raises CorpusError for what is not read here, sorot.data.errors.InputError for a header that cannot be read.
    """
    kind = _checked(path, limits)
    if kind == ZIP:
        return None
    if kind in CSV_SUFFIXES:
        with path.open("rb") as raw:
            names = read_names(open_stream(raw), kind, Columns())
    elif kind in PARQUET_SUFFIXES:
        names = parquet_names(path, limits)
    else:
        names = _json_names(path)
    if len(names) > limits.columns:
        raise CorpusError("too_many_columns", limit=limits.columns, command=command(path.name))
    if not names:
        raise CorpusError("no_rows")
    return names


def guess_columns(names: list[str]) -> Columns:
    """The columns that the readers take by themselves; `text` is None where no name looks like it."""
    try:
        return resolve(Columns(), names, "")
    except InputError:
        return replace(resolve(Columns(text=names[0]), names, ""), text=None)


def read_corpus_file(path: Path, chosen: Mapping[str, str | None], limits: CorpusLimits = LIMITS) -> CorpusFile:
    """All articles and rejects of a file, as `read_items` gives them."""
    items = list(read_items(path, chosen, limits))
    return CorpusFile(
        tuple(item for item in items if isinstance(item, Article)), tuple(item for item in items if isinstance(item, Reject))
    )


def first_articles(path: Path, chosen: Mapping[str, str | None], most: int, limits: CorpusLimits = LIMITS) -> list[Article]:
    """The first articles among the first rows, for which no more is read. Raises as `read_items`."""
    with closing(read_items(path, chosen, limits)) as items:
        return list(islice((item for item in islice(items, HEAD_ROWS) if isinstance(item, Article)), most))


def read_items(
    path: Path, chosen: Mapping[str, str | None], limits: CorpusLimits = LIMITS
) -> Generator[Article | Reject, None, None]:
    """Articles and rejects of a file, in order, each read when it is asked for.

    `chosen` says which column each field is in, NONE for a field that is not to be read. Raises CorpusError beyond a limit,
    and sorot.data.errors.InputError for what stops the readers.
    """
    names = column_names(path, limits)
    try:
        for item in read_zip(path, limits) if names is None else _read_table(path, names, chosen, limits):
            if isinstance(item, Article) and len(item.body) + len(item.title or "") > limits.characters:
                yield too_long(item.source.file if item.source else path.name, item.source.row if item.source else None, limits)
            else:
                yield item
    except InputError as error:
        # Where it lies on this machine is nobody's business.
        raise InputError(str(error).replace(str(path), path.name)) from error


def as_columns(names: Mapping[str, str]) -> Columns:
    """The columns with the names given for some fields; the reader finds the others."""
    text, title, outlet, date, url, key = (names.get(field) for field in ("text", "title", "outlet", "date", "url", "id"))
    return Columns(text, title, outlet, date, url, key)


def _read_table(
    path: Path, names: list[str], chosen: Mapping[str, str | None], limits: CorpusLimits
) -> Iterator[Article | Reject]:
    picked = {field: chosen.get(field) or NONE for field in FIELDS}
    wanted = {name for name in picked.values() if name}
    if not picked["text"]:
        raise CorpusError("no_text_column")
    if not wanted <= set(names):
        raise CorpusError("no_columns")
    found = guess_columns(names)
    by_hand = {field: name for field, name in picked.items() if name != (getattr(found, field) or NONE)}
    if path.suffix.lower() in PARQUET_SUFFIXES:
        check_parquet(path, wanted, limits, by_hand)
    # Objects of JSON may lack a key that others have: names that the reader finds by itself are looked up in each object.
    columns = by_hand if path.suffix.lower() in JSON_SUFFIXES else picked
    for number, item in enumerate(read_file(path, as_columns(columns)), 1):
        if number > limits.rows:
            raise too_many_rows(path, limits, by_hand)
        if isinstance(item, Reject):
            yield replace(item, file=path.name)
        else:
            yield replace(item, source=Source(path.name, item.source.row if item.source else number))


def _checked(path: Path, limits: CorpusLimits) -> str:
    """The file's kind, by its suffix, when it is still there and its size is within the limits."""
    kind = path.suffix.lower()
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            packed = is_packed(raw.read(4))
    except OSError as error:
        raise CorpusError("gone") from error
    if size > limits.bytes:
        raise CorpusError("too_many_bytes", limit=limits.bytes // 1_000_000, command=command(path.name))
    if kind not in (*TABLES, ZIP):
        raise CorpusError("unknown_kind")
    # What is packed may unpack to anything.
    if packed:
        raise CorpusError("packed", command=command(path.name))
    return kind


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
