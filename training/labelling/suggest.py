"""Articles of a corpus to label next, as labelled records to fill in; training.labelling.selection chooses them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import normalize

from sorot.data.article import Article, Reject
from sorot.data.errors import SorotError
from sorot.data.labels.duplicates import group_duplicates
from sorot.data.labels.records import LabelledArticle
from sorot.data.prepare import prepare
from sorot.data.reading.readers import read_articles
from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.training.labelling.selection import Pick, choose, rank, restrict
from sorot.training.measure.metrics import FloatArray, IntArray

ARTICLES_PER_CALL = 64
ROWS_PER_MESSAGE = 1000
HASHED_WORDS = 2**16
DIMENSIONS = 64
SHOWN_LABELS = 2

EmptyRecord = dict[str, str | None]
Say = Callable[[str], None]


class SuggestError(SorotError):
    """Nothing can be suggested; the message says why, with the cure."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The scored articles of a corpus: `rows` (m,) in its stream, probabilities by task (m, labels of the task).

    `left_out` counts the other articles by reason.
    """

    rows: IntArray
    probabilities: dict[str, FloatArray]
    left_out: Counter[str]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Records to fill in, the number chosen by reason, and the number of articles left out by reason."""

    records: tuple[EmptyRecord, ...]
    reasons: Counter[str]
    left_out: Counter[str]


def suggest_records(
    scorer: Scorer, corpus: Sequence[str], n: int, *, labelled: Sequence[LabelledArticle] = (), seed: int = 0, say: Say
) -> Suggestions:
    """At most n articles of `corpus` (files, folders, patterns) to label next, none of them `labelled` or nearly so.

    The corpus is read twice, once to score it and once for the texts of a shortlist, so that memory holds only probabilities
    of the other articles. The same seed gives the same records. Raises SuggestError, sorot.data.errors.InputError.
    """
    if "-" in corpus:
        raise SuggestError("suggest reads its input twice, which standard input does not allow; save it as a file and name that")
    candidates = score_candidates(scorer, corpus, {row.article.id for row in labelled}, say)
    if len(candidates.rows) == 0:
        raise SuggestError(
            f"no article to choose from ({describe_counts(candidates.left_out)}); name a corpus with articles yet to label"
        )
    rng = np.random.default_rng(seed)
    strata = rank(scorer.taxonomy, candidates.probabilities, scorer.manifest.thresholds, n, rng)
    shortlist = np.unique(np.concatenate([stratum.order for stratum in strata]))
    say(f"choosing among {len(shortlist)} of {len(candidates.rows)} articles")
    wanted = {int(row) for row in candidates.rows[shortlist]}
    articles = [article for row, article in _cleaned(corpus) if row in wanted and isinstance(article, Article)]
    different = drop_duplicates(articles, [row.article for row in labelled])
    left_out = candidates.left_out + Counter({"near-duplicates on the shortlist": len(articles) - len(different)})
    articles = [articles[i] for i in different]
    picks = choose(restrict(strata, shortlist[different]), compact_features([_text(a) for a in articles], seed), n, rng)
    columns = {task: values[shortlist[different]] for task, values in candidates.probabilities.items()}
    records = [_record(articles[p.index], p, {t: v[p.index] for t, v in columns.items()}, scorer) for p in picks]
    return Suggestions(tuple(_with_own_ids(records)), Counter(_reason(p) for p in picks), left_out)


def score_candidates(scorer: Scorer, corpus: Sequence[str], labelled: Set[str], say: Say) -> Candidates:
    """Probabilities of all articles that the model labels, except those with an id in `labelled`; `say` gets the progress."""
    rows: list[int] = []
    scores: list[FloatArray] = []
    left_out: Counter[str] = Counter()
    stream = _cleaned(corpus)
    while chunk := list(islice(stream, ARTICLES_PER_CALL)):
        left_out["unreadable"] += sum(isinstance(item, Reject) for _, item in chunk)
        left_out["of a labelled id"] += sum(isinstance(item, Article) and item.id in labelled for _, item in chunk)
        fit = [(row, a) for row, a in chunk if isinstance(a, Article) and a.id not in labelled and a.body.strip()]
        for (row, _), analysis in zip(fit, scorer.score([a for _, a in fit]), strict=True):
            if analysis.withheld:
                left_out[f"withheld ({analysis.withheld})"] += 1
            else:
                rows.append(row)
                scores.append(_flat(analysis, scorer.taxonomy))
        if (chunk[-1][0] + 1) % ROWS_PER_MESSAGE < ARTICLES_PER_CALL:
            say(f"{chunk[-1][0] + 1} rows read, {len(rows)} scored")
    table = np.array(scores, dtype=np.float32).reshape(len(rows), scorer.taxonomy.n_labels)
    by_task: dict[str, FloatArray] = {t: table[:, c].astype(np.float64) for t, c in scorer.taxonomy.columns().items()}
    return Candidates(np.array(rows, dtype=np.int64), by_task, +left_out)


def drop_duplicates(articles: Sequence[Article], labelled: Sequence[Article]) -> IntArray:
    """Indices of `articles` without near-duplicates (sorot.data.labels.duplicates) of labelled ones and of earlier ones."""
    both = [*labelled, *articles]
    # Named by number, because different files may use the same ids.
    groups = group_duplicates([replace(article, id=str(i)) for i, article in enumerate(both)])
    firsts = [i for i, group in enumerate(groups) if int(group) == i and i >= len(labelled)]
    return np.array(firsts, dtype=np.int64) - len(labelled)


def compact_features(texts: Sequence[str], seed: int) -> FloatArray:
    """Latent semantic analysis of the texts' words (hashed TF-IDF, truncated SVD), (n, at most DIMENSIONS), rows of norm 1."""
    if len(texts) < 2:
        return np.zeros((len(texts), 1))
    hashing = HashingVectorizer(n_features=HASHED_WORDS, alternate_sign=False, norm=None)
    weighted = make_pipeline(hashing, TfidfTransformer(sublinear_tf=True)).fit_transform(texts)
    reduced = TruncatedSVD(min(DIMENSIONS, len(texts) - 1), random_state=seed).fit_transform(weighted)
    return np.asarray(normalize(reduced), dtype=np.float64)


def record_line(record: EmptyRecord) -> str:
    """A record as a line of JSON; characters that UTF-8 cannot hold (lone surrogates) become question marks."""
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def describe_counts(counts: Counter[str]) -> str:
    """Counts in words, as 'reason: count, ...'; 'nothing' if there are none."""
    return ", ".join(f"{reason}: {count}" for reason, count in counts.items()) or "nothing"


def _cleaned(corpus: Sequence[str]) -> Iterator[tuple[int, Article | Reject]]:
    for row, item in enumerate(read_articles(corpus)):
        yield row, prepare(item, detect=False) if isinstance(item, Article) else item


def _flat(analysis: Analysis, taxonomy: Taxonomy) -> FloatArray:
    return np.array([analysis.probabilities[task.key][label] for task in taxonomy.tasks for label in task.keys])


def _text(article: Article) -> str:
    return f"{article.title or ''}\n{article.body}"


def _record(article: Article, pick: Pick, probability: dict[str, FloatArray], scorer: Scorer) -> EmptyRecord:
    """The article as a labelled record, with only a note filled in: why it was chosen, and the most probable labels."""
    guess = "; ".join(f"{task.key} {_guess(task, probability[task.key], scorer)}" for task in scorer.taxonomy.tasks)
    source = article.source
    return {
        "id": article.id,
        "title": article.title,
        "text": article.body,
        "outlet": article.outlet,
        "date": article.published.isoformat() if article.published else None,
        "url": article.url,
        **dict.fromkeys(scorer.taxonomy.keys),
        "evidence": "",
        "note": f"chosen for {_reason(pick)}; {scorer.model} gives {guess}",
        "annotator": None,
        "group": None,
        "source": f"{source.file}:{source.row}" if source else None,
    }


def _guess(task: Task, probability: FloatArray, scorer: Scorer) -> str:
    labels = task.keys
    best = np.argsort(-probability, kind="stable")[:SHOWN_LABELS]
    if task.many:
        thresholds = scorer.manifest.thresholds[task.key]
        return ", ".join(f"{labels[k]} {probability[k]:.2f} (from {thresholds[labels[k]]:.2f})" for k in best)
    return ", ".join(f"{labels[k]} {probability[k]:.2f}" for k in best)


def _reason(pick: Pick) -> str:
    stratum = pick.stratum
    if stratum is None:
        return "a place left free"
    if stratum.task is None:
        return "the random share"
    return stratum.task if stratum.label is None else f"{stratum.task}: {stratum.label}"


def _with_own_ids(records: Iterable[EmptyRecord]) -> Iterator[EmptyRecord]:
    """The records; a later record with an id that is taken already gets its source as id."""
    seen: set[str | None] = set()
    for record in records:
        name = record["id"] if record["id"] not in seen else record["source"]
        seen.add(name)
        yield {**record, "id": name}
