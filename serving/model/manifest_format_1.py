"""Read manifests of either format. Format 1 (until 0.4) had thresholds of the one `many` task alone, the old taxonomy, and
figures without intervals, which stand in its card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sorot.data.taxonomy import Taxonomy, TaxonomyError
from sorot.serving.model.figures import with_card_intervals
from sorot.serving.model.manifest import CARD_FILE, Manifest


def read_manifest(file: Path) -> Manifest:
    """The manifest in today's form; OSError, pydantic.ValidationError or TaxonomyError if it cannot be read."""
    data = file.read_bytes()
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        raw = None
    # Anything else is validated as it is, so that the message is about today's form.
    if not (isinstance(raw, dict) and raw.get("format", 1) == 1 and isinstance(raw.get("taxonomy"), dict)):
        return Manifest.model_validate_json(data)
    return Manifest.model_validate(_upgraded(raw, _card(file.with_name(CARD_FILE))))


def _card(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _upgraded(raw: dict[str, Any], card: str) -> dict[str, Any]:
    try:
        taxonomy = Taxonomy.from_dict(raw["taxonomy"])
    except (TypeError, AttributeError, KeyError) as error:
        raise TaxonomyError(f"taxonomy cannot be read ({error})") from error
    [task, *_] = taxonomy.many_tasks
    gate = raw.get("gate")
    return raw | {
        "format": 2,
        "taxonomy": taxonomy.to_dict(),
        "thresholds": {task.key: raw.get("thresholds")},
        "metrics": with_card_intervals(raw.get("metrics"), card),
        "gate": {"task": task.key, **gate} if isinstance(gate, dict) else gate,
    }
