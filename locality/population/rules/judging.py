"""What is told of a model that was judged on a later year: figures fit to be kept as JSON beside it."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.methods.calibration import Calibration, Estimate, Listed, by_group, calibration, listed, tenths
from locality.methods.intervals import Share, share
from locality.methods.label_bias import Finding

# lists that a practice or a team could carry, and, of a whole place, more
SIZES = (25, 50, 100, 200, 500, 1000, 2000, 5000)
# the share of people whom a list holds where groups are compared
SHORT_LIST = 0.05
FEWEST = 10  # people of a group that is shown

Json = dict[str, Any]
Numbers = NDArray[np.float64]
Groups = Mapping[str, NDArray[Any]]


def judged(*, chances: Numbers, happened: Numbers, groups: Groups) -> Json:
    """How well chances foretold what happened: of all, by tenths, at the top of lists, and in each group."""
    size = max(1, round(SHORT_LIST * len(chances)))
    on_list = np.zeros(len(chances), dtype=bool)
    on_list[np.argsort(-chances, kind="stable")[:size]] = True
    return {
        "overall": told(calibration(chances=chances, happened=happened)),
        "tenths": [{"said": one.said, "so": _share(one.so)} for one in tenths(chances=chances, happened=happened)],
        "lists": [_list(one) for one in listed(chances=chances, happened=happened, sizes=SIZES)],
        "short_list": size,
        "by": [
            _aspect(aspect, chances=chances, happened=happened, of=of, on_list=on_list) for aspect, of in groups.items()
        ],
    }


def _aspect(aspect: str, *, chances: Numbers, happened: Numbers, of: NDArray[Any], on_list: NDArray[np.bool_]) -> Json:
    rows, left_out = [], 0
    for group, one in by_group(chances=chances, happened=happened, groups=of).items():
        if one.people < FEWEST:
            left_out += one.people
            continue
        here = of == group
        right = int(happened[here & on_list].sum())
        many = int((here & on_list).sum())
        rows.append(
            {
                "group": group,
                **told(one),
                "listed": many,
                "predictive": _ratio(right, many),
                "captured": _ratio(right, one.observed),
            }
        )
    return {"aspect": aspect, "left_out": left_out, "groups": rows}


def _ratio(count: int, of: int) -> Json:
    return _share(share(count=count, of=of))


def told(one: Calibration) -> Json:
    """A calibration as JSON."""
    return {
        "people": one.people,
        "observed": one.observed,
        "expected": one.expected,
        "expected_over_observed": estimate(one.ratio),
        "intercept": estimate(one.intercept),
        "slope": estimate(one.slope),
        "area_under_curve": estimate(one.area),
    }


def estimate(one: Estimate | None) -> Json | None:
    """An estimate as JSON, which has no number without end."""
    if one is None:
        return None
    ends = {"value": one.value, "low": one.low, "high": one.high}
    return {name: value if isfinite(value) else None for name, value in ends.items()}


def _share(one: Share) -> Json:
    return {"count": one.count, "of": one.of, "value": one.value, "low": one.low, "high": one.high}


def _list(one: Listed) -> Json:
    return {
        "size": one.size,
        "predictive": _share(one.predictive),
        "captured": _share(one.captured),
        "to_review": one.to_review,
    }


def biases(aspect: str, findings: Sequence[Finding]) -> Json:
    """What was found of a label, group by group."""
    return {
        "aspect": aspect,
        "groups": [
            {
                "group": one.group,
                "people": one.people,
                "counted": one.counted,
                "expected": one.expected,
                "counted_over_expected": estimate(one.ratio),
                "by_the_other_measures": estimate(one.other),
                "verdict": one.verdict,
                "words": one.words,
            }
            for one in findings
        ],
    }
