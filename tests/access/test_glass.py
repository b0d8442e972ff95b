"""Breaking the glass: with a reason, for some hours, never further than the tables say, and always read by somebody."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from locality.access import actions, queries
from locality.access.actions import NotOpened, break_glass, end_override, open_record, review_override
from locality.access.models import Override, PersonSeal
from locality.access.rules import DataClass, Factor, Right, RoleCode
from locality.base import SYSTEM_ID, NoAccess, NotFound, Refused
from locality.journal.models import Event, News
from locality.record.actions import say_not_theirs
from locality.record.models import Resource
from tests import factories as make

pytestmark = pytest.mark.django_db

WHY = "Seen in A&E now, confused, need allergies"


def ruth(code=RoleCode.CLINICIAN, **other):
    return make.viewer(code, given="Ruth", teams=frozenset({make.team("hilltop").pk}), **other)


def olwen(**other):
    return make.viewer(RoleCode.PRIVACY_OFFICER, given="Olwen", **other)


def broken(person, by=None, **other) -> Override:
    told = {"reason_code": "emergency", "words": WHY} | other
    return break_glass(person_id=person.pk, by=by or ruth(), **told)


def later(**span):
    return make.AT + timedelta(**span)


# ---- what it opens, and until when


def test_broken_glass_opens_the_record_and_says_by_which_right():
    peggy, _ = make.peggy()

    made = broken(peggy)

    grant = open_record(person_id=peggy.pk, by=ruth())
    assert (grant.opening.right, grant.override, grant.override_ends_at) == (Right.OVERRIDE, made.pk, later(hours=3))
    assert DataClass.CLIN in grant.opening.whole
    line = Event.objects.get(what="record.opened")
    assert (line.detail["right"], line.detail["override"]) == ("override", str(made.pk))
    assert line.detail["owed"] == ["alert", "reason", "tell the person"]


@pytest.mark.parametrize(("hours", "opens"), [(0, True), (2.999, True), (3, False), (4, False)])
def test_it_closes_at_the_instant_it_ends(hours, opens):
    peggy, _ = make.peggy()
    broken(peggy)
    by = ruth(at=later(hours=hours))

    assert (queries.openable(viewer=by, person_ids=[peggy.pk], on=make.TODAY) == {peggy.pk}) == opens
    if opens:
        open_record(person_id=peggy.pk, by=by)
    else:
        with pytest.raises(NoAccess, match="Nobody has recorded why"):
            open_record(person_id=peggy.pk, by=by)


@pytest.mark.parametrize(
    "other",
    [
        {"role": RoleCode.SOCIAL_WORKER},
        {"organisation": uuid4()},
    ],
)
def test_it_opens_in_the_role_and_for_the_organisation_that_broke_it_alone(other):
    peggy, _ = make.peggy()
    broken(peggy)

    with pytest.raises(NoAccess):
        open_record(person_id=peggy.pk, by=replace(ruth(), **other))


def test_it_opens_nobody_else_and_to_nobody_else():
    peggy, _ = make.peggy()
    stan = make.person("Entwistle", "Stanley", nhs_number="")
    broken(peggy)

    for person, by in ((stan, ruth()), (peggy, make.viewer(given="Tom", teams=frozenset()))):
        with pytest.raises(NoAccess):
            open_record(person_id=person.pk, by=by)


def test_whom_somebody_opened_so_is_on_none_of_their_lists():
    peggy, _ = make.peggy()
    broken(peggy)
    open_record(person_id=peggy.pk, by=ruth())

    assert list(queries.visible_people(viewer=ruth(), on=make.TODAY)) == []


def test_ended_early_it_is_closed_at_once():
    peggy, _ = make.peggy()
    made = broken(peggy)

    end_override(override_id=made.pk, by=ruth(at=later(minutes=5)))

    with pytest.raises(NoAccess):
        open_record(person_id=peggy.pk, by=ruth(at=later(minutes=5)))
    with pytest.raises(Refused):
        end_override(override_id=made.pk, by=ruth(at=later(minutes=6)))


def test_nobody_closes_anothers():
    made = broken(make.peggy()[0])

    with pytest.raises(NotFound):
        end_override(override_id=made.pk, by=make.viewer())
    end_override(override_id=made.pk, by=olwen(at=later(minutes=1)))


def rows_of(grant) -> set[str]:
    from locality.record.queries.rows import held

    return set(held(grant).values_list("title", flat=True))


@pytest.fixture
def marked():
    """One line of each kind that is closed, of a person whose address is protected."""
    person, (gp,) = make.peggy("gp", protected=True)
    told = {
        "Plain": {},
        "Restricted": {"label": "R"},
        "Very restricted": {"label": "V"},
        "Sealed": {"seal": "sealed"},
        "Locked": {"seal": "locked"},
        "Sealed by her": {},
        "Locked by her": {},
        "Safeguarding": {"data_class": "SAFE"},
        "Place": {"data_class": "LOC"},
    }
    for number, (words, columns) in enumerate(told.items()):
        row = make.resource(gp, make.problem(words, code="", id=f"p{number}"), **columns)
        if words.endswith("by her"):
            PersonSeal.objects.create(
                person=person,
                thing=row.thing,
                seal="sealed" if words.startswith("Sealed") else "locked",
                starts_on=make.TODAY,
                made_at=make.AT,
                made_by=SYSTEM_ID,
            )
    return person


@pytest.mark.parametrize(
    ("role", "opened"),
    [
        (RoleCode.CLINICIAN, {"Plain", "Restricted", "Sealed", "Sealed by her"}),
        (RoleCode.SOCIAL_WORKER, {"Plain", "Restricted"}),
        (RoleCode.SAFEGUARDING_LEAD, {"Plain", "Restricted", "Sealed", "Sealed by her"}),
    ],
)
def test_it_lifts_what_the_table_says_and_nothing_that_is_never_lifted(marked, role, opened):
    by = ruth(role, organisation=make.organisation("council").pk)
    broken(marked, by=by)

    grant = open_record(person_id=marked.pk, by=by)

    assert (rows_of(grant), DataClass.LOC in grant.opening.whole) == (opened, False)


@pytest.mark.parametrize(("employer", "opens"), [("RSB", True), ("council", False)])
def test_safeguarding_opens_so_only_within_an_organisation_that_knows_the_person(marked, employer, opens):
    by = ruth(RoleCode.SAFEGUARDING_LEAD, organisation=make.organisation(employer).pk)
    broken(marked, by=by)

    assert ("Safeguarding" in rows_of(open_record(person_id=marked.pk, by=by))) == opens


def test_it_lifts_labels_and_seals_for_whoever_knows_the_person_too(marked):
    joanne = make.viewer()
    before = rows_of(open_record(person_id=marked.pk, by=joanne))

    broken(marked, by=joanne)

    after = rows_of(open_record(person_id=marked.pk, by=joanne))
    assert (before, after) == ({"Plain"}, {"Plain", "Restricted", "Sealed", "Sealed by her"})


def test_nothing_is_written_through_broken_glass():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem())
    broken(peggy)
    grant = open_record(person_id=peggy.pk, by=ruth())

    with pytest.raises(Refused, match="not write"):
        say_not_theirs(thing=row.thing, grant=grant, words="She has never had it", by=ruth())


# ---- who may, and with which words


@pytest.mark.parametrize("role", sorted(set(RoleCode) - {"clinician", "social_worker", "safeguarding_lead"}))
def test_no_other_role_breaks_the_glass(role):
    peggy, _ = make.peggy()

    with pytest.raises(NoAccess, match="does not break the glass"):
        broken(peggy, by=ruth(role))
    assert Override.objects.count() == 0


@pytest.mark.parametrize("words", ["", "   ", "...", "\u200b\u202e", "\x00", "-"])
def test_a_blank_reason_is_refused(words):
    with pytest.raises(Refused, match="your own words"):
        broken(make.peggy()[0], words=words)


def test_a_reason_of_a_megabyte_is_refused_and_an_unknown_one_too():
    peggy, _ = make.peggy()

    with pytest.raises(Refused, match="longer than"):
        broken(peggy, words="x" * 1_000_000)
    with pytest.raises(Refused, match="Choose why"):
        broken(peggy, reason_code="curious")


def test_markup_is_kept_as_it_was_typed_and_what_cannot_be_seen_is_left_out():
    made = broken(make.peggy()[0], words="<script>alert(1)</script>\u202e need\x00 her allergies")

    assert made.words == "<script>alert(1)</script> need her allergies"


def test_the_same_words_again_are_marked_as_such_for_the_review():
    people = [make.person(family, given, nhs_number="") for family, given in (("Ash", "A"), ("Oak", "B"), ("Elm", "C"))]

    told = zip(people, [WHY, "urgent", f"{WHY} "], strict=True)

    qualities = [broken(person, words=words).quality for person, words in told]

    assert qualities == [[], ["short"], ["repeated"]]


def test_somebody_who_is_not_there_and_an_earlier_identity_are_not_found():
    rowan, earlier = make.person("Fairhurst", "Rowan"), make.person("Fairhurst", "Ryan", nhs_number="")
    make.earlier_identity(rowan, earlier)

    with pytest.raises(NotFound):
        broken(earlier)
    with pytest.raises(NotFound):
        break_glass(person_id=uuid4(), reason_code="emergency", words=WHY, by=ruth())


def test_a_conflict_is_no_way_in():
    peggy, _ = make.peggy()
    actions.declare_conflict(practitioner=ruth().id, person_id=peggy.pk, kind="family", by=ruth())

    with pytest.raises(NotOpened) as refused:
        broken(peggy)

    assert (refused.value.factor, Override.objects.count()) == (Factor.CONFLICT, 0)


def test_the_database_holds_that_it_closes_within_three_hours_and_says_why():
    made = broken(make.peggy()[0])

    for wrong in ({"ends_at": later(hours=3, seconds=1)}, {"words": ""}, {"reason_code": "curious"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Override.objects.filter(pk=made.pk).update(**wrong)


# ---- who reads of it


def test_the_alert_is_written_with_it_and_names_nobody():
    peggy, _ = make.peggy()

    made = broken(peggy)

    (news,) = News.objects.filter(what="glass.broken")
    assert (news.about_id, news.person_id, news.patient_id) == (made.pk, None, None)
    assert news.detail == {"team": str(make.team("hilltop").pk)}
    line = Event.objects.get(what="glass.broken")
    assert (line.person_id, line.about_id, line.reason) == (peggy.pk, made.pk, WHY)


def test_pressed_again_it_is_the_same_opening_and_alerts_nobody_again():
    peggy, _ = make.peggy()

    first, second = broken(peggy), broken(peggy, by=ruth(at=later(minutes=1)))

    assert (first.pk, News.objects.filter(what="glass.broken").count()) == (second.pk, 1)


def test_what_waits_for_review_waits_oldest_first_and_is_the_privacy_officers_alone():
    ash, oak = make.person("Ash", "A", nhs_number=""), make.person("Oak", "B", nhs_number="")
    second = broken(ash, by=ruth(at=later(minutes=9)))
    first = broken(oak)

    assert list(queries.to_review(viewer=olwen())) == [first, second]
    for role in set(RoleCode) - {RoleCode.PRIVACY_OFFICER}:
        with pytest.raises(NoAccess):
            queries.to_review(viewer=make.viewer(role))


def test_a_review_says_what_was_found_once():
    made = broken(make.peggy()[0])

    review_override(override_id=made.pk, verdict="appropriate", by=olwen(at=later(days=1)))

    assert list(queries.to_review(viewer=olwen())) == []
    row = Override.objects.get()
    assert (row.verdict, row.reviewed_at, row.reviewed_by) == ("appropriate", later(days=1), olwen().id)
    with pytest.raises(Refused, match="reviewed this already"):
        review_override(override_id=made.pk, verdict="appropriate", by=olwen(at=later(days=2)))


@pytest.mark.parametrize("verdict", ["follow_up", "inappropriate"])
def test_what_is_not_appropriate_is_said_why(verdict):
    made = broken(make.peggy()[0])

    with pytest.raises(Refused, match="Say what"):
        review_override(override_id=made.pk, verdict=verdict, words=" ", by=olwen())
    assert review_override(override_id=made.pk, verdict=verdict, words="Ask her lead", by=olwen()).verdict == verdict


def test_nobody_else_reviews_and_nobody_their_own():
    made = broken(make.peggy()[0])

    with pytest.raises(NoAccess):
        review_override(override_id=made.pk, verdict="appropriate", by=make.viewer())
    with pytest.raises(Refused, match="themselves"):
        review_override(override_id=made.pk, verdict="appropriate", by=ruth(RoleCode.PRIVACY_OFFICER))
    with pytest.raises(NotFound):
        queries.override(viewer=make.viewer(), override_id=made.pk)


def test_a_team_that_breaks_it_at_more_than_two_in_a_hundred_looks_is_a_fault_of_design():
    peggy, _ = make.peggy()
    for given, code, looks, breaks in (("Ruth", "hilltop", 49, 1), ("Tom", "riverside", 51, 1)):
        who = make.practitioner(given)
        make.member(who, make.team(code))
        by = make.viewer(given=given, teams=frozenset({make.team(code).pk}))
        Event.objects.bulk_create(
            Event(at=make.ago(days=1), what="record.opened", by_kind="practitioner", by_id=who.pk, role="clinician")
            for _ in range(looks)
        )
        for _ in range(breaks):
            broken(peggy, by=replace(by, at=make.ago(days=1)))

    told = queries.pace_by_team(viewer=olwen(), on=make.TODAY, at=make.AT)

    assert [(one.team, one.overrides, one.views, one.is_design_fault) for one in told] == [
        ("Hilltop team", 1, 49, True),
        ("Riverside team", 1, 51, False),
    ]


def test_the_rows_of_the_record_are_there_for_these_tests(marked):
    assert Resource.objects.count() == 9
