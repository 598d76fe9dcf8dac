"""A file that was dropped on the page: read once, within limits, and deleted."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from data.encodings import decode, looks_binary
from data.errors import SorotError
from serving.page.article_words import say
from serving.page.words import Language, count

HTML_SUFFIXES = (".html", ".htm")
SUFFIXES = (".txt", *HTML_SUFFIXES)
MAX_BYTES = 2_000_000


class DroppedFileError(SorotError):
    """The file cannot be taken; the message says why and what to do, in the page's language."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The text of a dropped file, and whether it is the HTML source of a page."""

    text: str
    html: bool


def take_file(upload: object, language: Language) -> Dropped:
    """The text of an upload, whose copy on this machine is deleted whatever comes of it. DroppedFileError says why not.

    `upload` is the place where Gradio keeps it, which was found to be within its own folder before.
    """
    if not isinstance(upload, str):
        raise DroppedFileError(say("gone", language))
    kept = Path(upload)
    try:
        return _read(kept, language)
    finally:
        # Gradio keeps each upload in a folder of its own.
        with suppress(OSError):
            kept.unlink()
            kept.parent.rmdir()


def _read(kept: Path, language: Language) -> Dropped:
    suffix = kept.suffix.lower()
    if suffix not in SUFFIXES:
        raise DroppedFileError(say("wrong_kind", language))
    try:
        with kept.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise DroppedFileError(say("gone", language)) from error
    if len(content) > MAX_BYTES:
        raise DroppedFileError(say("too_large", language).format(limit=count(MAX_BYTES, language)))
    if looks_binary(content):
        raise DroppedFileError(say("binary", language))
    return Dropped(decode(content), suffix in HTML_SUFFIXES)
