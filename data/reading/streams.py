"""Opens a file or standard input as a stream: decompresses gzip and zstd, and guesses the encoding from the first bytes."""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from sorot.data.text.encodings import SAMPLE, guess_encoding

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
STEP = 65_536
# How far to look for the first byte beyond ASCII, which shows the encoding.
MAX_HEAD = 8_000_000
READ_ERRORS = (OSError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class Stream:
    """Decompressed bytes and their encoding: `head` is a sample of the first bytes; `file` gives all bytes, once."""

    head: bytes
    encoding: str
    file: BinaryIO

    @property
    def start(self) -> str:
        """The first characters, without leading blanks."""
        return self.head.decode(self.encoding, "replace").lstrip("\ufeff \t\r\n\x00")

    def text(self, newline: str) -> TextIO:
        """All bytes as decoded text; `newline` as in `open`."""
        return io.TextIOWrapper(self.file, encoding=self.encoding, errors="replace", newline=newline)


def open_stream(raw: BinaryIO) -> Stream:
    """The stream of `raw`, decompressed if its first bytes are those of gzip or zstd, whatever the file's name."""
    head, error = _read_head(raw)
    file = _Chained(head, raw, error)
    if is_packed(head):
        packed = _unpack(head, io.BufferedReader(file, STEP))
        head, error = _read_head(packed)
        file = _Chained(head, packed, error)
    begin = _first_beyond_ascii(head)
    # A byte-order mark or NULs at the very beginning also show the encoding.
    encoding = guess_encoding(head[: 2 * SAMPLE] if begin < SAMPLE else head[begin : begin + SAMPLE])
    return Stream(head[:SAMPLE], encoding, io.BufferedReader(file, STEP))


def is_packed(head: bytes) -> bool:
    """Whether `head`, the first bytes of a file, are those of gzip or zstd."""
    return head.startswith((GZIP, ZSTD))


def _unpack(head: bytes, file: BinaryIO) -> BinaryIO:
    if head.startswith(GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=file))
    # Imported here, since plain text does not need it.
    import pyarrow as pa

    return cast("BinaryIO", pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd"))


def _first_beyond_ascii(data: bytes) -> int:
    for at in range(0, len(data), STEP):
        if not data[at : at + STEP].isascii():
            return at
    return 0


def _read_head(raw: BinaryIO) -> tuple[bytes, BaseException | None]:
    """Bytes up to a sample after the first non-ASCII byte, and the error that cut them short, if any."""
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
    # One read at a time, so that the bytes before a fault in a compressed file are not lost.
    data: bytes = getattr(raw, "read1", raw.read)(size)
    return data


class _Chained(io.RawIOBase):
    """The head, then the rest, then the error that ended it, if any."""

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
