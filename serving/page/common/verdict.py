"""The verdict in one sentence of plain words: topics, stance and tone, each with the model's probability."""

from __future__ import annotations

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.page.common.verdict_words import say
from sorot.serving.page.common.words import Language


def verdict_sentence(analysis: Analysis, taxonomy: Taxonomy, language: Language) -> str:
    """What the model holds of an article that it labelled. Without a topic the likeliest one is named as such."""
    topics = analysis.probabilities["topics"]
    if analysis.topics:
        named = [_named(taxonomy, "topics", key, topics[key], language) for key in analysis.topics]
        parts = [say("about", language).format(topics=_listed(named, language))]
    else:
        likeliest = max(topics, key=lambda key: topics[key])
        nearest = _named(taxonomy, "topics", likeliest, topics[likeliest], language)
        parts = [say("about_nothing", language).format(nearest=nearest)]
    if analysis.stance is not None and analysis.stance != taxonomy.stance_without_topic:
        probability = analysis.probabilities["stance"][analysis.stance]
        parts.append(say("stance_is", language).format(label=_named(taxonomy, "stance", analysis.stance, probability, language)))
    elif analysis.topics:
        parts.append(say("no_stance", language))
    if analysis.sentiment is not None:
        probability = analysis.probabilities["sentiment"][analysis.sentiment]
        tone = _named(taxonomy, "sentiment", analysis.sentiment, probability, language)
        parts.append(say("tone_is", language).format(label=tone))
    return "; ".join(parts) + "."


def percent(probability: float, language: Language) -> str:
    """A whole percentage that never makes certain what is not: '93 %' in Indonesian, '93%' in English."""
    gap = "\u00a0" if language == "id" else ""
    whole = round(100 * probability)
    if whole >= 100 and probability < 1:
        return f"> 99{gap}%"
    if whole <= 0 and probability > 0:
        return f"< 1{gap}%"
    return f"{whole}{gap}%"


def label_name(taxonomy: Taxonomy, task: Task, key: str, language: Language) -> str:
    """A label's name in the page's language."""
    label = next(entry for entry in taxonomy.entries(task) if entry.key == key)
    return label.name_id if language == "id" else label.name_en


def inside(name: str) -> str:
    """A label's name within a sentence; an abbreviation stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _named(taxonomy: Taxonomy, task: Task, key: str, probability: float, language: Language) -> str:
    return f"{inside(label_name(taxonomy, task, key, language))} ({percent(probability, language)})"


def _listed(names: list[str], language: Language) -> str:
    if len(names) == 1:
        return names[0]
    # Three or more take a comma before the last in both languages.
    comma = "," if len(names) > 2 else ""
    return f"{', '.join(names[:-1])}{comma} {say('and', language)} {names[-1]}"
