"""The page that says how well patients are linked: what was kept, in words, for those whose work it is."""

import csv
import io

import pytest
from django.urls import reverse

from locality.base.ids import new_id
from locality.methods.linkage_figures import by_review, figures
from locality.people.models import LinkageQuality
from locality.web.identity import quality_words as words
from locality.web.identity.quality import mark
from tests import factories as make

pytestmark = pytest.mark.django_db

QUEUE = {
    "queue": {"waiting": 3, "oldest": make.ago(days=9).isoformat(), "ages": [{"words": "7 to 27 days", "count": 3}]},
    "deciding": {
        "same": 4,
        "different": 5,
        "unsure": 1,
        "half_within_hours": 5.0,
        "nine_in_ten_within_hours": 96.0,
    },
}


@pytest.fixture
def custodian(sign_in):
    return sign_in("Desmond", "Clarke", roles=("identity_custodian",), teams=())


def linked(*, apart: int = 2, asked: int = 1) -> dict:
    """Forty people of two patients each, half of them young, of whom the first few are in two pieces."""
    truth = {(person, side): person for person in range(40) for side in "ab"}
    return figures(
        truth=truth,
        found={(person, side): (person, side if person < apart else "") for person, side in truth},
        asked=[((person, "a"), (person, "b")) for person in range(asked)],
        weighed=[((7, "a"), (7, "b"), 0.97), ((1, "a"), (2, "a"), 0.9)],
        groups={person: {"Age": "16 to 34" if person < 20 else "80 and over"} for person in range(40)},
    )


def measure(told: dict, **other) -> LinkageQuality:
    row = {"measured_at": make.ago(hours=2), "measured_by": new_id(), "origin": "borough", "patients": 80}
    return LinkageQuality.objects.create(**(row | {"figures": told | QUEUE} | other))


def test_the_answer_comes_in_words_and_the_figures_with_their_intervals(custodian):
    measure(linked())

    told = custodian.get(reverse("linkage_quality")).content.decode()

    assert "95.00% of what belongs together is joined, 97.50% with what is asked about; no join is wrong" in told
    assert "95% interval: 83.50% to 98.62%" in told
    assert "against the synthetic borough, whose people are invented and known: 80 patients of 40 people" in told


def test_each_group_stands_beside_the_largest_with_what_it_misses(custodian):
    measure(linked())

    told = custodian.get(reverse("linkage_quality")).content.decode()

    assert "Missed, by age" in told
    assert told.index("16 to 34<span>20 people") < told.index("80 and over<span>20 people")
    assert "10.00% (2.71% to 30.75%)" in told


def test_the_queue_and_how_soon_it_is_decided_are_told(custodian):
    measure(linked())

    told = custodian.get(reverse("linkage_quality")).content.decode()

    assert "3 doubts wait for somebody to decide" in told
    assert "9 decided: 4 the same person, 5 two people; 1 could not be told." in told
    assert "Half were decided within 5 hours, nine in ten within 4 days." in told


def test_what_review_tells_stands_beside_it(custodian):
    measure(linked(), measured_at=make.ago(days=1))
    measure(by_review([("possible", 0.9, True), ("possible", 0.9, False)]), origin="review", patients=4)

    told = custodian.get(reverse("linkage_quality")).content.decode()

    assert "What people decided" in told
    assert "50.00% (9.45% to 90.55%)" in told


def test_with_nothing_measured_the_page_says_how_to_begin(custodian):
    told = custodian.get(reverse("linkage_quality")).content.decode()

    assert "has not been measured here yet" in told
    assert "locality link-quality" in told


def test_the_measures_before_are_listed(custodian):
    measure(linked(apart=4), measured_at=make.ago(days=8))
    measure(linked())

    told = custodian.get(reverse("linkage_quality")).content.decode()

    assert "Measured before" in told
    assert "90.00%" in told


def test_every_table_can_be_taken_away(custodian):
    row = measure(linked())

    answer = custodian.get(reverse("linkage_quality_table", args=[row.pk, "groups"]))

    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer["Content-Disposition"] == 'attachment; filename="linkage-groups.csv"'
    assert [(one["group"], one["people"], one["recall count"]) for one in rows] == [
        ("all", "40", "38"),
        ("16 to 34", "20", "18"),
        ("80 and over", "20", "20"),
    ]


def test_a_table_that_is_not_of_the_last_measure_is_not_found(custodian):
    row = measure(linked())

    assert custodian.get(reverse("linkage_quality_table", args=[row.pk, "states"])).status_code == 404
    assert custodian.get(reverse("linkage_quality_table", args=[new_id(), "groups"])).status_code == 404


@pytest.mark.parametrize("role", ["analyst", "administrator"])
def test_analysts_and_administrators_see_it_too(sign_in, role):
    assert sign_in(roles=(role,), teams=()).get(reverse("linkage_quality")).status_code == 200


@pytest.mark.parametrize("name", ["linkage_quality", "linkage_quality_table"])
def test_a_nurse_is_refused(sign_in, name):
    row = measure(linked())

    address = reverse(name, args=[row.pk, "groups"] if name.endswith("table") else [])

    assert sign_in().get(address).status_code == 403


def test_the_page_measures_nothing(custodian, django_assert_num_queries):
    measure(linked())
    measure(linked(), measured_at=make.ago(days=8))
    custodian.get(reverse("linkage_quality"))

    with django_assert_num_queries(4):
        custodian.get(reverse("linkage_quality"))


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ({"value": 1.0, "low": 0.9, "high": 1.0}, "100%"),
        ({"value": 0.99995, "low": 0.9, "high": 1.0}, "99.995%"),
        ({"value": 0.9999999, "low": 0.9, "high": 1.0}, "over 99.9999%"),
        ({"value": 0.000004, "low": 0.0, "high": 0.1}, "0.0004%"),
        ({"value": None, "low": 0.0, "high": 1.0}, "nothing to count"),
    ],
)
def test_what_is_less_than_all_is_never_said_to_be_all(share, said):
    assert words.percent(share) == said


def test_a_ratio_is_told_with_its_interval_or_why_there_is_none():
    some, none = {"count": 3, "of": 4}, {"count": 4, "of": 4}

    assert words.times({"times": 1.4, "low": 0.8, "high": None}, some) == "1.40 (0.80 to any)"
    assert words.times({"times": None, "low": 0.0, "high": None}, some) == "none missed there"
    assert words.times({"times": 0.0, "low": 0.0, "high": 2.0}, none) == "none missed"


def test_a_mark_lies_where_its_share_does_and_never_outside():
    half = mark({"value": 0.5, "low": 0.25, "high": 0.75}, most=1)
    missing = mark({"value": 0.99, "low": 0.98, "high": 1.0}, most=0.02, missing=True)
    far = mark({"value": 0.5, "low": 0.5, "high": 0.5}, most=0.1)

    assert (half.low, half.at, half.high) == (58, 110, 162)
    assert (missing.low, missing.at, missing.high) == (6, 110, 214)
    assert (far.at, mark({"value": None, "low": 0, "high": 1}, most=1)) == (214, None)
