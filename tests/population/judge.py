"""The slow, obvious engine: measures worked out row by row in memory, to judge the SQL by."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

UNTIL, NOW_SINCE, SINCE = date(2026, 1, 1), date(2025, 1, 1), date(2024, 1, 1)
KINDS = [("community", "Podiatry"), ("community", "District nursing"), ("rapid-response", "Rapid response")]
GROUPS = {"A": "White", "B": "White", "G": "Mixed", "J": "Asian or Asian British", "N": "Black or Black British"}
FIFTHS = ["1 (most deprived)", "2", "3", "4", "5 (least deprived)"]


SEEN = ("finished", "in-progress")
LONDON = ZoneInfo("Europe/London")
# what ends at midnight ended on the day before
CRUMB = timedelta(microseconds=1)


def here(moment: datetime) -> date:
    """The day of a moment in UTC by the clock in London."""
    return moment.replace(tzinfo=UTC).astimezone(LONDON).date()


def last_day(event: dict) -> date | None:
    """The day on which an event ended."""
    return here(event["ended_at"] - CRUMB) if event["ended_at"] else None


def drawn(seed: int) -> dict[str, list[dict]]:
    """A small copy with gaps in it, days on every edge, and people who opted out."""
    rng = random.Random(seed)

    def day() -> date:
        edges = [SINCE, NOW_SINCE, UNTIL, SINCE - timedelta(1), UNTIL - timedelta(1), date(2025, 7, 1)]
        return rng.choice(edges) + timedelta(rng.choice([0, 0, 1, rng.randint(-200, 500)]))

    def moment() -> datetime:
        midnight = datetime.combine(day(), datetime.min.time())
        if rng.random() < 0.4:
            # what was sent as a day alone, which begins before midnight in UTC in summer
            return midnight.replace(tzinfo=LONDON).astimezone(UTC).replace(tzinfo=None)
        return midnight + timedelta(minutes=rng.randint(0, 1439))

    def born() -> date | None:
        old = date(rng.randint(1930, 1963), rng.randint(1, 12), 1)
        young = date(rng.randint(2019, 2025), rng.randint(1, 12), 1)
        return rng.choice([None, old, old, young, date(1960, 1, 1), date(2020, 1, 1)])

    names = [f"p{at}" for at in range(40)]
    people = [
        {
            "person": name,
            "birth_month": born(),
            "sex": rng.choice(["female", "male", None]),
            "ethnicity": rng.choice(["A", "B", "G", "J", "N", "R", "S", "Z", None]),
            "neighbourhood": rng.choice(["east", "west", None]),
            "deprivation": rng.choice([None, *range(1, 11)]),
            "practice": rng.choice(["P1", "P2", None]),
            "died": (died := rng.random() < 0.15),
            # of some only the fact is told
            "died_on": day() if died and rng.random() < 0.7 else None,
            "opted_out": rng.random() < 0.2,
        }
        for name in names
    ]
    events, diagnoses = [], []
    for at in range(rng.randint(60, 160)):
        began = moment()
        ended = began + timedelta(hours=rng.choice([0, 5, 30, 700])) if rng.random() < 0.9 else None
        kind = rng.choice(["emergency admission", "emergency admission", "planned admission", "attendance", "fall"])
        ready = (
            None if ended is None or rng.random() < 0.4 else ended - timedelta(hours=rng.choice([0, 2, 30, 100, -9]))
        )
        whose = rng.choice(names[: 10 if at % 2 else 40])
        events.append(
            {
                "person": whose,
                "event": f"e{at}",
                "kind": kind,
                "started_at": began,
                "ended_at": ended,
                "ready_at": ready,
            }
        )
        for code in rng.sample(["W19", "W199", "S099", "S720", "T980", "T99"], rng.randint(0, 5)):
            diagnoses.append({"person": whose, "event": f"e{at}", "code": code, "on_day": here(began)})
    contacts = [
        {
            "person": rng.choice(names),
            "kind": rng.choice(["Podiatry", "District nursing", "Rapid response", "Other"]),
            "referred_on": (asked := day() if rng.random() < 0.9 else None),
            "on_day": asked + timedelta(rng.choice([0, 125, 126, 127])) if asked and rng.random() < 0.8 else None,
            "outcome": rng.choice(["finished", "finished", "in-progress", "cancelled", "planned", "waiting"]),
        }
        for _ in range(120)
    ]
    social_care = []
    for _ in range(90):
        stay = rng.choice(events)
        began = (last_day(stay) or here(stay["started_at"])) + timedelta(rng.choice([0, 1, 7, 8, 90, 91]))
        social_care.append(
            {
                "person": stay["person"],
                "kind": rng.choice(["permanent residential", "permanent nursing", *["reablement"] * 4, "home care"]),
                "started_on": began,
                "ended_on": rng.choice([None, began + timedelta(rng.choice([10, 91, 200]))]),
            }
        )
    medicines = [
        {
            "person": rng.choice(names[:12]),
            "code": str(rng.randint(1, 14)),
            "said": "x",
            "is_current": rng.random() < 0.9,
        }
        for _ in range(150)
    ]
    tables = {"people": people, "events": events, "diagnoses": diagnoses, "contacts": contacts}
    return {**tables, "social_care": social_care, "medicines": medicines}


class Judge:
    """The rows of a copy without those who opted out, and each measure asked of them in plain words."""

    def __init__(self, tables: dict[str, list[dict]]):
        self.people = {one["person"]: one for one in tables["people"] if not one["opted_out"]}
        for name in ("events", "diagnoses", "contacts", "social_care", "medicines"):
            setattr(self, name, [one for one in tables[name] if one["person"] in self.people])

    def groups(self, measure: str, by: tuple[str, ...]) -> dict:
        """By base, way of parting and group: (rows, met, people, total of values, months at risk)."""
        rows, at_risk = getattr(self, measure.replace("-", "_"))()
        found: dict = {}
        for person, day, met, value in rows:
            for key in self._keys(person, day, by):
                one = found.setdefault(key, [0, 0, set(), 0, 0])
                one[0], one[1], one[3] = one[0] + 1, one[1] + met, one[3] + (value or 0)
                one[2].add(person)
        for person, day in at_risk:
            for key in self._keys(person, day, by):
                found.setdefault(key, [0, 0, set(), 0, 0])[4] += 1
        return {key: (one[0], one[1], len(one[2]), one[3], one[4]) for key, one in found.items()}

    def _keys(self, name: str, day: date, by: tuple[str, ...]):
        if not SINCE <= day < UNTIL:
            return
        base, person = ("now" if day >= NOW_SINCE else "before"), self.people[name]
        yield base, "", ""
        if "month" in by:
            yield base, "month", f"{day:%Y-%m}"
        if base == "before":
            return
        tenth, ethnicity = person["deprivation"], person["ethnicity"]
        other = "Other ethnic groups" if ethnicity in ("R", "S") else "not known"
        parts = {
            "neighbourhood": person["neighbourhood"] or "not known",
            "deprivation": FIFTHS[(tenth - 1) // 2] if tenth else "not known",
            "ethnicity": GROUPS.get(ethnicity, other),
            "sex": person["sex"] or "not known",
            "practice": person["practice"] or "not known",
            "age": ages(person["birth_month"], day),
        }
        yield from ((base, way, part) for way, part in parts.items() if way in by)

    def old(self, name: str, day: date, years: int) -> bool:
        born = self.people[name]["birth_month"]
        return born is not None and born.replace(year=born.year + years) <= day

    def alive(self, name: str, after: date) -> bool:
        """Whether somebody lived on after a day."""
        one = self.people[name]
        return not one["died"] or (one["died_on"] is not None and one["died_on"] > after)

    def alive_each_month(self, years: int = 0):
        """Who is of so many years, and lives; of all ages whoever is born, or of whom no birth is known."""
        months = [date(2024 + at // 12, at % 12 + 1, 1) for at in range(24)]
        for name, one in self.people.items():
            unknown = not years and one["birth_month"] is None
            yield from (
                (name, month)
                for month in months
                if (unknown or self.old(name, month, years)) and self.alive(name, month)
            )

    # ---- the measures

    def attendances(self):
        rows = [(one["person"], here(one["started_at"]), 1, None) for one in self.events if one["kind"] == "attendance"]
        return rows, list(self.alive_each_month())

    def attendances_under_5(self):
        def young(name: str, day: date) -> bool:
            return self.people[name]["birth_month"] is not None and not self.old(name, day, 5)

        rows, at_risk = self.attendances()
        return [one for one in rows if young(*one[:2])], [one for one in at_risk if young(*one)]

    def emergency_admissions_65(self):
        rows = [
            (one["person"], here(one["started_at"]), 1, None)
            for one in self.events
            if one["kind"] == "emergency admission" and self.old(one["person"], here(one["started_at"]), 65)
        ]
        return rows, list(self.alive_each_month(65))

    def falls_admissions_65(self):
        def with_code(first: str, last: str) -> set[str]:
            return {one["event"] for one in self.diagnoses if first <= one["code"][:3] <= last}

        both = with_code("W00", "W19") & with_code("S00", "T98")
        rows = [
            (one["person"], here(one["started_at"]), 1, None)
            for one in self.events
            if one["kind"] == "emergency admission"
            and one["event"] in both
            and self.old(one["person"], here(one["started_at"]), 65)
        ]
        return rows, list(self.alive_each_month(65))

    def permanent_care_home_admissions_65(self):
        first: dict[str, date] = {}
        for one in self.social_care:
            if one["kind"].startswith("permanent"):
                first[one["person"]] = min(one["started_on"], first.get(one["person"], date.max))
        rows = [(name, day, 1, None) for name, day in first.items() if self.old(name, day, 65)]
        return rows, list(self.alive_each_month(65))

    def days_from_ready_to_discharge(self):
        return [
            (one["person"], last_day(one), 1, (last_day(one) - here(one["ready_at"])).days)
            for one in self.events
            if one["kind"] in ("emergency admission", "planned admission")
            and one["ready_at"] and one["ended_at"] and one["ended_at"] >= one["ready_at"]
        ], []  # fmt: skip

    def readmissions_30_days(self):
        stays = [one for one in self.events if one["kind"] == "emergency admission"]
        rows = []
        for one in stays:
            if one["ended_at"] is None or last_day(one) >= UNTIL - timedelta(30):
                continue
            left = last_day(one)
            if not self.alive(one["person"], left):
                continue
            again = any(
                other["event"] != one["event"]
                and other["person"] == one["person"]
                and left <= here(other["started_at"]) <= left + timedelta(30)
                for other in stays
            )
            rows.append((one["person"], left, int(again), None))
        return rows, []

    def frequent_attenders(self):
        rows = []
        for name in self.people:
            visits = sorted(
                (one["started_at"], one["event"])
                for one in self.events
                if one["person"] == name and one["kind"] == "attendance"
            )
            for at, (moment, _) in enumerate(visits):
                day = here(moment)
                year_before = (
                    day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28)
                )
                met = at >= 4 and here(visits[at - 4][0]) > year_before
                rows.append((name, day, int(met), None))
        return rows, []

    def community_within_18_weeks(self):
        firsts: dict = {}
        for one in self.contacts:
            community = one["kind"] in ("Podiatry", "District nursing")
            if community and one["on_day"] and one["referred_on"] and one["outcome"] in SEEN:
                key = one["person"], one["kind"], one["referred_on"]
                firsts[key] = min(one["on_day"], firsts.get(key, date.max))
        return [(name, day, int((day - asked).days <= 126), None) for (name, _, asked), day in firsts.items()], []

    def home_91_days_after_reablement(self):
        begun = {
            (care["person"], care["started_on"])
            for care in self.social_care
            for stay in self.events
            if care["kind"] == "reablement" and stay["person"] == care["person"] and stay["ended_at"]
            and stay["kind"] in ("emergency admission", "planned admission")
            and 0 <= (care["started_on"] - last_day(stay)).days <= 7
            and care["started_on"] < UNTIL - timedelta(91)
            and self.old(care["person"], care["started_on"], 65)
        }  # fmt: skip
        rows = []
        for name, day in begun:
            later = day + timedelta(91)
            placed = any(
                one["person"] == name and one["kind"].startswith("permanent") and one["started_on"] <= later
                and (one["ended_on"] is None or one["ended_on"] > later)
                for one in self.social_care
            )  # fmt: skip
            in_hospital = any(
                one["person"] == name and one["kind"].endswith("admission") and here(one["started_at"]) <= later
                and (one["ended_at"] is None or last_day(one) > later)
                for one in self.events
            )  # fmt: skip
            home = not placed and not in_hospital and self.alive(name, later)
            rows.append((name, day, int(home), None))
        return rows, []

    def ten_medicines_65(self):
        rows = []
        for name in self.people:
            held = {other["code"] for other in self.medicines if other["person"] == name and other["is_current"]}
            if held and self.alive(name, UNTIL - timedelta(1)) and self.old(name, UNTIL - timedelta(1), 65):
                rows.append((name, UNTIL - timedelta(1), int(len(held) >= 10), None))
        return rows, []


def ages(born: date | None, day: date) -> str:
    if born is None:
        return "not known"
    years = day.year - born.year - (day.month < born.month)
    for top, said in [
        (5, "0 to 4"),
        (20, "5 to 19"),
        (40, "20 to 39"),
        (65, "40 to 64"),
        (75, "65 to 74"),
        (85, "75 to 84"),
    ]:
        if years < top:
            return said
    return "85 and over"
