"""How well patients were put together, held against who they truly are: by pair, by person, by group; calibration.

Pairs are counted as Hubert L, Arabie P, J Classif 1985; 2: 193-218 count them, from how clusters and people cross,
without listing them (checked by Manning CD and others, Introduction to Information Retrieval, 2008, figure 16.4).
Intervals treat a person as one draw, however many pairs they have (methods/intervals). The Brier score:
Brier GW, Mon Weather Rev 1950; 78: 1-3.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from locality.methods.intervals import Interval, Share, design_effect, ratio, share, surely, wilson

Patient = Hashable
Two = tuple[Patient, Patient]
# where linkage probabilities are cut to see whether they hold: most lie at the very ends
BANDS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.85, 0.9, 0.95, 0.99, 0.999, 0.9999, 1.0)


@dataclass(frozen=True, slots=True)
class Counted:
    """One person's pairs of patients: how many there are, how many are joined, and how many are joined or asked."""

    patients: int
    wanted: int
    joined: int
    reached: int
    # pairs of one of theirs with somebody else's, in one cluster
    false: int

    @property
    def missed(self) -> int:
        """Pairs neither joined nor asked about."""
        return self.wanted - self.reached


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision and recall of what was joined, and recall of what was joined or asked, of one set of people."""

    people: int
    patients: int
    precision: Share
    recall: Share
    reached: Share
    f1: Share
    whole: Share
    apart: Share
    # of the shares of pairs: how far pairs of one person go together
    recall_effect: float
    reached_effect: float


def counted(
    *, truth: Mapping[Patient, Hashable], found: Mapping[Patient, Hashable], asked: Iterable[Two]
) -> dict[Hashable, Counted]:
    """Each person's pairs, counted; `truth` says who each patient is, `found` their cluster, `asked` pairs in doubt.

    A pair is reached when right answers to what is asked would join it. Patients without a truth are left out.
    """
    clusters: defaultdict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    parts: defaultdict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for patient, person in truth.items():
        if patient in found:
            clusters[found[patient]][person] += 1
            parts[person][found[patient]] += 1
    bridges = _bridges(asked, truth, found)
    return {person: _counted(person, held, clusters, bridges.get(person, [])) for person, held in parts.items()}


def _bridges(
    asked: Iterable[Two], truth: Mapping[Patient, Hashable], found: Mapping[Patient, Hashable]
) -> dict[Hashable, list[tuple[Hashable, Hashable]]]:
    """The questions whose right answer is yes, by person: which two clusters each would join."""
    bridges: defaultdict[Hashable, list[tuple[Hashable, Hashable]]] = defaultdict(list)
    for one, other in asked:
        person = truth.get(one)
        if person is not None and truth.get(other) == person and one in found and other in found:
            bridges[person].append((found[one], found[other]))
    return bridges


def _counted(
    person: Hashable,
    held: Counter[Hashable],
    clusters: Mapping[Hashable, Counter[Hashable]],
    bridges: Sequence[tuple[Hashable, Hashable]],
) -> Counted:
    patients = held.total()
    return Counted(
        patients=patients,
        wanted=comb(patients, 2),
        joined=sum(comb(size, 2) for size in held.values()),
        reached=sum(comb(size, 2) for size in _bridged(held, bridges)),
        false=sum(size * (clusters[cluster].total() - size) for cluster, size in held.items()),
    )


def _bridged(held: Mapping[Hashable, int], bridges: Sequence[tuple[Hashable, Hashable]]) -> list[int]:
    """The sizes of a person's parts once every bridge is crossed."""
    into = {cluster: cluster for cluster in held}

    def last(cluster: Hashable) -> Hashable:
        while into[cluster] != cluster:
            cluster = into[cluster]
        return cluster

    for one, other in bridges:
        into[last(one)] = last(other)
    sizes: Counter[Hashable] = Counter()
    for cluster, size in held.items():
        sizes[last(cluster)] += size
    return list(sizes.values())


def agreement(people: Sequence[Counted]) -> Agreement:
    """What so many people's pairs come to."""
    wanted = sum(one.wanted for one in people)
    joined = sum(one.joined for one in people)
    reached = sum(one.reached for one in people)
    # each false pair was counted for both of the people in it
    false = (sum(one.false for one in people) + 1) // 2
    recall_effect = design_effect((one.joined, one.wanted) for one in people)
    reached_effect = design_effect((one.reached, one.wanted) for one in people)
    several = [one for one in people if one.wanted]
    return Agreement(
        people=len(people),
        patients=sum(one.patients for one in people),
        precision=surely(count=joined, of=joined + false),
        recall=share(count=joined, of=wanted, effect=recall_effect),
        reached=share(count=reached, of=wanted, effect=reached_effect),
        f1=_f1(joined, joined + false + wanted - joined, effect=recall_effect),
        whole=share(count=sum(one.joined == one.wanted for one in several), of=len(several)),
        apart=surely(count=sum(not one.false for one in people), of=len(people)),
        recall_effect=recall_effect,
        reached_effect=reached_effect,
    )


def _f1(right: int, of: int, *, effect: float) -> Share:
    """F1 rises with right / (right + false + missed), which is a plain share: its ends are that share's ends."""
    if not of:
        return Share(0, 0, 0.0, 1.0)
    held = wilson(count=right / effect, of=of / effect)
    low, high = (2 * end / (1 + end) for end in (held.low, held.high))
    return Share(2 * right, of + right, low, high)


def missed_ratio(these: Agreement, others: Agreement, *, of: str = "reached") -> Interval:
    """By how much oftener these people's pairs are missed than those people's; `of` is "reached" or "recall"."""
    one, other = getattr(these, of), getattr(others, of)
    effect, other_effect = getattr(these, f"{of}_effect"), getattr(others, f"{of}_effect")
    return ratio(
        count=(one.of - one.count) / effect,
        of=one.of / effect,
        other_count=(other.of - other.count) / other_effect,
        other_of=other.of / other_effect,
    )


@dataclass(frozen=True, slots=True)
class Band:
    """The pairs whose probability lies from `low` up to `high`: what was said of them, and what was so."""

    low: float
    high: float
    said: float
    so: Share


def reliability(pairs: Iterable[tuple[float, bool]], *, bands: Sequence[float] = BANDS) -> list[Band]:
    """Whether pairs of a probability are one person that often; `pairs`: (probability, the same or not)."""
    held: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, same in pairs:
        place = next((at for at in range(len(bands) - 2, 0, -1) if probability >= bands[at]), 0)
        held[place].append((probability, same))
    return [
        Band(
            low=bands[place],
            high=bands[place + 1],
            said=sum(probability for probability, _ in rows) / len(rows),
            so=share(count=sum(same for _, same in rows), of=len(rows)),
        )
        for place, rows in sorted(held.items())
    ]


def brier(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """The mean square of how far each probability was from the truth: 0 is best; none of nothing."""
    if not pairs:
        return None
    return sum((probability - same) ** 2 for probability, same in pairs) / len(pairs)
