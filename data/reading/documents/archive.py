"""Reads zip archives: their members, or the Office document that they are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.documents.excel import workbook_in_process
from sorot.data.reading.documents.unpacking import DAMAGED, MAX_PACKED, UNSAFE, allowed_size, office_fault, seekable
from sorot.data.reading.documents.word import MAX_XML, read_word
from sorot.data.reading.files import ARCHIVE_SUFFIXES, InputFile, fault_of_suffix, stem_of, suffix_of, unique_stems
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.streams import READ_ERRORS, Stream, open_stream
from sorot.data.text.encodings import valid_name

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
# Python unpacks a whole piece of bzip2 and LZMA at once, which may be gigabytes.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What macOS and Windows lay beside files.
HIDDEN = ("__MACOSX", "Thumbs.db", "desktop.ini")
MAX_DEPTH = 2
LOCKED = "is locked by a password; unpack it and give the folder"
OTHERWISE_PACKED = "is not packed by deflate; zip it again, or unpack it and give the folder"
DAMAGED_MEMBER = "is damaged; zip it again"


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its entry, its name with '/' between folders, and why it cannot be unpacked (empty if it can)."""

    info: zipfile.ZipInfo
    name: str
    fault: str


class _Budget:
    """How many bytes an archive and the archives in it may still unpack to."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, size: int) -> bool:
        self.left -= size
        return self.left >= 0


def read_zip(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    """Articles and rejects of all members, in order, an archive in the archive included; or of the Office file that it is.

    Members are named 'a.zip/folder/b.csv'. Raises InputError as a reader of the only member does.
    """
    yield from _read(stream, origin, columns, inner, None, 1)


def visible_members(archive: zipfile.ZipFile) -> list[Member]:
    """The files of an archive but for hidden ones; of several with one name the last, as when it is unpacked."""
    members: dict[str, Member] = {}
    for info in archive.infolist():
        name = _name(info)
        parts = PurePosixPath(name).parts
        if (
            info.is_dir()
            or name.endswith("/")
            or any(part in HIDDEN or (part.startswith(".") and part != "..") for part in parts)
        ):
            continue
        fault = LOCKED if info.flag_bits & 1 else "" if info.compress_type in METHODS else OTHERWISE_PACKED
        members[name] = Member(info, name, fault)
    return list(members.values())


def _read(
    stream: Stream, origin: Origin, columns: Columns, inner: Inner, budget: _Budget | None, depth: int
) -> Iterator[Article | Reject]:
    with seekable(stream.file) as file:
        if file is None:
            yield origin.reject(f"is a zip archive larger than {MAX_PACKED // 1_000_000_000} GB; unpack it and give the folder")
            return
        budget = budget or _Budget(allowed_size(file))
        try:
            archive = zipfile.ZipFile(file)
        except DAMAGED:
            yield origin.reject("is a damaged zip archive; zip it again")
            return
        with archive:
            kind, cure = _office_kind(archive)
            if cure:
                yield origin.reject(f"is {kind}; {cure}")
            elif kind:
                fault = office_fault(archive, budget.left, MAX_XML if kind == WORD else MAX_PACKED)
                file.seek(0)
                if fault:
                    yield origin.reject(f"is {kind} that {fault}")
                else:
                    yield from read_word(file, origin, columns) if kind == WORD else workbook_in_process(file, origin, columns)
            elif depth > MAX_DEPTH:
                yield origin.reject("is a zip archive inside two others; unpack it and give the folder")
            else:
                yield from _read_members(archive, origin, columns, inner, budget, depth)


def _read_members(
    archive: zipfile.ZipFile, origin: Origin, columns: Columns, inner: Inner, budget: _Budget, depth: int
) -> Iterator[Article | Reject]:
    members = visible_members(archive)
    if not members:
        yield origin.reject("is a zip archive without files")
    elif not budget.take(sum(member.info.file_size for member in members)):
        yield origin.reject(f"is a zip archive that {UNSAFE}")
    else:
        for member, inside in zip(members, _origins(members, origin), strict=True):
            if fault := member.fault:
                yield inside.reject(fault)
            else:
                inside = replace(inside, unsure=fault_of_suffix(inside.suffix))
                try:
                    yield from _read_member(archive, member, inside, columns, inner, budget, depth)
                except InputError as error:
                    if len(members) == 1:
                        raise
                    yield Reject(inside.file, None, str(error).removeprefix(f"{inside.file}: "))


def _read_member(
    archive: zipfile.ZipFile, member: Member, origin: Origin, columns: Columns, inner: Inner, budget: _Budget, depth: int
) -> Iterator[Article | Reject]:
    try:
        with io.BufferedReader(_Unpacked(archive, member.info)) as raw:
            stream = open_stream(cast("BinaryIO", raw))
            if stream.head.startswith(ZIP_MAGIC):
                yield from _read(stream, origin, columns, inner, budget, depth + 1)
            else:
                yield from inner(stream, origin, columns)
    except READ_ERRORS:
        yield origin.reject(DAMAGED_MEMBER)


def _origins(members: list[Member], origin: Origin) -> list[Origin]:
    """Where each member's bytes come from. An archive keeps its suffix in ids: beside a.zip there may be a folder a."""
    suffix = origin.suffix if origin.suffix in ARCHIVE_SUFFIXES else ""
    stem = origin.stem.removesuffix(suffix) + suffix
    paths = [Path(member.name) for member in members]
    files = [
        InputFile(path, path.as_posix() if path.suffix.lower() in ARCHIVE_SUFFIXES else stem_of(path, Path())) for path in paths
    ]
    return [
        replace(
            origin,
            file=f"{origin.file}/{member.name}",
            stem=f"{stem}/{file.stem}",
            suffix=suffix_of(path),
            description="the file",
        )
        for member, file, path in zip(members, unique_stems(files), paths, strict=True)
    ]


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name. Many tools write UTF-8 without saying so; zipfile then reads it as cp437."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return valid_name(name.replace("\\", "/").lstrip("/"))


WORD, WORKBOOK = "a Word document", "a workbook"
_AS_XLSX = "save it as .xlsx or CSV"
_AS_DOCX = "save it as .docx or plain text"


def _office_kind(archive: zipfile.ZipFile) -> tuple[str, str]:
    """What kind of document the archive is, and the cure if that is not read; both are empty for an archive of files."""
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        for folder, kind, cure in (("word/", WORD, ""), ("xl/", WORKBOOK, ""), ("ppt/", "a PowerPoint presentation", _AS_DOCX)):
            if any(name.startswith(folder) for name in names):
                return ("a binary workbook (.xlsb)", _AS_XLSX) if "xl/workbook.bin" in names else (kind, cure)
    if any(name.endswith(".iwa") for name in names):
        return "an Apple iWork document", "export it as .docx, .xlsx or plain text"
    return _kind_by_mimetype(archive) if "mimetype" in names else ("", "")


def _kind_by_mimetype(archive: zipfile.ZipFile) -> tuple[str, str]:
    try:
        with archive.open("mimetype") as file:
            mime = file.read(100)
    except DAMAGED:
        return "", ""
    if b"epub" in mime:
        return "an e-book (EPUB)", "save its chapters as HTML or plain text"
    if b"opendocument.spreadsheet" in mime:
        return WORKBOOK, ""
    return ("an OpenDocument file", _AS_DOCX) if b"opendocument" in mime else ("", "")


class _Unpacked(io.RawIOBase):
    """A member's bytes; every failure to unpack them is an OSError."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        super().__init__()
        try:
            self._file = archive.open(info)
        except DAMAGED as error:
            raise OSError(DAMAGED_MEMBER) from error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer)
        try:
            data = self._file.read(len(target))
        except DAMAGED as error:
            raise OSError(DAMAGED_MEMBER) from error
        target[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
