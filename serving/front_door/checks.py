"""Wrong arguments, caught before any work starts, with one sentence that names the cure."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike, fspath

from sorot.data.errors import SorotError


class WrongTypeError(SorotError, TypeError):
    """An argument of a type that the function does not take."""


def kind_of(value: object) -> str:
    """The type of a value as users know it: 'int', 'list', 'None', 'pandas DataFrame'."""
    if value is None:
        return "None"
    package = type(value).__module__.partition(".")[0]
    name = type(value).__qualname__
    return name if package in ("builtins", "sorot", "__main__") else f"{package} {name}"


def input_names(inputs: object) -> list[str]:
    """Names of files, folders, patterns and addresses, as a list. Raises WrongTypeError for anything else."""
    names = [inputs] if isinstance(inputs, str | PathLike) else inputs
    if isinstance(names, Iterable) and not isinstance(names, bytes):
        listed = list(names)
        if all(isinstance(name, str | PathLike) for name in listed):
            return [str(fspath(name)) for name in listed]
        names = next(name for name in listed if not isinstance(name, str | PathLike))
    raise WrongTypeError(
        f"inputs are names of files, folders or patterns, such as 'corpus/*.csv', or a list of them, not {kind_of(names)}"
    )


def in_python(message: str) -> str:
    """A message of the readers, with the argument of a Python function in place of the command line's option."""
    return message.replace("--text-column", "text=")
