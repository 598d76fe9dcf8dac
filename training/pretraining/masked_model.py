"""A masked language model over any encoder: tied head, and the loss over masked tokens."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModelForMaskedLM, BertForMaskedLM, PreTrainedModel, PreTrainedTokenizerFast

from sorot.training.input.batches import SpecialIds
from sorot.training.models.e5_file import find_packed_file, read_packed
from sorot.training.models.encoder import BUILTIN, build_bert, build_tokenizer, read_vocabulary
from sorot.training.models.pretrained import frame_tokenizer, load_model, load_tokenizer, require_weights, usable_positions
from sorot.training.pretraining.masking import IGNORED, MaskedWindows
from sorot.training.recipe import EncoderSection

MASK = "<mask>"


@dataclass(frozen=True, slots=True)
class MaskedEncoder:
    """The model with its head, the tokenizer as the library saves it and without truncation, and the window size in tokens."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerFast
    bare: Tokenizer
    special: SpecialIds
    max_tokens: int

    @property
    def mask(self) -> int:
        """Id of the mask token."""
        return int(self.tokenizer.mask_token_id)


def load_masked(section: EncoderSection) -> MaskedEncoder:
    """Load a recipe's encoder with a language-model head tied to its word embeddings.

    Uses the encoder's pretrained head if it has one. Raises EncoderSourceError if the encoder cannot be loaded.
    """
    model, tokenizer = _builtin(section.layers) if section.name == BUILTIN else _pretrained(section)
    bare, special = frame_tokenizer(section.name, tokenizer, model)
    limit = usable_positions(model)
    return MaskedEncoder(model, tokenizer, bare, special, section.max_tokens if limit is None else min(section.max_tokens, limit))


def _builtin(layers: int | None) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """The builtin encoder with a new head, and its tokenizer with the packed model's mask as last piece.

    The packed model has no head. Its transform starts as the identity, which keeps the directions of the states.
    """
    packed = read_packed(find_packed_file())
    mask = packed.pieces.index(MASK)
    piece_ids = [*(i for i in read_vocabulary(packed) if i != mask), mask]
    bert = build_bert(packed, piece_ids, layers)
    model = BertForMaskedLM(bert.config)
    model.bert.load_state_dict(bert.state_dict())
    transform = model.cls.predictions.transform.dense
    nn.init.eye_(transform.weight)
    nn.init.zeros_(transform.bias)
    bare = build_tokenizer(packed, piece_ids)
    bare.add_special_tokens([MASK])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bare, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>", pad_token="<pad>",
        unk_token="<unk>", mask_token=MASK, model_max_length=packed.positions,
    )  # fmt: skip
    return model, tokenizer


def _pretrained(section: EncoderSection) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A Hugging Face encoder and its tokenizer; adds a mask token and a new head if they lack one."""
    model, missing = load_model(section.name, section.layers, AutoModelForMaskedLM)
    require_weights(section.name, [name for name in missing if name.startswith(f"{model.base_model_prefix}.")])
    tokenizer = load_tokenizer(section.name)
    if tokenizer.mask_token is None:
        tokenizer.add_special_tokens({"mask_token": MASK})
        model.resize_token_embeddings(max(len(tokenizer), model.get_input_embeddings().num_embeddings))
    return model, tokenizer


def masked_loss(model: PreTrainedModel, batch: dict[str, Tensor]) -> Tensor:
    """Mean cross-entropy over masked tokens, in nats. `batch` comes from `MaskedWindows.masked`.

    The head runs only on the states of masked tokens; with a large vocabulary it would otherwise cost as much as the encoder.
    """
    masked = batch["labels"] != IGNORED

    def select(module: nn.Module, arguments: object, output: object) -> object:
        del module, arguments
        output.last_hidden_state = output.last_hidden_state[masked][None]  # type: ignore[attr-defined]
        return output

    hook = model.base_model.register_forward_hook(select)
    try:
        logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[0]
    finally:
        hook.remove()
    return nn.functional.cross_entropy(logits.float(), batch["labels"][masked])


def mean_loss(model: PreTrainedModel, windows: MaskedWindows) -> float:
    """Mean masked loss over all windows, in nats per token, without dropout.

    Always masks the same tokens, so that results are comparable.
    """
    total, count = 0.0, 0
    training = model.training
    model.eval()
    with torch.no_grad():
        for index in range(len(windows)):
            batch = {name: tensor.to(model.device) for name, tensor in windows.masked(index, 0).items()}
            n = int((batch["labels"] != IGNORED).sum())
            total += n * float(masked_loss(model, batch))
            count += n
    model.train(training)
    return total / count
