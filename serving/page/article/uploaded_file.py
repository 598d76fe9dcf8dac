"""A file that was dropped on the page: read within limits. It is deleted with all others that are old."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sorot.data.errors import SorotError
from sorot.data.text.encodings import decode, looks_binary
from sorot.serving.limits import CHARACTER_BYTES, Limits
from sorot.serving.page.article.words import article_text
from sorot.serving.words.language import Language, format_count

HTML_SUFFIXES = (".html", ".htm")
SUFFIXES = (".txt", *HTML_SUFFIXES)
# How the source of a whole page begins, perhaps after comments.
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


class UploadedFileError(SorotError):
    """The file cannot be taken; the message says why and what to do, in the page's language."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """The text of a dropped file, and whether it is the HTML source of a page."""

    text: str
    html: bool


def looks_like_page(text: str) -> bool:
    """Whether a text is the HTML source of a whole page, which is read like a page that was uploaded."""
    return _PAGE.match(text) is not None


def read_uploaded_file(upload: object, language: Language, limits: Limits) -> UploadedFile:
    """The text of an upload. UploadedFileError says why not.

    `upload` is the place where Gradio keeps it, which was found to be within its own folder before. It stays there: who
    uploads the same file has the same place.
    """
    if not isinstance(upload, str):
        raise UploadedFileError(article_text("gone", language))
    kept = Path(upload)
    suffix = kept.suffix.lower()
    if suffix not in SUFFIXES:
        raise UploadedFileError(article_text("wrong_kind", language))
    html = suffix in HTML_SUFFIXES
    most = limits.html_characters if html else CHARACTER_BYTES * limits.characters
    try:
        with kept.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise UploadedFileError(article_text("gone", language)) from error
    if len(content) > most:
        raise UploadedFileError(article_text("too_large", language, limit=format_count(most, language)))
    if looks_binary(content):
        raise UploadedFileError(article_text("binary", language))
    return UploadedFile(decode(content), html)
