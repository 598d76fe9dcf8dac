"""Parts of an unfinished run: each unit of the input, once scored, is one file, there whole or not at all.

They lie in a hidden folder beside the output with the fingerprint of the run that they belong to, and are taken away when
the output is whole. The same command finds them and does only what is missing; another one is refused, so that no output is
ever mixed of two models, options or inputs.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from serving.fingerprint import RunFingerprint, describe_difference, read_fingerprint
from serving.rows import Row, writable
from serving.writers import OutputError, explained

FINGERPRINT_FILE = "run.json"
# A part is named by its unit's number, so that names sort as units do.
_PART = "{:09d}.jsonl"
# A line of a part is {"row": ...} or {"reject": ...}.
Line = dict[str, Row]


def parts_folder(output: Path) -> Path:
    """Where the parts of an unfinished run lie; the dot keeps it out of a folder that is read."""
    return output.with_name(f".{output.name}.parts")


class Parts:
    """The parts of one run; `open_parts` makes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known = {path.name for path in folder.glob("*.jsonl")}

    def __contains__(self, unit: int) -> bool:
        return _PART.format(unit) in self._known

    def __len__(self) -> int:
        return len(self._known)

    def write(self, unit: int, lines: Iterable[Line]) -> None:
        """Keep what became of a unit. It has its name only when all of it is on the disk."""
        path = self.folder / _PART.format(unit)
        begun = path.with_suffix(f".{os.getpid()}.part")
        with explained(path):
            try:
                with begun.open("w", encoding="utf-8", newline="") as file:
                    file.writelines(json.dumps(writable(line), ensure_ascii=False, allow_nan=False) + "\n" for line in lines)
                    file.flush()
                    os.fsync(file.fileno())
                begun.replace(path)
            finally:
                begun.unlink(missing_ok=True)
        self._known.add(path.name)

    def read(self, units: int) -> Iterator[list[Line]]:
        """What became of each of the first `units`, in order."""
        for unit in range(units):
            with explained(self.folder), (self.folder / _PART.format(unit)).open(encoding="utf-8", newline="\n") as file:
                yield [json.loads(line) for line in file]


@contextmanager
def open_parts(output: Path, fingerprint: RunFingerprint) -> Iterator[Parts]:
    """The parts of the run with this fingerprint, those of an earlier call of it among them; gone when the block ends well.

    They stay where the block is left by an error, but for a run that cannot be told again (it read standard input).
    Raises OutputError where parts of another run are in the way.
    """
    folder = parts_folder(output)
    with explained(output):
        folder.mkdir(exist_ok=True)
    with _alone_in(folder, output):
        begun = read_fingerprint(folder / FINGERPRINT_FILE)
        if begun is not None and begun.repeatable and begun != fingerprint:
            raise OutputError(
                f"{output}: an unfinished run is there with {describe_difference(begun, fingerprint)}; finish that one with its "
                f"own command, name another output, or delete {folder}"
            )
        with explained(output):
            if begun is None or begun != fingerprint or not fingerprint.repeatable:
                # Nothing to go on with: what was cut off before its fingerprint was written, or what standard input gave.
                for path in folder.iterdir():
                    path.unlink()
            fingerprint.write(folder / FINGERPRINT_FILE)
        try:
            yield Parts(folder)
        except BaseException:
            if not fingerprint.repeatable:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone_in(folder: Path, output: Path) -> Iterator[None]:
    """Holds the folder; the system lets go of it whatever ends the process. OutputError where another process holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputError(f"{output}: another run is writing it; wait for that one or name another output") from error
        yield
    finally:
        os.close(descriptor)
