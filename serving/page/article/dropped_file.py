"""A file that was dropped on the page: read within limits. It is deleted with all others that are old."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sorot.data.errors import SorotError
from sorot.data.text.encodings import decode, looks_binary
from sorot.serving.limits import CHARACTER_BYTES, Limits
from sorot.serving.page.article.words import say
from sorot.serving.page.common.words import Language, count

HTML_SUFFIXES = (".html", ".htm")
SUFFIXES = (".txt", *HTML_SUFFIXES)


class DroppedFileError(SorotError):
    """The file cannot be taken; the message says why and what to do, in the page's language."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The text of a dropped file, and whether it is the HTML source of a page."""

    text: str
    html: bool


def take_file(upload: object, language: Language, limits: Limits) -> Dropped:
    """The text of an upload. DroppedFileError says why not.

    `upload` is the place where Gradio keeps it, which was found to be within its own folder before. It stays there: who
    uploads the same file has the same place.
    """
    if not isinstance(upload, str):
        raise DroppedFileError(say("gone", language))
    kept = Path(upload)
    suffix = kept.suffix.lower()
    if suffix not in SUFFIXES:
        raise DroppedFileError(say("wrong_kind", language))
    html = suffix in HTML_SUFFIXES
    most = limits.html_characters if html else CHARACTER_BYTES * limits.characters
    try:
        with kept.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise DroppedFileError(say("gone", language)) from error
    if len(content) > most:
        raise DroppedFileError(say("too_large", language).format(limit=count(most, language)))
    if looks_binary(content):
        raise DroppedFileError(say("binary", language))
    return Dropped(decode(content), html)
