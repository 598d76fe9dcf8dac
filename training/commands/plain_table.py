"""Tables for a terminal of 80 columns: no lines between columns, numbers right-aligned, nothing cut off."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table


def narrow_table(title: str, columns: Sequence[str], numbers: Sequence[str] = ()) -> Table:
    """An empty table; columns of `numbers` are right-aligned and never wrap, the others fold."""
    table = Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in columns:
        right = column in numbers
        table.add_column(column, justify="right" if right else "left", no_wrap=right, overflow="fold")
    return table
