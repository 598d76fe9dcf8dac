"""The model card, written from a run's own files: no figure in it is typed by hand."""

from __future__ import annotations

from typing import Any

from huggingface_hub import ModelCardData

from data.taxonomy import TASKS, Taxonomy
from serving.manifest import Manifest

PURPOSE = """Sorot labels Indonesian news articles with topics, the stance toward the state measure reported, and sentiment, and names
the sentences that show each label. It is meant for media research over many articles, with people reading what matters.

**Not for** decisions about persons or outlets, for moderation or policing of speech, for languages other than Indonesian
(it withholds labels where it is sure of another language), or for telling whether what an article says is true.
"""
LIMITS = """- The news labels were given by language-model annotators of one kind following the codebook; two of them agreed with Cohen's kappa of
  0.97 to 1.00 on topics, 0.94 on stance and 0.88 on sentiment, which overstates what people would agree on.
- Thresholds, temperatures and the weight of the linear part were fitted on the development files that the tables below
  report, so the figures are somewhat better than on articles of other sources; none of these articles was trained on.
- Labelled articles that are on a topic date mostly from 2016 to 2019; later ones come above all from the pool and from our own
  corpus, which is written, not scraped. Topics and outlets of later years are thinner.
- Labels of the pool contain articles of the years that dev_shift is from (other articles, none a near-duplicate), so dev_shift is a
  milder test of later times than its name says.
- Names of outlets, officials and platforms carry weight, as the linear part reads words. Check corpora from a new source by hand.
"""


def write_card(manifest: Manifest, reports: dict[str, Any], taxonomy: Taxonomy, run: dict[str, Any]) -> str:
    """The card's text, front matter included. `reports` maps a data file's name to its report, `run` holds the run's facts."""
    data = ModelCardData(language="id", license="apache-2.0", tags=["news", "indonesian", "text-classification"])
    lines = ["---", data.to_yaml(), "---", "", f"# {manifest.name} {manifest.version}", "", PURPOSE, "## Figures", ""]
    lines.append("Macro-F1 with 95 % bootstrap intervals (1,000 resamples), from the int8 bundle through the serving code.")
    for name, report in reports.items():
        lines += [
            "",
            f"### {name} ({report['articles']} articles)",
            "",
            "| task | macro-F1 | interval | ECE | Brier | TF-IDF + LR | majority |",
        ]
        lines.append("| --- | --- | --- | --- | --- | --- | --- |")
        for task, scores in report["tasks"].items():
            low, high = scores["macro_f1_interval"]
            base = {k: f"{v['macro_f1']:.3f}" for k, v in scores["baselines"].items()}
            lines.append(
                f"| {task} | {scores['macro_f1']:.3f} | {low:.3f} to {high:.3f} | {scores['ece']:.3f} | {scores['brier']:.3f} "
                f"| {base.get('tfidf', '-')} | {base.get('majority', '-')} |"
            )
        lines += ["", "| label | precision | recall | F1 | articles |", "| --- | --- | --- | --- | --- |"]
        for task, scores in report["tasks"].items():
            for label, s in scores["labels"].items():
                lines.append(f"| {task}: {label} | {s['precision']:.3f} | {s['recall']:.3f} | {s['f1']:.3f} | {s['support']} |")
    lines += ["", "## Training", "", f"Encoder: {manifest.encoder}. Bundle: {run['megabytes']:.1f} MB.", ""]
    lines += ["| file | rows used | sha256 |", "| --- | --- | --- |"]
    lines += [f"| {name} | {p.rows} | {p.sha256[:16]}... |" for name, p in manifest.data.items()]
    lines += ["", *(f"- {note}" for note in run["notes"])]
    lines += [
        "",
        "Weight of the linear part against the encoder's: " + ", ".join(f"{t} {r:.2f}" for t, r in run["ratios"].items()) + ".",
    ]
    lines += [
        "",
        "int8 against fp32, development macro-F1: "
        + ", ".join(f"{t} {run['dev_macro_f1']['int8'][t]:.4f} against {run['dev_macro_f1']['fp32'][t]:.4f}" for t in TASKS)
        + ".",
    ]
    lines += ["", "## Labels", ""]
    lines += [
        f"- {task}: `{label.key}` ({label.name_en}): {label.definition_en}" for task in TASKS for label in taxonomy.entries(task)
    ]
    lines += [
        "",
        "## Limits",
        "",
        LIMITS,
        "## How to repeat it",
        "",
        "`make release` trains, exports, measures and writes this card.",
        "",
    ]
    return "\n".join(lines)
