"""The texts that the page offers to try it with."""

from __future__ import annotations

from importlib.resources import files


def example_texts() -> list[str]:
    """The examples that the page offers, articles of our own and a raw dump, by file name."""
    folder = files("sorot.serving.page.article").joinpath("examples")
    return [f.read_text(encoding="utf-8") for f in sorted(folder.iterdir(), key=lambda f: f.name) if f.name.endswith(".txt")]
