"""Files that are read over a network or from any other store that fsspec knows, by an address such as s3://bucket/folder/.

No password or signature of an address reaches a message or a name.
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
from sorot.data.reading.stores import BLOCK, Guarded, RemoteError, explained, gives_parts, is_missing
from sorot.data.reading.streams import STEP

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# What file systems tell of a file that is another one when the file is.
TAGS = ("ETag", "etag", "Last-Modified", "LastModified", "last_modified", "mtime", "created")
_LOCAL = ("file://", "local://")
_WILDCARD, _WEB_WILDCARD = re.compile(r"[*?\[]"), re.compile(r"[*\[]")
Kind = Literal["file", "folder", "pattern"]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a file system; its text is the address without credentials.

    `below` is its place in the folder that was given; `stamp` is size and tags as they were when it was found; `given` is
    the input that it was found by, credentials and all, and so never shown.
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
        """Its bytes, seekable, fetched as they are read; RemoteError where it cannot be opened or read on."""
        with explained(self.given):
            file = self.filesystem.open(self.path, mode, block_size=BLOCK, cache_type="readahead")
            if not gives_parts(file):
                # A server would end a connection that stays open while articles are scored.
                file.close()
                file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by what it is wrapped in
                self.filesystem.get_file(self.path, file)
                file.seek(0)
        return io.BufferedReader(Guarded(file, self.given), STEP)


def is_remote(name: str) -> bool:
    """Whether an input is an address, not a name on this machine."""
    return "://" in name and not name.startswith(_LOCAL)


def local_name(name: str) -> str:
    """The name on this machine that an address such as file:///folder means; any other name as it is."""
    if not name.startswith(_LOCAL):
        return name
    from fsspec.implementations.local import LocalFileSystem

    return cast("str", LocalFileSystem._strip_protocol(name))


def find_remote(name: str) -> tuple[Kind, list[RemoteFile]]:
    """What an address is, and its files in order: itself, those in the folder (at any depth), or those a pattern matches.

    What is hidden is passed over. Raises InputError where there is nothing, or where that cannot be found out.
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
    """The same files as they are now; one that is gone is not among them. InputError where that cannot be found out."""
    now: dict[RemoteFile, RemoteFile] = {}
    for name in dict.fromkeys(file.given for file in files):
        try:
            # Of several inputs the first that names a file counts: others may tell other things of it.
            now = {file: file for file in _find(name)[1]} | now
        except RemoteError as error:
            if not error.missing:
                raise InputError(f"{shown_address(name)}: cannot be read any more: {error}; run the command again") from None
    return now


def _find(name: str) -> tuple[Kind, list[RemoteFile]]:
    filesystem, path = _open_filesystem(name)
    web = name.lower().startswith(WEB)
    wildcard = _WEB_WILDCARD if web else _WILDCARD
    kind, found = _look(filesystem, path, name, wildcard, web=web)
    link, chained, rest = name.partition("::")
    # The folder that all of them lie in, as the file system has it and as the user does.
    root, base = path, link if link.endswith("/") else f"{link}/"
    if kind == "pattern":
        root, base = _fixed_part(path, wildcard), _fixed_part(link, wildcard)
    files = []
    for at, info in found.items():
        inner = at.removeprefix(root).lstrip("/") if kind != "file" else at.rsplit("/", 1)[-1]
        below = PurePosixPath(unquote(re.split("[?#]", inner, maxsplit=1)[0]) if web else inner)
        hidden = any(part.startswith(".") for part in below.parts) and "/." not in f"/{path.removeprefix(root)}"
        if kind == "file" or not hidden:
            shown = name if kind == "file" else base + inner + chained + rest
            files.append(RemoteFile(filesystem, at, name, shown_address(shown), below, _stamp(info)))
    if not files and kind == "pattern":
        raise RemoteError("nothing matches", missing=True)
    return kind, sorted(files, key=lambda file: file.below)


def _open_filesystem(name: str) -> tuple[AbstractFileSystem, str]:
    import fsspec

    shown, protocol = shown_address(name), name.partition("://")[0]
    with explained(name):
        try:
            return cast("tuple[AbstractFileSystem, str]", fsspec.core.url_to_fs(name))
        except ImportError as error:
            raise InputError(f"{shown}: a package is missing: {error}; install it beside sorot") from None
        except ValueError:
            if protocol in fsspec.available_protocols():
                raise
            raise InputError(f"{shown}: no file system is known for {protocol}://; check the address") from None


def _look(
    filesystem: AbstractFileSystem, path: str, name: str, wildcard: re.Pattern[str], *, web: bool
) -> tuple[Kind, dict[str, Mapping[str, Any]]]:
    """What a path is, and what the file system tells of each of its files."""
    with explained(name):
        # What was found before in the same process may not be so any more.
        filesystem.invalidate_cache()
        kind: Kind
        try:
            info = filesystem.info(path)
        except FileNotFoundError as error:
            if not (is_missing(error) and wildcard.search(path)):
                raise
            kind, found = "pattern", filesystem.glob(path, detail=True)
        else:
            # A web server does not tell a folder from a page: it is one where the address ends in a slash.
            if info["type"] != "directory" and not (web and path.endswith("/")):
                return "file", {path: info}
            kind, found = "folder", filesystem.find(path, detail=True)
        # Links with a question mark are a web server's ways to sort its listing, which tells nothing of the files.
        files = {
            at: info
            for at, info in found.items()
            if info.get("type") == "file" and not at.endswith("/") and not (web and "?" in at)
        }
        return kind, {at: info if info.get("size") is not None else filesystem.info(at) for at, info in files.items()}


def _fixed_part(pattern: str, wildcard: re.Pattern[str]) -> str:
    """What stands before the part that holds the first wildcard, with its slash."""
    found = wildcard.search(pattern)
    return pattern[: pattern.rfind("/", 0, found.start() if found else None) + 1]


def _stamp(info: Mapping[str, Any]) -> str:
    return " ".join([str(info.get("size")), *(f"{tag}={info[tag]}" for tag in TAGS if info.get(tag) is not None)])
