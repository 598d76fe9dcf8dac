"""The model in service as HTML: what it is, its figures with their intervals, its labels with their definitions."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

from sorot.data.taxonomy import TASKS
from sorot.serving.model.manifest import Manifest
from sorot.serving.page.common.language import Language, format_count, format_number
from sorot.serving.page.model.card import Plot
from sorot.serving.page.model.words import model_text

# How the training room ends the name of that picture.
CALIBRATION = "-calibration.png"


def model_html(manifest: Manifest, plots: Sequence[Plot], language: Language) -> str:
    """All of the tab but the card."""
    parts = (
        _purpose(manifest, language),
        _facts(manifest, language),
        _figures(manifest, language),
        *(_plot(plot, language) for plot in plots),
        _labels(manifest, language),
    )
    return f'<section class="model">{"".join(parts)}</section>'


def _say(key: str, language: Language) -> str:
    return escape(model_text(key, language))


def _purpose(manifest: Manifest, language: Language) -> str:
    """What any model of ours is for and not for, as its card has it."""
    return (
        f"<h2>{escape(f'{manifest.name} {manifest.version}')}</h2>"
        f"<h3>{_say('for', language)}</h3><p>{_say('for_what', language)}</p>"
        f"<h3>{_say('not_for', language)}</h3><p>{_say('not_for_what', language)}</p>"
    )


def _facts(manifest: Manifest, language: Language) -> str:
    gate = _say("no_gate", language)
    if manifest.gate:
        kept, found = format_count(manifest.gate.found_kept, language), format_count(manifest.gate.found, language)
        gate = _say("gate_keeps", language).format(kept=kept, found=found)
    facts = {
        "created": escape(manifest.created[:10]),
        "encoder": escape(manifest.encoder),
        "window": format_count(manifest.max_tokens, language),
        "gate": gate,
    }
    cells = "".join(f"<dt>{_say(key, language)}</dt><dd>{value}</dd>" for key, value in facts.items())
    return f'<dl class="fields">{cells}</dl>'


def _figures(manifest: Manifest, language: Language) -> str:
    parts = []
    for split, figures in manifest.metrics.items():
        bars = [_bar(task, own.macro_f1, own.interval, language) for task, own in figures.items()]
        if bars:
            parts.append(f"<h4>{_say('measured', language).format(split=escape(split))}</h4>{''.join(bars)}")
    return f"<h3>{_say('figures', language)}</h3>" + ("".join(parts) or f"<p>{_say('no_figures', language)}</p>")


def _bar(task: str, value: float, span: tuple[float, float] | None, language: Language) -> str:
    shown, spoken, whisker = format_number(value, language, 2), format_number(value, language, 2), ""
    if span:
        low, high = span
        reach = f"{format_number(low, language, 2)}–{format_number(high, language, 2)}"
        shown, spoken = f"{shown} ({reach})", f"{shown}, {_say('interval', language)} {reach}"
        whisker = f'<i class="whisker" style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></i>'
    name = _say(task, language)
    return (
        f'<div class="bar on" role="img" aria-label="{name}: {spoken}"><span class="name">{name}</span>'
        f'<span class="track"><b style="width:{100 * value:.1f}%"></b>{whisker}</span><span class="value">{shown}</span></div>'
    )


def _plot(plot: Plot, language: Language) -> str:
    """A picture with what it shows; the one of calibration in the page's language, others as the card has it."""
    known = plot.name.endswith(CALIBRATION)
    alt = _say("calibration", language) if known else escape(plot.alt)
    note = f" {_say('calibration_note', language)}" if known else ""
    source = f"data:image/png;base64,{base64.b64encode(plot.png).decode('ascii')}"
    return f'<figure><img alt="{alt}" src="{source}"><figcaption>{alt}.{note}</figcaption></figure>'


def _labels(manifest: Manifest, language: Language) -> str:
    parts = [f"<h3>{_say('labels', language)}</h3>"]
    for task in TASKS:
        cells = ""
        for label in next(t for t in manifest.taxonomy["tasks"] if t["key"] == task)["labels"]:
            least = manifest.flat_thresholds.get(label["key"]) if task == "topics" else None
            note = "" if least is None else f" ({_say('threshold', language)} {format_number(least, language, 2)})"
            cells += f"<dt>{escape(label[f'name_{language}'])}{note}</dt><dd>{escape(label[f'definition_{language}'])}</dd>"
        parts.append(f'<h4>{_say(task, language)}</h4><dl class="meanings">{cells}</dl>')
    return "".join(parts)
