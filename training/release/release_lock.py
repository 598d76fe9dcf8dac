"""One promotion or rollback at a time: what is compared, swapped and recorded belongs together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sorot.training.release.registry import RegistryError


@contextmanager
def only_release(target: Path, registry: Path) -> Iterator[None]:
    """Locks the folders of the bundle in service and of the registry; the system unlocks them however the process ends.

    Raises RegistryError if another release holds one. On systems without such locks nothing is locked.
    """
    try:
        import fcntl
    except ModuleNotFoundError:
        yield
        return
    with ExitStack() as held:
        for folder in sorted({target.absolute().parent.resolve(), registry.absolute().parent.resolve()}):
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(folder, os.O_RDONLY)
            held.callback(os.close, descriptor)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RegistryError(f"{target}: another promote or rollback is running; wait for it and run again") from error
        yield
