"""The texts of a zip, within limits; nothing is ever unpacked to the disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from sorot.data.article import Article, Reject, Source
from sorot.data.reading.documents.archive import Member, visible_members
from sorot.data.reading.documents.unpacking import DAMAGED
from sorot.data.reading.files import HTML_SUFFIXES
from sorot.data.reading.html import read_html
from sorot.data.text.encodings import decode, looks_binary
from sorot.serving.limits import CHARACTER_BYTES
from sorot.serving.page.corpus.limits import CorpusError, CorpusLimits, too_many_rows, too_much_unpacked

TEXTS = (".txt", *HTML_SUFFIXES)


def read_zip(path: Path, limits: CorpusLimits) -> Iterator[Article | Reject]:
    """Each text an article, called by its name in the zip; hidden files are passed over. CorpusError beyond a limit."""
    left = limits.unpacked_bytes
    with _open(path) as archive:
        members = visible_members(archive)
        texts = [member for member in members if _suffix(member) in TEXTS]
        if not members:
            raise CorpusError("no_rows")
        if len(texts) > limits.rows:
            raise too_many_rows(path, limits)
        # Told sizes may lie: they are checked first, and what is really read is counted too.
        if sum(member.info.file_size for member in texts) > left:
            raise too_much_unpacked(path, limits)
        for member in members:
            name, suffix = member.name, _suffix(member)
            if suffix not in TEXTS:
                yield Reject(name, None, "not a .txt or .html file")
                continue
            html = suffix in HTML_SUFFIXES
            data = _unpacked(archive, member, min(left, limits.html_characters if html else CHARACTER_BYTES * limits.characters))
            if data is None:
                yield Reject(name, None, "the member is damaged, locked by a password, or not packed by deflate; zip it again")
                continue
            left -= len(data)
            if left < 0:
                raise too_much_unpacked(path, limits)
            yield _read(name, data, limits, html=html)


def _open(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    except DAMAGED as error:
        raise CorpusError("broken", kind="zip") from error


def _suffix(member: Member) -> str:
    return PurePosixPath(member.name).suffix.lower()


def _unpacked(archive: zipfile.ZipFile, member: Member, most: int) -> bytes | None:
    """Up to one byte more than `most`; None where the member cannot be read."""
    if member.fault:
        return None
    try:
        with archive.open(member.info) as file:
            return file.read(most + 1)
    except DAMAGED:
        return None


def _read(name: str, data: bytes, limits: CorpusLimits, *, html: bool) -> Article | Reject:
    if looks_binary(data):
        return Reject(name, None, "the file is binary, not text")
    stem = str(PurePosixPath(name).with_suffix(""))
    if html:
        if len(data) > limits.html_characters:
            return Reject(name, None, f"the page is larger than {limits.html_characters:,} bytes")
        return read_html(data, name, stem)
    if len(data) > CHARACTER_BYTES * limits.characters:
        return too_long(name, None, limits)
    text = decode(data).strip("\ufeff \t\n\r")
    return Article(id=stem, body=text, source=Source(name, 1)) if text else Reject(name, None, "the file holds no text")


def too_long(file: str, row: int | None, limits: CorpusLimits) -> Reject:
    """An article beyond the limit."""
    return Reject(file, row, f"longer than {limits.characters:,} characters")
