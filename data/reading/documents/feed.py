"""Reads RSS and Atom feeds."""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from sorot.data.article import Article, Reject, Source
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.fields.date_order import read_date
from sorot.data.reading.fields.markup import plain_line, plain_text
from sorot.data.reading.fields.outlets import join_outlet, outlet_of_channel, without_outlet
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.streams import MAX_WHOLE_BYTES, Stream
from sorot.data.text.encodings import mend

NO_TEXT = "no text in this feed item; fetch the page that it links to"
# American zones, which `parse_date` does not know; feedparser does.
_OTHER_ZONE = re.compile(r"\b[ECMP][SD]T\b")
_WORDPRESS_KINDS = {
    "page": "a page of the site",
    "attachment": "an attached file",
    "nav_menu_item": "an entry of a menu",
    "revision": "an old version",
    "custom_css": "a style sheet",
    "wp_block": "a block",
    "wp_template": "a template",
}
# WordPress' last line of every item.
_FOOTER = re.compile(
    r"(?<!\n)\n*^(?:The post .{1,300} (?:appeared first on|first appeared on) .{1,100}"
    r"|(?:Artikel|Berita|Pos) .{1,300} pertama kali tampil pada .{1,100})\Z",
    re.MULTILINE,
)


def read_feed(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    """An article per item of an RSS or Atom feed, with the longest of its texts; an item without text is a reject.

    Nothing is fetched. A feed that is not well-formed gives the items that can be read, and a reject.
    Raises InputError if feedparser is not installed.
    """
    del columns, inner
    try:
        import feedparser
    except ModuleNotFoundError as error:
        raise InputError(f"{origin.file}: reading feeds needs feedparser; add it with: pip install 'sorot[files]'") from error
    data = stream.read_whole()
    if data is None:
        yield origin.reject(f"is a feed larger than {MAX_WHOLE_BYTES // 1_000_000} MB; split it")
        return
    # As a file: feedparser takes other arguments for an address or a path, and opens them.
    found = feedparser.parse(io.BytesIO(data))
    channel = outlet_of_channel(plain_line(found.feed.get("title", ""))) or None
    for number, entry in enumerate(found.entries, 1):
        yield _article(entry, origin, number, channel)
    harmless = (feedparser.exceptions.ThingsNobodyCaresAboutButMe, feedparser.exceptions.UndeclaredNamespace)
    if found.bozo and not isinstance(found.get("bozo_exception"), harmless):
        yield origin.reject("is a feed that is not well-formed XML, so items may be missing or cut short; fetch it again")
    elif not found.entries:
        yield origin.reject("is a feed without items; fetch it again, or give the pages themselves")


def _article(entry: Any, origin: Origin, number: int, channel: str | None) -> Article | Reject:
    parts = [*entry.get("content", ()), entry.get("summary_detail") or {"value": entry.get("summary", "")}]
    texts = [_FOOTER.sub("", plain_text(mend(part.get("value") or ""))).strip() for part in parts]
    text = max(texts, key=len, default="")
    title = plain_line(mend(entry.get("title", ""))) or None
    outlet = join_outlet(plain_line((entry.get("source") or {}).get("title", ""))) or channel
    title = without_outlet(title, outlet) if title and outlet else title
    if fault := _no_post(entry):
        return Reject(origin.file, number, fault)
    if not text or _says_only(text, title, outlet):
        return Reject(origin.file, number, NO_TEXT)
    return Article(
        id=f"{origin.stem}-{number}",
        body=text,
        title=title,
        outlet=outlet,
        published=_date(entry, "published") or _date(entry, "updated"),
        url=entry.get("link") or None,
        source=Source(origin.file, number),
    )


def _no_post(entry: Any) -> str:
    """Why an item of a WordPress export is no article, or an empty string."""
    kind, status = entry.get("wp_post_type") or "post", entry.get("wp_status") or "publish"
    if kind in _WORDPRESS_KINDS:
        return f"this item of the WordPress export is {_WORDPRESS_KINDS[kind]}, not a post"
    return f"this post was not published (status {status[:40]})" if status in ("draft", "auto-draft", "trash", "pending") else ""


def _says_only(text: str, title: str | None, outlet: str | None) -> bool:
    """Whether the text only repeats title and outlet, as in feeds of news searches."""
    rest = " ".join(text.split())
    for part in (title, outlet):
        rest = rest.replace(part, "") if part else rest
    return title is not None and not any(c.isalnum() for c in rest)


def _date(entry: Any, name: str) -> datetime | date | None:
    raw, parsed = entry.get(name), entry.get(f"{name}_parsed")
    moment = None if raw and _OTHER_ZONE.search(raw) and parsed else read_date(raw) if raw else None
    return moment or (datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None)
