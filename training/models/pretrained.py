"""Any encoder of the Hugging Face library, from a folder or the hub: its weights, its tokenizer, its limits.

No code of a model's repository is run, no pickle is read, and nothing is fetched unless a hub id is asked for.
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

# An owner and a name, or a name alone; what begins like a path is one.
_HUB_ID = re.compile(r"(?![.~])[\w.-]+(/[\w.-]+)?")
_MESSAGE_CHARACTERS = 200


def load_model(name: str, layers: int | None = None, kind: Any = AutoModel) -> tuple[PreTrainedModel, list[str]]:
    """The fp32 model of a folder or hub id with its lowest `layers` layers, and the parameters its weights have nothing for.

    `kind` is the library's class to load by; a pooler is left out. Raises EncoderSourceError where the model cannot be had.
    """
    local = _is_folder(name)
    with _explained(name, local):
        config = _read_config(name, local)
        if layers is not None:
            _keep_layers(name, config, layers)
        model, found = kind.from_pretrained(
            name, config=config, use_safetensors=True, trust_remote_code=False, local_files_only=local, dtype=torch.float32,
            output_loading_info=True,
        )  # fmt: skip
    if getattr(model.base_model, "pooler", None) is not None:
        model.base_model.pooler = None
    return model, sorted(key for key in found["missing_keys"] if "pooler." not in key)


def load_encoder_model(name: str, layers: int | None = None) -> PreTrainedModel:
    """The same without any head, and complete."""
    model, missing = load_model(name, layers)
    require_weights(name, missing)
    return model


def require_weights(name: str, missing: list[str]) -> None:
    """Raise EncoderSourceError where any are missing: the encoder would be half untrained."""
    if missing:
        raise EncoderSourceError(
            f"the encoder {name!r} lacks {len(missing)} of the weights that its config asks for, {missing[0]} among them; "
            "take a complete copy of it"
        )


def load_tokenizer(name: str) -> PreTrainedTokenizerFast:
    """The tokenizer of a folder or hub id, one of the library `tokenizers`."""
    local = _is_folder(name)
    with _explained(name, local):
        tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False, local_files_only=local)
        if not isinstance(getattr(tokenizer, "backend_tokenizer", None), Tokenizer):
            raise EncoderSourceError(
                f"the encoder {name!r} has a tokenizer in Python alone ({type(tokenizer).__name__}), which cannot be served; "
                "choose an encoder that comes with a tokenizer.json"
            )
    return tokenizer


def frame_tokenizer(name: str, tokenizer: PreTrainedTokenizerFast, model: PreTrainedModel) -> tuple[Tokenizer, SpecialIds]:
    """The bare tokenizer, which neither cuts nor pads and frames a text by the two tokens that it says begin and end one.

    Those are its cls and sep, or its bos and eos, tokens.
    """
    begin = tokenizer.cls_token if tokenizer.cls_token is not None else tokenizer.bos_token
    end = tokenizer.sep_token if tokenizer.sep_token is not None else tokenizer.eos_token
    if begin is None or end is None:
        raise EncoderSourceError(
            f"the tokenizer of {name!r} names no token that begins and none that ends a text; "
            "set cls_token and sep_token in its tokenizer_config.json"
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
            f"the tokenizer of {name!r} has more pieces than the model's {rows} rows; take tokenizer and model from one source"
        )
    pads = (tokenizer.pad_token_id, model.config.pad_token_id, ids[1])
    return bare, SpecialIds(ids[0], ids[1], next(int(pad) for pad in pads if pad is not None))


def usable_positions(model: PreTrainedModel) -> int | None:
    """The longest input in tokens, None where there is no limit.

    RoBERTa's kind counts positions from its padding index + 1; DeBERTa's are relative; ModernBERT's are rotary, up to what
    its config says.
    """
    for name, module in model.named_modules():
        if name.endswith("position_embeddings") and isinstance(module, nn.Embedding):
            return int(module.num_embeddings) - (0 if module.padding_idx is None else int(module.padding_idx) + 1)
    if getattr(model.config, "relative_attention", False):
        return None
    limit = getattr(model.config, "max_position_embeddings", None)
    return None if limit is None else int(limit)


def layer_list(model: PreTrainedModel) -> tuple[str, int]:
    """Dotted name of the list of an encoder's layers, and its length; ALBERT's holds its one group of shared layers."""
    for name, module in model.named_modules():
        if isinstance(module, nn.ModuleList):
            return name, len(module)
    raise EncoderSourceError(f"{type(model).__name__} has no list of layers; choose an encoder of the BERT kind")


def _is_folder(name: str) -> bool:
    """Whether `name` is a folder rather than a hub id; EncoderSourceError where it can be neither, or has no weights."""
    folder = Path(name)
    if not folder.is_dir():
        if _HUB_ID.fullmatch(name):
            return False
        raise EncoderSourceError(f"{name}: no such folder; correct the encoder's name in the recipe")
    if not (folder / "config.json").is_file():
        raise EncoderSourceError(f"{name}: holds no config.json, so it is no encoder; name the folder that save_pretrained made")
    if not any(folder.glob("*.safetensors")):
        raise EncoderSourceError(
            f"{name}: holds no weights in safetensors, and pickled ones (pytorch_model.bin) are not read; "
            "save the model again with a version of transformers that writes model.safetensors"
        )
    return True


def _read_config(name: str, local: bool) -> PreTrainedConfig:
    raw, _ = PreTrainedConfig.get_config_dict(name, local_files_only=local)
    if "auto_map" in raw:
        raise EncoderSourceError(
            f"the encoder {name!r} wants code of its own to be run, which is never done; "
            "choose one that transformers knows itself"
        )
    config = AutoConfig.from_pretrained(name, trust_remote_code=False, local_files_only=local)
    if config.is_encoder_decoder:
        raise EncoderSourceError(f"{name!r} is no encoder alone, but reads and writes; choose an encoder of the BERT kind")
    return config


def _keep_layers(name: str, config: PreTrainedConfig, layers: int) -> None:
    """Have only the lowest `layers` layers built and loaded; of ALBERT's shared ones, fewer rounds."""
    if not 1 <= layers <= config.num_hidden_layers:
        raise EncoderSourceError(
            f"the encoder {name!r} has {config.num_hidden_layers} layers; ask for 1 to {config.num_hidden_layers}, not {layers}"
        )
    config.num_hidden_layers = layers
    if getattr(config, "layer_types", None) is not None:
        config.layer_types = list(config.layer_types[:layers])


@contextmanager
def _explained(name: str, local: bool) -> Iterator[None]:
    """Whatever the library says of a model that cannot be had becomes one sentence; its report of unused weights is not shown."""
    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    except EncoderSourceError:
        raise
    # Configs, weights and tokenizers each come with errors of their own, some of them bare Exception.
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        reason = lines[0][:_MESSAGE_CHARACTERS].rstrip(".")
        if local:
            message = f"{name}: the encoder in this folder cannot be loaded ({reason}); save model and tokenizer there again"
        else:
            message = (
                f"the encoder {name!r} is no folder here and could not be had from the Hugging Face hub ({reason}); "
                "check its name and the connection, or name a folder that holds it"
            )
        raise EncoderSourceError(message) from error
    finally:
        logging.set_verbosity(before)
