"""Reads WhatsApp exports."""

from __future__ import annotations

from collections.abc import Iterator

from sorot.data.article import Article, Reject
from sorot.data.reading.columns import Columns
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.streams import Stream


def looks_like_chat(start: str) -> bool:
    """Not written yet."""
    del start
    return False


def read_chat(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    """Not written yet."""
    del stream, columns, inner
    yield origin.reject("is not read yet")
