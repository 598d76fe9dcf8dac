"""Resolves inputs to files, and gives each file a unique stem for the ids of its articles."""

from __future__ import annotations

import glob
import os
from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath

from sorot.data.errors import InputError
from sorot.data.reading.addresses import shown_address
from sorot.data.reading.remote import RemoteFile, find_remote, is_remote, local_name
from sorot.data.text.encodings import valid_name

TEXT_SUFFIXES = (".txt", ".text")
MARKDOWN_SUFFIXES = (".md", ".markdown")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
CSV_SUFFIXES = (".csv", ".tsv")
PARQUET_SUFFIXES = (".parquet", ".pq")
OFFICE_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".docx", ".pdf")
ARCHIVE_SUFFIXES = (".zip", ".warc")
EXPORT_SUFFIXES = (".xml", ".rss", ".atom", ".mhtml", ".mht", ".eml", ".mbox", ".srt", ".vtt", ".sbv", ".ass")
KNOWN_SUFFIXES = (
    TEXT_SUFFIXES
    + MARKDOWN_SUFFIXES
    + HTML_SUFFIXES
    + JSON_SUFFIXES
    + CSV_SUFFIXES
    + PARQUET_SUFFIXES
    + OFFICE_SUFFIXES
    + ARCHIVE_SUFFIXES
    + EXPORT_SUFFIXES
)
PACKED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
# Suffix of the run record that the batch scorer writes next to its output.
RECORD = ".run.json"
_UNREADABLE_FOLDER = "the folder cannot be read"
_CURE = "make it readable, or remove it"

# Local or remote; both have `name` and `open("rb")`, and `str` gives the name to show.
AnyFile = Path | RemoteFile


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read. `stem` begins the ids of its articles, and is empty where there can be none. `fault` says why the file, or
    a subfolder, found in a given folder cannot be read; empty if it can."""

    path: AnyFile
    stem: str
    fault: str = ""


STDIN = InputFile(Path("-"), "stdin")
# Forms of a file's name, shortest first; the next one is used only if two files share the one before.
NAME_FORMS = 3


def find_files(name: str, leave_out: Collection[Path] = ()) -> list[AnyFile]:
    """The files of an input: the file itself, all files in a folder (at any depth), or the matches of a glob pattern.

    `name` is a path or an address. Skips hidden files and folders, run records, and the files in `leave_out`.
    Raises InputError if there is nothing to read.
    """
    return [file.path for file in find_inputs(name, leave_out) if not file.fault]


def find_inputs(name: str, leave_out: Collection[Path] = ()) -> list[InputFile]:
    """Like `find_files`, but with each file's stem, and including the unreadable entries of a folder, with their faults."""
    if not name or name.endswith("://"):
        # Path("") would mean the current folder.
        raise InputError("an input name is empty; name a file or folder, and check that its shell variable is set")
    if is_remote(name):
        return _find_remote_inputs(name)
    name = local_name(name)
    path = Path(name)
    shown = valid_name(name)
    # Resolved once here, not again for every file of a folder.
    excluded = frozenset(file.resolve() for file in leave_out)
    if path.is_dir():
        return _require_readable(_in_folder(path, excluded), shown)
    if path.is_file():
        if _is_among(path, excluded):
            raise InputError(f"{shown}: this run writes that file; choose another input or another output")
        return [InputFile(path, stem_of(path))]
    matches = sorted(Path(m) for m in glob.glob(name, recursive=True))  # noqa: PTH207 - a pattern may be absolute
    files = [p for p in matches if p.is_file() and not _is_among(p, excluded)]
    if not files:
        raise InputError(f"{shown}: no such file or folder, and nothing matches it as a pattern; check the path")
    root = _fixed_part(path)
    return [InputFile(p, stem_of(p, root)) for p in files]


def suffix_of(path: AnyFile | PurePath) -> str:
    """The suffix in lower case; for a compressed file (PACKED_SUFFIXES) the one before it."""
    name = PurePath(path.name)
    return PurePath(name.stem).suffix.lower() if name.suffix.lower() in PACKED_SUFFIXES else name.suffix.lower()


def stem_of(path: PurePath, root: PurePath | None = None) -> str:
    """The name without suffix, preceded by the folders below `root` if given: '2020/januari'."""
    stem = PurePath(path.stem).stem if path.suffix.lower() in PACKED_SUFFIXES else path.stem
    folders = path.parent.relative_to(root).as_posix() if root is not None else "."
    return valid_name(stem if folders == "." else f"{folders}/{stem}")


def unique_stems(files: Sequence[InputFile]) -> list[InputFile]:
    """The same files with unique stems.

    Files that share a stem, such as a.txt and a.html, get their name with suffix as stem; if those are equal too, as for
    a.txt in two given folders, their path as given.
    """
    forms = [0] * len(files)
    while True:
        names = [_name(file, form) for file, form in zip(files, forms, strict=True)]
        counts = Counter(name for name, file in zip(names, files, strict=True) if file.stem)
        shared = [n for n, file in enumerate(files) if counts[names[n]] > 1 and forms[n] < NAME_FORMS - 1 and file.stem]
        if not shared:
            return [replace(file, stem=name) for file, name in zip(files, names, strict=True)]
        for n in shared:
            forms[n] += 1


def _name(file: InputFile, form: int) -> str:
    if form == 0 or file == STDIN:
        return file.stem
    if form == 1:
        return file.stem[: file.stem.rfind("/") + 1] + valid_name(file.path.name)
    return valid_name(str(file.path))


def _find_remote_inputs(name: str) -> list[InputFile]:
    kind, files = find_remote(name)
    if kind != "folder":
        return [InputFile(file, stem_of(file.below, PurePosixPath())) for file in files]
    found = [
        InputFile(file, stem_of(file.below, PurePosixPath()), _fault_of(file)) for file in files if not file.name.endswith(RECORD)
    ]
    return _require_readable(found, shown_address(name))


def _require_readable(found: list[InputFile], folder: str) -> list[InputFile]:
    if all(file.fault for file in found):
        for file in found:
            if file.fault.startswith(_UNREADABLE_FOLDER):
                raise InputError(f"{valid_name(str(file.path))}: {file.fault}")
        raise InputError(f"{folder}: the folder has no readable file ({', '.join(KNOWN_SUFFIXES)})")
    return found


def _in_folder(root: Path, excluded: frozenset[Path]) -> list[InputFile]:
    found = [(path, fault) for path, fault in _walk(root) if not _is_among(path, excluded)]
    # A file of an unknown type may show another by its content, so it has a stem too.
    return [
        InputFile(path, stem_of(path, root) if fault in ("", _fault_of(path)) else "", fault) for path, fault in sorted(found)
    ]


def _walk(root: Path) -> Iterator[tuple[Path, str]]:
    """Each visible file at any depth with its fault (empty if it has none), and each unreadable folder; unordered.

    Symbolic links to folders are followed last, and never into a visited folder: files keep their own paths, and
    circular links end.
    """
    faults: list[OSError] = []
    visited: set[Path] = set()
    starts = deque([root])
    while starts:
        start = starts.popleft()
        real = start.resolve()
        for name, folders, files in os.walk(start, onerror=faults.append):
            folder = Path(name)
            resolved = real / folder.relative_to(start)
            folders[:] = [] if resolved in visited else sorted(inner for inner in folders if not inner.startswith("."))
            if resolved in visited:
                continue
            visited.add(resolved)
            starts += [folder / inner for inner in folders if (folder / inner).is_symlink()]
            for file in files:
                if not file.startswith(".") and not file.endswith(RECORD):
                    yield from _check_file(folder / file)
    for error in faults:
        yield Path(error.filename or root), f"{_UNREADABLE_FOLDER}: {error.strerror or error}; {_CURE}"


def _check_file(path: Path) -> Iterator[tuple[Path, str]]:
    """The file with its fault; yields nothing if `path` is not a file."""
    try:
        if path.is_file():
            yield path, _fault_of(path)
    except OSError as error:
        yield path, f"the file cannot be read: {error.strerror or error}; {_CURE}"


def _fault_of(file: AnyFile) -> str:
    return fault_of_suffix(suffix_of(file))


def fault_of_suffix(suffix: str) -> str:
    """Why a file with this suffix, found in a folder or an archive, is not read; empty if it is."""
    if suffix in KNOWN_SUFFIXES:
        return ""
    known, packed = ", ".join(KNOWN_SUFFIXES), ", ".join(PACKED_SUFFIXES)
    return f"unknown type {suffix or '(no suffix)'}; give it as {known}, plain or compressed ({packed})"


def _is_among(path: Path, resolved: frozenset[Path]) -> bool:
    return bool(resolved) and path.resolve() in resolved


def _fixed_part(pattern: Path) -> Path:
    """The folder that holds all matches of a pattern: its parts before the first wildcard."""
    fixed = pattern.parent
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    return fixed
