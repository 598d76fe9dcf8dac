"""Taxonomies as they were before 0.5: one list of labels per task, the first task of the kind 'many', all others 'one'.

Bundles and review folders made by earlier versions hold them, and so may files of users.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# A key such as TASK_without_OTHER holds the default of TASK.
_DEFAULT = re.compile(r"(\w+?)_without_\w+")


def is_format_1(raw: Mapping[str, Any]) -> bool:
    """Whether a taxonomy has the old form."""
    return "tasks" not in raw and any(isinstance(value, (list, tuple)) for value in raw.values())


def upgrade_taxonomy(raw: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The same taxonomy in today's form. Names and phrases of tasks, which the old form lacks, come from `known` by key."""
    defaults = {match[1]: value for key, value in raw.items() if (match := _DEFAULT.fullmatch(key))}
    lists = {key: value for key, value in raw.items() if isinstance(value, (list, tuple))}
    first = next(iter(lists))
    tasks: list[dict[str, Any]] = []
    for key, labels in lists.items():
        names = {name: known[key][name] for name in ("name_id", "name_en", "phrases") if name in known.get(key, {})}
        task: dict[str, Any] = {"key": key, "kind": "many" if key == first else "one", "labels": list(labels), **names}
        if key == first:
            task["column"] = "p_"
        if (default := defaults.get(key)) is not None:
            task |= {"default": default, "without": first}
        tasks.append(task)
    rest = {key: value for key, value in raw.items() if key not in lists and not _DEFAULT.fullmatch(key)}
    return {"tasks": tasks, **rest}
