"""Patients who arrive are compared with whoever shares a key with them, and the pairs worth keeping are kept."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from uuid import UUID

import orjson

from locality.base import Viewer
from locality.base.ids import new_id
from locality.methods.linkage.comparing import levels
from locality.methods.linkage.judging import MATCH, POSSIBLE, judge
from locality.methods.linkage.keys import keys
from locality.methods.linkage.model import Model
from locality.methods.linkage.settings import settings
from locality.methods.linkage.standard import Standard, standard
from locality.people import rules
from locality.people.queries import linking as queries
from locality.people.queries.asking import Statement, at_once, written
from locality.people.queries.linking import Holders, Met, Two

KEPT = (MATCH, POSSIBLE)


@dataclass(slots=True)
class Arrived:
    """Patients to be compared: their words, the keys they are found by, and which of these they have gained or lost."""

    told: dict[UUID, Standard] = field(default_factory=dict)
    keys: dict[UUID, Sequence[int]] = field(default_factory=dict)
    gained: list[tuple[int, UUID]] = field(default_factory=list)
    lost: list[tuple[int, UUID]] = field(default_factory=list)
    changed: set[UUID] = field(default_factory=set)

    def add(self, patient: UUID, told: Standard, *, before: Collection[int] | None) -> Sequence[int]:
        """Take in one patient, with the keys it had before if it was here; returns the keys it has now."""
        now = keys(told)
        self.told[patient], self.keys[patient] = told, now
        if before is not None:
            self.changed.add(patient)
        had, has = set(before or ()), set(now)
        self.gained += [(key, patient) for key in now if key not in had]
        self.lost += [(key, patient) for key in before or () if key not in has]
        return now


@dataclass(frozen=True, slots=True)
class Touched:
    """Everybody whose pairs may differ, and what is still to be written of the pairs."""

    patients: set[UUID] = field(default_factory=set)
    writes: list[Statement] = field(default_factory=list)


def compare(*, arrived: Arrived, first: Sequence[Statement] = (), by: Viewer) -> Touched:
    """Compare those who arrived with whoever shares a key with them. What is still to be written goes `first`.

    A key that a crowd shares tells nobody apart. When arrivals make a crowd of a key's holders, or end one, all of
    them are compared anew, so that what is found does not depend on who came first. Under the lock of all linking.
    """
    asked = _holders(arrived, first)
    found = asked.holders
    again = _crossing(arrived, found)
    compared = dict(arrived.told)
    by_key = dict(arrived.keys)
    if again:
        for row in queries.compared(again - set(compared)):
            compared[row.id], by_key[row.id] = standard(rules.words_of(row)), row.keys
        more = queries.holders({key: _crowd() + 1 for key in set(chain(*by_key.values())) - set(found)})
        found = found | more.holders
    pairs = _pairs(by_key, found)
    others = {one for two in pairs for one in two} - set(compared)
    known = asked.compared
    read = [known[one] for one in others & known.keys()] + queries.compared(others - known.keys())
    told = compared | {row.id: standard(rules.words_of(row)) for row in read}
    weighed = weigh(pairs, told, model=asked.model)
    gone = _forget(arrived.changed | again, kept=weighed)
    return Touched(set(compared) | gone, _kept(weighed, by=by))


def _crowd() -> int:
    return settings().crowd


def _holders(arrived: Arrived, first: Sequence[Statement]) -> Met:
    """Who holds the keys that those who arrived have or had; one more than a crowd, and than have just come."""
    gained = Counter(key for key, _ in arrived.gained)
    wanted = {*chain(*arrived.keys.values()), *(key for key, _ in arrived.lost)}
    return queries.holders({key: _crowd() + 1 + gained[key] for key in wanted}, first=first)


def _crossing(arrived: Arrived, found: Holders) -> set[UUID]:
    """The holders of those keys of which arrivals have made a crowd, or have ended one."""
    crowd, gained = _crowd(), Counter(key for key, _ in arrived.gained)
    lost = Counter(key for key, _ in arrived.lost)
    crossing: set[UUID] = set()
    for key in {*gained, *lost}:
        now = len(found[key])
        was = now - gained[key] + lost[key]
        # more were not asked for, so that where as many were found it has been a crowd all along
        if (now > crowd) != (was > crowd) and now <= crowd + gained[key]:
            crossing |= {*found[key]}
    return crossing


def _pairs(by_key: Mapping[UUID, Sequence[int]], found: Holders) -> list[Two]:
    """Every two patients that share a key, one of whom is to be compared, the smaller id first."""
    crowd = _crowd()
    pairs: set[Two] = set()
    for patient, its in by_key.items():
        met = {other for key in its if len(found[key]) <= crowd for other in found[key]}
        met.discard(patient)
        pairs |= {(patient, other) if patient < other else (other, patient) for other in met}
    return sorted(pairs)


@dataclass(frozen=True, slots=True)
class Weight:
    """What two patients' words weigh together, and what the machine may do about it."""

    weight: float
    probability: float
    levels: tuple[int, ...]
    state: str
    certain: bool
    cautions: tuple[str, ...]


def weigh(pairs: Iterable[Two], told: Mapping[UUID, Standard], *, model: Model) -> dict[Two, Weight]:
    """Weigh these pairs; those worth keeping, which are a match or possible."""
    found = {}
    for first, second in pairs:
        a, b = told[first], told[second]
        agreed = levels(a, b)
        one = weight_of(agreed, a, b, model=model)
        if one is not None:
            found[(first, second)] = one
    return found


def weight_of(agreed: tuple[int, ...], a: Standard, b: Standard, *, model: Model) -> Weight | None:
    """What a pattern of agreement weighs between these two; None where it is not worth keeping."""
    # rounded, so that the same evidence is the same weight wherever it was added up
    weight = round(model.weight(agreed, a, b), 6)
    probability = model.probability(weight)
    judged = judge(agreed, probability)
    if judged.state not in KEPT:
        return None
    return Weight(weight, probability, agreed, judged.state, judged.certain, judged.cautions)


FORGET = """
delete from people_pair pair using unnest(%(patients)s::uuid[]) as asked(id)
where {side} = asked.id and not exists (
    select from unnest(%(first)s::uuid[], %(second)s::uuid[]) as kept(first, second)
    where kept.first = pair.first_id and kept.second = pair.second_id
)
returning first_id, second_id
"""


def _forget(patients: Collection[UUID], *, kept: Collection[Two]) -> set[UUID]:
    """Forget the pairs of these patients that their words make no longer; returns whom they were of."""
    if not patients:
        return set()
    asked = {"patients": list(patients), "first": [one for one, _ in kept], "second": [two for _, two in kept]}
    both = at_once(*[(FORGET.format(side=side), asked) for side in ("pair.first_id", "pair.second_id")])
    return {patient for side in both for row in side for patient in row}


KEEP = """
insert into people_pair as pair
    (id, first_id, second_id, weight, probability, levels, state, certain, cautions, compared_at, settings_version)
select id, first, second, weight, probability, levels, state, certain, cautions, %s::timestamptz, %s
from jsonb_to_recordset(%s::jsonb) as weighed(id uuid, first uuid, second uuid, weight float8, probability float8,
    levels smallint[], state text, certain bool, cautions text[])
order by first, second
on conflict (first_id, second_id) do update set
    weight = excluded.weight, probability = excluded.probability, levels = excluded.levels, state = excluded.state,
    certain = excluded.certain, cautions = excluded.cautions, compared_at = excluded.compared_at,
    settings_version = excluded.settings_version
where (pair.weight, pair.levels, pair.certain, pair.settings_version)
    is distinct from (excluded.weight, excluded.levels, excluded.certain, excluded.settings_version)
    or case pair.state when 'many' then 'match' else pair.state end <> excluded.state
    or not pair.cautions @> excluded.cautions
"""


def keep_pairs(weighed: Mapping[Two, Weight], *, by: Viewer) -> int:
    """Keep these pairs; those that weigh what they did are left alone. Returns how many are new or weigh otherwise."""
    return sum(written(*one) for one in _kept(weighed, by=by))


def _kept(weighed: Mapping[Two, Weight], *, by: Viewer) -> list[Statement]:
    if not weighed:
        return []
    told = [
        {"id": new_id(), "first": first, "second": second, **{name: getattr(one, name) for name in Weight.__slots__}}
        for (first, second), one in weighed.items()
    ]
    return [(KEEP, [by.at, settings().version, orjson.dumps(told).decode()])]


def compare_again(pairs: Sequence[Two], *, by: Viewer) -> None:
    """Compare these pairs as the settings of now have it; those that are worth nothing any more are forgotten."""
    told = {row.id: standard(rules.words_of(row)) for row in queries.compared({one for two in pairs for one in two})}
    weighed = weigh(pairs, told, model=queries.model_in_use())
    gone = [two for two in pairs if two not in weighed]
    written(GONE, [[one for one, _ in gone], [two for _, two in gone]])
    keep_pairs(weighed, by=by)


GONE = "delete from people_pair where (first_id, second_id) in (select * from unnest(%s::uuid[], %s::uuid[]))"
