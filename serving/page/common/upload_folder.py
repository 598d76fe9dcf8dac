"""Gradio's folder of files that visitors sent and downloads that were prepared: what is in it, and how it is kept small.

Gradio itself deletes those that it knows when they are old. It does not know the empty files that it makes whenever a file
is handed to a function, nor what came of an upload that broke off.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

from gradio.utils import get_upload_folder

# As the standard library names them; an upload that came whole lies in a folder of its own.
STRAY = re.compile(r"tmp[a-z0-9_]{8}")
KEPT_SECONDS = 3600


def delete_old_uploads() -> None:
    """Delete what lies in the folder for longer than KEPT_SECONDS and is known to nobody."""
    old = time.time() - KEPT_SECONDS
    with suppress(OSError):
        for path in Path(get_upload_folder()).iterdir():
            # Another delete_old_uploads may be quicker.
            with suppress(OSError):
                if STRAY.fullmatch(path.name) and not path.is_dir() and path.lstat().st_mtime < old:
                    path.unlink()


def delete_closed_strays() -> None:
    """Delete what uploads that failed have left: the files of no upload that still goes on. Linux alone tells which these are."""
    open_files = set()
    with suppress(OSError):
        for number in Path("/proc/self/fd").iterdir():
            # One that was closed meanwhile.
            with suppress(OSError):
                open_files.add(str(number.readlink()))
        for path in Path(get_upload_folder()).iterdir():
            if STRAY.fullmatch(path.name) and not path.is_dir() and str(path.resolve()) not in open_files:
                path.unlink(missing_ok=True)


def free_bytes() -> int:
    """Room on the disk of the folder."""
    folder = Path(get_upload_folder())
    return shutil.disk_usage(folder if folder.exists() else folder.parent).free


def upload_folder_bytes() -> int:
    """Bytes of all that lies in the folder."""
    found = 0
    for folder, _, names in os.walk(get_upload_folder()):
        for name in names:
            # It may have been deleted meanwhile.
            with suppress(OSError):
                found += (Path(folder) / name).lstat().st_size
    return found


def is_upload(path: str) -> bool:
    """Whether a path leads, through links too, to something within the folder where Gradio keeps uploads."""
    try:
        return Path(path).resolve().is_relative_to(Path(get_upload_folder()).resolve())
    except (OSError, RuntimeError, ValueError):
        return False
