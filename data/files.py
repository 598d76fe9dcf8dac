"""Which files an input names, and what each of them is called."""

from __future__ import annotations

import glob
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from data.addresses import shown_address
from data.columns import InputError
from data.encodings import valid_name
from data.remote import RemoteFile, find_remote, is_remote, local_name

TEXT_SUFFIXES = (".txt", ".text", ".md")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
CSV_SUFFIXES = (".csv", ".tsv")
PARQUET_SUFFIXES = (".parquet", ".pq")
KNOWN_SUFFIXES = TEXT_SUFFIXES + HTML_SUFFIXES + JSON_SUFFIXES + CSV_SUFFIXES + PARQUET_SUFFIXES
PACKED_SUFFIXES = (".gz", ".zst")
# What a run of the batch scorer leaves beside its output to say what made it.
RECORD = ".run.json"

# On this machine, or by an address; both have `name`, `open("rb")` and, as text, what the user calls them.
AnyFile = Path | RemoteFile


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read; `stem` begins the ids of its articles; `known` is False where a folder holds it and its type is none
    that can be read."""

    path: AnyFile
    stem: str
    known: bool = True


def find_files(name: str, leave_out: Collection[Path] = ()) -> list[AnyFile]:
    """The files that an input, a name or an address, means: itself, those in the folder (at any depth), or a glob's matches.

    Hidden files and folders in a folder are passed over, and so are records of runs and files of `leave_out`.
    """
    return [file.path for file in find_inputs(name, leave_out) if file.known]


def find_inputs(name: str, leave_out: Collection[Path] = ()) -> list[InputFile]:
    """As `find_files`, with the stem of each file, and with those of a folder whose type is not known."""
    if is_remote(name):
        return _at_address(name)
    name = local_name(name)
    path = Path(name)
    shown = valid_name(name)
    # Resolved once, not for every file of a folder.
    left = frozenset(file.resolve() for file in leave_out)
    if path.is_dir():
        found = list(_in_folder(path, left))
        return _with_any_known(found, shown)
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


def _at_address(name: str) -> list[InputFile]:
    kind, files = find_remote(name)
    if kind != "folder":
        return [InputFile(file, stem_of(file.below, PurePosixPath())) for file in files]
    found = [
        InputFile(file, stem_of(file.below, PurePosixPath()), suffix_of(file) in KNOWN_SUFFIXES)
        for file in files
        if not file.name.endswith(RECORD)
    ]
    return _with_any_known(found, shown_address(name))


def _with_any_known(found: list[InputFile], folder: str) -> list[InputFile]:
    if not any(file.known for file in found):
        raise InputError(f"{folder}: the folder holds no file that can be read ({', '.join(KNOWN_SUFFIXES)})")
    return found


def _in_folder(root: Path, left: frozenset[Path]) -> Iterator[InputFile]:
    for path in sorted(root.rglob("*")):
        hidden = path.name.endswith(RECORD) or any(part.startswith(".") for part in path.relative_to(root).parts)
        if not hidden and path.is_file() and not _is_among(path, left):
            yield InputFile(path, stem_of(path, root), suffix_of(path) in KNOWN_SUFFIXES)


def _is_among(path: Path, resolved: frozenset[Path]) -> bool:
    return bool(resolved) and path.resolve() in resolved


def _fixed_part(pattern: Path) -> Path:
    """The folder that a pattern's matches lie in: its parts before the first wildcard."""
    fixed = pattern.parent
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    return fixed
