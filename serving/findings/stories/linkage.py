"""Groups of linked articles: single linkage with a veto."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def link_groups(
    number: int, links: Iterable[tuple[int, int, float]], *, enough: float, veto: float, unseen: float, joined: Sequence[int] = ()
) -> list[int]:
    """The group of each of `number` articles, named after its first one.

    Links join in order of strength, the strongest first, if they are `enough`; weaker ones only count in the veto. Two groups
    join unless the mean strength between their members is below `veto`; a pair without a link has the strength `unseen`. So a
    chain of similar pairs makes no group whose ends have nothing in common. `joined`, if given, are groups to begin with.
    """
    group = list(joined) or list(range(number))
    members: dict[int, list[int]] = {}
    for article, name in enumerate(group):
        members.setdefault(name, []).append(article)
    # Between two groups: the sum of strengths above `unseen` over their linked pairs.
    between: dict[int, dict[int, float]] = {name: {} for name in members}
    strongest = sorted(links, key=lambda link: (-link[2], link[0], link[1]))
    for one, other, strength in strongest:
        a, b = group[one], group[other]
        if a != b:
            between[a][b] = between[b][a] = between[a].get(b, 0.0) + strength - unseen
    for one, other, strength in strongest:
        if strength < enough:
            break
        a, b = sorted((group[one], group[other]))
        if a == b or unseen + between[a][b] / (len(members[a]) * len(members[b])) < veto:
            continue
        members[a] += members[b]
        for article in members.pop(b):
            group[article] = a
        for third, total in between.pop(b).items():
            del between[third][b]
            if third != a:
                between[a][third] = between[third][a] = between[a].get(third, 0.0) + total
    return group
