"""The deep part of the model: an encoder with one attention scorer per task and one linear value head per label.

For token state h_t: attention logit e_t = v . tanh(U h_t), values s_tk = w_k . h_t, and the deep logit of label k is
sum_t softmax(e)_t s_tk, with the softmax over all tokens of all windows of the article. This is the additive attention
of Yang et al. 2016 ("Hierarchical attention networks"), with values projected to label space so that each logit is a sum
over tokens.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from sorot.data.taxonomy import Task, Taxonomy

ATTENTION_SIZE = 128


class TokenHeads(nn.Module):
    """Map token states (windows, tokens, hidden) to attention logits (.., n_tasks) and label values (.., n_labels)."""

    def __init__(self, hidden: int, taxonomy: Taxonomy, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.project = nn.Linear(hidden, ATTENTION_SIZE * len(taxonomy.tasks))
        self.score = nn.Parameter(torch.zeros(len(taxonomy.tasks), ATTENTION_SIZE))
        self.value = nn.Linear(hidden, taxonomy.n_labels, bias=False)
        nn.init.normal_(self.score, std=0.02)

    def forward(self, states: Tensor) -> tuple[Tensor, Tensor]:
        states = self.dropout(states)
        features = torch.tanh(self.project(states)).view(*states.shape[:-1], *self.score.shape)
        return (features * self.score).sum(-1), self.value(states)


class TokenModel(nn.Module):
    """Encoder and heads with outputs per token; this module is exported to ONNX."""

    def __init__(self, encoder: PreTrainedModel, taxonomy: Taxonomy, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = TokenHeads(encoder.config.hidden_size, taxonomy, dropout)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        attention, value = self.heads(states)
        return attention, value


def attention_shares(attention: Tensor, index: Tensor, n_articles: int) -> Tensor:
    """Softmax of attention logits (tokens, n_tasks) over each article's tokens; `index` (tokens,) maps tokens to articles."""
    logits = attention.float()
    top = logits.new_full((n_articles, logits.shape[1]), -torch.inf).scatter_reduce(
        0, index[:, None].expand(logits.shape), logits.detach(), "amax"
    )
    weight = torch.exp(logits - top[index])
    total = logits.new_zeros(n_articles, logits.shape[1]).index_add(0, index, weight)
    return weight / total[index]


def sum_values(share: Tensor, value: Tensor, index: Tensor, n_articles: int, taxonomy: Taxonomy) -> Tensor:
    """Deep logits, shape (n_articles, n_labels), as attention-weighted sums over tokens.

    `share` (tokens, n_tasks) comes from `attention_shares`, `value` has shape (tokens, n_labels), and `index` (tokens,) maps
    tokens to articles.
    """
    columns, values = taxonomy.columns(), value.float()
    pieces = [share[:, [k]] * values[:, columns[task]] for k, task in enumerate(taxonomy.keys)]
    return values.new_zeros(n_articles, taxonomy.n_labels).index_add(0, index, torch.cat(pieces, dim=1))


def token_owners(article: Tensor, keep: Tensor) -> Tensor:
    """Article number of each token where `keep` (windows, tokens) is true; `article` (windows,) maps windows to articles."""
    return article[:, None].expand(keep.shape)[keep]


def pool(attention: Tensor, value: Tensor, keep: Tensor, article: Tensor, n_articles: int, taxonomy: Taxonomy) -> Tensor:
    """Deep logits, shape (n_articles, n_labels), from the per-token outputs of `TokenModel`.

    `attention` has shape (windows, tokens, n_tasks) and `value` (windows, tokens, n_labels). `keep` (windows, tokens) is true
    for text tokens, false for padding and special tokens. `article` (windows,) maps windows to articles.
    """
    index = token_owners(article, keep)
    return sum_values(attention_shares(attention[keep], index, n_articles), value[keep], index, n_articles, taxonomy)


def evidence_loss(share: Tensor, marks: Tensor, index: Tensor, weight: Tensor) -> Tensor:
    """Negative log of the attention on marked sentences: the weighted mean over articles and tasks with marks, else 0.

    `share` has shape (tokens, n_tasks), `index` (tokens,) maps tokens to articles, and `weight` has shape (n_articles,).
    `marks` (tokens,) are bit masks with bit k for task k. Supervised attention as in Liu et al. 2017 ("Exploiting argument
    information to improve event detection via supervised attention mechanisms"), except that only the total attention on
    marked tokens counts, not how it is spread over them.
    """
    marked = (marks[:, None] >> torch.arange(share.shape[1]) & 1).to(share.dtype)
    zero = share.new_zeros(len(weight), share.shape[1])
    covered = zero.index_add(0, index, share * marked)
    importance = (zero.index_add(0, index, marked) > 0) * weight[:, None]
    return -(torch.log(covered.clamp(min=1e-4)) * importance).sum() / importance.sum().clamp(min=1e-6)


class ArticleModel(nn.Module):
    """The model as trained: token model, pooling, bias and the masked multi-task loss.

    An article adds nothing to the loss of a task it has no label for. `class_weight` (n_labels,) multiplies the positive term
    of a `many` task's label and weighs the true class of a `one` task. `evidence_weight` scales `evidence_loss`, which draws
    each task's attention to the sentences marked as its evidence.
    """

    def __init__(self, tokens: TokenModel, taxonomy: Taxonomy, class_weight: Tensor, evidence_weight: float = 0.0) -> None:
        super().__init__()
        self.tokens = tokens
        self.taxonomy = taxonomy
        self.evidence_weight = evidence_weight
        self.bias = nn.Parameter(torch.zeros(taxonomy.n_labels))
        self.class_weight: Tensor
        self.register_buffer("class_weight", class_weight)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, keep: Tensor, article: Tensor, target: Tensor, known: Tensor,
        weight: Tensor, marks: Tensor | None = None,
    ) -> dict[str, Tensor]:  # fmt: skip
        """Loss (scalar) and logits (n, n_labels) of a batch of n articles.

        `target` (n, n_labels) holds probabilities, `known` (n, n_tasks) is 1 where a task is labelled, and `weight` has shape
        (n,). The other inputs come from `sorot.training.input.batches.frame_windows`.
        """
        attention, value = self.tokens(input_ids, attention_mask)
        index = token_owners(article, keep)
        share = attention_shares(attention[keep], index, len(weight))
        logits = sum_values(share, value[keep], index, len(weight), self.taxonomy) + self.bias
        losses = [
            self._task_loss(task, logits[:, columns], target[:, columns], known[:, number] * weight, self.class_weight[columns])
            for number, (task, columns) in enumerate(zip(self.taxonomy.tasks, self.taxonomy.columns().values(), strict=True))
        ]
        loss = torch.stack(losses).sum()
        if marks is not None and self.evidence_weight:
            loss = loss + self.evidence_weight * evidence_loss(share, marks[keep], index, weight)
        return {"loss": loss, "logits": logits}

    @staticmethod
    def _task_loss(task: Task, logits: Tensor, target: Tensor, weight: Tensor, class_weight: Tensor) -> Tensor:
        """Weighted mean over labelled articles; 0 without any."""
        if task.many:
            loss = nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none", pos_weight=class_weight)
            loss = loss.mean(dim=1)
        else:
            weight = weight * (target @ class_weight)
            loss = nn.functional.cross_entropy(logits, target, reduction="none", label_smoothing=0.05)
        return (loss * weight).sum() / weight.sum().clamp(min=1e-6)
