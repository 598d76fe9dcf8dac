"""Extracts the article from an HTML page."""

from __future__ import annotations

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns, make_article
from sorot.data.reading.markup_limits import exceeded_limit
from sorot.data.text.encodings import LEGACY, decode, guess_encoding, mend

# Publication date with time and zone, if the page has them.
_DATES = {"outputformat": "%Y-%m-%dT%H:%M:%S%z", "original_date": True}


def read_html(data: bytes | str, file: str, stem: str) -> Article | Reject:
    """The article of an HTML page, or a reject if the page is unreadable or has none; trafilatura favours precision.

    Bytes may be in any encoding. The article's id is `stem`. Raises InputError if the extra `html` is not installed.
    """
    try:
        import trafilatura
    except ModuleNotFoundError as error:
        raise InputError(f"{file}: reading HTML needs trafilatura; add it with: pip install 'sorot[html]'") from error
    if isinstance(data, bytes) and guess_encoding(data) != LEGACY:
        # Legacy bytes stay undecoded: the page may declare its encoding.
        data = decode(data)
    try:
        if excess := exceeded_limit(data):
            return Reject(file, 1, f"this HTML page has {excess}, too much for an article")
        found = trafilatura.bare_extraction(
            data, favor_precision=True, with_metadata=True, include_comments=False, date_extraction_params=_DATES
        )
    except MemoryError:
        raise
    except Exception as error:
        # A parser failure rejects this page only. Its message may quote the page, so only its type is shown.
        return Reject(
            file, 1, f"this HTML page cannot be read ({type(error).__name__} in trafilatura); give its article as plain text"
        )
    text = mend(found.text or "").replace("\n", "\n\n").strip() if found else ""
    if not found or not text:
        return Reject(file, 1, "no article was found in this HTML page")
    row = {
        "text": text,
        "title": found.title,
        "outlet": found.sitename or found.hostname,
        "date": found.date,
        "url": found.url,
        "id": stem,
    }
    return make_article(row, Columns("text", "title", "outlet", "date", "url", "id"), file, 1, stem)
