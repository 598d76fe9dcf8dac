"""The columns `copy` and `story`: the input is read a second time when all of it is scored, as groups need the whole corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from sorot.data.reading.readers import read_articles
from sorot.serving.batch.parts import Line
from sorot.serving.batch.units import BatchInput, Item, choose_items
from sorot.serving.output.target import OutputError

# The values of an article's group columns, by name.
Groups = Mapping[str, str | None]
# Finds the groups of each item, in order.
Grouping = Callable[[Iterable[Item]], Sequence[Groups]]


def group_rows(source: BatchInput, lines: Iterable[Line], find: Grouping) -> Iterator[Groups]:
    """The groups of each row among the scored `lines` of `source`, in order; what is no row is in no group."""
    items = read_articles(source.inputs, columns=source.options.columns, leave_out=source.leave_out)
    return iter(find(_items_of_rows(choose_items(items, source.options), lines)))


def _items_of_rows(items: Iterable[Item], lines: Iterable[Line]) -> Iterator[Item]:
    for item, line in zip_longest(items, lines):
        if item is None or line is None:
            raise OutputError("the input has other rows at the second reading, which --stories needs; run the command again")
        if "row" in line:
            yield item
