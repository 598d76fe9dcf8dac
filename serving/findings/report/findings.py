"""What a report says, as numbers and keys of the taxonomy, in no language. Every form of the report is made of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

# Shares of fewer articles are marked.
LEAST_ARTICLES = 30
Unit = Literal["day", "week", "month", "year"]
Population = Literal["judged", "labelled", "decided"]
GroupKind = Literal["all", "period", "outlet", "no_outlet", "others"]


@dataclass(frozen=True, slots=True)
class Band:
    """A share of articles between 0 and 1 with its 95 % band."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LabelShare:
    """The `n` articles of a group that have a label, with their share; `stories` counts each event once.

    `independent` articles would tell as much as those of the group, whose stories do not: bands are as wide as they make them.
    `band` is the share of labels as the model gave them, `corrected` the estimate of the true share. None: no article in the
    group, no groups of stories in the scored file, or no correction for this model.
    """

    label: str
    n: int
    independent: float
    stories: int | None = None
    band: Band | None = None
    corrected: Band | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """`of` articles that belong together, such as those of a week or an outlet, with the share of each label among them."""

    kind: GroupKind
    name: str
    of: int
    stories: int | None
    labels: tuple[LabelShare, ...]

    @property
    def is_small(self) -> bool:
        """Whether its shares are of too few articles to say much."""
        return self.of < LEAST_ARTICLES

    def of_label(self, key: str) -> LabelShare:
        """The share of a label; KeyError if the group has none."""
        for share in self.labels:
            if share.label == key:
                return share
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class TaskFindings:
    """The labels of one task: in all, by period and by outlet.

    Counted are all `judged` articles for a `many` task, the `labelled` ones for a `one` task, and for a task with a default
    those that are `decided`: they have another label than that.
    """

    task: str
    population: Population
    overall: Group
    periods: tuple[Group, ...]
    outlets: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Standout:
    """An outlet that gives a label more often than all articles have it, beyond what chance allows over all comparisons."""

    task: str
    label: str
    outlet: str
    n: int
    of: int
    here: Band
    overall: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """Counts of the scored articles. `judged` could get a label of a `many` task; `labelled` have one of the gate task."""

    articles: int
    judged: int
    labelled: int
    outlets: int
    without_outlet: int
    undated: int
    first_day: str | None
    last_day: str | None
    unit: Unit | None
    stories: int | None
    withheld: dict[str, int]
    rejects: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is quoted: `labels` counts, by task, the labels of these quotes."""

    name: str
    quotes: int
    articles: int
    outlets: int
    direct: int
    labels: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Quoted:
    """The quotes in the labelled articles, and the speakers who are quoted most."""

    quotes: int
    articles: int
    unnamed: int
    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class OutletWord:
    """A word that an outlet uses more than the others do: how often here and there, in how many articles here, its z-score."""

    word: str
    here: int
    elsewhere: int
    articles: int
    z: float


@dataclass(frozen=True, slots=True)
class OutletWords:
    """The distinctive words of an outlet, of the `articles` that were read for it out of `of`."""

    outlet: str
    articles: int
    of: int
    words: tuple[OutletWord, ...]


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """Articles with the same text. `first` is the outlet that published it first, if the hours tell."""

    name: str
    title: str
    articles: int
    outlets: int
    first_day: str | None
    first: str | None


@dataclass(frozen=True, slots=True)
class Copies:
    """Articles that share their text with another, in groups; the largest of these."""

    groups: int
    share: LabelShare
    of: int
    largest: tuple[CopyGroup, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that is evidence for a label, with its share of the label's logit."""

    text: str
    contribution: float


@dataclass(frozen=True, slots=True)
class Example:
    """An article that the model is most certain of for a label."""

    task: str
    label: str
    id: str
    title: str | None
    outlet: str | None
    published: str | None
    url: str | None
    probability: float
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """What the numbers were made of.

    `model` scored the articles; `bundle` gave names and scores, and `manifest` is the hash of its manifest. `data` is the name
    and `sha256` the hash of the scored file, `run` the record of the run that made it. `development` holds the bundle's macro-F1
    by file and task.
    """

    sorot: str
    model: str
    bundle: str
    manifest: str
    data: str
    sha256: str
    run: dict[str, Any] | None
    development: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Method:
    """The constants of the report, so that every number in its text is a number here."""

    level: float
    least_articles: int
    comparisons: int
    words_read: int
    correction: str | None


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a report says. `missing` names what the scored file lacks; what depends on it is empty or None."""

    title: str | None
    corpus: Corpus
    missing: tuple[str, ...]
    tasks: tuple[TaskFindings, ...]
    standouts: tuple[Standout, ...]
    quoted: Quoted | None
    words: tuple[OutletWords, ...]
    words_of: Literal["body", "title"] | None
    copies: Copies | None
    examples: tuple[Example, ...]
    method: Method
    origin: Origin

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form: keys of the taxonomy, shares between 0 and 1, days in ISO 8601."""
        return asdict(self)
