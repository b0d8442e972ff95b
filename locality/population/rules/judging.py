"""What is told of a model that was judged on a later year: figures fit to be kept as JSON beside it.

Whoever is handed the model reads them, so they are told as measures are: counts of 1 to 7 are kept back and the rest
rounded (methods/small_numbers), shares worked out from those, and what is estimated from exact counts is coarse.
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.methods.calibration import Calibration, Estimate, Listed, by_group, calibration, listed, tenths
from locality.methods.intervals import Share, share
from locality.methods.label_bias import Finding
from locality.methods.small_numbers import Counts, Told, release, rounded, safe_count

# lists that a practice or a team could carry, and, of a whole place, more
SIZES = (25, 50, 100, 200, 500, 1000, 2000, 5000)
# the share of people whom a list holds where groups are compared
SHORT_LIST = 0.05
# decimal places of what is estimated, of all and of a group
FINE, COARSE = 3, 2
NOTHING: Mapping[str, None] = {"count": None, "of": None, "value": None, "low": None, "high": None}

Json = dict[str, Any]
Numbers = NDArray[np.float64]
Groups = Mapping[str, NDArray[Any]]
Pairs = dict[str, dict[str, Counts]]


def judged(*, chances: Numbers, happened: Numbers, groups: Groups) -> Json:
    """How well chances foretold what happened: of all, by tenths, at the top of lists, and in each group."""
    size = max(1, round(SHORT_LIST * len(chances)))
    on_list = np.zeros(len(chances), dtype=bool)
    on_list[np.argsort(-chances, kind="stable")[:size]] = True
    found = {aspect: by_group(chances=chances, happened=happened, groups=of) for aspect, of in groups.items()}
    pairs = {
        aspect: {name: _pair(one.observed, one.people) for name, one in of.items()} for aspect, of in found.items()
    }
    right = {
        aspect: {name: _right(happened, on_list & (groups[aspect] == name)) for name in of}
        for aspect, of in found.items()
    }
    return {
        "overall": told(calibration(chances=chances, happened=happened)),
        "tenths": [
            {"said": round(one.said, FINE), "so": _share(one.so)} for one in tenths(chances=chances, happened=happened)
        ],
        "lists": [_list(one) for one in listed(chances=chances, happened=happened, sizes=SIZES)],
        "short_list": safe_count(size),
        "by": _aspects(found, _released(pairs), _released(right)),
    }


def _pair(count: int, of: int) -> Counts:
    return Counts((count, of - count))


def _right(happened: Numbers, these: NDArray[np.bool_]) -> Counts:
    return _pair(int(happened[these].sum()), int(these.sum()))


def _released(pairs: Pairs) -> Mapping[str, Mapping[str, Told]]:
    """All ways of parting together; of one that cannot be told at all, nothing."""
    if not pairs:
        return {}
    first = next(iter(pairs.values()))
    total = tuple(sum(one.columns[at] for one in first.values()) for at in (0, 1))
    return {aspect: table or {} for aspect, table in release(pairs, total=Counts(total)).tables.items()}


def _aspects(
    found: Mapping[str, Mapping[str, Calibration]],
    pairs: Mapping[str, Mapping[str, Told]],
    right: Mapping[str, Mapping[str, Told]],
) -> list[Json]:
    aspects = []
    for aspect, groups in found.items():
        shown = {name: one for name, one in pairs[aspect].items() if one.columns is not None}
        rows = [
            {"group": name, **told(groups[name], places=COARSE, counts=one), **_on_list(one, right[aspect].get(name))}
            for name, one in shown.items()
        ]
        left_out = sum(one.people for name, one in groups.items() if name not in shown)
        aspects.append({"aspect": aspect, "left_out": safe_count(left_out), "groups": rows})
    return aspects


def _on_list(one: Told, right: Told | None) -> Json:
    """How many of a group are on the short list, how many of those rightly, and how many of all its outcomes."""
    if right is None or right.columns is None or one.columns is None:
        return {"listed": None, "predictive": dict(NOTHING), "captured": dict(NOTHING)}
    many = sum(right.columns)
    # rounded apart, a part may be more than its whole
    captured = share(count=min(right.columns[0], one.columns[0]), of=one.columns[0])
    return {"listed": many, "predictive": _plain(share(count=right.columns[0], of=many)), "captured": _plain(captured)}


def told(one: Calibration, *, places: int = FINE, counts: Told | None = None) -> Json:
    """A calibration as JSON; `counts`: those with the outcome and those without, where they were told together."""
    observed, others = (
        counts.columns
        if counts and counts.columns
        else (safe_count(one.observed), safe_count(one.people - one.observed))
    )
    return {
        "people": None if observed is None or others is None else observed + others,
        "observed": None if others is None else observed,
        "expected": rounded(one.expected),
        "expected_over_observed": estimate(one.ratio, places=places),
        "intercept": estimate(one.intercept, places=places),
        "slope": estimate(one.slope, places=places),
        "area_under_curve": estimate(one.area, places=places),
    }


def estimate(one: Estimate | None, *, places: int = FINE) -> Json | None:
    """An estimate as JSON, which has no number without end."""
    if one is None:
        return None
    ends = {"value": one.value, "low": one.low, "high": one.high}
    return {name: round(value, places) if isfinite(value) else None for name, value in ends.items()}


def _share(one: Share) -> Json:
    """A share of rounded counts; nothing where those in it or those not in it are few."""
    count, others = safe_count(one.count), safe_count(one.of - one.count)
    if count is None or others is None:
        return dict(NOTHING)
    return _plain(share(count=count, of=count + others))


def _plain(one: Share) -> Json:
    return {"count": one.count, "of": one.of, "value": one.value, "low": one.low, "high": one.high}


def _list(one: Listed) -> Json:
    right = _share(one.predictive)
    return {
        "size": one.size,
        "predictive": right,
        "captured": _share(one.captured),
        "to_review": right["of"] / right["count"] if right["count"] else None,
    }


def biases(aspect: str, findings: Sequence[Finding]) -> Json:
    """What was found of a label, group by group; of a group that is kept back the verdict alone."""
    shown = _released({aspect: {one.group: _pair(one.counted, one.people) for one in findings}})[aspect]
    return {"aspect": aspect, "groups": [_bias(one, shown.get(one.group)) for one in findings]}


def _bias(one: Finding, counts: Told | None) -> Json:
    columns = counts.columns if counts else None
    return {
        "group": one.group,
        "people": sum(columns) if columns else None,
        "counted": columns[0] if columns else None,
        "expected": rounded(one.expected) if columns else None,
        "counted_over_expected": estimate(one.ratio, places=COARSE) if columns else None,
        "by_the_other_measures": estimate(one.other, places=COARSE) if columns else None,
        "verdict": one.verdict,
        "words": one.words,
    }
