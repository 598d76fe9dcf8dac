"""All findings of a scored corpus."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from sorot.serving.findings.estimates.estimate import MATRIX
from sorot.serving.findings.estimates.shares import LEVEL
from sorot.serving.findings.report.findings import LEAST_ARTICLES, Findings, Method, Origin
from sorot.serving.findings.report.gather.copied import count_copies
from sorot.serving.findings.report.gather.examples import choose_examples
from sorot.serving.findings.report.gather.facts import count_corpus, create_facts
from sorot.serving.findings.report.gather.outlet_words import find_outlet_words
from sorot.serving.findings.report.gather.shares import count_shares, find_standouts
from sorot.serving.findings.report.gather.speakers import count_speakers
from sorot.serving.findings.tables.reading import QUOTES
from sorot.serving.findings.tables.scored_tables import ScoredTables, open_scored
from sorot.serving.model.bundle import Bundle, sha256
from sorot.serving.model.manifest import MANIFEST_FILE
from sorot.serving.output.columns import COPY, STORY


def gather_findings(
    path: Path, bundle: Bundle, *, title: str | None = None, advance: Callable[[str], None] = lambda _: None
) -> Findings:
    """The findings of the scored corpus at `path`, with the tasks of the bundle; `advance` gets each step in words.

    Raises sorot.serving.findings.errors.FindingsError if it cannot be read as one.
    """
    taxonomy = bundle.taxonomy
    with open_scored(path, taxonomy) as scored:
        advance("reading the articles")
        create_facts(scored, taxonomy)
        corpus = count_corpus(scored)
        advance("hashing the data and counting labels")
        origin = _origin(scored, bundle)
        # The errors are those of one model alone.
        confusion = bundle.manifest.confusion if origin.model == origin.bundle else None
        tasks = count_shares(scored, taxonomy, corpus, confusion)
        standouts, comparisons = find_standouts(tasks)
        advance("counting quotes and copies")
        quoted, copies = count_speakers(scored, taxonomy), count_copies(scored)
        advance("comparing the words of outlets")
        words, words_of = find_outlet_words(scored, "labelled" if corpus.labelled else "judged")
        advance("choosing examples")
        examples = choose_examples(scored, taxonomy)
        return Findings(
            title=title,
            corpus=corpus,
            missing=_missing(scored, corpus.first_day, corpus.outlets),
            tasks=tasks,
            standouts=standouts,
            quoted=quoted,
            words=words,
            words_of=words_of,
            copies=copies,
            examples=examples,
            method=Method(
                LEVEL, LEAST_ARTICLES, comparisons, sum(o.articles for o in words), None if confusion is None else MATRIX
            ),
            origin=origin,
        )


def _missing(scored: ScoredTables, first_day: str | None, outlets: int) -> tuple[str, ...]:
    missing = [] if first_day else ["dates"]
    missing += [] if outlets else ["outlets"]
    return (*missing, *(name for name in ("body", QUOTES, STORY, COPY) if name not in scored.columns))


def _origin(scored: ScoredTables, bundle: Bundle) -> Origin:
    (model,) = scored.connection.execute("SELECT min(model) FROM articles").fetchone() or ("",)
    return Origin(
        sorot=version("sorot"),
        model=model or "",
        bundle=f"{bundle.manifest.name}-{bundle.manifest.version}",
        manifest=sha256(bundle.path / MANIFEST_FILE),
        data=scored.path.name,
        sha256=scored.files.sha256(),
        run=scored.files.run(),
        development={
            file: {task: figures.macro_f1 for task, figures in tasks.items()} for file, tasks in bundle.manifest.metrics.items()
        },
    )
