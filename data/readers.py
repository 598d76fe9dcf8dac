"""Read articles from what users have: text dumps, HTML, JSONL, CSV, Parquet, folders of them, globs, standard input.

Everything streams. A row or file that cannot be read becomes a `Reject`, and reading goes on. What stops it (`InputError`)
is an input that does not exist, found before anything is read, or a column that is not there, where there is but one file.
"""

from __future__ import annotations

import csv
import glob
import gzip
import io
import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from data.article import Article, Reject, Source
from data.columns import Columns, InputError, make_article, resolve
from data.encodings import SAMPLE, decode, guess_encoding, looks_binary, mend

TEXT_SUFFIXES = (".txt", ".text", ".md")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
CSV_SUFFIXES = (".csv", ".tsv")
PARQUET_SUFFIXES = (".parquet", ".pq")
KNOWN_SUFFIXES = TEXT_SUFFIXES + HTML_SUFFIXES + JSON_SUFFIXES + CSV_SUFFIXES + PARQUET_SUFFIXES
PARQUET_ROWS = 512
MAX_FILE_BYTES = 50_000_000


def read_articles(
    inputs: Sequence[str], *, columns: Columns | None = None, stdin: BinaryIO | None = None
) -> Iterator[Article | Reject]:
    """Articles and rejects of all inputs, in order; a folder gives its files by name, '-' is standard input."""
    chosen = columns or Columns()
    files: list[Path | None] = [path for name in inputs for path in ([None] if name == "-" else find_files(name))]
    for path in files:
        try:
            yield from _read_stream(stdin or sys.stdin.buffer, chosen) if path is None else read_file(path, chosen)
        except InputError as error:
            if len(files) == 1:
                raise
            yield Reject("-" if path is None else str(path), None, str(error).split(": ", 1)[-1])


def find_files(name: str) -> list[Path]:
    """The files that an input names: itself, those in the folder (at any depth), or those a glob matches."""
    path = Path(name)
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.is_file() and _suffix(p) in KNOWN_SUFFIXES and not p.name.startswith("."))
        if not found:
            raise InputError(f"{name}: the folder holds no file that can be read ({', '.join(KNOWN_SUFFIXES)})")
        return found
    if path.is_file():
        return [path]
    matches = sorted(Path(m) for m in glob.glob(name, recursive=True))  # noqa: PTH207 - a pattern may be absolute
    files = [p for p in matches if p.is_file()]
    if not files:
        raise InputError(f"{name}: no such file or folder, and nothing matches it as a pattern; check the path")
    return files


def read_file(path: Path, columns: Columns) -> Iterator[Article | Reject]:
    """Articles and rejects of one file, by the file's suffix (a further .gz is unpacked); else it is read as text."""
    suffix = _suffix(path)
    try:
        if path.stat().st_size == 0:
            yield Reject(str(path), None, "the file is empty")
        elif suffix in PARQUET_SUFFIXES:
            yield from _read_parquet(path, columns)
        elif suffix in CSV_SUFFIXES:
            yield from _read_csv(path, columns, suffix)
        elif suffix in JSON_SUFFIXES:
            yield from _read_json(path, columns)
        else:
            yield from _read_one(path, html=suffix in HTML_SUFFIXES)
    except (OSError, EOFError, zlib.error) as error:
        yield Reject(str(path), None, f"the file cannot be read: {getattr(error, 'strerror', None) or error}")


def read_html(data: bytes | str, file: str, stem: str) -> Article | Reject:
    """The article of an HTML page, by trafilatura in precision mode; a reject where none is found.

    Raises InputError where the extra `html` is not installed.
    """
    try:
        import trafilatura
    except ModuleNotFoundError as error:
        raise InputError(f"{file}: reading HTML needs trafilatura; run: pip install 'sorot[html]'") from error
    found = trafilatura.bare_extraction(data, favor_precision=True, with_metadata=True, include_comments=False)
    text = mend(found.text or "").replace("\n", "\n\n").strip() if found else ""
    if not found or not text:
        return Reject(file, 1, "no article was found in this HTML page")
    date = found.date
    row = {
        "text": text,
        "title": found.title,
        "outlet": found.sitename or found.hostname,
        "date": date,
        "url": found.url,
        "id": stem,
    }
    return make_article(row, Columns("text", "title", "outlet", "date", "url", "id"), file, 1, stem)


def _suffix(path: Path) -> str:
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


def _stem(path: Path) -> str:
    return Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem


def _open(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def _read_one(path: Path, *, html: bool) -> Iterator[Article | Reject]:
    with _open(path) as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        yield Reject(str(path), None, f"the file is larger than {MAX_FILE_BYTES // 1_000_000} MB, too large for one article")
    elif looks_binary(data):
        yield Reject(str(path), None, "the file is binary, not text")
    elif html:
        yield read_html(data, str(path), _stem(path))
    else:
        yield _plain_article(decode(data), str(path), _stem(path))


def _plain_article(text: str, file: str, stem: str) -> Article | Reject:
    if not text.strip("\ufeff\ufffd \t\n\r"):
        return Reject(file, 1, "the file holds no text")
    return Article(id=stem, body=text.strip(), source=Source(file, 1))


def _read_json(path: Path, columns: Columns) -> Iterator[Article | Reject]:
    with _open(path) as file:
        first = file.peek(PEEK)[:PEEK] if isinstance(file, io.BufferedReader) else b""
        if looks_binary(first) and path.suffix.lower() != ".gz":
            yield Reject(str(path), None, "the file is binary, not JSON")
            return
        if first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            yield from _read_json_array(file.read(), str(path), _stem(path), columns)
        else:
            yield from _read_json_lines(file, str(path), _stem(path), columns)


PEEK = 1024


def _read_json_array(data: bytes, file: str, stem: str, columns: Columns) -> Iterator[Article | Reject]:
    try:
        rows = json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        yield Reject(file, None, f"not valid JSON: {error}")
        return
    for number, row in enumerate(rows, 1):
        yield _from_object(row, columns, file, number, stem)


def _read_json_lines(lines: Iterable[bytes], file: str, stem: str, columns: Columns) -> Iterator[Article | Reject]:
    for number, line in enumerate(lines, 1):
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        try:
            row = json.loads(decode(line))
        except (ValueError, RecursionError) as error:
            yield Reject(file, number, f"not valid JSON: {error}")
            continue
        yield _from_object(row, columns, file, number, stem)


def _from_object(row: object, columns: Columns, file: str, number: int, stem: str) -> Article | Reject:
    if not isinstance(row, dict):
        return Reject(file, number, "not a JSON object")
    try:
        # Keys may differ from line to line, so columns are resolved for each.
        chosen = resolve(columns, [str(k) for k in row], f"{file}:{number}")
    except InputError as error:
        return Reject(file, number, str(error).split(": ", 1)[1])
    return make_article(row, chosen, file, number, stem)


def _read_csv(path: Path, columns: Columns, suffix: str) -> Iterator[Article | Reject]:
    with _open(path) as file:
        sample = file.read(SAMPLE)
    if looks_binary(sample):
        yield Reject(str(path), None, "the file is binary, not CSV")
        return
    encoding = guess_encoding(sample)
    with _open(path) as raw, io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as file:
        text = sample.decode(encoding, errors="replace")
        yield from _read_rows(file, text, str(path), _stem(path), columns, suffix)


def _read_rows(
    file: Iterable[str], sample: str, name: str, stem: str, columns: Columns, suffix: str
) -> Iterator[Article | Reject]:
    header = sample.split("\n", 1)[0]
    delimiter = "\t" if suffix == ".tsv" else max(",;\t|", key=header.count)
    csv.field_size_limit(MAX_FILE_BYTES)
    reader = csv.reader((line.replace("\x00", "") for line in file), delimiter=delimiter)
    names = [n.strip().lstrip("\ufeff") for n in next(reader, [])]
    chosen = resolve(columns, names, name)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Reject(name, reader.line_num, f"not valid CSV: {error}")
            continue
        if row is None:
            return
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            yield Reject(
                name,
                reader.line_num,
                f"{len(row)} fields where the header has {len(names)}; quote the text or mend the row",
            )
            continue
        yield make_article(dict(zip(names, row, strict=True)), chosen, name, reader.line_num, stem)


def _read_parquet(path: Path, columns: Columns) -> Iterator[Article | Reject]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        chosen = resolve(columns, file.schema_arrow.names, str(path))
        number = 0
        wanted = sorted({c for c in (chosen.text, chosen.title, chosen.outlet, chosen.date, chosen.url, chosen.id) if c})
        for batch in file.iter_batches(batch_size=PARQUET_ROWS, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield make_article(row, chosen, str(path), number, path.stem)
    except (pa.ArrowInvalid, pa.ArrowException, OSError) as error:
        yield Reject(str(path), None, f"not a readable Parquet file: {str(error).splitlines()[0]}")


def _read_stream(stream: BinaryIO, columns: Columns) -> Iterator[Article | Reject]:
    """Standard input: JSON lines if it begins with a brace, HTML if with a tag, else one text."""
    data = stream.read(MAX_FILE_BYTES + 1)
    start = data[:PEEK].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        yield Reject("-", None, "standard input is empty")
    elif len(data) > MAX_FILE_BYTES and not start.startswith(b"{"):
        yield Reject("-", None, f"standard input is larger than {MAX_FILE_BYTES // 1_000_000} MB, too large for one article")
    elif looks_binary(data):
        yield Reject("-", None, "standard input is binary, not text")
    elif start.startswith(b"{"):
        yield from _read_json_lines(_rest(data, stream), "-", "stdin", columns)
    elif start[:1] == b"<" and b"<" in start[:200] and (b"html" in start[:200].lower() or b"<p" in data.lower()):
        yield read_html(data, "-", "stdin")
    else:
        yield _plain_article(decode(data), "-", "stdin")


def _rest(data: bytes, stream: BinaryIO) -> Iterator[bytes]:
    head = data + stream.readline()
    yield from io.BytesIO(head)
    yield from stream
