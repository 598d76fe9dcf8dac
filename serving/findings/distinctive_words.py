"""What sets articles on one event apart: the words that each stresses, and articles that are the same twice."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# Letters, with a hyphen inside for reduplication: 'situs-situs' is one word.
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
LEAST_LETTERS = 3
# A word seen once may stand anywhere by chance.
LEAST_COUNT = 2
# Words of grammar and of reporting, which tell nothing of what an outlet stresses.
STOP_WORDS = frozenset(
    """ada adalah agar akan akibat aku anda antara apa apakah atas atau bagi bahkan bahwa banyak baru beberapa begitu belum
    berada berkata bisa bukan bulan dalam dan dapat dari dengan demi demikian di dia dua hal hanya hari harus hingga ia ialah ini
    itu jadi jika juga jumat kamis kami karena kata katanya ke kemudian kepada ketika kini kita lagi lain lalu lebih maka masih
    melalui mengatakan menjadi menurut mereka merupakan minggu misalnya namun nya oleh orang pada para per pernah pula pun rabu
    sabtu saja salah sama sampai sangat satu saat sebagai sebab sebelum sebelumnya sebuah secara sedang sehingga sejak sejumlah
    selain selama selasa seluruh semua senin seorang seperti serta sesuai setelah setiap siapa suatu sudah tahun tak tanpa
    tapi tentang terhadap ternyata tersebut tetapi tidak tiga tutur ucap ujar untuk usai yaitu yakni yang""".split()
)


@dataclass(frozen=True, slots=True)
class DistinctiveWord:
    """A word that one article uses more than the others do: how often it stands there and in all the others, and its z-score."""

    word: str
    here: int
    elsewhere: int
    z: float


def word_counts(text: str) -> Counter[str]:
    """How often each word of a text stands in it, in small letters, without stop words and the shortest."""
    words = WORD.findall(text.lower())
    return Counter(w for w in words if len(w) >= LEAST_LETTERS and w not in STOP_WORDS)


def distinctive_words(texts: Sequence[str], limit: int) -> list[list[DistinctiveWord]]:
    """For each text the words that set it apart from all others, strongest first; none where there is nothing to compare."""
    return compare_counts([word_counts(text) for text in texts], limit)


def compare_counts(counts: Sequence[Counter[str]], limit: int) -> list[list[DistinctiveWord]]:
    """As `distinctive_words`, from the word counts of each text or group of texts.

    Log-odds ratios with an informative Dirichlet prior, over their standard error (Monroe, Colaresi and Quinn 2008,
    "Fightin' Words"); the prior is the words of all texts together.
    """
    everything: Counter[str] = Counter()
    for own in counts:
        everything.update(own)
    return [_against(own, everything, limit) for own in counts]


def find_repeats(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Places of texts that compare_text the same as an earlier one, space and case aside, each with the place of the first."""
    first: dict[str, int] = {}
    same = []
    for place, text in enumerate(texts):
        earlier = first.setdefault(" ".join(text.casefold().split()), place)
        if earlier != place:
            same.append((place, earlier))
    return same


def _against(own: Counter[str], everything: Counter[str], limit: int) -> list[DistinctiveWord]:
    prior, here = everything.total(), own.total()
    elsewhere = prior - here
    # Of one word alone there are no odds.
    if not here or not elsewhere or len(everything) == 1:
        return []
    found = []
    for word, n in own.items():
        other, weight = everything[word] - n, everything[word]
        odds = math.log((n + weight) / (here + prior - n - weight))
        odds_elsewhere = math.log((other + weight) / (elsewhere + prior - other - weight))
        z = (odds - odds_elsewhere) / math.sqrt(1 / (n + weight) + 1 / (other + weight))
        if n >= LEAST_COUNT and z > 0:
            found.append(DistinctiveWord(word, n, other, z))
    return sorted(found, key=lambda d: (-d.z, d.word))[:limit]
