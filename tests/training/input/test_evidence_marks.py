"""Evidence in labelled records reaches the attention as marks on sentences."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch

from sorot.data.labels.records import make_record
from sorot.data.taxonomy import load_taxonomy
from sorot.training.input.batches import BatchDataset
from sorot.training.input.encoded import encode_rows
from sorot.training.models.deep import evidence_loss
from tests.training.models.test_deep import SPECIAL, make_tokenizer

BODY = "Pemerintah memblokir situs berita. Warga mengkritik kebijakan itu. Hujan turun di kota."
TITLE = "Situs diblokir"
RECORD = {"id": "a", "title": TITLE, "text": BODY, "topics": ["censorship"], "stance": "oppose", "sentiment": "negative"}


def _marks(evidence: object) -> list[int]:
    taxonomy = load_taxonomy()
    row = make_record(RECORD | {"evidence": evidence}, Path("labelled.jsonl"), 1, taxonomy)
    return [int(mask) for mask in encode_rows([row], make_tokenizer(), 128, taxonomy)[0]["marks"]]


def test_marks_have_a_bit_for_each_task_shown() -> None:
    by_label = [
        {"task": "topics", "label": "censorship", "sentence": TITLE},
        {"task": "stance", "label": "oppose", "sentence": "Warga mengkritik kebijakan itu."},
        {"task": "sentiment", "label": "negative", "sentence": "mengkritik"},
        {"task": "stance", "label": "support", "sentence": "Hujan turun di kota."},
    ]
    # The last is evidence of a label that the article does not have.
    assert _marks(by_label) == [0b001, 0, 0b110, 0]
    # Evidence without a task shows topic and stance; it may run over two sentences.
    assert _marks("memblokir situs berita. Warga") == [0, 0b011, 0b011, 0]
    assert _marks("not in the article") == [0, 0, 0, 0]


def test_batches_keep_the_marks_of_the_sentences_that_a_crop_keeps() -> None:
    taxonomy = load_taxonomy()
    evidence = [{"task": "topics", "label": "censorship", "sentence": "Pemerintah memblokir situs berita."}]
    row = make_record(RECORD | {"evidence": evidence, "text": BODY + " Hujan turun di kota." * 30}, Path("a.jsonl"), 1, taxonomy)
    encoded = encode_rows([row], make_tokenizer(), 64, taxonomy)
    batches = BatchDataset(encoded, special=SPECIAL, batch_tokens=64, crop_tokens=40, max_tokens=24, seed=1)
    for epoch in range(3):
        batches.epoch = epoch
        batch = batches[0]
        title, first = encoded[0]["lengths"][:2]
        marked = batch["marks"][batch["keep"]].numpy()
        assert np.array_equal(marked[: title + first], [0] * title + [1] * first) and not marked[title + first :].any()


def test_the_loss_is_the_attention_that_misses_the_marks() -> None:
    share = torch.tensor([[0.25, 1.0], [0.75, 0.0], [1.0, 1.0]])
    index = torch.tensor([0, 0, 1])
    # Article 0 has a mark of task 0 on its second token, article 1 has none.
    loss = evidence_loss(share, torch.tensor([0, 1, 0]), index, torch.ones(2))
    assert math.isclose(float(loss), -math.log(0.75), rel_tol=1e-5)
    assert float(evidence_loss(share, torch.zeros(3, dtype=torch.long), index, torch.ones(2))) == 0
