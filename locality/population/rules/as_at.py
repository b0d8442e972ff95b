"""The copy as it would have looked on a day: what is dated from that day on is cut away before a criterion is asked.

Rows that begin later are not there, ends that came later have not come, and what ended later still holds. What nobody
sends a day for stays as it is in the copy: who is a carer, where somebody lives and which practice is theirs, whether
an alert says that they live in a care home, what became of a contact. So does what was dated before and written down
after. A criterion that reads these of a year ago sees a little of what came next.
"""

from locality.population.rules.columns import TABLES

# the column by which a row is later than the day
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
# what is said of a day from then on is not known yet, by the column that says which day
UNTIL = "case when {day} < $on then {column} end"
HELD = "(is_current or coalesce(ended_on >= $on, false))"
THEN = {
    "conditions": {"ended_on": UNTIL.format(day="ended_on", column="ended_on"), "is_current": HELD},
    "medicines": {"ended_on": UNTIL.format(day="ended_on", column="ended_on"), "is_current": HELD},
    "social_care": {"ended_on": UNTIL.format(day="ended_on", column="ended_on")},
    "events": {
        f"{what}_{unit}": UNTIL.format(day=f"{what}_on", column=f"{what}_{unit}")
        for what in ("ended", "ready")
        for unit in ("at", "on")
    },
    "people": {
        "died": "false",
        "died_on": "cast(null as date)",
        # by placements where there are any; an alert says nothing of since when
        "care_home": "coalesce(is_in = 1, care_home)",
    },
}
FROM = {
    "people": """people left join (
        select person as resident,
            max(case when started_on < $on and (ended_on is null or ended_on >= $on) then 1 else 0 end) as is_in
        from social_care where kind in ('permanent residential', 'permanent nursing') group by person
    ) homes on resident = person""",
}
# what is over without anybody saying since when is over; whoever had died is not to be found
WHERE = {
    "conditions": "(is_current or ended_on is not null)",
    "medicines": "(is_current or ended_on is not null)",
    "people": "(not died or died_on >= $on)",
}


def steps() -> dict[str, str]:
    """The steps that stand before a criterion's own: each table of the copy under its own name, as at `$on`."""
    return {f"{name}_then": _then(name) for name in TABLES} | {name: f"select * from {name}_then" for name in TABLES}


def _then(name: str) -> str:
    then = THEN.get(name, {})
    columns = ", ".join(f"{then[one]} as {one}" if one in then else one for one in TABLES[name].names)
    where = [WHERE[name]] if name in WHERE else []
    if name in BEGINS:
        where.append(f"({BEGINS[name]} is null or {BEGINS[name]} < $on)")
    told = f"select {columns} from {FROM.get(name, name)}"  # noqa: S608 -- our own names
    return told + (f" where {' and '.join(where)}" if where else "")
