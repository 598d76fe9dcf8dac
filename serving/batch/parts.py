"""Parts of an unfinished run: each unit of the input, once scored, is one file, there whole or not at all.

They lie in a hidden folder beside the output with the fingerprint of the run that they belong to, and are taken away when
the output is whole. The same command finds them and does only what is missing; another one is refused, so that no output is
ever mixed of two models, options or inputs. A part also says of which articles it is, and counts for no others.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sorot.serving.batch.fingerprint import RunFingerprint, describe_difference, read_fingerprint
from sorot.serving.batch.units import Texts
from sorot.serving.output.rows import Row, writable
from sorot.serving.output.target import OutputError
from sorot.serving.output.writers import discard, output_errors, write_whole

FINGERPRINT_FILE = "run.json"
PARTS = "*.jsonl"
# Units whose lines wait for articles that repeat theirs.
KEPT_IN_MEMORY = 8
# A part is named by its unit's number, so that names sort as units do.
_PART = "{:09d}.jsonl"
# A line of a part is {"row": ...} or {"reject": ...}; before them stands {"unit": digest, "texts": [...]}.
Line = dict[str, Row]


def parts_folder(output: Path) -> Path:
    """Where the parts of an unfinished run lie; the dot keeps it out of a folder that is read."""
    return output.with_name(f".{output.name}.parts")


class Parts:
    """The parts of one run; `open_parts` makes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines = lru_cache(maxsize=KEPT_IN_MEMORY)(self._read)

    def texts(self, unit: int, digest: str) -> Texts | None:
        """What the texts of this unit are known by, if its part is there and made of the items with this digest."""
        try:
            with (self.folder / _PART.format(unit)).open(encoding="utf-8") as file:
                return texts_of_head(file.readline(), digest)
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def heads(self) -> dict[int, str]:
        """The first line of every part, by its unit, for another process to ask `texts_of_head`."""
        found: dict[int, str] = {}
        for path in sorted(self.folder.glob(PARTS)):
            with path.open(encoding="utf-8", errors="replace") as file:
                found[int(path.stem)] = file.readline()
        return found

    def write(self, unit: int, digest: str, texts: Texts, lines: Iterable[Line]) -> None:
        """Keep what became of a unit. It has its name only when all of it is on the disk."""
        told = ({"unit": digest, "texts": texts}, *(writable(line) for line in lines))
        text = "".join(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in told)
        write_whole(self.folder / _PART.format(unit), text, self.folder)

    def line(self, unit: int, at: int) -> Line:
        """What became of an item of a unit that is written."""
        with self._told(unit):
            found: Line = json.loads(self._lines(unit)[at])
        return found

    def read(self, units: int) -> Iterator[list[Line]]:
        """What became of each of the first `units`, in order."""
        for unit in range(units):
            with self._told(unit):
                lines = [json.loads(line) for line in self._read(unit)]
            yield lines

    def _read(self, unit: int) -> list[str]:
        """The lines of a part but the first, as they stand there: of a part met for a repeat one line alone is wanted."""
        head, *lines = (self.folder / _PART.format(unit)).read_text(encoding="utf-8").split("\n")[:-1]
        if len(json.loads(head)["texts"]) != len(lines):
            raise ValueError("lines are missing")
        return lines

    @contextmanager
    def _told(self, unit: int) -> Iterator[None]:
        """A part that cannot be read as an OutputError."""
        try:
            yield
        except (OSError, ValueError, KeyError) as error:
            path = self.folder / _PART.format(unit)
            raise OutputError(f"{path}: this part cannot be read ({error}); delete it and run the command again") from error


def texts_of_head(head: str, digest: str) -> Texts | None:
    """What the texts of a unit are known by, if the first line of a part is that of one with this digest."""
    try:
        told = json.loads(head)
        return tuple(told["texts"]) if told["unit"] == digest else None
    except (ValueError, KeyError, TypeError):
        return None


@contextmanager
def open_parts(output: Path, fingerprint: RunFingerprint) -> Iterator[Parts]:
    """The parts of the run with this fingerprint, those of an earlier call of it among them; gone when the block ends well.

    They stay where the block is left by an error, but for a run that cannot be told again (it read standard input).
    Raises OutputError where parts of another run are in the way, or another process is at it.
    """
    folder = parts_folder(output)
    record = folder / FINGERPRINT_FILE
    with _alone_in(folder, output):
        if not _goes_on(folder, output, fingerprint):
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


def _goes_on(folder: Path, output: Path, fingerprint: RunFingerprint) -> bool:
    """Whether there are parts of this run; OutputError if they are of another that could still be gone on with."""
    record = folder / FINGERPRINT_FILE
    if not record.is_file() or not any(folder.glob(PARTS)):
        return False
    begun = read_fingerprint(record)
    if begun == fingerprint:
        return fingerprint.repeatable
    if begun is not None and not begun.repeatable:
        return False
    how = describe_difference(begun, fingerprint) if begun else "another version of sorot"
    raise OutputError(
        f"{output}: an unfinished run is there with {how}; finish that one with its own command, name another output, "
        f"or delete {folder}"
    )


def _remove(folder: Path) -> None:
    # Without its record a folder that is only half removed is no unfinished run.
    (folder / FINGERPRINT_FILE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone_in(folder: Path, output: Path) -> Iterator[None]:
    """Makes and holds the folder; the system lets go of it whatever ends the process.

    OutputError where another process holds it. Where the system has no such locks nothing is held.
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
                # Another run may have ended and removed the folder between the two.
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
