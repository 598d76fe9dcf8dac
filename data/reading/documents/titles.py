"""Titles in a document's properties."""

from __future__ import annotations

import re

MIN_WORDS, MAX_CHARACTERS = 3, 200
# What programs put there: a file's name, their own name, the name of a template.
_DEFAULT = re.compile(
    r"(?:microsoft|untitled|tanpa judul|word document|dokumen|document|slide|presentation|new|powerpoint)\b.*"
    r"|.*\.\w{2,5}|.*[/\\].*",
    re.IGNORECASE,
)


def property_title(value: object) -> str | None:
    """The title, or None if it is missing or looks like a file name or a program's default."""
    text = " ".join(str(value or "").split())
    if len(text) > MAX_CHARACTERS or len(text.split()) < MIN_WORDS or _DEFAULT.fullmatch(text):
        return None
    return text
