"""The error of findings."""

from __future__ import annotations

from sorot.data.errors import SorotError


class FindingsError(SorotError):
    """A scored corpus, or labels for it, cannot be used; the message names the file and what to do."""
