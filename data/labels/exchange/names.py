"""Finds the taxonomy's label that a tool's label stands for, and makes Sorot's records of what a tool's reader found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sorot.data.labels.checks import KEYS
from sorot.data.labels.exchange.found import NONE_HOLDS, ExchangeError, Found, Given, RowError
from sorot.data.taxonomy import Task, Taxonomy

SHOWN = 20
LONG = 60
# A task and its label in one name: stance/oppose, stance:oppose.
_SEPARATORS = "/:|."
Place = tuple[str, str]


class UnknownLabelError(Exception):
    """A label that the taxonomy lacks, or has in several tasks: those are in `tasks`."""

    def __init__(self, given: Given, tasks: Sequence[str] = ()) -> None:
        super().__init__(given.label)
        self.given, self.tasks = given, tuple(tasks)


class Names:
    """Labels by key, by Indonesian or English name, and by the user's own `pairs`.

    A pair is 'theirs=task/label', 'theirs=' to leave a label or a question out, or 'question=task'; ExchangeError if it is wrong.
    """

    def __init__(self, taxonomy: Taxonomy, pairs: Sequence[str] = ()) -> None:
        self._taxonomy = taxonomy
        self._tasks = {_plain(name): task for task in taxonomy.tasks for name in (task.name_en, task.name_id, task.key) if name}
        self._labels = {task.key: _labels_by_name(task) for task in taxonomy.tasks}
        self._unknown: dict[str, tuple[str, ...]] = {}
        self._pairs: dict[str, Place | None] = {}
        for pair in pairs:
            self._add(pair)

    def record(self, found: Found) -> dict[str, Any]:
        """The labelled record of what was found. Labels that are not known are left out, and named by `check`.

        A label that a stretch shows holds, if nothing else says which labels of its task hold. Raises RowError.
        """
        given = [place for label in found.answers.labels if (place := self._known(label))]
        marks = [(place, span.sentence) for span in found.answers.spans if (place := self._known(span.given))]
        record = dict(found.fields)
        for task in self._taxonomy.tasks:
            keys = _keys(given, task.key)
            shown = keys or _keys((place for place, _ in marks), task.key)
            if task.many and shown:
                record[task.key] = [key for key in shown if key != NONE_HOLDS]
            elif len(keys) > 1:
                raise RowError(f"has {len(keys)} labels of {task.key}, {' and '.join(keys)}, but only one can hold")
            elif len(shown) == 1:
                record[task.key] = shown[0]
        if marks:
            entries = [{"task": task, "label": label, "sentence": sentence} for (task, label), sentence in marks]
            rest = record.get("evidence")
            record["evidence"] = [*entries, *(rest if isinstance(rest, list) else [])]
        if found.answers.note and not record.get("note"):
            record["note"] = found.answers.note
        order = (*KEYS[: KEYS.index("evidence")], *self._taxonomy.keys, *KEYS[KEYS.index("evidence") :])
        return {key: record[key] for key in order if key in record}

    def check(self, name: str) -> None:
        """Raise ExchangeError if labels were met that the taxonomy lacks; `name` is the file's."""
        if not self._unknown:
            return
        first = next(iter(self._unknown))
        shown = [
            repr(label[:LONG]) + (f" (in {' and '.join(tasks)})" if tasks else "")
            for label, tasks in list(self._unknown.items())[:SHOWN]
        ]
        more = f" and {len(self._unknown) - SHOWN} more" if len(self._unknown) > SHOWN else ""
        known = ", ".join(
            f"{task.key}/{label.key} ({' or '.join(dict.fromkeys(filter(None, (label.name_id, label.name_en))))})"
            for task in self._taxonomy.tasks
            for label in task.labels
        )
        raise ExchangeError(
            f"{name}: it is not clear which labels {', '.join(shown)}{more} stand for; "
            f"say so with --map '{first[:LONG]}=task/label', or leave one out with --map '{first[:LONG]}='; there are {known}"
        )

    def _known(self, given: Given) -> Place | None:
        """The place of a label in the taxonomy; None if it is left out or unknown."""
        try:
            return self.find(given)
        except UnknownLabelError as error:
            label = f"{given.question}/{given.label}" if given.question else given.label
            self._unknown[label] = error.tasks
            return None

    def find(self, given: Given) -> Place | None:
        """(task, label) of a tool's label; None if the user leaves it out. Raises UnknownLabelError."""
        question = _plain(given.question or "")
        label, task = given.label, self._tasks.get(question)
        for name in (f"{given.question}/{label}", label, given.other or "", given.question or ""):
            if _plain(name) in self._pairs:
                return self._pairs[_plain(name)]
        try:
            return self._find(label, task)
        except UnknownLabelError as error:
            if given.other:
                return self._find(given.other, task)
            raise error

    def _find(self, label: str, task: Task | None) -> Place:
        for separator in _SEPARATORS:
            before, found, after = label.partition(separator)
            named = self._tasks.get(_plain(before)) if found else None
            if named and (key := self._key(after, named)):
                return named.key, key
        if task is not None:
            if key := self._key(label, task):
                return task.key, key
            raise UnknownLabelError(Given(label))
        places = [(each.key, key) for each in self._taxonomy.tasks if (key := self._key(label, each)) and key != NONE_HOLDS]
        if len(places) != 1:
            raise UnknownLabelError(Given(label), [task for task, _ in places])
        return places[0]

    def _key(self, label: str, task: Task) -> str | None:
        if label.strip() == NONE_HOLDS:
            return NONE_HOLDS if task.many else None
        return label if label in task.keys else self._labels[task.key].get(_plain(label))

    def _add(self, pair: str) -> None:
        """Add one of the user's pairs: a label of theirs for one of ours or for none, or a question of theirs for a task."""
        theirs, equals, ours = (part.strip() for part in pair.rpartition("="))
        if not equals or not _plain(theirs):
            raise ExchangeError(f"--map {pair!r}: write it as 'theirs=task/label'")
        if task := self._tasks.get(_plain(ours)):
            self._tasks[_plain(theirs)] = task
            return
        try:
            self._pairs[_plain(theirs)] = self._find(ours, None) if ours else None
        except UnknownLabelError as error:
            known = ", ".join(f"{task.key}/{key}" for task in self._taxonomy.tasks for key in task.keys)
            raise ExchangeError(f"--map {pair!r}: {ours!r} is not one label of the taxonomy; there are {known}") from error


def _labels_by_name(task: Task) -> dict[str, str]:
    """Keys of a task's labels by key and name; a name that two labels share names neither, and a key wins over a name."""
    keys: dict[str, set[str]] = defaultdict(set)
    for label in task.labels:
        for name in (label.name_id, label.name_en):
            if _plain(name):
                keys[_plain(name)].add(label.key)
    return {name: next(iter(found)) for name, found in keys.items() if len(found) == 1} | {_plain(key): key for key in task.keys}


def _keys(places: Sequence[Place] | Iterator[Place], task: str) -> list[str]:
    """The labels of a task among places, each once."""
    return list(dict.fromkeys(key for named, key in places if named == task))


def _plain(name: str) -> str:
    """A name in small letters, whatever stands between its words."""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()
