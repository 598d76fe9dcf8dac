"""Parts of an unfinished run: each scored unit of the input is one file, written completely or not at all.

Parts lie in a hidden folder beside the output, with the fingerprint of their run, and are deleted when the output is complete.
The same command finds them and scores only what is missing; any other command is refused, so that no output mixes two models,
options, inputs or column tables. A part also holds a digest of its unit's items and is used for no others, and a hash of its
rows, so that a damaged one is scored again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from sorot.serving.batch.fingerprint import RunFingerprint, describe_difference, read_fingerprint
from sorot.serving.batch.units import Texts
from sorot.serving.output.kept_columns import kinds_of
from sorot.serving.output.rows import Row, writable
from sorot.serving.output.target import OutputError
from sorot.serving.output.writers import discard, output_errors, write_whole

FINGERPRINT_FILE = "run.json"
# Inputs that took more than their budget.
BOUNDS_FILE = "bounds.met"
PARTS = "*.jsonl"
# Parts cached for articles that repeat the texts in them.
KEPT_IN_MEMORY = 8
# Named by unit number, so that names sort in input order.
_PART = "{:09d}.jsonl"
# A line of a part is {"row": ...}, with the user's columns {"row": ..., "kept": ...}, or {"reject": ...}. The first line, the
# head, is {"unit": digest, "rows": hash of the other lines, "texts": [...]}, with the kinds of the user's columns under "kept".
Line = dict[str, Row]


def parts_folder(output: Path) -> Path:
    """The folder of an output's parts; the leading dot hides it from a run that reads the folder around it."""
    return output.with_name(f".{output.name}.parts")


class Parts:
    """The parts of one run; `open_parts` makes one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines = lru_cache(maxsize=KEPT_IN_MEMORY)(self._read)

    def texts(self, unit: int, digest: str) -> Texts | None:
        """The text hashes of this unit, if its part exists and was made from the items with this digest."""
        try:
            return texts_of_head(self._read(unit)[0], digest)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def kept_kinds(self, unit: int) -> dict[str, str]:
        """The kinds of the user's columns in a written unit, by name."""
        with self._part_errors(unit):
            kinds: dict[str, str] = json.loads(self._head(unit)).get("kept", {})
        return kinds

    def heads(self) -> dict[int, str]:
        """The head of every whole part by unit number, for `texts_of_head` in another process."""
        heads: dict[int, str] = {}
        for path in sorted(self.folder.glob(PARTS)):
            with suppress(OSError, ValueError, KeyError, TypeError):
                heads[int(path.stem)] = self._read(int(path.stem))[0]
        return heads

    def write(self, unit: int, digest: str, texts: Texts, lines: Iterable[Line]) -> None:
        """Write the part of a unit; the file gets its name when it is complete on disk."""
        written = [writable(line) for line in lines]
        kinds = kinds_of(line["kept"] for line in written if "kept" in line)
        rows = "".join(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in written)
        head = {"unit": digest, "rows": _hash(rows), "texts": texts} | ({"kept": kinds} if kinds else {})
        text = json.dumps(head, ensure_ascii=False, allow_nan=False) + "\n" + rows
        write_whole(self.folder / _PART.format(unit), text, self.folder)

    def line(self, unit: int, at: int) -> Line:
        """The line of item number `at` of a written unit. Raises OutputError if the part cannot be read."""
        with self._part_errors(unit):
            line: Line = json.loads(self._lines(unit)[1][at])
        return line

    def read(self, units: int) -> Iterator[list[Line]]:
        """The lines of each of the first `units`, in order. Raises OutputError if a part cannot be read."""
        for unit in range(units):
            with self._part_errors(unit):
                lines = [json.loads(line) for line in self._read(unit)[1]]
            yield lines

    def _head(self, unit: int) -> str:
        with (self.folder / _PART.format(unit)).open(encoding="utf-8") as file:
            return file.readline()

    def _read(self, unit: int) -> tuple[str, list[str]]:
        """The head of a part and its lines, not parsed: a repeat needs only one. ValueError if they are not as written."""
        head, _, rows = (self.folder / _PART.format(unit)).read_bytes().decode("utf-8").partition("\n")
        if json.loads(head)["rows"] != _hash(rows):
            raise ValueError("its rows are not those that were written")
        return head, rows.split("\n")[:-1]

    @contextmanager
    def _part_errors(self, unit: int) -> Iterator[None]:
        """Turns the errors of an unreadable part into an OutputError."""
        try:
            yield
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            path = self.folder / _PART.format(unit)
            raise OutputError(
                f"{path}: this part was damaged during the run ({error}); run the command again to score it again"
            ) from error


def _hash(rows: str) -> str:
    return blake2b(rows.encode("utf-8"), digest_size=16).hexdigest()


def texts_of_head(head: str, digest: str) -> Texts | None:
    """The text hashes of a unit, if `head` is the first line of a part with this digest."""
    try:
        unit = json.loads(head)
        return tuple(unit["texts"]) if unit["unit"] == digest else None
    except (ValueError, KeyError, TypeError):
        return None


@contextmanager
def open_parts(output: Path, fingerprint: RunFingerprint) -> Iterator[Parts]:
    """The parts of the run with this fingerprint, including those of an earlier call; deleted if the block succeeds.

    After an error they stay, except for a run that cannot be repeated because it read standard input.
    Raises OutputError if there are parts of another run, or another process is writing this output.
    """
    folder = parts_folder(output)
    record = folder / FINGERPRINT_FILE
    with _locked(folder, output):
        if not _can_resume(folder, output, fingerprint):
            with output_errors(output):
                for path in folder.iterdir():
                    discard(path)
            write_whole(record, fingerprint.model_dump_json(indent=1) + "\n", folder)
        try:
            yield Parts(folder)
        except BaseException:
            if not fingerprint.repeatable or not any(folder.glob(PARTS)):
                _remove(folder)
            raise
        _remove(folder)


def _can_resume(folder: Path, output: Path, fingerprint: RunFingerprint) -> bool:
    """Whether there are parts of this run. Raises OutputError if they belong to another run that could still be resumed."""
    record = folder / FINGERPRINT_FILE
    if not record.is_file() or not any(folder.glob(PARTS)):
        return False
    earlier = read_fingerprint(record)
    if earlier == fingerprint:
        return fingerprint.repeatable
    if earlier is not None and not earlier.repeatable:
        return False
    how = describe_difference(earlier, fingerprint) if earlier else "another version of sorot"
    raise OutputError(
        f"{output}: there is an unfinished run with {how}; finish that one with its own command, name another output, "
        f"or delete {folder}"
    )


def _remove(folder: Path) -> None:
    # Without its record a half-deleted folder does not count as an unfinished run.
    (folder / FINGERPRINT_FILE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path, output: Path) -> Iterator[None]:
    """Makes and locks the folder; the system releases the lock however the process ends.

    Raises OutputError if another process holds it. On systems without such locks nothing is locked.
    """
    try:
        import fcntl
    except ModuleNotFoundError:
        with output_errors(output):
            folder.mkdir(exist_ok=True)
        yield
        return
    with output_errors(output):
        while True:
            folder.mkdir(exist_ok=True)
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Another run may have finished and deleted the folder between mkdir and the lock.
                if folder.is_dir() and os.path.samestat(os.fstat(descriptor), folder.stat()):
                    break
            except BlockingIOError as error:
                os.close(descriptor)
                raise OutputError(f"{output}: another run is writing it; wait for that one or name another output") from error
            os.close(descriptor)
    try:
        yield
    finally:
        os.close(descriptor)
