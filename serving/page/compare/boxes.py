"""The boxes of the Compare tab, as other tabs fill them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from sorot.data.article import Article


@dataclass(frozen=True, slots=True)
class CompareBoxes:
    """How many boxes are shown, the button for more, each box's column, and its outlet and text in turn."""

    shown: gr.State
    more: gr.Button
    columns: Sequence[gr.Column]
    fields: Sequence[gr.Textbox]

    @property
    def parts(self) -> list[Any]:
        """What `place` updates."""
        return [self.shown, self.more, *self.columns, *self.fields]

    def place(self, shown: int, values: Sequence[Any], article: Article) -> tuple[int | None, tuple[Any, ...]]:
        """The number of the first empty box, from 1, and updates that put the article there; None where all are full."""
        box = next((n for n in range(len(self.columns)) if not values[2 * n + 1]), None)
        if box is None:
            return None, ()
        shown = max(shown, box + 1)
        filled: list[Any] = [gr.skip()] * len(self.fields)
        filled[2 * box : 2 * box + 2] = [
            article.outlet or "",
            f"{article.title}\n\n{article.body}" if article.title else article.body,
        ]
        columns = (gr.update(visible=n < shown) for n in range(len(self.columns)))
        return box + 1, (shown, gr.update(visible=shown < len(self.columns)), *columns, *filled)
