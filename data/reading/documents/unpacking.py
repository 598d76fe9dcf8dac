"""Bounds of what a compressed file may unpack to, stated once, and the checks that keep them."""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

STEP = 1 << 20
# A copy that can seek stays in memory up to this size, then goes to the disk.
IN_MEMORY = 16_000_000
MAX_PACKED = 2_000_000_000
MAX_UNPACKED = 20_000_000_000
# Texts shrink to a third or a tenth, repetitive tables to a hundredth, bombs to a thousandth.
MAX_RATIO = 200
# Below this size the ratio does not matter.
HARMLESS = 50_000_000
# An Office file is held in memory, a workbook with every cell of the rectangle that its cells span.
MAX_OFFICE = 1_000_000_000
MAX_CELLS = 30_000_000
DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error)
UNSAFE = "unpacks to far more than it may; unpack it and give the folder"
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,3})(\d{1,7})""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_OVERLAP = 64
_COLUMNS = 16_384


@contextmanager
def seekable(file: BinaryIO, most: int = MAX_PACKED) -> Iterator[BinaryIO | None]:
    """A copy of `file` that can seek, in memory or on the disk; None if it has more than `most` bytes."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        size = 0
        while size <= most and (step := file.read(STEP)):
            size += len(step)
            copy.write(step)
        copy.seek(0)
        yield cast("BinaryIO", copy) if size <= most else None


def allowed_size(file: BinaryIO) -> int:
    """How many bytes a compressed file may unpack to."""
    packed = file.seek(0, 2)
    file.seek(0)
    return min(MAX_UNPACKED, max(HARMLESS, MAX_RATIO * packed))


def office_fault(archive: zipfile.ZipFile, most: int, largest_xml: int = MAX_OFFICE) -> str:
    """Why the Office file is not safe to read or damaged, or an empty string. Unpacks every member, keeping nothing.

    `most` bounds all members together, `largest_xml` each XML part.
    """
    left = min(most, MAX_OFFICE)
    for info in archive.infolist():
        is_xml = info.filename.lower().endswith((".xml", ".rels"))
        try:
            size, cells = _measure(archive, info, min(left, largest_xml) if is_xml else left)
        except DAMAGED:
            return "is damaged; save it again"
        left -= size
        if left < 0 or (is_xml and size > largest_xml):
            return "unpacks to far more than it may; save its text or its table as a plain file"
        if cells > MAX_CELLS:
            return f"has a sheet that spans {cells:,} cells, beyond {MAX_CELLS:,}; delete far-off cells, or save it as CSV"
    return ""


def _measure(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> tuple[int, int]:
    """The unpacked bytes of a member, counted to a little beyond `most`, and the cells that a sheet in it spans."""
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    declared, info.file_size = info.file_size, most + 1
    size = row = column = cells = references = 0
    tail = b""
    try:
        with archive.open(info) as file:
            while size <= most and (step := file.read(STEP)):
                size += len(step)
                if not info.filename.lower().endswith(".xml"):
                    continue
                # A reference or a tag may lie across two steps.
                end = step.rfind(b">") + 1
                piece, tail = tail + step[:end], step[end:] if end else (tail + step)[-_OVERLAP:]
                found = _REFERENCE.findall(piece)
                letters = {name for name, _ in found}
                row = max(row, max((int(number) for _, number in found), default=0))
                column = max(column, max(map(_column, letters), default=0))
                references += sum(bool(name) for name, _ in found)
                cells += len(_CELL.findall(piece))
    finally:
        info.file_size = declared
    # Cells without a reference follow one another.
    return size, row * max(column, min(cells - references, _COLUMNS))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
