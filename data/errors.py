"""The root of all errors whose message is meant for a user: one sentence that names the thing and the cure."""

from __future__ import annotations

import shlex
import sys

# Set in the environment, it has the traceback of an unexpected error shown.
TRACEBACK = "SOROT_TRACEBACK"


def install_extra(extra: str) -> str:
    """The command that adds an extra of the package to the Python that runs it, whatever environment that is."""
    return f"{shlex.quote(sys.executable)} -m pip install 'sorot[{extra}]'"


class SorotError(Exception):
    """Something a user can mend; the command line prints the message and exits with 2."""


class InputError(SorotError):
    """The input as a whole cannot be read; the message names it and the cure."""
