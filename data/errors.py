"""The root of all errors whose message is meant for a user: one sentence that names the thing and the cure."""

from __future__ import annotations

# Set in the environment, it has the traceback of an unexpected error shown.
TRACEBACK = "SOROT_TRACEBACK"


class SorotError(Exception):
    """Something a user can mend; the command line prints the message and exits with 2."""
