"""Which files an input names, and what each of them is called."""

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

TEXT_SUFFIXES = (".txt", ".text", ".md")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
CSV_SUFFIXES = (".csv", ".tsv")
PARQUET_SUFFIXES = (".parquet", ".pq")
KNOWN_SUFFIXES = TEXT_SUFFIXES + HTML_SUFFIXES + JSON_SUFFIXES + CSV_SUFFIXES + PARQUET_SUFFIXES
PACKED_SUFFIXES = (".gz", ".zst")
# What a run of the batch scorer leaves beside its output to say what made it.
RECORD = ".run.json"
_CLOSED = "the folder cannot be read"
_OPEN = "make it readable, or take it out"

# On this machine, or by an address; both have `name`, `open("rb")` and, as text, what the user calls them.
AnyFile = Path | RemoteFile


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read; `stem` begins the ids of its articles; `fault` says why it, or a folder, cannot be read where the
    folder that was given tells as much."""

    path: AnyFile
    stem: str
    fault: str = ""


STDIN = InputFile(Path("-"), "stdin")
# Ways to call a file, of which one comes only where the one before it is another file's as well.
NAMES = 3


def find_files(name: str, leave_out: Collection[Path] = ()) -> list[AnyFile]:
    """The files that an input, a name or an address, means: itself, those in the folder (at any depth), or a glob's matches.

    Hidden files and folders in a folder are passed over, and so are records of runs and files of `leave_out`. Raises
    InputError where there is nothing that can be read.
    """
    return [file.path for file in find_inputs(name, leave_out) if not file.fault]


def find_inputs(name: str, leave_out: Collection[Path] = ()) -> list[InputFile]:
    """As `find_files`, with the stem of each file, and with what cannot be read of a folder."""
    if not name or name.endswith("://"):
        # The empty path is the folder one stands in.
        raise InputError("an input has no name; name a file or folder, and see that a variable it is taken from is set")
    if is_remote(name):
        return _at_address(name)
    name = local_name(name)
    path = Path(name)
    shown = valid_name(name)
    # Resolved once, not for every file of a folder.
    left = frozenset(file.resolve() for file in leave_out)
    if path.is_dir():
        return _with_any_readable(_in_folder(path, left), shown)
    if path.is_file():
        if _is_among(path, left):
            raise InputError(f"{shown}: is what this run writes; name another input or another output")
        return [InputFile(path, stem_of(path))]
    matches = sorted(Path(m) for m in glob.glob(name, recursive=True))  # noqa: PTH207 - a pattern may be absolute
    files = [p for p in matches if p.is_file() and not _is_among(p, left)]
    if not files:
        raise InputError(f"{shown}: no such file or folder, and nothing matches it as a pattern; check the path")
    root = _fixed_part(path)
    return [InputFile(p, stem_of(p, root)) for p in files]


def suffix_of(path: AnyFile) -> str:
    """The suffix in small letters; that before it where it is one of PACKED_SUFFIXES."""
    name = PurePath(path.name)
    return PurePath(name.stem).suffix.lower() if name.suffix.lower() in PACKED_SUFFIXES else name.suffix.lower()


def stem_of(path: PurePath, root: PurePath | None = None) -> str:
    """The name without suffix, with the folders below `root` where it is given: files of one name differ by them."""
    stem = PurePath(path.stem).stem if path.suffix.lower() in PACKED_SUFFIXES else path.stem
    folders = path.parent.relative_to(root).as_posix() if root is not None else "."
    return valid_name(stem if folders == "." else f"{folders}/{stem}")


def tell_apart(files: Sequence[InputFile]) -> list[InputFile]:
    """The same files, where those of one stem, such as a.txt and a.html, are called by their names with suffix.

    If these are still the same, as of a.txt in two folders that were given, they are called by their paths as given.
    """
    at = [0] * len(files)
    while True:
        names = [_name(file, way) for file, way in zip(files, at, strict=True)]
        times = Counter(name for name, file in zip(names, files, strict=True) if not file.fault)
        shared = [n for n, file in enumerate(files) if times[names[n]] > 1 and at[n] < NAMES - 1 and not file.fault]
        if not shared:
            return [replace(file, stem=name) for file, name in zip(files, names, strict=True)]
        for n in shared:
            at[n] += 1


def _name(file: InputFile, way: int) -> str:
    if way == 0 or file == STDIN:
        return file.stem
    if way == 1:
        return file.stem[: file.stem.rfind("/") + 1] + valid_name(file.path.name)
    return valid_name(str(file.path))


def _at_address(name: str) -> list[InputFile]:
    kind, files = find_remote(name)
    if kind != "folder":
        return [InputFile(file, stem_of(file.below, PurePosixPath())) for file in files]
    found = [
        InputFile(file, stem_of(file.below, PurePosixPath()), _fault_of(file)) for file in files if not file.name.endswith(RECORD)
    ]
    return _with_any_readable(found, shown_address(name))


def _with_any_readable(found: list[InputFile], folder: str) -> list[InputFile]:
    if all(file.fault for file in found):
        for file in found:
            if file.fault.startswith(_CLOSED):
                raise InputError(f"{valid_name(str(file.path))}: {file.fault}")
        raise InputError(f"{folder}: the folder holds no file that can be read ({', '.join(KNOWN_SUFFIXES)})")
    return found


def _in_folder(root: Path, left: frozenset[Path]) -> list[InputFile]:
    found = [(path, fault) for path, fault in _walk(root) if not _is_among(path, left)]
    return [InputFile(path, "" if fault else stem_of(path, root), fault) for path, fault in sorted(found)]


def _walk(root: Path) -> Iterator[tuple[Path, str]]:
    """What is not hidden in a folder at any depth, in no order, each file with its fault, if any; and folders that have one.

    Links to folders are followed last, and none into a folder that was met, so that a file is called by its own name and
    a link to a folder that it lies in is no loop.
    """
    faults: list[OSError] = []
    met: set[Path] = set()
    starts = deque([root])
    while starts:
        start = starts.popleft()
        real = start.resolve()
        for name, folders, files in os.walk(start, onerror=faults.append):
            folder = Path(name)
            place = real / folder.relative_to(start)
            folders[:] = [] if place in met else sorted(inner for inner in folders if not inner.startswith("."))
            if place in met:
                continue
            met.add(place)
            starts += [folder / inner for inner in folders if (folder / inner).is_symlink()]
            for file in files:
                if not file.startswith(".") and not file.endswith(RECORD):
                    yield from _look(folder / file)
    for error in faults:
        yield Path(error.filename or root), f"{_CLOSED}: {error.strerror or error}; {_OPEN}"


def _look(path: Path) -> Iterator[tuple[Path, str]]:
    """A file with its fault; nothing for what is no file."""
    try:
        if path.is_file():
            yield path, _fault_of(path)
    except OSError as error:
        yield path, f"the file cannot be read: {error.strerror or error}; {_OPEN}"


def _fault_of(file: AnyFile) -> str:
    suffix = suffix_of(file)
    if suffix in KNOWN_SUFFIXES:
        return ""
    return f"unknown type {suffix or '(no suffix)'}; give it as {', '.join(KNOWN_SUFFIXES)}, packed as .gz or .zst or not"


def _is_among(path: Path, resolved: frozenset[Path]) -> bool:
    return bool(resolved) and path.resolve() in resolved


def _fixed_part(pattern: Path) -> Path:
    """The folder that a pattern's matches lie in: its parts before the first wildcard."""
    fixed = pattern.parent
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    return fixed
