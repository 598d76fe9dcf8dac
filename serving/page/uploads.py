"""Which files are the visitors' own: those that were uploaded, or that the page made for them."""

from __future__ import annotations

from pathlib import Path

from gradio.utils import get_upload_folder


def is_upload(path: str) -> bool:
    """Whether a path leads, through links too, to something within the folder where Gradio keeps uploads."""
    try:
        return Path(path).resolve().is_relative_to(Path(get_upload_folder()).resolve())
    except (OSError, RuntimeError, ValueError):
        return False
