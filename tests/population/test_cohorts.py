"""Cohorts and segments: read, counted, and held against a plain Python reading of the same lines on drawn copies."""

from datetime import date, datetime, timedelta
from random import Random

import pytest

from locality.base import Refused
from locality.population.queries.cohorts import Counted, count_cohort, people_of_cohort
from locality.population.queries.copy import open_copy
from locality.population.queries.segments import count_segments, segments_of
from locality.population.rules.cohorts import COLUMNS, Cohort, read_cohort
from locality.population.rules.segments import SEGMENTS, read_segments
from tests.population.copies import write_copy

ON = date(2026, 4, 20)


def cohort(*who, **other) -> Cohort:
    return Cohort("drawn", 1, "Drawn", tuple(who), **other)


def found(folder, *who, **other) -> list[str]:
    with open_copy(folder=folder) as duck:
        return people_of_cohort(duck=duck, cohort=cohort(*who, **other), on=ON)


# ---- the slow one


def meant(line, person, rows) -> bool:
    """Whether one line holds of one person: a row of `people`, and the rows of the other tables."""
    word = next(one for one in READ if one in line)
    return READ[word](line, person, {name: [row for row in some if row["person"] == person["person"]]
                                     for name, some in rows.items()}, rows)  # fmt: skip


def months(person) -> int:
    born = person["birth_month"]
    return (ON.year - born.year) * 12 + ON.month - born.month


def recent(rows, line, day) -> list:
    since = ON - timedelta(days=line.get("within_days", 100_000))
    told = [row for row in rows if row.get(day) is not None and since <= as_day(row[day]) <= ON]
    return told if len(told) >= line.get("at_least", 1) else []


def as_day(one) -> date:
    return one.date() if isinstance(one, datetime) else one


def has_word(row, column, words) -> bool:
    return any(word.lower() in (row.get(column) or "").lower() for word in words)


def within(value, line) -> bool:
    return line.get("value_from", -1e9) <= value < line.get("value_below", 1e9)


def latest(theirs, line) -> bool:
    told = [
        row for row in theirs["measurements"]
        if row.get("value") is not None and row["on_day"] <= ON
        and row["on_day"] >= ON - timedelta(days=line.get("within_days", 100_000))
        and (row.get("code") in line["measurement"] or has_word(row, "said", line["measurement"]))
    ]  # fmt: skip
    return bool(told) and within(max(told, key=lambda row: (row["on_day"], row["value"]))["value"], line)


def social(theirs, line) -> bool:
    rows = [row for row in theirs["social_care"] if row["kind"] in line["social_care"]]
    if "within_days" in line:
        return bool(recent(rows, line, "started_on"))
    return any(row["started_on"] <= ON and (row.get("ended_on") is None or row["ended_on"] > ON) for row in rows)


def diagnosed(theirs, line) -> bool:
    rows = [row for row in theirs["diagnoses"] if any(row["code"].startswith(code) for code in line["diagnosis"])]
    days = {row["on_day"]: row for row in rows}
    return bool(recent(list(days.values()), line, "on_day"))


READ = {
    "age_from": lambda line, one, theirs, rows: months(one) >= 12 * line["age_from"],
    "age_before": lambda line, one, theirs, rows: months(one) < 12 * line["age_before"],
    **{name: lambda line, one, theirs, rows, name=name: one.get(name) in line[name] for name in COLUMNS},
    "deprivation_to": lambda line, one, theirs, rows: (one.get("deprivation") or 99) <= line["deprivation_to"],
    "care_home": lambda line, one, theirs, rows: one["care_home"] == line["care_home"],
    "carer": lambda line, one, theirs, rows: one["carer"] == line["carer"],
    "condition": lambda line, one, theirs, rows: any(
        row.get("code") in line["condition"] and (row["is_current"] or line.get("also_past"))
        for row in theirs["conditions"]
    ),
    "condition_words": lambda line, one, theirs, rows: any(
        has_word(row, "said", line["condition_words"]) and (row["is_current"] or line.get("also_past"))
        for row in theirs["conditions"]
    ),
    "diagnosis": lambda line, one, theirs, rows: diagnosed(theirs, line),
    "event": lambda line, one, theirs, rows: bool(
        recent([row for row in theirs["events"] if row["kind"] in line["event"]], line, "started_on")
    ),
    "contact_words": lambda line, one, theirs, rows: bool(
        recent(
            [row for row in theirs["contacts"]
             if row["outcome"] == "finished" and has_word(row, "kind", line["contact_words"])],
            line, "on_day",
        )
    ),
    "medicines_at_least": lambda line, one, theirs, rows: len(
        {row.get("code") or row["said"].lower() for row in theirs["medicines"] if row["is_current"]}
    ) >= line["medicines_at_least"],
    "medicine_words": lambda line, one, theirs, rows: any(
        row["is_current"] and has_word(row, "said", line["medicine_words"]) for row in theirs["medicines"]
    ),
    "measurement": lambda line, one, theirs, rows: latest(theirs, line),
    "social_care": lambda line, one, theirs, rows: social(theirs, line),
    "any": lambda line, one, theirs, rows: any(meant(each, one, rows) for each in line["any"]),
    "all": lambda line, one, theirs, rows: all(meant(each, one, rows) for each in line["all"]),
    "not": lambda line, one, theirs, rows: not meant(line["not"], one, rows),
}  # fmt: skip


# ---- drawn copies


def drawn(rng: Random) -> dict[str, list[dict]]:
    people = [f"{number:04x}" for number in range(12)]

    def day() -> date:
        return ON - timedelta(days=rng.choice([-1, 0, 1, 29, 30, 31, 364, 365, 366, 800]))

    def rows(count, make) -> list[dict]:
        return [{"person": rng.choice(people), **make()} for _ in range(count)]

    return {
        "people": [
            {
                "person": one, "birth_month": date(rng.choice([1941, 1961, 2021, 2022]), rng.randint(1, 12), 1),
                "sex": rng.choice(["female", "male", None]), "neighbourhood": rng.choice(["east", "west", None]),
                "deprivation": rng.choice([1, 5, None]), "care_home": rng.random() < 0.3, "carer": rng.random() < 0.3,
                "opted_out": rng.random() < 0.3,
            }
            for one in people
        ],
        "conditions": rows(15, lambda: {
            "code": rng.choice(["84114007", None]), "said": rng.choice(["Heart failure", "Dementia", "Cancer", None]),
            "is_current": rng.random() < 0.7}),
        "diagnoses": rows(15, lambda: {"code": rng.choice(["I500", "J449", "C509", "F03"]), "on_day": day()}),
        "events": rows(20, lambda: {
            "kind": rng.choice(["fall", "emergency admission"]),
            "started_at": datetime.combine(at := day(), datetime.min.time()) + timedelta(hours=9), "started_on": at}),
        "contacts": rows(15, lambda: {
            "kind": rng.choice(["Mental health team", "Podiatry"]), "outcome": rng.choice(["finished", "cancelled"]),
            "on_day": rng.choice([day(), None])}),
        "medicines": rows(25, lambda: {
            "said": rng.choice(["Bisoprolol", "Apixaban", "APIXABAN", "Metformin"]), "is_current": rng.random() < 0.8}),
        "measurements": rows(15, lambda: {
            "code": rng.choice(["27113001", None]), "said": "Body weight", "value": rng.choice([40.0, 80.0, None]),
            "on_day": day()}),
        "social_care": rows(10, lambda: {
            "kind": rng.choice(["home care", "supported living"]), "started_on": day(),
            "ended_on": rng.choice([None, day()])}),
        "deaths": [{"person": people[0]}],
    }  # fmt: skip


def line(rng: Random, depth: int = 2) -> dict:
    if depth and rng.random() < 0.4:
        inner = [line(rng, depth - 1) for _ in range(rng.randint(1, 3))]
        return rng.choice([{"any": inner}, {"all": inner}, {"not": inner[0]}])
    span = {} if rng.random() < 0.5 else {"within_days": rng.choice([30, 365])}
    least = {} if rng.random() < 0.5 else {"at_least": 2}
    return rng.choice(
        [
            {"age_from": 65}, {"age_before": 5}, {"sex": ["female"]}, {"neighbourhood": ["east"]},
            {"deprivation_to": 2}, {"care_home": True}, {"carer": False}, {"condition": ["84114007"]},
            {"condition_words": ["failure", "dementia"], "also_past": True},
            {"diagnosis": ["I50", "J"], **span, **least},
            {"event": ["fall"], **span, **least}, {"contact_words": ["mental"], **span, **least},
            {"medicines_at_least": 2}, {"medicine_words": ["apix"]},
            {"measurement": ["27113001", "Body weight"], "value_below": 60, **span},
            {"social_care": ["home care"], **span},
        ]
    )  # fmt: skip


def held_against_the_slow_one(seed, folder):
    rng = Random(seed)
    rows = drawn(rng)
    write_copy(folder, **rows)
    dead = {row["person"] for row in rows["deaths"]}
    for _ in range(25):
        who = [line(rng) for _ in range(rng.randint(1, 3))]

        fast = found(folder, *who)

        slow = [
            one["person"] for one in rows["people"]
            if one["person"] not in dead and all(meant(each, one, rows) for each in who)
        ]  # fmt: skip
        assert fast == slow, who


@pytest.mark.parametrize("seed", range(6))
def test_a_drawn_cohort_is_who_a_plain_reading_of_its_lines_says(seed, tmp_path):
    held_against_the_slow_one(seed, tmp_path)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(6, 206))
def test_drawn_cohorts_are_who_a_plain_reading_says_in_two_hundred_more_copies(seed, tmp_path):
    held_against_the_slow_one(seed, tmp_path)


@pytest.mark.parametrize("seed", range(6))
def test_everybody_who_lives_is_in_the_first_segment_that_fits_and_in_one_only(seed, tmp_path):
    rows = drawn(Random(seed))
    write_copy(tmp_path, **rows)

    with open_copy(folder=tmp_path) as duck:
        told = segments_of(duck=duck, on=ON)

    living = [one for one in rows["people"] if one["person"] != rows["deaths"][0]["person"]]
    slow = [
        (one["person"], next(each.code for each in SEGMENTS if all(meant(rule, one, rows) for rule in each.who)))
        for one in living
    ]
    assert told == slow


def test_counts_come_before_names_and_say_how_many_object_to_planning(tmp_path):
    write_copy(
        tmp_path,
        people=[
            {"person": "ann", "neighbourhood": "east"},
            {"person": "bob", "neighbourhood": "east", "opted_out": True},
            {"person": "cy"},
        ],
    )

    with open_copy(folder=tmp_path) as duck:
        told = count_cohort(duck=duck, cohort=cohort({"age_from": 65}), on=ON)

    assert told == Counted(people=3, opted_out=1, by_neighbourhood={"east": 2, None: 1})


def test_segments_counted_for_planning_leave_objectors_out(tmp_path):
    write_copy(
        tmp_path,
        people=[
            {"person": "ann", "neighbourhood": "east"},
            {"person": "bob", "neighbourhood": "east", "opted_out": True},
        ],
    )

    with open_copy(folder=tmp_path) as duck:
        told = count_segments(duck=duck, on=ON, by=["neighbourhood"])
        everybody = count_segments(duck=duck, on=ON, with_objectors=True)

    assert (told, everybody) == ([("east", "healthy", 1)], [("healthy", 2)])


def test_a_cohort_is_a_file_that_can_be_read(tmp_path):
    read = read_cohort(
        'code = "falls"\nversion = 2\nsays = "Fell"\n'
        "who = [{ age_from = 65 }, { event = ['fall'], within_days = 365, at_least = 2 }]\n"
    )
    days = [datetime(2026, 1, 1), datetime(2026, 2, 1), datetime(2024, 1, 1)]
    write_copy(
        tmp_path,
        events=[{"person": "ann", "kind": "fall", "started_at": day} for day in days[:2]]
        + [{"person": "bob", "kind": "fall", "started_at": day} for day in days[1:]],
    )

    with open_copy(folder=tmp_path) as duck:
        people = people_of_cohort(duck=duck, cohort=read, on=ON)

    assert (read.code, read.version, people) == ("falls", 2, ["ann"])


def test_a_score_of_the_copy_can_choose_people_and_none_is_not_nought(tmp_path):
    scores = [
        {"person": "ann", "method": "hfrs", "score": 15.2},
        {"person": "bob", "method": "hfrs", "score": 3.0},
        {"person": "bob", "method": "shmi", "score": 20.0},
    ]
    write_copy(tmp_path, people=[{"person": "ann"}, {"person": "bob"}, {"person": "cec"}], scores=scores)

    assert found(tmp_path, {"score": "hfrs", "value_from": 15}) == ["ann"]
    assert found(tmp_path, {"score": "hfrs", "value_below": 15}) == ["bob"]


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("[{ ages = 65 }]", "f: a line says one thing, and {'ages': 65} says nothing known."),
        ("[{ age_from = 65, carer = true }]", "says age_from, carer."),
        ("[{ age_from = 'old' }]", "f: age_from = 'old' is not a whole number."),
        ("[{ score = 'frailty' }]", "The copy has hfrs, charlson, charlson-quan, charlson-shmi, shmi, elixhauser."),
        ("[{ age_from = true }]", "f: age_from = True is not a whole number."),
        ("[{ carer = true, within_days = 3 }]", "f: within_days means nothing beside carer."),
        ("[{ any = [{ event = 'fall' }] }]", "f: event = 'fall' is not a list."),
        ("['falls']", "f: 'falls' is not a line: write it in braces."),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_by_name(who, sentence):
    with pytest.raises(Refused) as refused:
        read_cohort(f'code = "f"\nversion = 1\nsays = "x"\nwho = {who}', name="f")

    assert str(refused.value).endswith(sentence)


def test_a_file_that_is_no_cohort_is_refused():
    with pytest.raises(Refused, match="f does not say version, says, who"):
        read_cohort('code = "f"', name="f")
    with pytest.raises(Refused, match="f is not TOML"):
        read_cohort("code = ", name="f")


def test_segments_end_with_one_that_takes_whoever_is_left():
    told = 'version = 1\n[[segment]]\ncode = "a"\nname = "A"\ntold = "x"\nwho = [{ carer = true }]\n'

    with pytest.raises(Refused, match="takes whoever is left"):
        read_segments(told)


def test_what_is_said_of_a_segment_may_be_said_to_the_person():
    assert [one.code for one in SEGMENTS if not one.told.endswith(".") or "you" not in one.told.lower()] == []
