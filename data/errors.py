"""Base classes of errors meant for users: the message is one sentence with the problem and the cure."""

from __future__ import annotations

import shlex
import sys

# Environment variable that shows the traceback of an unexpected error.
TRACEBACK = "SOROT_TRACEBACK"


def install_extra(extra: str) -> str:
    """The shell command that installs an extra of the package for the running Python."""
    return f"{shlex.quote(sys.executable)} -m pip install 'sorot[{extra}]'"


class SorotError(Exception):
    """An error that the user can correct; the command line prints the message and exits with 2."""


class InputError(SorotError):
    """The input as a whole cannot be read; the message names it and the cure."""
