"""Counts by which nobody is picked out: 1 to 7 are hidden, the rest are rounded to the nearest 5.

As Hospital Episode Statistics are published of less than the whole country since September 2018 (NHS Digital,
"Disclosure control methodology for Hospital Episode Statistics (HES) and Emergency Care Data Set (ECDS)"): nought
stays nought.
"""

HIDDEN_TO = 7
ROUND_TO = 5


def safe_count(count: int) -> int | None:
    """A count of people as it may be told: None where it is hidden, which is never nought."""
    if count < 0:
        raise ValueError("a count is not less than nought")
    if 0 < count <= HIDDEN_TO:
        return None
    return ROUND_TO * ((2 * count + ROUND_TO) // (2 * ROUND_TO))
