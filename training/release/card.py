"""The model card, written from a run's files: no figure in it is typed by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from sorot.data.errors import SorotError
from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.bundle import sha256
from sorot.serving.model.manifest import CARD_FILE, Manifest
from sorot.training.measure.markdown_tables import (
    baseline_table,
    check_table,
    confusion_tables,
    decimals,
    escape_markdown,
    headline_table,
    label_table,
    markdown_table,
    slice_table,
)
from sorot.training.measure.plots import reliability_figure, save
from sorot.training.models.encoder import BUILTIN
from sorot.training.release.card_data import UNKNOWN, UsedFile, calibration_name, load_data_cards, used_files

PURPOSE = """Sorot labels Indonesian news articles with {tasks}, as the codebook below defines them, and names the
sentences that show each label. It is meant for media research over many articles, with people reading what matters.

**Not for** decisions about persons or outlets, for moderation or policing of speech, for languages other than Indonesian
(it withholds labels where it is sure of another language), or for telling whether what an article says is true.
"""
BUILTIN_IS = " (multilingual-e5-small, MIT licence, its vocabulary cut to Indonesian)"


class CardError(SorotError):
    """The card's metadata, read back, differ from what was written."""


def write_card(manifest: Manifest, reports: Mapping[str, Any], taxonomy: Taxonomy, run: Mapping[str, Any]) -> str:
    """The card's text, front matter included. `reports` maps a data file's name to its report.

    `run` holds the known facts of the run: megabytes, ratios, unseen, unseen_articles, dev_macro_f1 and notes as the pipeline gives them, recipe (its
    settings, JSON-ready) and paths (its data files), seconds of training, cores, and watts if known. Raises CardError if
    huggingface_hub does not read the same metadata back.
    """
    files = used_files(manifest.data, run.get("paths", ()), load_data_cards())
    data = _metadata(manifest, reports)
    sections = [
        f"# {manifest.name} {manifest.version}",
        "## What it is for, and what not",
        PURPOSE.format(tasks=_in_words([task.name("en").lower() for task in taxonomy.tasks])).rstrip(),
        "## Data",
        *_data(files, run),
        "## Codebook",
        "\n".join(_codebook(taxonomy)),
        "## Figures",
        "Macro-F1 with 95 % bootstrap intervals (1,000 resamples), from the int8 bundle through the serving code. The baselines are"
        " fitted in the same run on the same training articles.",
        *_cross_fitted(run),
        *(part for name, report in reports.items() for part in _figures(name, report)),
        "## Calibration",
        f"![Accuracy over confidence, by task]({calibration_name(manifest.name, manifest.version)})",
        "On the diagonal, confidence equals accuracy; a larger mark stands for more decisions.",
        "## Slices",
        *_named(reports, slice_table),
        "## Robustness",
        *_robustness(reports),
        "## Gate",
        _gate(manifest),
        "## Limits and biases",
        "\n".join(f"- {limit}" for limit in [*_limits(files), *_biases(reports)]),
        "## Time and energy",
        _energy(run),
        "## How to repeat it",
        *_repeat(manifest, run),
    ]
    content = "\n".join(["---", data.to_yaml(), "---", "", "\n\n".join(sections), ""])
    # ModelCard.validate asks the Hub over the network; reading back is the check that works without one.
    if ModelCard(content).data.to_yaml() != data.to_yaml():
        raise CardError(
            f"{manifest.name}-{manifest.version}: its card's metadata do not read back; remove unusual characters from the name"
        )
    return content


def _cross_fitted(run: Mapping[str, Any]) -> list[str]:
    """Figures on unseen sources by a calibration without the articles measured, since the tables below share theirs."""
    if not run.get("unseen"):
        return []
    figures = "; ".join(
        f"{task} {f['macro_f1']:.3f} [{f['macro_f1_interval'][0]:.3f}, {f['macro_f1_interval'][1]:.3f}]"
        for task, f in run["unseen"].items()
    )
    return [
        f"On the {run['unseen_articles']} development articles of unseen sources, each calibrated without its own fifth of all"
        f" development articles (cross-fitted): {figures}. The figures below, by file, come from the calibration that is shipped,"
        " which was fitted on these articles too."
    ]


def save_card(
    manifest: Manifest, reports: Mapping[str, Any], taxonomy: Taxonomy, run: Mapping[str, Any], bundle: Path
) -> dict[str, str]:
    """Write card and calibration plot into a bundle's folder; returns their hashes by file name, for the manifest."""
    (bundle / CARD_FILE).write_text(write_card(manifest, reports, taxonomy, run), encoding="utf-8")
    picture = calibration_name(manifest.name, manifest.version)
    save(reliability_figure(reports), bundle / picture)
    return {name: sha256(bundle / name) for name in (CARD_FILE, picture)}


def _metadata(manifest: Manifest, reports: Mapping[str, Any]) -> ModelCardData:
    results = [
        EvalResult(
            task_type="text-classification",
            task_name=task,
            dataset_type=name,
            dataset_name=name,
            dataset_config=task,
            metric_type="f1",
            metric_name="macro-F1",
            metric_value=scores["macro_f1"],
        )
        for name, report in reports.items()
        for task, scores in report["tasks"].items()
    ]
    return ModelCardData(
        language="id",
        license="apache-2.0",
        library_name="sorot",
        pipeline_tag="text-classification",
        tags=["news", "indonesian", "text-classification"],
        metrics=["f1"],
        model_name=f"{manifest.name} {manifest.version}" if results else None,
        eval_results=results or None,
    )


def _data(files: Sequence[UsedFile], run: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            f.file,
            f.print.rows,
            f.card.name if f.card else UNKNOWN,
            f.card.source if f.card else UNKNOWN,
            f.card.licence if f.card else UNKNOWN,
            f"{f.print.sha256[:16]}...",
        )
        for f in files
    ]
    parts = ["\n".join(markdown_table(("file", "rows used", "content", "source", "licence", "sha256"), rows))] if rows else []
    parts.append("The licence of this model, Apache-2.0, covers its weights and none of these texts.")
    if notes := run.get("notes"):
        parts.append("\n".join(f"- {note}" for note in notes))
    return parts


def _codebook(taxonomy: Taxonomy) -> list[str]:
    return [
        f"- {task.key}: `{label.key}` ({label.name('en')}): {label.definition('en')}"
        for task in taxonomy.tasks
        for label in task.labels
    ]


def _in_words(names: Sequence[str]) -> str:
    return " and ".join([part for part in (", ".join(names[:-1]), names[-1]) if part])


def _figures(name: str, report: dict[str, Any]) -> Iterable[str]:
    yield f"### {name} ({report['articles']} articles)"
    yield f"Labels are withheld from {report['withheld']} of them."
    for lines in (headline_table(report), baseline_table(report), label_table(report)):
        if lines:
            yield "\n".join(lines)
    yield "\n".join(confusion_tables(report))


def _named(reports: Mapping[str, Any], make: Callable[[Any], list[str]]) -> list[str]:
    return [part for name, report in reports.items() for part in (f"### {name}", "\n".join(make(report)))]


def _robustness(reports: Mapping[str, Any]) -> list[str]:
    checked = {name: report["checks"] for name, report in reports.items() if "checks" in report}
    if not checked:
        return ["Not measured in this run."]
    explained = (
        "After CheckList (Ribeiro et al. 2020). Invariance: the share of articles that get another label after a change that should"
        " not matter, and the mean absolute change of a probability. Directional: the share in which the label's probability"
        " moves the wrong way by more than the tolerance, and its mean change. Intervals are Wilson's."
    )
    return [explained, *_named(checked, check_table)]


def _gate(manifest: Manifest) -> str:
    """How many articles `sorot score --gate` may lose."""
    gate = manifest.gate
    if gate is None:
        return "This model has no gate: `sorot score --gate` refuses it."
    low, high = gate.recall_interval
    return (
        f"With `sorot score --gate` the encoder reads only articles with a linear logit of {gate.threshold} or more for some label "
        f"of {gate.task}. It lets {gate.found_kept} of the {gate.found} development articles through to which the model gives one "
        f"(recall {gate.recall:.3f}, Wilson's interval {low:.3f} to {high:.3f}), and {gate.labelled_kept} of the "
        f"{gate.labelled} that are labelled with one. The threshold was fitted to the first of these."
    )


def _limits(files: Sequence[UsedFile]) -> list[str]:
    own = [limit for f in files if f.card for limit in f.card.limits]
    return list(dict.fromkeys([*load_data_cards().general.limits, *own]))


def _biases(reports: Mapping[str, Any]) -> list[str]:
    """Slices whose whole interval lies below the figure of all articles, and the check that fails most often."""
    notes: list[str] = []
    for name, report in reports.items():
        for s in report["slices"]:
            for task, score in s["tasks"].items():
                whole = report["tasks"][task]["macro_f1"]
                if score["macro_f1_interval"][1] < whole:
                    where = f"{s['kind']} {escape_markdown(s['name'])}"
                    figures = f"macro-F1 {decimals(score['macro_f1'])} against {decimals(whole)} for all articles"
                    notes.append(f"In {name}, {task} is worse for {where} ({figures}).")
        checks = [c for c in report.get("checks", ()) if not c["skipped"] and c["failed"]]
        if checks:
            worst = max(checks, key=lambda c: c["share"])
            of = f"{worst['task']} {worst['label']}" if worst["label"] else worst["task"]
            share = decimals(worst["share"])
            notes.append(f"In {name}, of all checks {escape_markdown(worst['check'])} fails most often ({of}, share {share}).")
    return notes or ["No slice is clearly worse than all articles together, and no check failed."]


def _energy(run: Mapping[str, Any]) -> str:
    seconds, cores, watts = (run.get(key) for key in ("seconds", "cores", "watts"))
    if seconds is None:
        return "Time and energy of training were not measured."
    on = f" on {cores} CPU cores" if cores else ""
    time = f"Training took {seconds / 3600:.2f} hours{on}."
    if watts is None:
        return f"{time} Energy was not measured."
    return f"{time} Energy, as an estimate: {seconds * watts / 3.6e6:.3f} kWh, assuming that {watts:.0f} W were drawn throughout."


def _repeat(manifest: Manifest, run: Mapping[str, Any]) -> list[str]:
    parts = [
        "`sorot train RECIPE.toml` trains, exports, measures and writes this card; `sorot evaluate BUNDLE DATA.jsonl --checks --report"
        " FOLDER` repeats the figures."
    ]
    named = BUILTIN_IS if manifest.encoder.startswith(f"{BUILTIN},") else ""
    facts = [f"- Encoder: {manifest.encoder}{named}."]
    if "megabytes" in run:
        facts.append(f"- Bundle: {run['megabytes']:.1f} MB.")
    if "ratios" in run:
        weights = ", ".join(f"{task} {ratio:.2f}" for task, ratio in run["ratios"].items())
        facts.append(f"- Weight of the linear part against the encoder's: {weights}.")
    if "dev_macro_f1" in run:
        int8, fp32 = run["dev_macro_f1"]["int8"], run["dev_macro_f1"]["fp32"]
        losses = ", ".join(f"{task} {int8[task]:.4f} against {fp32[task]:.4f}" for task in int8)
        facts.append(f"- int8 against fp32, development macro-F1: {losses}.")
    parts.append("\n".join(facts))
    if "recipe" in run:
        settings = json.dumps(run["recipe"], indent=1, ensure_ascii=False)
        parts += ["The recipe, without settings at their defaults:", f"```json\n{settings}\n```"]
    return parts
