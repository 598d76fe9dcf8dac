"""Turns every failure of an fsspec file system into a RemoteError without credentials."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from sorot.data.errors import InputError
from sorot.data.reading.addresses import hide_secrets

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Bytes per request, and so the part of a file held in memory.
BLOCK = 2 * 2**20
REASON_CHARACTERS = 200


class RemoteError(OSError):
    """A file system failed; `missing` if the file does not exist. The message holds no credentials."""

    def __init__(self, reason: str, *, missing: bool = False) -> None:
        super().__init__(reason)
        self.missing = missing


def supports_ranges(file: BinaryIO) -> bool:
    """Whether any range of the file can be read. Some web servers send only whole files, or no length."""
    try:
        end = file.seek(0, io.SEEK_END)
        if end > BLOCK:
            file.seek(end - 1)
            file.read(1)
        file.seek(0)
    except ValueError:
        return False
    return True


class GuardedFile(io.RawIOBase):
    """A file whose errors are raised as RemoteError."""

    def __init__(self, file: BinaryIO, address: str) -> None:
        super().__init__()
        self._file = file
        self._address = address

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer)
        with remote_errors(self._address):
            data = self._file.read(len(target))
        target[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with remote_errors(self._address):
            self._file.seek(offset, whence)
            return self._file.tell()

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


@contextmanager
def remote_errors(address: str) -> Iterator[None]:
    """Raises any exception in the block as RemoteError, so only file system calls belong there.

    `address` tells which secrets to mask in the message.
    fsspec asks file systems for OSErrors, but errors of the underlying libraries come through, with no common base class:
    botocore's without credentials, aiohttp's for a broken connection, google.auth's.
    """
    try:
        yield
    except (MemoryError, RemoteError, InputError):
        raise
    except Exception as error:
        # `from None`: the original traceback would show the address.
        raise RemoteError(_reason(error, address), missing=is_missing(error)) from None


def is_missing(error: Exception) -> bool:
    """Whether the file does not exist. fsspec raises FileNotFoundError for any web failure, so the cause decides."""
    cause = error.__cause__
    web = isinstance(cause, TimeoutError) or type(cause).__module__.startswith("aiohttp")
    return isinstance(error, FileNotFoundError) and (not web or getattr(cause, "status", None) in (404, 410))


def _reason(error: Exception, address: str) -> str:
    """The error in one line, without credentials."""
    source = error.__cause__ if isinstance(error, FileNotFoundError) and error.__cause__ is not None else error
    status, message = getattr(source, "status", None), getattr(source, "message", None)
    text = f"{status} {message}" if status and message else getattr(source, "strerror", None) or str(source)
    return " ".join(hide_secrets(text, address).split())[:REASON_CHARACTERS] or type(source).__name__
