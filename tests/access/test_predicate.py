"""The predicate in SQL against the rule: a row is in a query's answer if, and only if, the rule shows it."""

from datetime import timedelta
from itertools import product

import pytest

from locality.access import queries, rules
from locality.access.models import Objection, PersonSeal
from locality.access.queries.granted import told_of, visible, withheld
from locality.access.rules import Action, Answer, Context, DataClass, Label, Relation, RoleCode, Row, Seal, decide
from locality.base import SYSTEM_ID, ViewerKind
from locality.record.models import Resource
from tests import factories as make

pytestmark = pytest.mark.django_db

SENDERS = ("RSB", "MILL", "council")


@pytest.fixture
def every_row():
    """One row of every class, label, seal and sender there is, of one person."""
    person = make.person()
    patients = {
        "RSB": make.patient(person, make.source("acute")),
        "MILL": make.patient(person, make.source("gp")),
        "council": make.patient(person, make.source("social-care")),
    }
    every = list(product(DataClass, Label, Seal, SENDERS))
    for number, (data_class, label, seal, sender) in enumerate(every):
        make.resource(
            patients[sender],
            make.problem(f"Problem {number}", id=f"p{number}"),
            data_class=data_class,
            label=label,
            seal=seal,
        )
    return person


def viewers():
    joanne = {"organisation": make.organisation("RSB").pk}
    yield from (make.viewer(role, **joanne) for role in RoleCode)
    yield make.viewer("person", kind=ViewerKind.PERSON, organisation=None)
    yield make.viewer("proxy", kind=ViewerKind.PROXY, organisation=None)


def contexts(council):
    marks = [
        {},
        {"override": True},
        {"dissent": True},
        {"dissent_of": frozenset({council})},
        {"dissent": True, "override": True},
        {"protected": True},
        {"protected": True, "address_granted": True},
        {"conflict": True},
    ]
    return [Context(relation=relation, **mark) for relation in Relation for mark in marks]


def grant_of(person, viewer, context, **other):
    """A grant in any context at all, also those that nobody is given: the predicate must hold for each."""
    return queries.Grant(
        viewer=viewer,
        person=person,
        person_ids=(person.pk,),
        opening=rules.opening(viewer=viewer, context=context),
        on=make.TODAY,
        looked_before_at=None,
        **other,
    )


def shown_by_the_rule(rows, viewer, context, sealed=()):
    """The slow and obvious way: the rule, asked of each row in turn."""
    shown = set()
    for pk, thing, data_class, label, seal, sender in rows:
        own = next((one for one in sealed if thing in one.things), None)
        tighter = max([Seal(seal), own.seal if own else Seal.NONE], key=list(Seal).index)
        row = Row(DataClass(data_class), Label(label), tighter, sender, bool(own and own.announced))
        if decide(viewer=viewer, row=row, action=Action.READ, context=context).answer >= Answer.REDACT:
            shown.add(pk)
    return shown


def rows_there():
    return list(Resource.objects.values_list("pk", "thing", "data_class", "label", "seal", "sender"))


def test_every_role_relation_and_mark_shows_the_rows_that_the_rule_shows(every_row):
    rows, council = rows_there(), make.organisation("council").pk
    assert len(rows) == len(DataClass) * len(Label) * len(Seal) * len(SENDERS)

    wrong = []
    for viewer, context in product(viewers(), contexts(council)):
        grant = grant_of(every_row, viewer, context)
        found = set(Resource.objects.filter(visible(grant)).values_list("pk", flat=True))
        if found != shown_by_the_rule(rows, viewer, context):
            wrong.append((viewer.role, context))

    assert wrong == []


@pytest.mark.parametrize("relation", [Relation.OWN_TEAM, Relation.SELF, Relation.PROXY])
@pytest.mark.parametrize("override", [False, True])
def test_lines_that_the_person_sealed_are_as_the_rule_says(every_row, relation, override):
    rows = rows_there()
    things = [row[1] for row in rows]
    sealed = (
        queries.SealedBy(Seal.SEALED, False, tuple(sorted(things[::5]))),
        queries.SealedBy(Seal.SEALED, True, tuple(sorted(things[1::5]))),
        queries.SealedBy(Seal.LOCKED, False, tuple(sorted(things[2::5]))),
    )
    context = Context(relation=relation, override=override)

    for viewer in viewers():
        grant = grant_of(every_row, viewer, context, sealed=sealed)
        found = set(Resource.objects.filter(visible(grant)).values_list("pk", flat=True))
        assert found == shown_by_the_rule(rows, viewer, context, sealed), viewer.role


def test_what_may_be_told_of_is_never_shown_and_what_is_hidden_is_not_told_of(every_row):
    for viewer, context in product(viewers(), contexts(make.organisation("council").pk)):
        grant = grant_of(every_row, viewer, context)
        told = Resource.objects.filter(told_of(grant) | withheld(grant))

        assert not told.filter(visible(grant)).exists()
        assert not told.filter(label=Label.VERY_RESTRICTED).exists()
        assert not told.filter(seal=Seal.LOCKED).exists()


def test_a_carer_is_told_that_there_is_safeguarding_and_a_link_worker_is_not(every_row):
    context = Context(relation=Relation.OWN_TEAM)

    told = {
        role: Resource.objects.filter(told_of(grant_of(every_row, make.viewer(role), context))).values_list(
            "data_class", flat=True
        )
        for role in (RoleCode.CARE_HOME, RoleCode.LINK_WORKER)
    }

    assert set(told[RoleCode.CARE_HOME]) == {"SAFE"}
    assert list(told[RoleCode.LINK_WORKER]) == []


def test_the_predicate_of_most_contexts_is_short():
    viewer = make.viewer()
    grant = grant_of(make.person(), viewer, Context(relation=Relation.OWN_TEAM))

    assert str(visible(grant)).count("__in") == 3


# ---- lists of many people


@pytest.fixture
def two_people():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    stan = make.person("Entwistle", "Stanley", nhs_number="")
    make.relationship(stan)
    for patient in (gp, acute, make.patient(stan, make.source("gp"))):
        make.resource(patient, make.problem(id=f"c-{patient.pk}"))
    return peggy, stan


def listed(viewer=None):
    viewer = viewer or make.viewer()
    mine = queries.visible_of_own(viewer=viewer, people=[])
    return set(Resource.objects.filter(mine).values_list("patient__links__person", "sender"))


def test_a_list_shows_what_others_sent_of_whoever_has_not_objected_and_ones_own_of_everybody(two_people):
    peggy, stan = two_people
    ours, gp = make.organisation("RSB").pk, make.organisation("MILL").pk
    objects(peggy)

    assert listed() == {(peggy.pk, ours), (stan.pk, gp)}


def test_an_objection_to_one_organisations_data_closes_that_alone(two_people):
    peggy, stan = two_people
    ours, gp = make.organisation("RSB").pk, make.organisation("MILL").pk
    objects(peggy, organisation=make.organisation("council"))
    assert listed() == {(peggy.pk, ours), (peggy.pk, gp), (stan.pk, gp)}

    objects(peggy, organisation=make.organisation("MILL"))

    assert listed() == {(peggy.pk, ours), (stan.pk, gp)}


def test_an_objection_made_as_an_alias_holds_for_the_person_it_became(two_people):
    peggy, stan = two_people
    alias = make.person("Hargreaves", "Peg", nhs_number="", merged_into=peggy)
    objects(alias)

    assert {person for person, sender in listed() if sender == make.organisation("MILL").pk} == {stan.pk}


@pytest.mark.parametrize("seal", ["sealed", "locked"])
def test_what_a_person_sealed_is_on_no_list(two_people, seal):
    peggy, _ = two_people
    row = Resource.objects.filter(sender=make.organisation("RSB")).get()
    PersonSeal.objects.create(
        person=peggy, thing=row.thing, seal=seal, starts_on=make.TODAY, made_at=make.AT, made_by=SYSTEM_ID
    )

    assert make.organisation("RSB").pk not in {sender for _, sender in listed()}


@pytest.mark.parametrize(("ends_in", "closed"), [(1, True), (0, False)])
def test_an_objection_holds_until_the_day_it_ends(two_people, ends_in, closed):
    peggy, _ = two_people
    objects(peggy, starts_on=make.TODAY - timedelta(days=9), ends_on=make.TODAY + timedelta(days=ends_in))

    assert ((peggy.pk, make.organisation("MILL").pk) in listed()) != closed


def objects(person, **other):
    told = {"kind": "sharing", "starts_on": make.TODAY, "reason": "Said so", "made_at": make.AT, "made_by": SYSTEM_ID}
    return Objection.objects.create(person=person, **(told | other))
