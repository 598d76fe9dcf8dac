"""Opens files and standard input as streams; decompresses gzip, bzip2, xz and zstd, and guesses the encoding."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from sorot.data.text.encodings import MIXED, SAMPLE, guess_encoding

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP, ZSTD, BZIP2, XZ = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zX"
STEP = 65_536
# How many bytes to search for the first non-ASCII byte, which reveals the encoding.
MAX_HEAD = 8_000_000
# `xz -9` needs 65 MB; a file may ask for 4 GB.
XZ_MEMORY = 200_000_000
# Longest file that is read whole.
MAX_WHOLE_BYTES = 50_000_000
READ_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError)


@dataclass(frozen=True, slots=True)
class Stream:
    """Decompressed bytes and their encoding. `head` samples the first bytes; `file` reads all bytes, once."""

    head: bytes
    encoding: str
    file: BinaryIO

    def read_whole(self) -> bytes | None:
        """All bytes, for formats that are not streamed; None if there are more than MAX_WHOLE_BYTES."""
        data = self.file.read(MAX_WHOLE_BYTES + 1)
        return data if len(data) <= MAX_WHOLE_BYTES else None

    @property
    def start(self) -> str:
        """The first characters, without leading white space."""
        return self.head.decode(self.encoding, "replace").lstrip("\ufeff \t\r\n\x00")

    def text(self, newline: str) -> TextIO:
        """All bytes as decoded text; `newline` as in `open`."""
        return io.TextIOWrapper(self.file, encoding=self.encoding, errors=MIXED, newline=newline)


def open_stream(raw: BinaryIO) -> Stream:
    """A stream of `raw`, decompressed if it begins like gzip, bzip2, xz or zstd, whatever its name.

    Errors (READ_ERRORS) are raised when `file` reaches them, not here.
    """
    head, error = _read_head(raw)
    file = _Chained(head, raw, error)
    if is_packed(head):
        unpacked = _decompress(head, io.BufferedReader(file, STEP))
        head, error = _read_head(unpacked)
        file = _Chained(head, unpacked, error)
    begin = _first_non_ascii(head)
    # A byte-order mark or NULs at the very beginning also reveal the encoding.
    encoding = guess_encoding(head[: 2 * SAMPLE] if begin < SAMPLE else head[begin : begin + SAMPLE])
    return Stream(head[:SAMPLE], encoding, io.BufferedReader(file, STEP))


def is_packed(head: bytes) -> bool:
    """Whether `head`, the first bytes of a file, are those of gzip, bzip2, xz or zstd."""
    return head.startswith((GZIP, ZSTD, XZ)) or (head.startswith(BZIP2) and head[3:4].isdigit())


def _decompress(head: bytes, file: BinaryIO) -> BinaryIO:
    if head.startswith(GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=file))
    if head.startswith(BZIP2):
        return cast("BinaryIO", bz2.BZ2File(file))
    if head.startswith(XZ):
        return cast("BinaryIO", io.BufferedReader(_Xz(file), STEP))
    # Imported here, since reading plain text does not need it.
    import pyarrow as pa

    return cast("BinaryIO", pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd"))


def _first_non_ascii(data: bytes) -> int:
    for begin in range(0, len(data), STEP):
        if not data[begin : begin + STEP].isascii():
            return begin
    return 0


def _read_head(raw: BinaryIO) -> tuple[bytes, BaseException | None]:
    """The bytes up to a sample beyond the first non-ASCII byte, and the error that ended them early, if any."""
    head = bytearray()
    begin: int | None = None
    while len(head) < MAX_HEAD and (begin is None or len(head) < begin + SAMPLE):
        try:
            step = _read_some(raw, STEP)
        except READ_ERRORS as error:
            return bytes(head), error
        if not step:
            break
        if begin is None and not step.isascii():
            begin = len(head)
        head += step
    return bytes(head), None


def _read_some(raw: BinaryIO, size: int) -> bytes:
    # `read1` keeps the bytes that come before damage in a compressed file.
    data: bytes = getattr(raw, "read1", raw.read)(size)
    return data


class _Chained(io.RawIOBase):
    """Reads the head, then the rest; raises `error` after the head if there is one."""

    def __init__(self, head: bytes, rest: BinaryIO, error: BaseException | None) -> None:
        super().__init__()
        self._head = memoryview(head)
        self._rest = rest
        self._error = error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer)
        if self._head:
            data = self._head[: len(target)]
            self._head = self._head[len(data) :]
        elif self._error is not None:
            raise self._error
        else:
            data = memoryview(_read_some(self._rest, len(target)))
        target[: len(data)] = data
        return len(data)


class _Xz(io.RawIOBase):
    """Decompresses xz within XZ_MEMORY; `lzma.open` has no such bound."""

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__()
        self._packed = packed
        self._decompressor = _new_xz()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer)
        data = b""
        while not data:
            if self._decompressor.eof:
                # Several streams may follow one another, with padding of NULs between them.
                rest = self._decompressor.unused_data.lstrip(b"\x00") or self._packed.read(STEP).lstrip(b"\x00")
                if not rest:
                    return 0
                self._decompressor = _new_xz()
                data = self._decompressor.decompress(rest, len(target))
                continue
            step = self._packed.read(STEP) if self._decompressor.needs_input else b""
            if self._decompressor.needs_input and not step:
                raise EOFError("the compressed file ended before its end-of-stream marker was reached")
            data = self._decompressor.decompress(step, len(target))
        target[: len(data)] = data
        return len(data)


def _new_xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
