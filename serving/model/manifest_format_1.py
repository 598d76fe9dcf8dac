"""Read manifests of either format. Format 1 (until 0.4) had thresholds of the one `many` task alone, and the old taxonomy."""

from __future__ import annotations

import json
from typing import Any

from sorot.data.taxonomy import Taxonomy, TaxonomyError
from sorot.serving.model.manifest import Manifest


def read_manifest(data: bytes) -> Manifest:
    """The manifest in today's form; pydantic.ValidationError or TaxonomyError if it is malformed."""
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        raw = None
    # Anything else is validated as it is, so that the message is about today's form.
    if not (isinstance(raw, dict) and raw.get("format", 1) == 1 and isinstance(raw.get("taxonomy"), dict)):
        return Manifest.model_validate_json(data)
    return Manifest.model_validate(_upgraded(raw))


def _upgraded(raw: dict[str, Any]) -> dict[str, Any]:
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
        "gate": {"task": task.key, **gate} if isinstance(gate, dict) else gate,
    }
