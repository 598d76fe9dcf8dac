"""What may go wrong with a file system of fsspec, told as one kind of error, and files of it that tell their errors so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from sorot.data.errors import InputError
from sorot.data.reading.addresses import hide_secrets

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# What is asked for at once, and so what of a file is in memory.
BLOCK = 2 * 2**20
REASON_CHARACTERS = 200


class RemoteError(OSError):
    """A file system failed; `missing`: because there is no such file. The message holds no credentials."""

    def __init__(self, reason: str, *, missing: bool = False) -> None:
        super().__init__(reason)
        self.missing = missing


def gives_parts(file: BinaryIO) -> bool:
    """Whether any part of it can be asked for: some web servers give but the whole, or do not tell how long it is."""
    try:
        end = file.seek(0, io.SEEK_END)
        if end > BLOCK:
            file.seek(end - 1)
            file.read(1)
        file.seek(0)
    except ValueError:
        return False
    return True


class Guarded(io.RawIOBase):
    """A file of a file system, whose errors are told as RemoteError."""

    def __init__(self, file: BinaryIO, given: str) -> None:
        super().__init__()
        self._file = file
        self._given = given

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer)
        with explained(self._given):
            data = self._file.read(len(target))
        target[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with explained(self._given):
            self._file.seek(offset, whence)
            return self._file.tell()

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


@contextmanager
def explained(given: str) -> Iterator[None]:
    """Turns what a file system raises into a RemoteError. Nothing but calls of file systems may stand in the block.

    fsspec asks for kinds of OSError, but errors of the libraries beneath come through: of botocore where there are no
    credentials, of aiohttp where a connection breaks, of google.auth. They have nothing in common but where they come from.
    """
    try:
        yield
    except (MemoryError, RemoteError, InputError):
        raise
    except Exception as error:
        # Not `from error`: a traceback would show the address.
        raise RemoteError(_reason(error, given), missing=is_missing(error)) from None


def is_missing(error: Exception) -> bool:
    """Whether there is no such file. fsspec says so of whatever goes wrong with a web server, but keeps the cause."""
    cause = error.__cause__
    web = isinstance(cause, TimeoutError) or type(cause).__module__.startswith("aiohttp")
    return isinstance(error, FileNotFoundError) and (not web or getattr(cause, "status", None) in (404, 410))


def _reason(error: Exception, given: str) -> str:
    """What went wrong, in one line without credentials."""
    told = error.__cause__ if isinstance(error, FileNotFoundError) and error.__cause__ is not None else error
    status, message = getattr(told, "status", None), getattr(told, "message", None)
    text = f"{status} {message}" if status and message else getattr(told, "strerror", None) or str(told)
    return " ".join(hide_secrets(text, given).split())[:REASON_CHARACTERS] or type(told).__name__
