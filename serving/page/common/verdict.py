"""The verdict in one sentence of plain words: topics, stance and tone, each with the model's probability."""

from __future__ import annotations

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.page.common.language import Language, format_percent
from sorot.serving.page.common.verdict_words import verdict_text


def verdict_sentence(analysis: Analysis, taxonomy: Taxonomy, language: Language) -> str:
    """What the model holds of an article that it labelled. Without a topic the likeliest one is named as such."""
    topics = analysis.probabilities["topics"]
    if analysis.topics:
        named = [_named(taxonomy, "topics", key, topics[key], language) for key in analysis.topics]
        parts = [verdict_text("about", language, topics=_listed(named, language))]
    else:
        likeliest = max(topics, key=lambda key: topics[key])
        nearest = _named(taxonomy, "topics", likeliest, topics[likeliest], language)
        parts = [verdict_text("about_nothing", language, nearest=nearest)]
    if analysis.stance is not None and analysis.stance != taxonomy.stance_without_topic:
        probability = analysis.probabilities["stance"][analysis.stance]
        parts.append(
            verdict_text("stance_is", language, label=_named(taxonomy, "stance", analysis.stance, probability, language))
        )
    elif analysis.topics:
        parts.append(verdict_text("no_stance", language))
    if analysis.sentiment is not None:
        probability = analysis.probabilities["sentiment"][analysis.sentiment]
        tone = _named(taxonomy, "sentiment", analysis.sentiment, probability, language)
        parts.append(verdict_text("tone_is", language, label=tone))
    return "; ".join(parts) + "."


def label_name(taxonomy: Taxonomy, task: Task, key: str, language: Language) -> str:
    """A label's name in the page's language."""
    label = next(entry for entry in taxonomy.entries(task) if entry.key == key)
    return label.name_id if language == "id" else label.name_en


def inside(name: str) -> str:
    """A label's name within a sentence; an abbreviation stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _named(taxonomy: Taxonomy, task: Task, key: str, probability: float, language: Language) -> str:
    return f"{inside(label_name(taxonomy, task, key, language))} ({format_percent(probability, language)})"


def _listed(names: list[str], language: Language) -> str:
    if len(names) == 1:
        return names[0]
    # Three or more take a comma before the last in both languages.
    comma = "," if len(names) > 2 else ""
    return f"{', '.join(names[:-1])}{comma} {verdict_text('and', language)} {names[-1]}"
