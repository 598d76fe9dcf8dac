"""The article of an HTML page."""

from __future__ import annotations

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns, make_article
from sorot.data.reading.markup_limits import why_heavy
from sorot.data.text.encodings import LEGACY, decode, guess_encoding, mend

# With time of day and zone, where the page tells them.
_DATES = {"outputformat": "%Y-%m-%dT%H:%M:%S%z", "original_date": True}


def read_html(data: bytes | str, file: str, stem: str) -> Article | Reject:
    """The article of an HTML page, by trafilatura in precision mode; a reject where none is found or the page cannot be read.

    Raises InputError where the extra `html` is not installed.
    """
    try:
        import trafilatura
    except ModuleNotFoundError as error:
        raise InputError(f"{file}: reading HTML needs trafilatura; add it with: pip install 'sorot[html]'") from error
    if isinstance(data, bytes) and guess_encoding(data) != LEGACY:
        # Else the page itself may say which encoding it is in.
        data = decode(data)
    try:
        if heavy := why_heavy(data):
            return Reject(file, 1, f"this HTML page has {heavy}, too much for an article")
        found = trafilatura.bare_extraction(
            data, favor_precision=True, with_metadata=True, include_comments=False, date_extraction_params=_DATES
        )
    except MemoryError:
        raise
    except Exception as error:
        # Whatever the parsers make of one page, it costs no other. Their message may hold the page's text.
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
