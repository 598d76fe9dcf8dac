"""The looks of labels, which page and report share, and their patterns as the page draws them."""

from __future__ import annotations

from sorot.data.taxonomy import Taxonomy
from sorot.serving.page.common.templates import render
from sorot.serving.words.label_styles import LabelStyle, label_style, label_styles

__all__ = ["LabelStyle", "label_style", "patterns_html"]


def patterns_html(taxonomy: Taxonomy) -> str:
    """A drawing without size that defines the pattern of every label; it stands once on the page."""
    return render("common/patterns.html.j2", styles=label_styles(taxonomy))
