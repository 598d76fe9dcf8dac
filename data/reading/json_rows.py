"""Reads JSON: one object per line, an array of objects, or a single object over several lines."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TextIO

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns, make_article, resolve
from sorot.data.reading.lines import read_limited_lines
from sorot.data.reading.streams import Stream

NO_ROWS = "the file holds no rows"
STEP = 1_000_000
# Longest line, object or array element, in characters; each must fit in memory.
MAX_CHARACTERS = 50_000_000
# Longest text value of an object that only wraps the rows; a longer one may be an article.
MAX_WRAPPER_TEXT = 200
LONG_LINE = "the line is longer than {:,} characters; write one object per line, or save only the array of rows"
_BLANK = re.compile(r"[\s,\ufeff]*")


def read_json(stream: Stream, file: str, stem: str, columns: Columns) -> Iterator[Article | Reject]:
    """Articles and rejects of JSON in any of the three layouts; the first characters show which."""
    rows = _Rows(file, stem, columns)
    text = stream.text("\n")
    yield from rows.array(text) if _begins_array(stream.start) else rows.lines(text)


class _Rows:
    def __init__(self, file: str, stem: str, columns: Columns) -> None:
        self._file = file
        self._stem = stem
        self._columns = columns
        # Keys rarely change from row to row, so the last resolution is cached.
        self._last: tuple[tuple[str, ...], Columns] | None = None

    def array(self, text: TextIO) -> Iterator[Article | Reject]:
        number = 0
        try:
            for row in _elements(text):
                number += 1
                yield self._article(row, number)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            yield Reject(self._file, number + 1, f"not valid JSON: {reason}; reading stopped there")
        else:
            if not number:
                yield Reject(self._file, None, NO_ROWS)

    def lines(self, text: TextIO) -> Iterator[Article | Reject]:
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
                yield self._article(whole, begin)
                return
            ahead = io.StringIO(rest + next(lines, ""), newline="\n")
            following = chain(read_limited_lines(ahead, MAX_CHARACTERS), lines)
        for number, line in enumerate(chain([head], following), begin):
            if _is_blank(line):
                continue
            if len(line) > MAX_CHARACTERS:
                yield Reject(self._file, number, LONG_LINE.format(MAX_CHARACTERS))
                continue
            try:
                row = json.loads(_plain(line))
            except (ValueError, RecursionError) as error:
                yield Reject(self._file, number, f"not valid JSON: {error}")
                continue
            yield self._article(row, number)

    def _article(self, row: Any, number: int) -> Article | Reject:
        if not isinstance(row, dict):
            return Reject(self._file, number, "not a JSON object")
        keys = tuple(row)
        if self._last is None or self._last[0] != keys:
            location = f"{self._file}:{number}"
            try:
                self._last = keys, resolve(self._columns, keys, location, sparse=True)
            except InputError as error:
                return self._without_text(row, number, str(error).removeprefix(f"{location}: "))
        columns = self._last[1]
        article = make_article(row, columns, self._file, number, self._stem)
        if isinstance(article, Reject) and isinstance(row.get(columns.text or ""), list):
            return self._without_text(row, number, article.reason)
        return article

    def _without_text(self, row: dict[str, Any], number: int, reason: str) -> Reject:
        """Rejects an object without text; the reason names the key of the rows if the object only wraps them."""
        key = next((key for key, value in row.items() if self._are_rows(value)), None)
        if key is not None and not any(isinstance(value, str) and len(value) > MAX_WRAPPER_TEXT for value in row.values()):
            reason = f"the rows are under {key!r}; save only that array"
        return Reject(self._file, number, reason)

    def _are_rows(self, value: Any) -> bool:
        if not (isinstance(value, list) and value and isinstance(value[0], dict)):
            return False
        try:
            resolve(self._columns, value[0], "")
        except InputError:
            return False
        return True


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
