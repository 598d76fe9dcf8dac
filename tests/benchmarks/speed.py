"""How many articles of about 400 tokens a second, beside the usual Hugging Face pipeline of IndoBERT-base size, in one run.

Both sides read the same articles. The peer is a randomly initialised BERT of IndoBERT-base's size (12 layers, hidden 768,
30,522 pieces) in fp32 behind `pipeline("text-classification", batch_size=16)`: speed does not depend on weights. Sides take
turns, and medians over the rounds are compared. Run with: make bench
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable

import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast, pipeline
from transformers.utils import logging

from sorot.data.article import Article
from sorot.data.text.windows import encode_article
from sorot.serving.model.scorer import Scorer

ROUNDS = 3
TOKENS = 400
SOROT_ARTICLES = 64
PEER_ARTICLES = 16
SENTENCES = (
    "Pemerintah daerah mengumumkan rencana perbaikan jalan di tiga kecamatan mulai bulan depan.",
    "Menurut kepala dinas, anggaran sudah disetujui dan lelang akan diumumkan pekan ini.",
    "Warga berharap pekerjaan selesai sebelum musim hujan karena banjir sering memutus jalan.",
    "Sejumlah pedagang meminta akses ke pasar tetap dibuka selama pembangunan berlangsung.",
    "Polisi akan mengatur lalu lintas pada jam sibuk dan menyiapkan jalur pengganti.",
)


def make_articles(scorer: Scorer, n: int) -> list[Article]:
    """`n` different articles of `TOKENS` to `TOKENS` + 30 tokens."""
    articles = []
    for number in range(n):
        body = f"Laporan nomor {number}."
        turn = number
        while encode_article(Article("x", body), scorer.tokenizer, 512).n_tokens < TOKENS:
            body += " " + SENTENCES[turn % len(SENTENCES)]
            turn += 1
        articles.append(Article(id=str(number), body=body))
    return articles


def make_peer() -> tuple[Callable[[list[str]], object], int]:
    """The pipeline and how many tokens its stand-in tokenizer makes of a word."""
    words = sorted(
        {w.strip(".,").lower() for s in SENTENCES for w in s.split()} | {"laporan", "nomor", ".", ","} | set("0123456789")
    )
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, *(f"##{d}" for d in "0123456789")]
    tokenizer = BertTokenizerFast(vocab={w: i for i, w in enumerate(vocabulary)}, model_max_length=512)
    model = BertForSequenceClassification(BertConfig(vocab_size=30_522)).eval()
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer, batch_size=16, device=-1)
    return lambda texts: classify(texts, truncation=True, max_length=TOKENS), TOKENS


def main() -> None:
    """Measure both sides in turn and print one table and one JSON line."""
    logging.set_verbosity_error()
    scorer = Scorer.load()
    articles = make_articles(scorer, SOROT_ARTICLES)
    classify, _ = make_peer()
    # Texts long enough that the peer, too, reads TOKENS tokens of each.
    texts = [a.body + " " + a.body for a in articles[:PEER_ARTICLES]]
    mean_tokens = statistics.mean(a.n_tokens for a in scorer.score(articles[:8]))
    with torch.inference_mode():
        classify(texts[:2])
    rates: dict[str, list[float]] = {"sorot int8": [], "pipeline fp32": []}
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        scorer.score(articles)
        rates["sorot int8"].append(len(articles) / (time.perf_counter() - begun))
        begun = time.perf_counter()
        classify(texts)
        rates["pipeline fp32"].append(len(texts) / (time.perf_counter() - begun))
    medians = {name: statistics.median(values) for name, values in rates.items()}
    ratio = medians["sorot int8"] / medians["pipeline fp32"]
    print(
        f"articles of {mean_tokens:.0f} tokens (sorot) and {TOKENS} (pipeline), {torch.get_num_threads()} threads, {ROUNDS} rounds in turn"
    )
    for name, values in rates.items():
        bar = "#" * max(1, round(40 * medians[name] / max(medians.values())))
        print(f"{name:14} {medians[name]:7.2f} articles/s  (min {min(values):.2f}, max {max(values):.2f})  {bar}")
    print(f"ratio of medians: {ratio:.1f}")
    print(json.dumps({"rates": rates, "ratio": ratio}))


if __name__ == "__main__":
    main()
