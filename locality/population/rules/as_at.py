"""The copy as it would have looked on a day: what happened since is cut away before any criterion is asked.

A criterion asked of a year ago so cannot see what happened next, whatever its SQL says. What was dated before and
written down after cannot be told apart and stays in.
"""

from locality.population.rules.columns import TABLES

# the column by which a row is later than the day, and the column that says when it ended
BEGINS = {
    "conditions": "started_on",
    "events": "started_on",
    "diagnoses": "on_day",
    "medicines": "started_on",
    "measurements": "on_day",
    "deaths": "on_day",
    "social_care": "started_on",
    "contacts": "coalesce(on_day, referred_on)",
    # a score of the day itself was worked out of what was known then
    "scores": "on_day - interval 1 day",
}
ENDS = {
    "conditions": "ended_on",
    "events": "ended_at",
    "medicines": "ended_on",
    "social_care": "ended_on",
    "people": "died_on",
}
# what is over without anybody saying since when is over
OVER = {"conditions": "is_current", "medicines": "is_current"}


def steps() -> dict[str, str]:
    """The steps that stand before a criterion's own: each table of the copy under its own name, as at `$on`."""
    return {f"{name}_then": _then(name) for name in TABLES} | {name: f"select * from {name}_then" for name in TABLES}


def _then(name: str) -> str:
    ends = ENDS.get(name)
    columns = ", ".join(
        f"case when {ends} < $on then {ends} end as {ends}" if column == ends else column
        for column in TABLES[name].names
    )
    where = []
    if name in BEGINS:
        where.append(f"({BEGINS[name]} is null or {BEGINS[name]} < $on)")
    if name in OVER:
        where.append(f"({OVER[name]} or {ends} is not null)")
    if name == "people":
        where.append("(not died or died_on >= $on)")
    return f"select {columns} from {name}" + (f" where {' and '.join(where)}" if where else "")  # noqa: S608 -- our own names
