"""Converts labelled records to the format of another tool, and another tool's labels to labelled records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sorot.data.article import Reject
from sorot.data.labels.checks import find_faults
from sorot.data.labels.exchange.csv_table import is_table
from sorot.data.labels.exchange.found import ExchangeError, RowError
from sorot.data.labels.exchange.names import Names
from sorot.data.labels.exchange.tools import Tool, find_labels, guess_tool, read_rows, write_records
from sorot.data.taxonomy import Taxonomy
from sorot.data.text.encodings import valid_name

_TOOLS = ", ".join(Tool)


@dataclass(frozen=True, slots=True)
class Conversion:
    """The converted file's text, its number of records, how many of them have no label, and the rows that were left out."""

    text: str
    records: int
    unlabelled: int
    rejects: tuple[Reject, ...]


def choose_tools(path: Path, output: str, taxonomy: Taxonomy, source: Tool | None, target: Tool | None) -> tuple[Tool, Tool]:
    """From which format to which: as given, else by the file's content and the output's suffix; one of the two is Sorot's.

    Raises ExchangeError if that is not clear.
    """
    name = valid_name(path)
    if not path.is_file():
        raise ExchangeError(f"{name}: no such file; name one file of labels")
    source = source or guess_tool(path, taxonomy)
    if source is None:
        raise ExchangeError(f"{name}: it is not clear whose format this is; name it with --from: {_TOOLS}")
    if target is None and source is not Tool.SOROT:
        target = Tool.SOROT
    if target is None and is_table(Path(output)):
        target = Tool.CSV
    if target is None:
        raise ExchangeError(f"{name}: holds Sorot's labelled records; name the tool to convert them for with --to: {_TOOLS}")
    if (source is Tool.SOROT) == (target is Tool.SOROT):
        why = "holds Sorot's labelled records already" if source is Tool.SOROT else f"has the format of {source}"
        raise ExchangeError(f"{name}: {why}; one side of a conversion is sorot and the other is not, so convert twice")
    return source, target


def convert_labels(path: Path, source: Tool, target: Tool, taxonomy: Taxonomy, pairs: Sequence[str] = ()) -> Conversion:
    """The labels of a file in another format. `pairs` map a tool's labels as in `Names`.

    A row that cannot be converted is a reject. Raises ExchangeError if the file cannot be read, or holds labels that the
    taxonomy lacks.
    """
    names = Names(taxonomy, pairs)
    records: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    for item in _records(path, source, taxonomy, names):
        if isinstance(item, Reject):
            rejects.append(item)
        else:
            records.append(item)
    names.check(valid_name(path))
    unlabelled = sum(all(record.get(key) is None for key in taxonomy.keys) for record in records)
    text = re.sub("[\ud800-\udfff]", "\ufffd", write_records(records, target, taxonomy))
    return Conversion(text, len(records), unlabelled, tuple(rejects))


def _records(path: Path, source: Tool, taxonomy: Taxonomy, names: Names) -> Iterator[dict[str, Any] | Reject]:
    """The labelled records of a file in any format, and rejects."""
    file = valid_name(path)
    for number, row in read_rows(path, source):
        if isinstance(row, str):
            yield Reject(file, number, f"the row {row}")
            continue
        try:
            found = [dict(row)] if source is Tool.SOROT else list(map(names.record, find_labels(row, number, source, taxonomy)))
        except RowError as error:
            yield Reject(file, number, f"the row {error}")
            continue
        for record in found:
            faults = find_faults(record, taxonomy)
            yield Reject(file, number, faults[0]) if faults else record
