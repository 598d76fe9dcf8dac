"""The root of all errors whose message is meant for a user: one sentence that names the thing and the cure."""

from __future__ import annotations


class SorotError(Exception):
    """Something a user can mend; the command line prints the message and exits with 2."""
