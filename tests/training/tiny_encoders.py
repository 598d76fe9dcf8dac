"""Small encoders of every family, saved as their makers would: config, safetensors, and a tokenizer trained on our own corpus."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    AlbertConfig,
    AutoModel,
    BertConfig,
    DebertaV2Config,
    ModernBertConfig,
    PreTrainedConfig,
    PreTrainedTokenizerFast,
    RobertaConfig,
    XLMRobertaConfig,
)

FAMILIES = ("bert", "roberta", "xlm-roberta", "albert", "deberta-v2", "modernbert")
# How many tokens each has positions for; DeBERTa's are relative.
POSITIONS = {"bert": 64, "roberta": 64, "xlm-roberta": 64, "albert": 64, "deberta-v2": None, "modernbert": 128}
VOCABULARY = 400
CORPUS = Path(__file__).parents[2] / "data" / "corpus" / "articles.jsonl"
_BRACKETS = {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]", "mask_token": "[MASK]"}
_ANGLES = {"cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<mask>"}
# Names that no guess would find.
_OWN = {"bos_token": "<awal>", "eos_token": "<akhir>", "pad_token": "<isi>", "unk_token": "<asing>", "mask_token": "<tutup>"}


def texts(n: int = 30) -> Iterator[str]:
    """Articles of our own corpus."""
    for line in CORPUS.read_text(encoding="utf-8").splitlines()[:n]:
        yield json.loads(line)["text"]


def make_tokenizer(family: str) -> PreTrainedTokenizerFast:
    """WordPiece for BERT, byte-level BPE for RoBERTa and ModernBERT, Unigram for the others."""
    names = _OWN if family == "modernbert" else _ANGLES if "roberta" in family else _BRACKETS
    specials = [names["pad_token"], *(name for key, name in names.items() if key != "pad_token")]
    if "roberta" in family:
        # Padding is 1 there, and positions are counted from 2.
        specials[:2] = specials[1::-1]
    if family == "bert":
        tokenizer = Tokenizer(models.WordPiece(unk_token=names["unk_token"]))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=specials, show_progress=False)
        tokenizer.enable_truncation(8)
    elif family in ("roberta", "modernbert"):
        tokenizer = Tokenizer(models.BPE(unk_token=names["unk_token"]))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=VOCABULARY, special_tokens=specials, show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        )  # fmt: skip
    else:
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(
            vocab_size=VOCABULARY, special_tokens=specials, unk_token=names["unk_token"], show_progress=False
        )
    tokenizer.train_from_iterator(texts(), trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)


def make_config(family: str, tokenizer: PreTrainedTokenizerFast) -> PreTrainedConfig:
    """Two layers of 32, with what is peculiar to the family."""
    shared = {
        "vocab_size": len(tokenizer), "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
        "intermediate_size": 64, "pad_token_id": tokenizer.pad_token_id,
    }  # fmt: skip
    if family == "bert":
        return BertConfig(max_position_embeddings=64, **shared)
    if "roberta" in family:
        kind = RobertaConfig if family == "roberta" else XLMRobertaConfig
        return kind(max_position_embeddings=66, type_vocab_size=1, **shared)
    if family == "albert":
        return AlbertConfig(embedding_size=16, max_position_embeddings=64, **shared)
    if family == "deberta-v2":
        return DebertaV2Config(
            max_position_embeddings=64, relative_attention=True, position_buckets=8, pos_att_type=["p2c", "c2p"],
            share_att_key=True, norm_rel_ebd="layer_norm", position_biased_input=False, type_vocab_size=0, **shared,
        )  # fmt: skip
    ids = {key: tokenizer.convert_tokens_to_ids(name) for key, name in (("cls_token_id", "<awal>"), ("sep_token_id", "<akhir>"))}
    return ModernBertConfig(max_position_embeddings=128, local_attention=8, bos_token_id=None, eos_token_id=None, **ids, **shared)


def save_tiny_encoder(family: str, folder: Path) -> Path:
    """Write the encoder with random weights."""
    tokenizer = make_tokenizer(family)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    AutoModel.from_config(make_config(family, tokenizer)).save_pretrained(folder)
    return folder
