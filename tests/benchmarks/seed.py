"""The article that the project began with, and a shuffled, noisier copy of it: labels and evidence. Run with: make bench

Neither is ever trained on. The copy's paragraphs change places, letters are swapped or lost in one word of twelve, link words
are lost as scrapers lose them, and lines of other pages stand between.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from sorot.data.article import Article
from sorot.data.prepare import prepare_text
from sorot.data.taxonomy import held
from sorot.serving.model.scorer import Scorer

SHARED = Path(os.environ.get("SOROT_SHARED", "../shared/data"))
EXPECTED = (("censorship", "terrorism", "platform_regulation"), "support", "positive")
NOISE_SEED = 7
LEFTOVERS = (
    "Baca juga: Jadwal Kereta Berubah Pekan Depan",
    "ADVERTISEMENT",
    "Bagikan: Facebook Twitter WhatsApp",
    "Halaman 2 dari 3",
)


def make_noisy(article: Article) -> str:
    """Title and body, the body's paragraphs shuffled and spoilt; the same noise every time."""
    rng = random.Random(NOISE_SEED)
    paragraphs = article.body.split("\n\n")
    rng.shuffle(paragraphs)
    lines = [article.title or ""]
    for paragraph in paragraphs:
        lines.append(" ".join(_spoil(word, rng) for word in paragraph.split()))
        lines.append(rng.choice(LEFTOVERS))
    return "\n\n".join(lines)


def _spoil(word: str, rng: random.Random) -> str:
    if len(word) < 4 or rng.random() > 1 / 12:
        return word
    at = rng.randrange(1, len(word) - 2)
    return rng.choice([word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :], ","])


def main() -> None:
    """Print labels and evidence of both, and exit with 1 where labels differ from the codebook's worked example."""
    files = sorted((SHARED.parent / "seed").glob("*.txt"))
    if not files:
        print(f"skipped: {SHARED.parent / 'seed'} holds no article; set SOROT_SHARED to the data folder beside it")
        return
    scorer = Scorer.load()
    article = prepare_text(files[0].read_text(encoding="utf-8"))
    noisy = prepare_text(make_noisy(article))
    failed = False
    for name, found in zip(("seed", "noisy copy"), scorer.score([article, noisy]), strict=True):
        labels = tuple(found.labels.values())
        failed |= labels != EXPECTED
        shown = "; ".join(", ".join(held(value)) for value in labels)
        print(f"{name}: {shown}  {'as expected' if labels == EXPECTED else 'WRONG'}")
        for piece in found.evidence:
            print(f"  {piece.task}/{piece.label} {piece.contribution:+.2f}  {piece.sentence}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
