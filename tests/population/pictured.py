"""A drawn place of two or three neighbourhoods, and the same people counted slowly, one by one."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

ON = date(2026, 11, 1)
AREAS = {
    "E01000001": ("hilltop", "E05000001", 1),
    "E01000002": ("hilltop", "E05000001", 3),
    "E01000003": ("hilltop", "E05000002", 6),
    "E01000004": ("meadows", "E05000003", 2),
    "E01000005": ("meadows", "E05000003", 10),
    "E01000006": ("meadows", "E05000004", 8),
}
SEXES, LETTERS = ("female", "male", None), "AAAAAJJNGR"
CODES = ("59621000", "44054006", "84114007", "195967001", "52448006", "162604008")
BORN = [date(ON.year - age, month, 1) for age in (3, 30, 50, 65, 70, 80, 88) for month in (2, 11)]
KINDS = ("emergency admission", "attendance", "fall", "fall", "ambulance")


def drawn_tables(seed, *, people=600):
    """Rows of a copy: people in small areas, outside, opted out, dead; conditions and events of some of them."""
    rng = Random(seed)
    held = {"people": [], "conditions": [], "events": [], "deaths": [], "places": places(), "populations": ages()}
    for number in range(people):
        name = f"p{number:04}"
        area = rng.choice([*AREAS, *AREAS, None])
        held["people"].append(
            {
                "person": name,
                "birth_month": rng.choice([None, *BORN]),
                "sex": rng.choice(SEXES),
                "ethnicity": rng.choice(LETTERS),
                "small_area": area,
                "neighbourhood": AREAS[area][0] if area else "hilltop",
                "opted_out": rng.random() < 0.05,
                "care_home": rng.random() < 0.05,
                "carer": rng.random() < 0.1,
            }
        )  # fmt: skip
        for _ in range(rng.choice([0, 0, 1, 2])):
            held["conditions"].append({"person": name, "code": rng.choice(CODES), "said": "x"})
        for _ in range(rng.choice([0, 0, 1, 3])):
            began = ON - timedelta(days=rng.randint(-20, 500))
            held["events"].append(
                {
                    "person": name,
                    "kind": rng.choice(KINDS),
                    "started_at": datetime(began.year, began.month, began.day, 9),
                }
            )
        if rng.random() < 0.03:
            held["deaths"].append({"person": name, "on_day": ON - timedelta(days=rng.randint(-9, 300))})
    return held


def places():
    return [
        {
            "small_area": code, "name": f"Small {code[-1]}", "neighbourhood": where, "ward": ward,
            "deprivation": tenth, "people": 1500,
        }
        for code, (where, ward, tenth) in AREAS.items()
    ]  # fmt: skip


def ages():
    return [
        {"small_area": code, "age_from": age, "age_to": age + 1 if age < 90 else None, "people": 10 + number}
        for number, code in enumerate(AREAS)
        for age in (0, 30, 64, 65, 79, 80, 84, 85, 90)
    ]


# ---- the slow one


def living(tables):
    """Who is counted: everybody who lives in a small area of the place, did not opt out, was born and did not die."""
    dead = {row["person"] for row in tables["deaths"]}
    return [
        row for row in tables["people"]
        if row["person"] not in dead and row["small_area"] and not row["opted_out"]
        and (row["birth_month"] is None or row["birth_month"] < ON)
    ]  # fmt: skip


def months(row):
    born = row["birth_month"]
    return None if born is None else 12 * (ON.year - born.year) + ON.month - born.month


def band(row):
    old = months(row)
    if old is None:
        return "not known"
    ends = {5: "0 to 4", 20: "5 to 19", 40: "20 to 39", 65: "40 to 64", 75: "65 to 74", 85: "75 to 84"}
    return next((said for end, said in ends.items() if old < 12 * end), "85 and over")


def fifth(row):
    tenth = AREAS[row["small_area"]][2]
    return ("1 (most deprived)", "2", "3", "4", "5 (least deprived)")[(tenth - 1) // 2]


def has_condition(row, tables, *codes):
    return any(one["person"] == row["person"] and one["code"] in codes for one in tables["conditions"])


def had_event(row, tables, kind):
    """In the 365 days before the day, and on it."""
    return any(
        one["person"] == row["person"] and one["kind"] == kind and -365 <= (one["started_at"].date() - ON).days <= 0
        for one in tables["events"]
    )


def fell(row, tables):
    old = months(row)
    return old is not None and old >= 12 * 65 and had_event(row, tables, "fall")


def tally(tables, *ways):
    """How many of those counted lie in each combination of groups."""
    return dict(Counter(tuple(way(row) for way in ways) for row in living(tables)))


def neighbourhood(row):
    return AREAS[row["small_area"]][0]
