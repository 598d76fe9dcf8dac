"""Reads pages that lie within another file, such as a web archive or a mail."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from sorot.data.article import Article, Reject, Source
from sorot.data.reading.columns import Columns
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.streams import open_stream

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def charset_of(content_type: str) -> str | None:
    """The charset that a header such as 'text/html; charset=utf-8' names."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def in_utf8(data: bytes, charset: str | None) -> bytes:
    """`data` in UTF-8, decoded as `charset` says; unchanged if it does not name a known encoding, or the data differs."""
    try:
        return data.decode(charset).encode("utf-8") if charset else data
    except (LookupError, ValueError):
        return data


def read_part(
    data: bytes, origin: Origin, row: int, url: str | None, columns: Columns, inner: Inner
) -> Iterator[Article | Reject]:
    """What `inner` reads of one part, with the part's number as row, and its address and host where the page names none."""
    host = (urlsplit(url).hostname if url else None) or None
    for item in inner(open_stream(io.BytesIO(data)), origin, columns):
        if isinstance(item, Reject):
            yield Reject(origin.file, row, item.reason)
        else:
            yield replace(item, url=item.url or url, outlet=item.outlet or host, source=Source(origin.file, row))
