"""Load any Hugging Face encoder, from a folder or the hub: weights, tokenizer and size limits.

Never runs code from the model's repository, never reads pickles, and downloads only if the name is a hub id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, processors
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerFast
from transformers.utils import logging

from sorot.training.input.batches import SpecialIds
from sorot.training.models.e5_file import EncoderSourceError

# 'owner/name' or 'name'; a name that starts with '.' or '~' is a path.
_HUB_ID = re.compile(r"(?![.~])[\w.-]+(/[\w.-]+)?")
_MESSAGE_CHARACTERS = 200


def load_model(name: str, layers: int | None = None, kind: Any = AutoModel) -> tuple[PreTrainedModel, list[str]]:
    """Load the fp32 model of a folder or hub id, with its lowest `layers` layers (None: all) and without pooler.

    Also returns the names of parameters missing from the weights. `kind` is the transformers auto class. Raises
    EncoderSourceError if the model cannot be loaded.
    """
    local = _is_folder(name)
    with _load_errors(name, local):
        config = _read_config(name, local)
        if layers is not None:
            _keep_layers(name, config, layers)
        model, report = kind.from_pretrained(
            name, config=config, use_safetensors=True, trust_remote_code=False, local_files_only=local, dtype=torch.float32,
            output_loading_info=True,
        )  # fmt: skip
    if getattr(model.base_model, "pooler", None) is not None:
        model.base_model.pooler = None
    return model, sorted(key for key in report["missing_keys"] if "pooler." not in key)


def load_encoder_model(name: str, layers: int | None = None) -> PreTrainedModel:
    """Load the model without head. Raises EncoderSourceError if it cannot be loaded or weights are missing."""
    model, missing = load_model(name, layers)
    require_weights(name, missing)
    return model


def require_weights(name: str, missing: list[str]) -> None:
    """Raise EncoderSourceError if any weights are missing: those parts of the encoder would be random."""
    if missing:
        raise EncoderSourceError(
            f"the encoder {name!r} lacks {len(missing)} of the weights in its config, such as {missing[0]}; use a complete copy"
        )


def load_tokenizer(name: str) -> PreTrainedTokenizerFast:
    """Load the tokenizer of a folder or hub id. Raises EncoderSourceError without a fast tokenizer (library `tokenizers`)."""
    local = _is_folder(name)
    with _load_errors(name, local):
        tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False, local_files_only=local)
        if not isinstance(getattr(tokenizer, "backend_tokenizer", None), Tokenizer):
            raise EncoderSourceError(
                f"the encoder {name!r} has only a Python tokenizer ({type(tokenizer).__name__}), which cannot be served; "
                "choose an encoder with a tokenizer.json"
            )
    return tokenizer


def frame_tokenizer(name: str, tokenizer: PreTrainedTokenizerFast, model: PreTrainedModel) -> tuple[Tokenizer, SpecialIds]:
    """The bare tokenizer without truncation and padding, which frames a text by one start and one end token, and the ids.

    The frame is cls and sep, else bos and eos. Raises EncoderSourceError if the tokenizer lacks these or has more pieces than
    the model has embeddings.
    """
    begin = tokenizer.cls_token if tokenizer.cls_token is not None else tokenizer.bos_token
    end = tokenizer.sep_token if tokenizer.sep_token is not None else tokenizer.eos_token
    if begin is None or end is None:
        raise EncoderSourceError(
            f"the tokenizer of {name!r} has no start or end token; set cls_token and sep_token in its tokenizer_config.json"
        )
    bare: Tokenizer = tokenizer.backend_tokenizer
    ids = [int(i) for i in tokenizer.convert_tokens_to_ids([begin, end])]
    bare.no_truncation()
    bare.no_padding()
    bare.post_processor = processors.TemplateProcessing(
        single=[str(begin), "$A", str(end)], special_tokens=list(zip(map(str, (begin, end)), ids, strict=True))
    )
    rows = model.get_input_embeddings().num_embeddings
    if max(bare.get_vocab(with_added_tokens=True).values()) >= rows:
        raise EncoderSourceError(
            f"the tokenizer of {name!r} has more pieces than the model's {rows} rows; use tokenizer and model from one source"
        )
    pads = (tokenizer.pad_token_id, model.config.pad_token_id, ids[1])
    return bare, SpecialIds(ids[0], ids[1], next(int(pad) for pad in pads if pad is not None))


def usable_positions(model: PreTrainedModel) -> int | None:
    """Longest input in tokens; None means no limit.

    RoBERTa-like models count positions from padding index + 1, DeBERTa has relative positions, and ModernBERT has rotary
    ones up to the limit in its config.
    """
    for name, module in model.named_modules():
        if name.endswith("position_embeddings") and isinstance(module, nn.Embedding):
            return int(module.num_embeddings) - (0 if module.padding_idx is None else int(module.padding_idx) + 1)
    if getattr(model.config, "relative_attention", False):
        return None
    limit = getattr(model.config, "max_position_embeddings", None)
    return None if limit is None else int(limit)


def layer_list(model: PreTrainedModel) -> tuple[str, int]:
    """Dotted name and length of an encoder's layer list; ALBERT's has one group of shared layers.

    Raises EncoderSourceError for a model without one.
    """
    for name, module in model.named_modules():
        if isinstance(module, nn.ModuleList):
            return name, len(module)
    raise EncoderSourceError(f"{type(model).__name__} has no list of layers; choose a BERT-like encoder")


def _is_folder(name: str) -> bool:
    """Whether `name` is a folder, not a hub id. Raises EncoderSourceError if it is neither, or lacks config or weights."""
    folder = Path(name)
    if not folder.is_dir():
        if _HUB_ID.fullmatch(name):
            return False
        raise EncoderSourceError(f"{name}: no such folder; correct the encoder's name in the recipe")
    if not (folder / "config.json").is_file():
        raise EncoderSourceError(f"{name}: holds no config.json, so it is no encoder; name a folder written by save_pretrained")
    if not any(folder.glob("*.safetensors")):
        raise EncoderSourceError(
            f"{name}: holds no weights in safetensors, and pickled weights (pytorch_model.bin) are not supported; "
            "save the model again with a version of transformers that writes model.safetensors"
        )
    return True


def _read_config(name: str, local: bool) -> PreTrainedConfig:
    raw, _ = PreTrainedConfig.get_config_dict(name, local_files_only=local)
    if "auto_map" in raw:
        raise EncoderSourceError(
            f"the encoder {name!r} needs its own code, which is never run; choose one that transformers supports directly"
        )
    config = AutoConfig.from_pretrained(name, trust_remote_code=False, local_files_only=local)
    if config.is_encoder_decoder:
        raise EncoderSourceError(f"{name!r} is an encoder-decoder; choose a BERT-like encoder")
    return config


def _keep_layers(name: str, config: PreTrainedConfig, layers: int) -> None:
    """Set the config to the lowest `layers` layers; ALBERT repeats its shared layer that often."""
    if not 1 <= layers <= config.num_hidden_layers:
        raise EncoderSourceError(
            f"the encoder {name!r} has {config.num_hidden_layers} layers; choose 1 to {config.num_hidden_layers}, not {layers}"
        )
    config.num_hidden_layers = layers
    if getattr(config, "layer_types", None) is not None:
        config.layer_types = list(config.layer_types[:layers])


@contextmanager
def _load_errors(name: str, local: bool) -> Iterator[None]:
    """Turn loading errors of transformers into a one-sentence EncoderSourceError, and hide its report of unused weights."""
    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    except EncoderSourceError:
        raise
    # Configs, weights and tokenizers raise different errors, some of them a bare Exception.
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        reason = lines[0][:_MESSAGE_CHARACTERS].rstrip(".")
        if local:
            message = f"{name}: the encoder in this folder cannot be loaded ({reason}); save its model and tokenizer again"
        else:
            message = (
                f"the encoder {name!r} is not a local folder and could not be loaded from the Hugging Face hub ({reason}); "
                "check name and connection, or name a local folder"
            )
        raise EncoderSourceError(message) from error
    finally:
        logging.set_verbosity(before)
