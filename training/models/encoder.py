"""The text encoder: `builtin`, packed e5 weights reduced to Indonesian and built offline, or any Hugging Face encoder.

`builtin` keeps all special tokens and the pieces in `vocabulary.txt.gz`, which the full tokenizer produced on Indonesian
news and tweets. Both kinds can keep only their lowest `layers` layers: fine-tuning loses least without the top layers
(Sajjad et al. 2023, "On the effect of dropping layers of pre-trained transformer models").
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedModel

from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.bundle import load_bundle, sha256
from sorot.serving.model.manifest import MODEL_FILE, TOKENIZER_FILE
from sorot.serving.model.tokenizer import frame_ids, read_tokenizer
from sorot.training.input.batches import SpecialIds
from sorot.training.models.bundle_encoder import BundleEncoder, is_bundle
from sorot.training.models.bundle_weights import BundleGraph, read_bert, read_heads
from sorot.training.models.e5_file import EncoderSourceError, PackedE5, find_packed_file, read_packed
from sorot.training.models.pretrained import frame_tokenizer, load_encoder_model, load_tokenizer, usable_positions

BUILTIN = "builtin"
VOCABULARY = Path(__file__).with_name("vocabulary.txt.gz")
_SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")


@dataclass(frozen=True, slots=True)
class StartHeads:
    """Heads to begin with, as the state dict of a `TokenHeads`, and the taxonomy whose labels they score."""

    taxonomy: Taxonomy
    state: Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Encoder:
    """A pretrained encoder and its tokenizer, with truncation off.

    `special` holds the ids that frame a window and pad a batch. `max_tokens` is the window size, including the two framing
    tokens. The encoder of a bundle brings heads along.
    """

    name: str
    model: PreTrainedModel
    tokenizer: Tokenizer
    special: SpecialIds
    max_tokens: int
    heads: StartHeads | None = None


def load_encoder(name: str, *, layers: int | None = None, max_tokens: int = 512, frozen: bool = False) -> Encoder:
    """Load `builtin`, a folder or a Hugging Face id, with its lowest `layers` layers (None: all), or the encoder of a bundle.

    Only the encoder of a bundle can be `frozen`: then it stays as it serves, in int8.

    `max_tokens` is capped at the number of positions in the model. Reads only safetensors and never runs code from the model's
    repository. Raises EncoderSourceError if the encoder cannot be loaded.
    """
    if is_bundle(name):
        return _load_bundle_encoder(name, layers, frozen)
    if frozen:
        raise EncoderSourceError(f"{name}: only the encoder of a bundle can be frozen; take `frozen` out of the recipe")
    if name == BUILTIN:
        packed = read_packed(find_packed_file())
        piece_ids = read_vocabulary(packed)
        special = SpecialIds(*(piece_ids.index(i) for i in (packed.bos, packed.eos, packed.pad)))
        model = build_bert(packed, piece_ids, layers)
        return Encoder(name, model, build_tokenizer(packed, piece_ids), special, min(max_tokens, packed.positions))
    model = load_encoder_model(name, layers)
    tokenizer, special = frame_tokenizer(name, load_tokenizer(name), model)
    limit = usable_positions(model)
    # The name goes into the bundle, where a local path means nothing.
    shown = Path(name).name if Path(name).is_dir() else name
    return Encoder(shown, model, tokenizer, special, max_tokens if limit is None else min(max_tokens, limit))


def _load_bundle_encoder(name: str, layers: int | None, frozen: bool) -> Encoder:
    """The encoder of a bundle, with its windows and heads; the recipe's `max_tokens` does not count."""
    if layers is not None:
        raise EncoderSourceError(f"{name}: the encoder of a bundle keeps its layers; take `layers` out of the recipe")
    bundle = load_bundle(Path(name))
    graph = BundleGraph(bundle.path / MODEL_FILE)
    model = BundleEncoder(bundle) if frozen else read_bert(graph)
    tokenizer = read_tokenizer(bundle.path / TOKENIZER_FILE)
    bos, eos = frame_ids(tokenizer)
    # Padding is masked, so any id does.
    special = SpecialIds(bos, eos, bos)
    shown = f"{bundle.manifest.name} {bundle.manifest.version}"
    return Encoder(shown, model, tokenizer, special, bundle.manifest.max_tokens, StartHeads(bundle.taxonomy, read_heads(graph)))


def fingerprint_folder(name: str) -> str | None:
    """SHA-256 over an encoder folder's files, since its content may change; None for `builtin` and hub ids."""
    files = sorted(p for p in Path(name).glob("*") if p.suffix in (".safetensors", ".json")) if name != BUILTIN else []
    if not files:
        return None
    return hashlib.sha256("\n".join(f"{p.name} {sha256(p)}" for p in files).encode()).hexdigest()


def read_vocabulary(packed: PackedE5) -> list[int]:
    """Ids of the pieces in the Indonesian vocabulary, in the packed file's order."""
    vocabulary = set(gzip.decompress(VOCABULARY.read_bytes()).decode().splitlines())
    return [i for i, piece in enumerate(packed.pieces) if piece in vocabulary or piece in _SPECIALS]


def build_tokenizer(packed: PackedE5, piece_ids: list[int]) -> Tokenizer:
    """Unigram tokenizer over the pieces with ids `piece_ids`, with XLM-R's normalisation (NFKC, no control characters)."""
    pieces = [(packed.pieces[i], float(packed.scores[i])) for i in piece_ids]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=piece_ids.index(packed.unk), byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex("[\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x8f\\x9f]"), ""),
            normalizers.Replace(Regex("[\\t\\n\\x0c\\r\\u1680\\u200b-\\u200f\\u2028\\u2029\\u2581\\ufeff\\ufffd]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(list(_SPECIALS))
    bos, eos = piece_ids.index(packed.bos), piece_ids.index(packed.eos)
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", bos), ("</s>", eos)])
    return tokenizer


def build_bert(packed: PackedE5, piece_ids: list[int], layers: int | None = None) -> BertModel:
    """Hugging Face BERT from the packed weights, with vocabulary rows `piece_ids` and the lowest `layers` layers (None: all).

    Raises EncoderSourceError if the model does not have that many layers.
    """
    n_layers = packed.layers if layers is None else layers
    if not 1 <= n_layers <= packed.layers:
        raise EncoderSourceError(f"the builtin encoder has {packed.layers} layers; choose 1 to {packed.layers}, not {layers}")
    config = BertConfig(
        vocab_size=len(piece_ids),
        hidden_size=packed.hidden,
        num_hidden_layers=n_layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.intermediate,
        max_position_embeddings=packed.positions,
        layer_norm_eps=packed.epsilon,
        pad_token_id=piece_ids.index(packed.pad),
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_state_dict(packed, piece_ids, n_layers), strict=True)
    return model


_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def _state_dict(packed: PackedE5, piece_ids: list[int], layers: int) -> dict[str, torch.Tensor]:
    h = packed.hidden
    t = packed.tensors
    word = t["emb.word"].reshape(-1, h)[np.array(piece_ids)]
    state: dict[str, Any] = {
        "embeddings.word_embeddings.weight": word,
        "embeddings.position_embeddings.weight": t["emb.pos"].reshape(-1, h),
        "embeddings.token_type_embeddings.weight": t["emb.type"].reshape(-1, h),
        "embeddings.LayerNorm.weight": t["emb.ln.w"],
        "embeddings.LayerNorm.bias": t["emb.ln.b"],
    }
    for layer in range(layers):
        for short, long in _LAYER_NAMES.items():
            weight, bias = t[f"l{layer}.{short}.w"], t[f"l{layer}.{short}.b"]
            if not short.endswith("ln"):
                weight = weight.reshape(len(bias), -1)
            state[f"encoder.layer.{layer}.{long}.weight"] = weight
            state[f"encoder.layer.{layer}.{long}.bias"] = bias
    return {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in state.items()}
