"""An open corpus as the findings need it: the arrays that they else read from a scored file."""

from __future__ import annotations

import numpy as np

from sorot.serving.findings.tables.arrays import CorpusArrays
from sorot.serving.findings.tables.scored_tables import GATE
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus

COMPARED = ("title", "language")


def findings_arrays(opened: OpenCorpus, *, stories: bool = False) -> CorpusArrays:
    """The corpus at its thresholds; `stories` has articles of one story count as less than independent ones."""
    rows, taxonomy = [item.row for item in opened.items], opened.taxonomy
    withheld = np.array([row["withheld"] for row in rows], dtype=object)
    gated = withheld == GATE
    known = np.array([why is None for why in withheld], dtype=bool)
    labels, labelled = {}, {}
    for task in taxonomy.tasks:
        own = np.stack([opened.held[task.key][key] for key in task.keys], axis=1)
        if task.default is not None:
            own = own.copy()
            own[gated, task.keys.index(task.default)] = True
        # The gate says that nothing holds; what follows from that is known, other labels are not.
        labels[task.key] = own
        labelled[task.key] = known | gated if task.many or task.default is not None else known
    return CorpusArrays(
        name=opened.name,
        taxonomy=taxonomy,
        model=str(rows[0]["model"]) if rows else "",
        ids=np.array([row["id"] for row in rows], dtype=object),
        outlets=np.array([row["outlet"] or None for row in rows], dtype=object),
        days=opened.arrays.days,
        stories=opened.arrays.story_numbers if stories else None,
        withheld=withheld,
        labels=labels,
        labelled=labelled,
        probabilities={
            task.key: np.stack([opened.probabilities(task.key, key) for key in task.keys], axis=1) for task in taxonomy.tasks
        },
        n_tokens=np.array([row["n_tokens"] for row in rows], dtype=np.float64),
        texts={
            **{name: np.array([row[name] for row in rows], dtype=object) for name in COMPARED},
            "body": np.array([item.text for item in opened.items], dtype=object),
        },
    )
