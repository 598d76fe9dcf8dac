"""Whether the packages of the extra `train` are installed."""

from __future__ import annotations

from sorot.data.errors import SorotError, install_extra

TRAIN_PACKAGES = ("torch", "transformers", "sklearn", "onnx", "matplotlib")


class MissingExtraError(SorotError):
    """A package of the extra `train` is not installed."""


def need_extra(packages: tuple[str, ...] = TRAIN_PACKAGES) -> None:
    """Raise MissingExtraError if one of `packages`, which the extra `train` installs, is missing."""
    from importlib.util import find_spec

    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise MissingExtraError(f"this command needs {', '.join(missing)}; run: {install_extra('train')}")
