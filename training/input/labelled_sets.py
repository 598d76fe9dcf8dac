"""Labelled records of a recipe in any form that `datasets` reads: JSON lines, CSV, Parquet, a `save_to_disk` folder, a hub id."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import datasets
import huggingface_hub

from sorot.data.labels.checks import find_faults
from sorot.data.labels.exchange.csv_table import csv_records, is_table, labels_of_cell
from sorot.data.labels.records import LabelError, LabelledArticle, list_mistakes, make_record, read_labelled
from sorot.data.reading.streams import READ_ERRORS
from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.bundle import sha256

# hf:user/name, or hf:user/name/split; read from the local cache of the hub.
HUB = "hf:"
DEFAULT_SPLIT = "train"


def is_labelled_set(path: Path) -> bool:
    """Whether `path` is a file, a `save_to_disk` folder, or a hub id."""
    return path.is_file() or (path / "dataset_info.json").is_file() or is_hub_id(path)


def is_hub_id(path: Path) -> bool:
    """Whether a recipe's path names a dataset of the Hugging Face hub."""
    return path.as_posix().startswith(HUB)


def download_set(path: Path) -> None:
    """Bring a hub dataset into the local cache, or up to date there. Raises LabelError if it cannot be fetched."""
    name = _hub_name(path)
    try:
        huggingface_hub.snapshot_download(name, repo_type="dataset")
    except Exception as error:
        # The hub's client and the network raise many kinds.
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise LabelError(f"{path.as_posix()}: cannot be downloaded ({reason}); check the name and your access") from error


def set_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, or of all files of a folder, or of the rows of a hub dataset."""
    if path.is_file():
        return sha256(path)
    if is_hub_id(path):
        return hashlib.sha256("".join(repr(row) for row in _load(path)).encode()).hexdigest()
    files = sorted(file for file in path.rglob("*") if file.is_file())
    return hashlib.sha256("".join(f"{file.relative_to(path)} {sha256(file)}\n" for file in files).encode()).hexdigest()


def read_labelled_set(path: Path, taxonomy: Taxonomy, texts: Path | None = None) -> list[LabelledArticle]:
    """Labelled articles of a set; JSON lines may take their texts from `texts`. LabelError lists every wrong record."""
    table = is_table(path)
    if path.is_file() and not table and path.suffix.lower() != ".parquet":
        return read_labelled(path, taxonomy, texts)
    rows: list[LabelledArticle] = []
    mistakes: list[str] = []
    for number, raw in _table(path, taxonomy) if table else enumerate(_records(_load(path), taxonomy), 1):
        faults = [raw] if isinstance(raw, str) else find_faults(raw, taxonomy)
        mistakes += [f"{path.as_posix()}:{number}: {fault}" for fault in faults]
        if not faults and not isinstance(raw, str):
            rows.append(make_record(raw, path, number, taxonomy))
    list_mistakes(mistakes)
    return rows


def _table(path: Path, taxonomy: Taxonomy) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The rows of a table, read as `sorot convert` reads them."""
    try:
        yield from csv_records(path, taxonomy)
    except (*READ_ERRORS, csv.Error) as error:
        raise LabelError(f"{path.as_posix()}: cannot be read as a table ({error}); save it as CSV again") from error


def _load(path: Path) -> datasets.Dataset:
    """The rows of a set. Nothing is downloaded: a hub dataset is read from the local cache."""
    try:
        if is_hub_id(path):
            return _load_hub(path)
        if path.is_dir():
            return datasets.load_from_disk(str(path))
        with tempfile.TemporaryDirectory() as scratch:
            return datasets.Dataset.from_parquet(str(path), cache_dir=scratch, keep_in_memory=True)
    except Exception as error:
        # Readers of many formats and the hub's client raise errors of their own.
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise LabelError(
            f"{path.as_posix()}: cannot be read by datasets ({reason}); check the path, or fetch the set first"
        ) from error


def _load_hub(path: Path) -> datasets.Dataset:
    """A split of a hub dataset, from its snapshot in the local cache.

    `load_dataset` with an id asks the hub even for files that are in the cache, so it gets the snapshot's folder.
    """
    split = path.as_posix().removeprefix(HUB).split("/")[2:]
    snapshot = huggingface_hub.snapshot_download(_hub_name(path), repo_type="dataset", local_files_only=True)
    with tempfile.TemporaryDirectory() as scratch:
        return datasets.load_dataset(snapshot, split=split[0] if split else DEFAULT_SPLIT, cache_dir=scratch, keep_in_memory=True)


def _hub_name(path: Path) -> str:
    """The hub's name of a dataset: user/name."""
    return "/".join(path.as_posix().removeprefix(HUB).split("/")[:2])


def _records(dataset: datasets.Dataset, taxonomy: Taxonomy) -> Iterator[dict[str, Any]]:
    """Rows without empty cells; labels of `many` tasks as lists."""
    many = {task.key for task in taxonomy.many_tasks}
    for row in dataset:
        record = {key: value for key, value in row.items() if value is not None}
        for key in many & record.keys():
            if isinstance(record[key], str):
                labels = labels_of_cell(record[key])
                record.pop(key) if labels is None else record.update({key: labels})
        yield record
