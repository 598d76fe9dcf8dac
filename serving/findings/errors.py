"""The error of all that reads a scored corpus."""

from __future__ import annotations

from sorot.data.errors import InputError


class FindingsError(InputError):
    """A scored corpus, or labels for it, cannot be used; the message names the file and what to do."""
