"""The loaded model as HTML: its purpose, its figures with intervals, its labels with definitions."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.model.figures import TaskFigures
from sorot.serving.model.manifest import Manifest
from sorot.serving.page.common.templates import render
from sorot.serving.page.model.card import Plot
from sorot.serving.page.model.mistakes import read_mistakes
from sorot.serving.page.model.words import model_text
from sorot.serving.words.language import Language, format_count, format_number
from sorot.serving.words.task_words import enumerate_names, inside, task_text

# End of the calibration plot's file name, as training writes it.
CALIBRATION = "-calibration.png"
# Part of the name of a file with articles of sources that training has not seen.
UNSEEN = "unseen"
TEXTS = (
    "for", "not_for", "not_for_what", "can", "cannot", "figures", "no_figures", "labels",
    "mistakes", "mistakes_note", "by_readers", "by_model", "misled_by",
)  # fmt: skip


def model_html(manifest: Manifest, taxonomy: Taxonomy, plots: Sequence[Plot], language: Language) -> str:
    """All of the tab but the card."""
    names = [inside(task.name(language)) for task in taxonomy.tasks]
    return render(
        "model/model.html.j2",
        name=f"{manifest.name} {manifest.version}",
        text={key: model_text(key, language) for key in TEXTS},
        purpose=model_text("for_what", language, tasks=enumerate_names(names, language)),
        can=model_text("can_lines", language, tasks=enumerate_names(names, language)).splitlines(),
        cannot=model_text("cannot_lines", language).splitlines(),
        facts=_facts(manifest, taxonomy, language),
        figures=_figures(manifest, taxonomy, language),
        mistakes=[
            (one, model_text("wrong_of", language, wrong=one.wrong, articles=one.articles))
            for one in read_mistakes(f"{manifest.name}-{manifest.version}", taxonomy, language)
        ],
        plots=[_plot(plot, language) for plot in plots],
        tasks=[(task.name(language), _labels(manifest, task, language)) for task in taxonomy.tasks],
    )


def _facts(manifest: Manifest, taxonomy: Taxonomy, language: Language) -> list[tuple[str, str]]:
    gate = model_text("no_gate", language)
    if manifest.gate and taxonomy.gate_task:
        kept, total = format_count(manifest.gate.found_kept, language), format_count(manifest.gate.found, language)
        articles = task_text(taxonomy.gate_task, "articles", language)
        gate = model_text("gate_keeps", language, kept=kept, found=total, articles=articles)
    facts = {
        "created": manifest.created[:10],
        "encoder": manifest.encoder,
        "window": format_count(manifest.max_tokens, language),
        "gate": gate,
    }
    return [(model_text(key, language), value) for key, value in facts.items()]


def _figures(manifest: Manifest, taxonomy: Taxonomy, language: Language) -> list[tuple[str, list[dict[str, object]]]]:
    """By file, those of unseen sources first: a heading, and a bar for each task with figures."""
    return [
        (
            model_text("measured_unseen" if UNSEEN in split else "measured", language, split=split),
            [_bar(task.name(language), figures[task.key], language) for task in taxonomy.tasks if task.key in figures],
        )
        for split, figures in sorted(manifest.metrics.items(), key=lambda item: UNSEEN not in item[0])
        if figures
    ]


def _bar(name: str, figures: TaskFigures, language: Language) -> dict[str, object]:
    shown = spoken = format_number(figures.macro_f1, language, 2)
    whisker = None
    if figures.interval:
        low, high = figures.interval
        reach = f"{format_number(low, language, 2)}–{format_number(high, language, 2)}"
        shown, spoken = f"{shown} ({reach})", f"{shown}, {model_text('interval', language)} {reach}"
        whisker = (100 * low, 100 * (high - low))
    return {"name": name, "shown": shown, "spoken": f"{name}: {spoken}", "width": 100 * figures.macro_f1, "whisker": whisker}


def _plot(plot: Plot, language: Language) -> dict[str, str]:
    """A plot with its caption: the calibration plot's in the page's language, others' as the card has it."""
    calibration = plot.name.endswith(CALIBRATION)
    alt = model_text("calibration", language) if calibration else plot.alt
    note = f" {model_text('calibration_note', language)}" if calibration else ""
    source = f"data:image/png;base64,{base64.b64encode(plot.png).decode('ascii')}"
    return {"alt": alt, "source": source, "caption": f"{alt}.{note}"}


def _labels(manifest: Manifest, task: Task, language: Language) -> list[tuple[str, str]]:
    """The name of each label, with its threshold if it has one, and its definition."""
    labels = []
    for label in task.labels:
        least = manifest.thresholds.get(task.key, {}).get(label.key)
        note = "" if least is None else f" ({model_text('threshold', language)} {format_number(least, language, 2)})"
        labels.append((f"{label.name(language)}{note}", label.definition(language)))
    return labels
