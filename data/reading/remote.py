"""Finds and opens files at addresses such as s3://bucket/folder/, in any store that fsspec supports.

Messages and names never show an address's password or signature.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast
from urllib.parse import unquote

from sorot.data.errors import InputError
from sorot.data.reading.addresses import WEB, shown_address
from sorot.data.reading.stores import BLOCK, GuardedFile, RemoteError, is_missing, remote_errors, supports_ranges
from sorot.data.reading.streams import STEP

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# File system metadata that changes when a file does.
TAGS = ("ETag", "etag", "Last-Modified", "LastModified", "last_modified", "mtime", "created")
_LOCAL = ("file://", "local://")
_WILDCARD, _WEB_WILDCARD = re.compile(r"[*?\[]"), re.compile(r"[*\[]")
Kind = Literal["file", "folder", "pattern"]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file in a file system; `str` gives its address without credentials.

    `below` is the path relative to the given folder. `stamp` is the size and metadata at the time the file was found.
    `given` is the input that led to it; it may contain credentials, so it is never shown.
    """

    filesystem: AbstractFileSystem = field(repr=False)
    path: str = field(repr=False)
    given: str = field(repr=False, compare=False)
    shown: str = field(compare=False)
    below: PurePosixPath = field(compare=False)
    stamp: str = field(compare=False)

    def __str__(self) -> str:
        return self.shown

    @property
    def name(self) -> str:
        return self.below.name

    def open(self, mode: Literal["rb"] = "rb") -> BinaryIO:
        """A seekable stream that fetches bytes as they are read. Opening and reading raise RemoteError."""
        with remote_errors(self.given):
            file = self.filesystem.open(self.path, mode, block_size=BLOCK, cache_type="readahead")
            if not supports_ranges(file):
                # Download it first: a server would close a connection kept open while articles are scored.
                file.close()
                file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by its wrapper
                self.filesystem.get_file(self.path, file)
                file.seek(0)
        return io.BufferedReader(GuardedFile(file, self.given), STEP)


def is_remote(name: str) -> bool:
    """Whether an input is a remote address, not a local path."""
    return "://" in name and not name.startswith(_LOCAL)


def local_name(name: str) -> str:
    """The local path of an address such as file:///folder; other names unchanged."""
    if not name.startswith(_LOCAL):
        return name
    from fsspec.implementations.local import LocalFileSystem

    return cast("str", LocalFileSystem._strip_protocol(name))


def find_remote(name: str) -> tuple[Kind, list[RemoteFile]]:
    """What an address names, and its files in order: the file itself, those in a folder (at any depth), or a pattern's matches.

    Skips hidden files and folders. Raises InputError if nothing is at the address or the store cannot be read.
    """
    try:
        return _find(name)
    except RemoteError as error:
        if error.missing:
            reason = "no such file or folder, and nothing matches it as a pattern; check the address"
        else:
            reason = f"cannot be read: {error}; check the address, your permission and the connection"
        raise InputError(f"{shown_address(name)}: {reason}") from None


def find_again(files: Iterable[RemoteFile]) -> dict[RemoteFile, RemoteFile]:
    """Maps each file to its present state, without files that are gone. Raises InputError if a store cannot be read."""
    current: dict[RemoteFile, RemoteFile] = {}
    for name in dict.fromkeys(file.given for file in files):
        try:
            # If several inputs name a file, the first one counts, since their metadata may differ.
            current = {file: file for file in _find(name)[1]} | current
        except RemoteError as error:
            if not error.missing:
                raise InputError(f"{shown_address(name)}: can no longer be read: {error}; run the command again") from None
    return current


def _find(name: str) -> tuple[Kind, list[RemoteFile]]:
    filesystem, path = _open_filesystem(name)
    web = name.lower().startswith(WEB)
    wildcard = _WEB_WILDCARD if web else _WILDCARD
    kind, found = _list_files(filesystem, path, name, wildcard, web=web)
    link, chained, rest = name.partition("::")
    # The folder that holds all files: `root` in the file system's notation, `base` in the user's.
    root, base = path, link if link.endswith("/") else f"{link}/"
    if kind == "pattern":
        root, base = _fixed_part(path, wildcard), _fixed_part(link, wildcard)
    files = []
    for file_path, info in found.items():
        inner = file_path.removeprefix(root).lstrip("/") if kind != "file" else file_path.rsplit("/", 1)[-1]
        below = PurePosixPath(unquote(re.split("[?#]", inner, maxsplit=1)[0]) if web else inner)
        hidden = any(part.startswith(".") for part in below.parts) and "/." not in f"/{path.removeprefix(root)}"
        if kind == "file" or not hidden:
            shown = name if kind == "file" else base + inner + chained + rest
            files.append(RemoteFile(filesystem, file_path, name, shown_address(shown), below, _stamp(info)))
    if not files and kind == "pattern":
        raise RemoteError("nothing matches", missing=True)
    return kind, sorted(files, key=lambda file: file.below)


def _open_filesystem(name: str) -> tuple[AbstractFileSystem, str]:
    import fsspec

    shown, protocol = shown_address(name), name.partition("://")[0]
    with remote_errors(name):
        try:
            return cast("tuple[AbstractFileSystem, str]", fsspec.core.url_to_fs(name))
        except ImportError as error:
            raise InputError(f"{shown}: a package is missing: {error}; install it next to sorot") from None
        except ValueError:
            if protocol in fsspec.available_protocols():
                raise
            raise InputError(f"{shown}: no file system is known for {protocol}://; check the address") from None


def _list_files(
    filesystem: AbstractFileSystem, path: str, name: str, wildcard: re.Pattern[str], *, web: bool
) -> tuple[Kind, dict[str, Mapping[str, Any]]]:
    """What a path is, and the metadata of each of its files, by path."""
    with remote_errors(name):
        # Listings cached earlier in this process may be out of date.
        filesystem.invalidate_cache()
        kind: Kind
        try:
            info = filesystem.info(path)
        except FileNotFoundError as error:
            if not (is_missing(error) and wildcard.search(path)):
                raise
            kind, found = "pattern", filesystem.glob(path, detail=True)
        else:
            # Web servers do not tell folders from pages; a trailing slash marks a folder.
            if info["type"] != "directory" and not (web and path.endswith("/")):
                return "file", {path: info}
            kind, found = "folder", filesystem.find(path, detail=True)
        # Links with a query on a web listing only sort it.
        files = {
            file_path: info
            for file_path, info in found.items()
            if info.get("type") == "file" and not file_path.endswith("/") and not (web and "?" in file_path)
        }
        return kind, {p: info if info.get("size") is not None else filesystem.info(p) for p, info in files.items()}


def _fixed_part(pattern: str, wildcard: re.Pattern[str]) -> str:
    """The pattern up to the last slash before its first wildcard."""
    found = wildcard.search(pattern)
    return pattern[: pattern.rfind("/", 0, found.start() if found else None) + 1]


def _stamp(info: Mapping[str, Any]) -> str:
    return " ".join([str(info.get("size")), *(f"{tag}={info[tag]}" for tag in TAGS if info.get(tag) is not None)])
