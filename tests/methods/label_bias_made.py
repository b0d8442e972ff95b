"""Boroughs drawn to judge the judge of labels: need that nobody sees, and what is written down of it."""

from typing import Any

import numpy as np

BOROUGH = 208_000


def made(
    seed: int,
    *,
    people: int = BOROUGH,
    access: float = 1.0,
    share: float = 0.2,
    need: float = 1.0,
    older: float = 0.0,
    recorded: float = 1.0,
) -> dict[str, Any]:
    """What `label_bias` asks, of people of whom a share is in group "fewer seen", the others in "others".

    `access`: the share of the group's admissions that come about. `need`: their need against others' of their age;
    `older`: years. `recorded`: the share of the group's long-term conditions that the practice writes down.
    """
    rng = np.random.default_rng(seed)
    these = rng.random(people) < share
    age = np.clip(rng.normal(41 + older * these, 23, people), 0, 95)
    sex = rng.integers(0, 2, people)
    # need varies much within a year of age: log-normal, so that most have little and some have a lot
    own = np.exp(0.9 * rng.normal(size=people) - 0.405) * np.where(these, need, 1.0)
    yearly = 0.04 * np.exp(0.028 * (age - 20))
    admitted = rng.random(people) < 1 - np.exp(-np.minimum(yearly * own, 3))
    admitted &= ~these | (rng.random(people) < access)
    conditions = rng.poisson(0.9 * np.exp(0.02 * (age - 40)) * own**0.6 * np.where(these, recorded, 1.0))
    medicines = rng.poisson(0.5 * (conditions + 0.5) * own**0.2)
    died = rng.random(people) < np.minimum(0.9, 0.0006 * np.exp(0.06 * (age - 20)) * own)
    calls = rng.poisson(0.12 * own**0.8)
    return {
        "label": admitted.astype(float),
        "groups": np.where(these, "fewer seen", "others"),
        "strata": (age // 5).astype(int) * 2 + sex,
        "practice": [np.minimum(conditions, 6), np.minimum(medicines, 8) // 2],
        "unbidden": [died.astype(int), np.minimum(calls, 3)],
    }
