"""Criteria as pack data: every fault is told with its file and line, every query is one that both engines know."""

import re
from datetime import date, datetime, timedelta

import pytest
import sqlglot
from sqlglot.errors import ErrorLevel

from locality.base import system
from locality.directory.pack import PACKS, PackFaults
from locality.population.actions.criteria import load_criteria
from locality.population.criteria import criterion_of, read_criteria
from locality.population.models import CriterionVersion
from locality.population.queries import asked
from locality.population.queries.copy import open_copy
from locality.population.rules import as_at
from locality.population.rules.columns import TABLES
from tests import factories as make
from tests.population.copies import write_copy
from tests.population.finding_world import CRITERION, pack

PLACES = ("bury", "rochdale")


def of(place: str):
    return read_criteria(PACKS / place, shown=f"packs/{place}")


def faults(folder) -> list[str]:
    with pytest.raises(PackFaults) as told:
        read_criteria(folder, shown="packs/smallborough")
    return [re.sub(r"^packs/smallborough/criteria/", "", fault) for fault in told.value.faults]


def test_the_places_that_come_with_locality_have_their_criteria():
    assert [one.code for one in of("bury")] == [
        "care-arrangements",
        "carers",
        "end-of-life",
        "falls-risk",
        "frailty-at-home",
        "frequent-attenders",
        "school-readiness",
    ]
    assert [one.code for one in of("rochdale")] == ["falls-risk", "frailty-at-home"]


@pytest.mark.parametrize("criterion", [one for place in PLACES for one in of(place)], ids=lambda one: one.code)
def test_every_criterion_says_where_it_comes_from_what_it_offers_and_how_many_a_team_takes(criterion):
    assert criterion.origin
    assert criterion.offer
    assert [limit.a_month > 0 and bool(limit.origin) for limit in criterion.limits] == [True]


@pytest.mark.parametrize("criterion", of("bury"), ids=lambda one: one.code)
def test_every_step_is_sql_that_spark_knows_too(criterion):
    steps = as_at.steps() | {step.name: step.sql for step in criterion.steps} | {"outcome": criterion.outcome_sql}

    for sql in steps.values():
        [spark] = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE)
        assert "$" not in spark


@pytest.mark.parametrize("criterion", of("bury"), ids=lambda one: one.code)
def test_of_an_empty_copy_nobody_is_found_and_nothing_breaks(criterion, tmp_path):
    write_copy(tmp_path)

    with open_copy(folder=tmp_path) as duck:
        found = asked.found_by(duck, criterion=criterion, on=make.TODAY)
        worth = asked.worth(duck, criterion=criterion, on=make.TODAY)

    assert (found, worth.people, worth.at) == ([], 0, ())


@pytest.mark.parametrize("criterion", of("bury"), ids=lambda one: one.code)
def test_what_comes_after_the_day_changes_nothing(criterion, tmp_path):
    """A year ago is asked as it was: rows of since are cut away, whatever a criterion's SQL says."""
    then = make.TODAY - timedelta(days=365)
    rows = everything(before=then)
    for folder, tables in (("as it was", rows), ("since", with_later(rows, after=then))):
        (tmp_path / folder).mkdir()
        write_copy(tmp_path / folder, **tables)

    found = []
    for folder in ("as it was", "since"):
        with open_copy(folder=tmp_path / folder) as duck:
            people = asked.found_by(duck, criterion=criterion, on=then)
            names = [one.person for one in people]
            found.append((people, asked.why(duck, criterion=criterion, on=then, people=names)))

    assert found[0] == found[1]
    assert found[0][0] != []


@pytest.mark.parametrize("code", ["falls-risk", "frailty-at-home"])
def test_a_criterion_of_two_places_asks_the_same_of_both(code):
    said = [(one.steps, one.outcome_sql, one.version) for place in PLACES for one in of(place) if one.code == code]

    assert said[0] == said[1]


MILD, MODERATE, SEVERE = "925791000000100", "925831000000107", "925861000000102"
STAY = {"person": "ann", "event": "stay", "started_at": datetime(2026, 10, 2, 0, 40)}
FALLS = [
    STAY,
    {"person": "ann", "kind": "fall", "event": "called", "started_at": datetime(2026, 10, 1, 23, 40)},
    {"person": "ann", "kind": "fall", "event": "coded", "started_at": datetime(2026, 10, 2, 0, 40)},
]
W_CODES = [
    {"person": "ann", "event": "stay", "code": code, "on_day": day, "position": 2}
    for code, day in (("W01", date(2026, 10, 2)), ("W10", date(2026, 10, 4)))
]


@pytest.mark.parametrize(
    ("code", "frailty", "risk"),
    [
        ("falls-risk", [], 2.0),
        ("falls-risk", [MILD, MODERATE, SEVERE], 3.0),
        ("frailty-at-home", [MODERATE, SEVERE], 3.0 + 2.0),
        ("frailty-at-home", [MODERATE], 2.0 + 2.0),
    ],
)
def test_one_fall_and_one_frailty_count_once_however_often_they_are_told(tmp_path, code, frailty, risk):
    criterion = next(one for one in of("bury") if one.code == code)
    told = [{"person": "ann", "code": one, "said": "frailty", "started_on": date(2025, 3, 1)} for one in frailty]
    write_copy(tmp_path, events=FALLS, diagnoses=W_CODES, conditions=told)

    with open_copy(folder=tmp_path) as duck:
        found = asked.found_by(duck, criterion=criterion, on=make.TODAY)

    assert [(one.person, one.risk) for one in found] == [("ann", risk)]


@pytest.mark.parametrize(
    "criterion", [one for one in of("bury") if "contacts" in str(one.steps[-1].sql)], ids=lambda one: one.code
)
def test_a_contact_that_was_cancelled_or_is_only_planned_is_not_in_place(criterion, tmp_path):
    kinds = ("Community physiotherapy", "District nursing", "Palliative care", "Health visitor")
    contacts = [
        {"person": who, "kind": kind, "on_day": make.TODAY - timedelta(days=5), "outcome": outcome}
        for who, outcome in (("seen", "finished"), ("missed", "cancelled"), ("coming", "planned"))
        for kind in kinds
    ]
    write_copy(tmp_path, contacts=contacts)

    with open_copy(folder=tmp_path) as duck:
        found = asked.in_place(duck, criterion=criterion, on=make.TODAY, people=["seen", "missed", "coming"])

    assert list(found) == ["seen"]


def test_every_table_as_at_a_day_is_the_same_whatever_came_since(tmp_path):
    then = make.TODAY - timedelta(days=365)
    rows = everything(before=then)
    write_copy(tmp_path / "as it was", **rows)
    write_copy(tmp_path / "since", **with_later(rows, after=then))

    steps = ", ".join(f"{name} as ({sql})" for name, sql in as_at.steps().items())
    found = {}
    for folder in ("as it was", "since"):
        with open_copy(folder=tmp_path / folder) as duck:
            for name, table in TABLES.items():
                if table.of_people:
                    asked_then = f"with {steps} select * from {name} order by all"
                    found[folder, name] = duck.execute(asked_then, {"on": then}).fetchall()

    assert {name: found["since", name] for _, name in found} == {name: found["as it was", name] for _, name in found}
    assert [name for (_, name), held in found.items() if not held] == [
        *("diagnoses", "contacts", "measurements", "deaths", "scores"),
    ] * 2


CODES = ("925861000000102", "52448006", "84114007", "13645005", "363358000", "35489007", "279992002", "64859006")


def everything(*, before) -> dict[str, list[dict]]:
    """Somebody old and somebody small to whom all of it happened in the half year before a day."""
    at = make.AT.replace(tzinfo=None) - timedelta(days=365)
    kinds = ("emergency admission", "fall", "attendance", "out of hours", "ambulance")
    return {
        "people": [
            {"person": "old", "birth_month": before.replace(year=before.year - 90, day=1), "carer": True},
            {"person": "small", "birth_month": (before - timedelta(days=4 * 365)).replace(day=1)},
        ],
        "conditions": [
            {"person": "old", "code": code, "said": code, "started_on": before - timedelta(days=90)} for code in CODES
        ],
        "events": [
            {"person": who, "kind": kind, "event": f"{who}{kind}{n}", "started_at": at - timedelta(days=10 + n)}
            for who in ("old", "small")
            for kind in kinds
            for n in range(6)
        ],
        "medicines": [{"person": "old", "code": "1", "said": "x", "started_on": before - timedelta(days=90)}],
        "social_care": [
            {"person": "old", "kind": "home care", "started_on": before - timedelta(days=300)},
            # a place that ended, so that it is known when the next began
            {
                "person": "old",
                "kind": "permanent residential",
                "started_on": before - timedelta(days=300),
                "ended_on": before - timedelta(days=290),
            },
        ],
    }


def with_later(rows: dict[str, list[dict]], *, after) -> dict[str, list[dict]]:
    """The same, and what came since: more of everything, an end of some of it, and a death."""
    at = make.AT.replace(tzinfo=None) - timedelta(days=300)
    day = after + timedelta(days=30)
    ended = {"ended_on": day}
    return {
        "people": [
            one | ({"died_on": day, "care_home": True} if one["person"] == "old" else {}) for one in rows["people"]
        ],
        "medicines": [one | ended | {"is_current": False} for one in rows["medicines"]],
        "conditions": [one | ended | {"is_current": False} for one in rows["conditions"]]
        + [{"person": "small", "code": code, "said": code, "started_on": day} for code in CODES],
        "events": [
            *rows["events"],
            *({"person": "old", "event": f"later{n}", "started_at": at - timedelta(days=n)} for n in range(6)),
        ],
        "social_care": [one | ({} if "ended_on" in one else ended) for one in rows["social_care"]]
        + [{"person": "old", "kind": "permanent nursing", "started_on": day}]
        + [{"person": "small", "kind": "home care", "started_on": day}],
        "deaths": [{"person": "old", "on_day": day}],
    }


# ---- bad input


@pytest.mark.parametrize(
    ("was", "into", "told"),
    [
        ('offer = "A class."\n', "", ["fell.toml line 1: 'offer' is missing"]),
        ("version = 1", "version = 0", ["fell.toml line 3: 'version' must be a whole number above 0"]),
        (
            'class = "SUM"',
            'class = "SENS"',
            ["fell.toml line 8: 'class' must be one of WORK, SUM, CLIN, SOC, not 'SENS'"],
        ),
        ("a_month = 2", "a_month = 2\na_week = 1", ["fell.toml line 17: 'a_week' is not a key of capacity"]),
        (
            'code = "fell"',
            'code = "tripped"',
            ["fell.toml line 2: 'code' is 'tripped', but the file is 'fell.toml'"],
        ),
        (
            "from conditions where code",
            "from illnesses where code",
            [
                "fell.toml line 22: the step 'reasons' names illnesses, which is neither a table of the copy nor a "
                "step before"
            ],
        ),
        (
            "select person, kind as said",
            "select person, kind as said, nhs_number",
            ["fell.toml line 39: the step 'in_place' cannot be asked: Column 'nhs_number' could not be resolved"],
        ),
        (
            "as risk from reasons group",
            "as hazard from reasons group",
            ["fell.toml line 34: the step 'found' gives person, hazard; it must give person, risk"],
        ),
        (
            "from social_care where",
            "from read_csv('/etc/passwd') where",
            [
                "fell.toml line 39: the step 'in_place' reads READ_CSV('/etc/passwd'): only the copy's tables and the "
                "steps before are there"
            ],
        ),
        (
            'group by person"\n\n[[step]]',
            'group by person; drop table people"\n\n[[step]]',
            ["fell.toml line 34: the step 'found' must be one query, and nothing else"],
        ),
        (
            "$on - interval 365 day\nunion",
            "$when - interval 365 day\nunion",
            ["fell.toml line 22: the step 'reasons' asks for $when: only $on and $until are given"],
        ),
        (
            'name = "found"',
            'name = "people"',
            [
                "fell.toml line 32: the name 'people' is taken",
                "fell.toml line 1: there is no step 'found', which gives person, risk",
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_line(tmp_path, was, into, told):
    assert was in CRITERION

    found = faults(pack(tmp_path, CRITERION.replace(was, into, 1)))

    assert [fault[: len(words)] for fault, words in zip(found, told, strict=True)] == told


def test_a_list_without_an_end_is_refused(tmp_path):
    without = re.sub(r"\[\[capacity\]\].*?\n\n", "", CRITERION, flags=re.DOTALL)

    assert faults(pack(tmp_path, without)) == [
        "fell.toml line 1: a list without a [[capacity]] has no end: say how many people which team can take on"
    ]


# ---- loading


def load(folder):
    return load_criteria(pack=folder, by=system(at=make.AT))


def test_loaded_again_nothing_changes(db, tmp_path):
    make.place()
    make.team()
    folder = pack(tmp_path)

    first, again = load(folder), load(folder)

    assert (first.new, again.new, again.retired) == (("fell 1",), (), ())
    assert criterion_of(CriterionVersion.objects.get().written) == read_criteria(folder, shown="-")[0]


def test_other_words_under_the_same_version_are_refused_and_say_what_to_write(db, tmp_path):
    make.place()
    load(pack(tmp_path))

    with pytest.raises(PackFaults, match="version 1 was loaded with other words: raise 'version' to 2"):
        load(pack(tmp_path, CRITERION.replace("A class.", "A letter.")))


def test_a_new_version_takes_over_and_the_old_one_stays_readable(db, tmp_path):
    make.place()
    load(pack(tmp_path))

    load(pack(tmp_path, CRITERION.replace("version = 1", "version = 2").replace("A class.", "A letter.")))

    rows = CriterionVersion.objects.order_by("version")
    assert [(row.version, row.written["offer"], row.retired_at is None) for row in rows] == [
        (1, "A class.", False),
        (2, "A letter.", True),
    ]


def test_a_team_and_a_service_that_the_pack_does_not_have_are_told(db, tmp_path):
    make.place()
    wrong = CRITERION.replace('team = "neighbourhood"', 'team = "nobodys"').replace(
        "services = []", 'services = ["tea"]'
    )

    with pytest.raises(PackFaults) as told:
        load(pack(tmp_path, wrong))

    assert [fault.split("criteria/")[1] for fault in told.value.faults] == [
        "fell.toml line 1: a [[capacity]] names the team nobodys, which the pack does not have",
        "fell.toml line 1: 'services' names tea, which the pack does not have",
    ]
