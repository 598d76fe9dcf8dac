"""Reads JSON: one object per line, an array of objects, a single object, or an object that holds the rows."""

from __future__ import annotations

import io
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, TextIO

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import LONG_NAME, Columns, used_columns
from sorot.data.reading.fields.extra_columns import extra_columns
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.streams import Stream
from sorot.data.reading.tables.json_shapes import Row, arrays_without_text, by_columns, find_rows, require_row
from sorot.data.reading.tables.lines import read_limited_lines
from sorot.data.reading.tables.table_rows import TableRow, articles_of

NO_ROWS = "the file holds no rows"
STEP = 1_000_000
# Longest line, object or array element, in characters; each must fit in memory.
MAX_CHARACTERS = 50_000_000
# How many names a message shows.
MAX_NAMES = 30
# How many lines to look at before a broken first line counts as the beginning of an object too large to read.
PROBE_LINES = 5
LONG_LINE = "the line is longer than {:,} characters; write one object per line, or save only the array of rows"
LARGE_OBJECT = (
    f"the file is one object larger than {MAX_CHARACTERS // 1_000_000} MB; save only its array of rows, or one object per line"
)
_BLANK = re.compile(r"[\s,\ufeff]*")


def read_json(
    stream: Stream, file: str, stem: str, columns: Columns, notes: ReadingNotes | None = None
) -> Iterator[Article | Reject]:
    """Articles and rejects of JSON in any layout; the first characters show which.

    Arrays and lines are streamed. An object that holds the rows must fit in memory, like a line; which of its keys holds
    them shows only when all of it is read.
    """
    rows = _Rows(file, stem, columns)
    text = stream.text("\n")
    items = rows.array(text) if _begins_array(stream.start) else rows.lines(text)
    drafts: deque[_Draft | Reject] = deque()

    def numbered() -> Iterator[TableRow]:
        for item in items:
            drafts.append(item)
            yield (0, item) if isinstance(item, Reject) else (item.number, item)

    for made in articles_of(numbered(), _columns_of, file, stem, notes=notes):
        draft = drafts.popleft()
        yield made if isinstance(made, Reject) or isinstance(draft, Reject) else draft.finish(made)


class _Draft(dict[str, Any]):
    """The cells of a row that may become an article, by column, with the object `value` that they come from.

    `n` is the row's number below a key of an object, for its id.
    """

    def __init__(self, value: Mapping[str, Any], row: Row, number: int, stem: str, n: int | None = None) -> None:
        super().__init__(row.article_values())
        self.value = value
        self.columns = row.columns
        self.number = number
        self.stem = stem
        self.n = n

    def finish(self, article: Article) -> Article:
        """The article with the id that its place gives it, and the user's own columns if they are kept."""
        if not self.get(self.columns.id or ""):
            article = replace(article, id=f"{self.stem}-{self.number if self.n is None else self.n}")
        if not self.columns.keep:
            return article
        used = used_columns(self.columns)
        # A column within an object stands for all of it.
        outer = {name.partition(".")[0] for name in used if name not in self.value}
        return replace(article, extra=extra_columns(self.value, {*used, *outer}))


def _columns_of(number: int, row: Mapping[str, Any]) -> Columns:
    del number
    # The kept columns come from the object, not from its cells.
    return replace(row.columns, keep=False) if isinstance(row, _Draft) else Columns()


class _Rows:
    def __init__(self, file: str, stem: str, columns: Columns) -> None:
        self._file = file
        self._stem = stem
        self._columns = columns

    def array(self, text: TextIO) -> Iterator[_Draft | Reject]:
        number = 0
        try:
            for row in _elements(text):
                number += 1
                yield from self._articles(row, number)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            yield Reject(self._file, number + 1, f"not valid JSON: {reason}; reading stopped there")
        else:
            if not number:
                yield Reject(self._file, None, NO_ROWS)

    def lines(self, text: TextIO) -> Iterator[_Draft | Reject]:
        lines = read_limited_lines(text, MAX_CHARACTERS)
        first = next((pair for pair in enumerate(lines, 1) if not _is_blank(pair[1])), None)
        if first is None:
            yield Reject(self._file, None, NO_ROWS)
            return
        begin, head = first
        following: Iterable[str] = lines
        if len(head) <= MAX_CHARACTERS and head.lstrip("\ufeff \t").startswith("{") and _parses(head) is None:
            rest = text.read(MAX_CHARACTERS)
            whole = _parses(head + rest) if len(rest) < MAX_CHARACTERS else None
            if whole is not None:
                yield from self._articles(whole, begin, whole=True)
                return
            if len(rest) < MAX_CHARACTERS and len(several := _one_after_another(head + rest)) > 1:
                for number, row in enumerate(several, 1):
                    yield from self._articles(row, number)
                return
            if len(rest) >= MAX_CHARACTERS and not any(_parses(line) for line in rest[:STEP].split("\n")[:PROBE_LINES]):
                yield Reject(self._file, None, LARGE_OBJECT)
                return
            ahead = io.StringIO(rest + next(lines, ""), newline="\n")
            following = chain(read_limited_lines(ahead, MAX_CHARACTERS), lines)
        numbered = ((n, line) for n, line in enumerate(chain([head], following), begin) if not _is_blank(line))
        pending = next(numbered, None)
        key: Any = None
        while pending is not None:
            (number, line), pending = pending, next(numbered, None)
            if len(line) > MAX_CHARACTERS:
                yield Reject(self._file, number, LONG_LINE.format(MAX_CHARACTERS))
                continue
            try:
                row = json.loads(_plain(line))
            except (ValueError, RecursionError) as error:
                yield Reject(self._file, number, f"not valid JSON: {error}")
                continue
            if (action := _bulk_action(row)) is not None:
                key = action.get("_id")
                continue
            if key is not None and isinstance(row, dict):
                row, key = {"_id": key} | row, None
            yield from self._articles(row, number, whole=number == begin and pending is None)

    def _articles(self, value: Any, number: int, *, whole: bool = False) -> Iterator[_Draft | Reject]:
        """The article of an object, or those of the rows that it holds; if it is the `whole` file, they count from 1."""
        if not isinstance(value, dict):
            yield Reject(self._file, number, "not a JSON object")
            return
        row: Row | None = None
        reason = ""
        table = by_columns(value, self._columns)
        if table is None:
            try:
                row = require_row(value, self._columns)
            except InputError as error:
                reason = str(error).removeprefix(": ")
        if row is not None and row.holds_text and not (row.is_brief and len(find_rows(value, self._columns)) == 1):
            yield _Draft(value, row, number, self._stem)
            return
        found: dict[str, Iterable[Any]] = {"": table} if table is not None else find_rows(value, self._columns)
        if len(found) > 1 and found.keys() == value.keys() and all(map(_names_a_group, found)):
            # Rows by day or by outlet: the object holds nothing but them.
            found = {"": [row for rows in value.values() for row in rows]}
        if len(found) != 1:
            reason = reason or f"no text in column {(row.columns.text if row else None)!r}"
            yield Reject(self._file, number, _without_rows(value, list(found), reason))
            return
        stem = self._stem if whole else f"{self._stem}-{number}"
        for n, inner in enumerate(next(iter(found.values())), 1):
            yield self._inner(inner, n if whole else number, n, stem)

    def _inner(self, value: Any, number: int, n: int, stem: str) -> _Draft | Reject:
        """The article of a row that lies below the keys of an object."""
        if not isinstance(value, dict):
            return Reject(self._file, number, f"row {n} is not a JSON object")
        try:
            return _Draft(value, require_row(value, self._columns), number, stem, n)
        except InputError as error:
            return Reject(self._file, number, str(error).removeprefix(": "))


def _without_rows(value: Mapping[str, Any], found: list[str], reason: str) -> str:
    """Why an object gives no article: which of its arrays might hold the rows."""
    if found:
        return f"rows with text are under {_quoted(found)}; save only the array that you mean"
    if empty := [key for key, inner in value.items() if inner == [] and "no column" in reason]:
        return f"there are no rows under {_quoted(empty)}"
    arrays = list(arrays_without_text(value))
    if len(arrays) == 1 and "--text-column" in reason and "no column" in reason:
        path, names = arrays[0]
        return f"the rows under {path!r} have no text column among {_quoted(names)}; name it with --text-column"
    return reason


def _quoted(names: list[str]) -> str:
    return ", ".join(repr(name[:LONG_NAME]) for name in names[:MAX_NAMES]) + (" ..." if len(names) > MAX_NAMES else "")


def _begins_array(start: str) -> bool:
    """Whether the file is an array. A complete list on the first of several lines is a faulty row instead."""
    if not start.startswith("["):
        return False
    line, end, following = start.partition("\n")
    return not (end and following.strip() and isinstance(_load(line), list))


def _elements(text: TextIO) -> Iterator[Any]:
    """Streams the elements of an array. Raises ValueError if the array is malformed."""
    decode = json.JSONDecoder().raw_decode
    buffer, position, step, opened, ended = "", 0, STEP, False, False
    while True:
        position = _end_of_blank(buffer, position)
        if position < len(buffer) and not opened:
            opened = True
            position += 1
            continue
        if buffer.startswith("]", position):
            if (buffer[position + 1 :] + text.read(STEP)).strip():
                raise ValueError("unexpected text after the end of the array")
            return
        if position < len(buffer):
            try:
                value, end = decode(buffer, position)
            except ValueError:
                # The element may continue beyond the buffer: read more, up to the limit.
                if ended or len(buffer) - position > MAX_CHARACTERS:
                    raise
            else:
                # A number at the end of the buffer may have more digits to come.
                if end < len(buffer) or ended:
                    yield value
                    position, step = end, STEP
                    continue
        elif ended:
            raise ValueError("the array is not closed")
        more = text.read(step)
        buffer, position, step, ended = buffer[position:] + _plain(more), 0, 2 * step, not more


def _end_of_blank(buffer: str, position: int) -> int:
    blank = _BLANK.match(buffer, position)
    return blank.end() if blank else position


def _one_after_another(text: str) -> list[dict[str, Any]]:
    """The objects that stand one after another, on several lines each, as jq writes them; empty if there is anything else."""
    decode = json.JSONDecoder().raw_decode
    text, position, found = _plain(text), 0, []
    try:
        while (position := _end_of_blank(text, position)) < len(text):
            value, position = decode(text, position)
            if not isinstance(value, dict):
                return []
            found.append(value)
    except (ValueError, RecursionError):
        return []
    return found


def _bulk_action(row: Any) -> dict[str, Any] | None:
    """What a line of Elasticsearch's bulk format says of the next line; None for a row."""
    if not isinstance(row, dict) or len(row) != 1:
        return None
    [(name, value)] = row.items()
    return value if name in ("index", "create") and isinstance(value, dict) and {"_index", "_id"} & value.keys() else None


def _names_a_group(key: str) -> bool:
    """Whether a key is a day or a name, not one of an interface: rows under 'articles' and 'related' are of two kinds."""
    return not (key.isidentifier() and key.islower())


def _parses(text: str) -> dict[str, Any] | None:
    row = _load(text)
    return row if isinstance(row, dict) else None


def _load(text: str) -> Any:
    try:
        return json.loads(_plain(text))
    except (ValueError, RecursionError):
        return None


def _is_blank(line: str) -> bool:
    return not line.strip("\ufeff\x00 \t\r\n")


def _plain(text: str) -> str:
    return text.replace("\x00", "").lstrip("\ufeff")
