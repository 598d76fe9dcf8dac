"""Taxonomies beside the shipped one, for tests that no code depends on its tasks and labels."""

from __future__ import annotations

from sorot.data.taxonomy import Label, Task, Taxonomy, load_taxonomy


def _labels(*keys: str) -> tuple[Label, ...]:
    return tuple(Label(key=key, name_id=f"{key} (id)", name_en=key.capitalize(), definition_en=f"About {key}.") for key in keys)


def without_stance() -> Taxonomy:
    """The shipped taxonomy without the task that depends on another."""
    return Taxonomy(tasks=tuple(task for task in load_taxonomy().tasks if task.default is None))


def with_frame() -> Taxonomy:
    """The shipped taxonomy and a fourth task where exactly one of five labels holds."""
    labels = _labels("conflict", "economy", "morality", "responsibility", "human_interest")
    frame = Task(key="frame", kind="one", name_id="Bingkai", name_en="Frame", labels=labels)
    return Taxonomy(tasks=(*load_taxonomy().tasks, frame))


def two_many() -> Taxonomy:
    """Two tasks of any number of labels, one label key in both, and a task that depends on the second."""
    return Taxonomy(
        tasks=(
            Task(key="actors", kind="many", name_en="Actors", labels=_labels("state", "press", "other")),
            Task(key="harms", kind="many", name_en="Harms", labels=_labels("privacy", "speech", "other")),
            Task(key="blame", kind="one", labels=_labels("yes", "no"), default="no", without="harms"),
        )
    )


def english_only() -> Taxonomy:
    """The shipped taxonomy without Indonesian names, definitions and phrases."""
    tasks = []
    for task in load_taxonomy().tasks:
        labels = tuple(label.model_copy(update={"name_id": "", "definition_id": ""}) for label in task.labels)
        phrases = {key: phrase.model_copy(update={"id": ""}) for key, phrase in task.phrases.items()}
        tasks.append(task.model_copy(update={"name_id": "", "labels": labels, "phrases": phrases}))
    return Taxonomy(tasks=tuple(tasks))


ALL = {
    "shipped": load_taxonomy,
    "without_stance": without_stance,
    "with_frame": with_frame,
    "two_many": two_many,
    "english_only": english_only,
}
