"""Sorot: topics, stance, sentiment and the sentences that show them, for scraped Indonesian news.

    import sorot

    model = sorot.load()
    analysis = model.analyze(text)
    table = model.score_frame(frame, text="isi")
    summary = sorot.score_files(["corpus/"], "out.parquet")

Importing is quick: the model's libraries are loaded by the first call that needs them.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sorot.data.article import Article, Reject
    from sorot.data.errors import SorotError
    from sorot.serving.front_door.models import Model, load, score_files
    from sorot.serving.front_door.reading import read
    from sorot.serving.front_door.texts import clean
    from sorot.serving.model.analysis import Analysis, Evidence

    __version__: str

__all__ = [
    "Analysis",
    "Article",
    "Evidence",
    "Model",
    "Reject",
    "SorotError",
    "clean",
    "load",
    "read",
    "score_files",
]

_MODULES = {
    "Analysis": "sorot.serving.model.analysis",
    "Article": "sorot.data.article",
    "Evidence": "sorot.serving.model.analysis",
    "Model": "sorot.serving.front_door.models",
    "Reject": "sorot.data.article",
    "SorotError": "sorot.data.errors",
    "clean": "sorot.serving.front_door.texts",
    "load": "sorot.serving.front_door.models",
    "read": "sorot.serving.front_door.reading",
    "score_files": "sorot.serving.front_door.models",
}


# Type checkers see the imports above, so that they find a misspelt name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A public name, imported when it is first asked for (PEP 562)."""
        if name == "__version__":
            return version("sorot")
        if name not in _MODULES:
            raise AttributeError(f"module 'sorot' has no attribute {name!r}; it offers {', '.join(__all__)}")
        value = getattr(import_module(_MODULES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
