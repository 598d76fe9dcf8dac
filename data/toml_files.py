"""Reads TOML files, such as recipes and tables of settings, into pydantic models."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sorot.data.errors import SorotError
from sorot.data.validation import describe_validation_error

Model = TypeVar("Model", bound=BaseModel)


def load_toml(path: Path, error: type[SorotError], *, kind: str, if_missing: str = "name an existing one") -> dict[str, Any]:
    """The file's content; an instance of `error` if it is missing, unreadable or not TOML.

    The message is one sentence: the file, its `kind` ('recipe') and the cure; `if_missing` is the cure for a missing file.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as cause:
        raise error(f"{path}: no such {kind}; {if_missing}") from cause
    except OSError as cause:
        raise error(f"{path}: cannot be read ({cause.strerror}); name a readable {kind}") from cause
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise error(f"{path}: not valid TOML ({cause}); correct the line it names") from cause


def read_toml(
    path: Path, model: type[Model], error: type[SorotError], *, kind: str, if_missing: str = "name an existing one"
) -> Model:
    """The file's content as a `model`; errors as in `load_toml`, or if it does not fit the model: every wrong or unknown key."""
    raw = load_toml(path, error, kind=kind, if_missing=if_missing)
    try:
        return model.model_validate(raw)
    except ValidationError as cause:
        file = "/".join(model.__module__.split(".")[1:]) + ".py"
        raise error(f"{path}: {describe_validation_error(cause)}; {file} lists the keys of a {kind}") from cause
