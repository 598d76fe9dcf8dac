"""Bundles on the Hugging Face Hub, by way of its local cache."""

from __future__ import annotations

import re
from pathlib import Path

from sorot.serving.model.bundle import BundleError

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def is_hub_id(source: str) -> bool:
    """Whether a name has the form 'user/name' of a model on the hub."""
    return _HUB_ID.fullmatch(source) is not None


def find_snapshot(hub_id: str, revision: str | None, *, download: bool) -> Path:
    """The folder of a hub model's files in the local cache; fetched first only if `download` is set.

    Raises BundleError if huggingface_hub is not installed, or if the model is neither cached nor fetched.
    """
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError
    except ModuleNotFoundError as error:
        raise BundleError(
            f"{hub_id}: loading from the Hugging Face Hub needs huggingface_hub; add it with: pip install huggingface_hub"
        ) from error
    try:
        return Path(snapshot_download(hub_id, revision=revision, local_files_only=not download))
    except LocalEntryNotFoundError as error:
        if download:
            raise BundleError(f"{hub_id}: cannot be fetched from the Hugging Face Hub; check the name and the network") from error
        at = f" at revision {revision}" if revision else ""
        raise BundleError(
            f"{hub_id}: no such folder here, and no such model in the Hugging Face cache{at}; "
            "check the name, or fetch the model with download=True"
        ) from error
    # The hub's client raises its own, httpx' and plain errors.
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise BundleError(f"{hub_id}: cannot be fetched ({lines[0][:200]}); check the name and your access") from error
