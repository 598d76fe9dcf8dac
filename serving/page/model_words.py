"""What the tab of the model says, in Indonesian and English."""

from __future__ import annotations

from serving.page.words import Language

MODEL_WORDS: dict[str, dict[Language, str]] = {
    "created": {"id": "Dibuat", "en": "Made"},
    "encoder": {"id": "Enkoder", "en": "Encoder"},
    "window": {"id": "Jendela (token)", "en": "Window (tokens)"},
    "gate": {"id": "Saringan awal", "en": "Gate"},
    "gate_keeps": {
        "id": "meloloskan {kept} dari {found} artikel bertopik",
        "en": "keeps {kept} of {found} articles with a topic",
    },
    "no_gate": {"id": "tidak ada", "en": "none"},
    "figures": {"id": "Seberapa sering tepat (macro-F1)", "en": "How often it is right (macro-F1)"},
    "no_figures": {"id": "Bundel ini tidak memuat angka.", "en": "This bundle holds no figures."},
    "interval": {"id": "selang 95 %", "en": "95 % interval"},
    "labels": {"id": "Label dan definisinya", "en": "Labels and what they mean"},
    "threshold": {"id": "ambang", "en": "threshold"},
    "topics": {"id": "Topik", "en": "Topics"},
    "stance": {"id": "Sikap", "en": "Stance"},
    "sentiment": {"id": "Sentimen", "en": "Sentiment"},
    "card": {"id": "Kartu model (dalam bahasa Inggris)", "en": "Model card"},
    "no_card": {"id": "Bundel ini tidak memuat kartu model.", "en": "This bundle holds no model card."},
}
