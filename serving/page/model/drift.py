"""The last corpus of a visitor beside the articles on which the model was measured, as a table."""

from __future__ import annotations

from sorot.serving.findings.drift import Drift, DriftMeasure, compare_with_reference
from sorot.serving.model.bundle import Bundle
from sorot.serving.model.wide import Wide
from sorot.serving.page.common.templates import render
from sorot.serving.page.corpus.kept.findings_arrays import findings_arrays
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus
from sorot.serving.page.model.words import MEASURES, model_text
from sorot.serving.words.language import Language, format_count, format_number


def find_drift(opened: OpenCorpus | None, bundle: Bundle) -> Drift | None:
    """The drift of a corpus; None without one, or where the bundle does not say what its articles are like."""
    reference = bundle.manifest.reference
    if opened is None or reference is None or all(item.row["withheld"] for item in opened.items):
        return None
    return compare_with_reference(findings_arrays(opened), reference, Wide.load(bundle.path / bundle.manifest.wide_file).keys)


def drift_html(drift: Drift | None, name: str, bundle: Bundle, language: Language) -> str:
    """The comparison in a sentence and a table; or what to do for one."""
    nothing = "" if drift else model_text("no_drift" if bundle.manifest.reference else "no_reference", language)
    warning = ""
    if drift:
        differ = [_measure(measure, bundle, language) for measure in drift.measures if measure.differs]
        warning = model_text(
            "unlike" if differ else "alike",
            language,
            n=format_count(drift.reference_articles, language),
            measures=", ".join(differ),
        )
    return render(
        "model/drift.html.j2",
        heading=model_text("drift", language),
        nothing=nothing,
        name=name,
        warning=warning,
        columns=[model_text(key, language) for key in ("measure", "here", "there", "shift")],
        rows=[
            (
                _measure(one, bundle, language), _value(one.here, language), _value(one.there, language),
                format_number(one.index, language, 2), one.differs, ", ".join(one.examples),
            )
            for one in (drift.measures if drift else ())
        ],
        differs=model_text("differs", language),
    )  # fmt: skip


def _measure(measure: DriftMeasure, bundle: Bundle, language: Language) -> str:
    """The measure's name in the page's language; those of a task end with its key."""
    for start, words in MEASURES.items():
        if measure.name == start:
            return words[language]
        task = measure.name.removeprefix(f"{start} ")
        if task != measure.name and task in bundle.taxonomy.keys:
            return f"{words[language]}: {bundle.taxonomy.task(task).name(language)}"
    return measure.name


def _value(text: str, language: Language) -> str:
    return text.replace(".", ",") if language == "id" else text
