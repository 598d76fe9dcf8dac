"""Words of the verdict sentence, in Indonesian and English."""

from __future__ import annotations

from sorot.serving.page.common.language import Phrases

verdict_text = Phrases(
    {
        "about": {
            "id": "Menurut model, artikel ini tentang {topics}",
            "en": "According to the model, this article is about {topics}",
        },
        "about_nothing": {
            "id": "Tidak ada topik yang mencapai ambangnya; yang peluangnya terbesar {nearest}",
            "en": "No topic reaches its threshold; the likeliest is {nearest}",
        },
        "stance_is": {"id": "sikap terhadap tindakan negara: {label}", "en": "stance on the state measure: {label}"},
        "no_stance": {"id": "tanpa sikap terhadap tindakan negara", "en": "no stance on a state measure"},
        "tone_is": {"id": "nada: {label}", "en": "tone: {label}"},
        "and": {"id": "dan", "en": "and"},
    }
)
