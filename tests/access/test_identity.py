"""Who decides who is who, what they see of it, and what becomes of the reasons to know a person."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from locality.access.actions import identity
from locality.access.models import Relationship
from locality.access.rules import RoleCode
from locality.base import NoAccess, NotFound, Refused
from locality.journal.models import Event
from locality.methods.linkage.settings import settings
from locality.people.models import Pair, Patient, Person
from locality.people.queries.evidence import PLACES
from locality.people.queries.review import Queue, Risk, Wanted
from locality.people.queries.side_by_side import HIDDEN
from locality.record.queries.holdings import holdings, people_at_stake
from tests import factories as make

pytestmark = pytest.mark.django_db

WHY = "They told me so"
GROWN = date(1960, 3, 14)


def desmond(**other):
    return make.viewer(RoleCode.IDENTITY_CUSTODIAN, given="Desmond", **other)


def somebody(family: str = "Hargreaves", source: str = "gp", **other) -> Patient:
    """One person whom one source knows."""
    columns = {"birth_on": GROWN, "birth_text": "1960-03-14", "nhs_number": ""} | other
    local_id = f"{source}-{family}"
    return make.patient(make.person(family, "Peg", **columns), make.source(source), local_id=local_id)


def person(patient: Patient) -> Person:
    return patient.links.get(ended_at=None).person


def doubt(family: str = "Hargreaves", *, days: float = 3, probability: float = 0.87, **other) -> Pair:
    """Two people of one name whom somebody is asked about."""
    one, two = somebody(family, "gp", **other), somebody(family, "acute", **other)
    return make.pair(one, two, asked_at=make.ago(days=days), probability=probability)


def waiting(*, at_stake=(), most: int = 20, after: int = 0, **wanted) -> Queue:
    return identity.queue(wanted=Wanted(**wanted), at_stake=list(at_stake), most=most, after=after, by=desmond())


def families(queue: Queue) -> list[str]:
    return [row.one.family for row in queue.rows]


# ---- nobody else


EVERYBODY_ELSE = sorted(set(RoleCode) - {RoleCode.IDENTITY_CUSTODIAN})


@pytest.mark.parametrize("role", EVERYBODY_ELSE)
def test_no_other_role_comes_in_by_any_way(role):
    pair = doubt()
    label = make.label(pair.first, pair.second)
    whose = person(pair.first).pk
    by = make.viewer(role)
    ways = [
        lambda: identity.queue(wanted=Wanted(), at_stake=[], most=9, by=by),
        lambda: identity.next_pair(wanted=Wanted(), at_stake=[], but=uuid4(), by=by),
        lambda: identity.pace(by=by),
        lambda: identity.open_pair(pair_id=pair.pk, by=by),
        lambda: identity.open_identity(person_id=whose, by=by),
        lambda: identity.decisions(most=9, by=by),
        lambda: identity.preview_split(person_id=whose, patients=[pair.first_id], by=by),
        lambda: identity.preview_join(person_id=whose, other_id=person(pair.second).pk, by=by),
        lambda: identity.say(pair_id=pair.pk, answer="same", reason=WHY, seen="", by=by),
        lambda: identity.split(person_id=whose, patients=[pair.first_id], reason=WHY, by=by),
        lambda: identity.join(person_id=whose, other_id=person(pair.second).pk, reason=WHY, by=by),
        lambda: identity.take_back(label_id=label.pk, by=by),
        lambda: identity.list_parted(two_by_two=[], by=by),
        lambda: holdings(patients=[pair.first_id], viewer=by),
        lambda: people_at_stake(viewer=by),
    ]

    for way in ways:
        with pytest.raises(NoAccess, match="does not decide who is who"):
            way()


def test_nobody_who_may_not_decide_learns_whether_a_pair_exists():
    pair = doubt()
    refusals = []

    for pair_id in (pair.pk, uuid4()):
        with pytest.raises(NoAccess) as refused:
            identity.open_pair(pair_id=pair_id, by=make.viewer())
        refusals.append(str(refused.value))

    assert refusals[0] == refusals[1]


# ---- the queue


def test_the_queue_says_how_many_wait_and_since_when():
    doubt("Ash", days=1)
    doubt("Oak", days=9)

    found = waiting(most=1)

    assert (found.total, found.found, found.oldest, len(found.rows)) == (2, 2, make.ago(days=9), 1)


def test_of_one_risk_the_oldest_comes_first():
    doubt("Ash", days=1)
    doubt("Oak", days=9)
    doubt("Elm", days=4)

    assert families(waiting()) == ["Oak", "Elm", "Ash"]


@pytest.mark.parametrize(
    ("danger", "risk"),
    [
        ({"protected": True}, Risk.PROTECTED),
        ({"birth_on": date(2015, 1, 2), "birth_text": "2015-01-02"}, Risk.CHILD),
    ],
)
def test_what_is_dangerous_comes_before_what_is_older(danger, risk):
    doubt("Oak", days=9)
    doubt("Ash", days=1, **danger)

    found = waiting()

    assert [(row.one.family, row.risks) for row in found.rows] == [("Ash", (risk,)), ("Oak", ())]


@pytest.mark.parametrize(("probability", "risks"), [(0.91, ()), (0.93, (Risk.NEAR,)), (0.97, (Risk.NEAR,)), (0.99, ())])
def test_what_a_slip_of_the_pen_would_have_decided_is_said_to_be_close(probability, risks):
    doubt(probability=probability)

    assert waiting().rows[0].risks == risks


def test_a_safety_line_that_only_one_of_them_has_makes_a_doubt_dangerous():
    pair = doubt("Ash", days=1)
    doubt("Oak", days=9)
    make.resource(pair.first, make.allergy())

    found = waiting(at_stake=people_at_stake(viewer=desmond()))

    assert [row.risks for row in found.rows] == [(Risk.SAFETY,), ()]


def test_a_safety_line_that_both_have_does_not():
    pair = doubt()
    for patient in (pair.first, pair.second):
        make.resource(patient, make.allergy())

    assert waiting(at_stake=people_at_stake(viewer=desmond())).rows[0].risks == ()


@pytest.mark.parametrize(
    ("sent", "columns"),
    [
        (make.problem(), {}),
        (make.allergy("No known allergies", "716186003"), {}),
        (make.allergy(clinicalStatus={"coding": [{"code": "resolved"}]}), {}),
        (make.allergy(), {"label": "V"}),
        (make.allergy(), {"seal": "locked"}),
        (make.allergy(), {"removed": True}),
        (make.allergy(), {"ends_at": make.ago(days=1)}),
    ],
)
def test_what_keeps_nobody_safe_or_must_not_be_told_is_not_at_stake(sent, columns):
    pair = doubt()
    make.resource(pair.first, sent, **columns)

    assert people_at_stake(viewer=desmond()) == []


def test_where_one_may_be_either_of_two_both_doubts_say_so():
    pair = doubt()
    third = somebody("Hargreaves", "circle")
    make.pair(pair.first, third)

    assert [row.risks for row in waiting().rows] == [(Risk.MANY,), (Risk.MANY,)]


def test_two_people_wait_once_however_many_of_their_records_are_alike():
    pair = doubt(probability=0.86)
    more = make.patient(person(pair.second), make.source("circle"))
    likelier = make.pair(pair.first, more, probability=0.89, asked_at=make.ago(days=1))

    (row,) = waiting().rows

    assert (row.pair, row.probability, row.since) == (likelier.pk, 0.89, make.ago(days=3))


def test_what_nobody_could_tell_comes_last():
    pair = doubt("Oak", days=9, protected=True)
    doubt("Ash", days=1)
    make.label(pair.first, pair.second, "unsure")

    found = waiting()

    assert ([row.unsure for row in found.rows], families(found), found.unsure) == ([False, True], ["Ash", "Oak"], 1)


@pytest.mark.parametrize("answer", ["same", "different"])
def test_what_is_decided_waits_no_longer(answer):
    pair = doubt()
    make.label(pair.first, pair.second, answer)

    assert waiting().rows == ()


def test_nobody_is_asked_about_two_who_are_one_already():
    patient = somebody()
    other = make.patient(person(patient), make.source("acute"))
    make.pair(patient, other)

    assert waiting().rows == ()


@pytest.mark.parametrize("swapped", [False, True])
def test_an_earlier_identity_is_never_shown_or_suggested(swapped):
    pair = doubt()
    people = [person(pair.first), person(pair.second)]
    make.earlier_identity(*(reversed(people) if swapped else people))

    assert (waiting().total, waiting().rows) == (0, ())
    with pytest.raises(NotFound):
        identity.open_pair(pair_id=pair.pk, by=desmond())
    for one in people:
        assert identity.open_identity(person_id=one.pk, by=desmond()).doubts == ()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"source": "circle"}, ["Elm"]),
        ({"reason": "many"}, ["Elm"]),
        ({"reason": "They may be twins."}, ["Ash"]),
        ({"age": "new"}, ["Ash"]),
        ({"age": "7"}, ["Oak", "Elm"]),
        ({"age": "14"}, ["Oak"]),
        ({"age": "28"}, ["Oak"]),
        ({"unsure": True}, ["Oak"]),
        ({"source": "nowhere"}, []),
    ],
)
def test_the_queue_is_chosen_from_by_sender_reason_age_and_doubt(wanted, found):
    oak = doubt("Oak", days=30)
    make.pair(somebody("Elm", "circle"), somebody("Elm", "acute"), asked_at=make.ago(days=9), state="many")
    ash = doubt("Ash", days=1)
    Pair.objects.filter(pk=ash.pk).update(cautions=["They may be twins."])
    make.label(oak.first, oak.second, "unsure")

    chosen = waiting(**wanted)

    assert (sorted(families(chosen)), chosen.total) == (sorted(found), 3)


def test_what_can_be_chosen_is_what_waits():
    pair = doubt()
    Pair.objects.filter(pk=pair.pk).update(cautions=["They may be twins."])
    make.source("circle")

    found = waiting()

    assert [code for code, _ in found.sources] == ["gp", "acute"]
    assert found.reasons == ("They may be twins.",)


def area(code: str, postcode: str) -> None:
    from locality.directory.models import Neighbourhood, Postcode

    here = Neighbourhood.objects.create(
        id=uuid4(), place=make.place(), code=code, name=code.capitalize(), origin="invented", verified=False
    )
    Postcode.objects.create(id=uuid4(), place=make.place(), code=postcode, neighbourhood=here)


def test_a_neighbourhood_chooses_those_who_live_there_and_never_tells_of_a_protected_address():
    area("riverside", "ZZ1 2QX")
    doubt("Oak", postcode="zz12qx")
    doubt("Elm", postcode="ZZ9 9ZZ")
    doubt("Ash", postcode="ZZ1 2QX", protected=True)

    assert families(waiting(neighbourhood="riverside")) == ["Oak"]


def test_everybody_whom_the_queue_shows_is_written_down():
    pair = doubt()
    doubt("Oak", days=9)

    waiting(most=1, after=1)

    shown = Event.objects.filter(what="identity.listed").values_list("person_id", flat=True)
    assert set(shown) == {person(pair.first).pk, person(pair.second).pk}


def test_the_next_pair_is_the_first_besides_this_one_and_shows_nobody():
    first, second = doubt("Oak", days=9), doubt("Ash", days=1)
    asked = {"wanted": Wanted(), "at_stake": [], "by": desmond()}

    assert identity.next_pair(but=first.pk, **asked) == second.pk
    assert identity.next_pair(but=second.pk, **asked) == first.pk
    assert Event.objects.filter(what="identity.listed").count() == 0


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_queue_costs_the_same_for_one_pair_and_for_three(pairs, django_assert_num_queries):
    for number in range(pairs):
        doubt(f"Ash{number}")
    by = desmond()

    # the sum, the page, the audit, and the transaction's own two
    with django_assert_num_queries(5):
        identity.queue(wanted=Wanted(), at_stake=[], most=20, by=by)


# ---- one pair


def test_opening_a_pair_is_a_look_at_both_people():
    pair = doubt()

    identity.open_pair(pair_id=pair.pk, by=desmond())

    lines = Event.objects.filter(what="identity.pair-opened").values_list("person_id", "about_id")
    assert sorted(lines) == sorted((person(one).pk, pair.pk) for one in (pair.first, pair.second))


def test_a_pair_shows_what_each_sender_says_of_who_it_is_and_not_where_they_live():
    pair = doubt()
    Patient.objects.filter(pk=pair.first_id).update(phone="0161 496 0999", address_lines=["9 Hidden Row"])

    found = identity.open_pair(pair_id=pair.pk, by=desmond())

    told = repr(found.one) + repr(found.other) + repr(found.places) + repr(found.evidence)
    assert "Hargreaves" in told
    assert [leak for leak in ("Weaver", "Hidden", "ZZ1", "0161", "Smallborough,") if leak in told] == []


def test_where_they_live_is_compared_in_words_alone():
    one = somebody("Ash", "gp", postcode="ZZ1 2QX", address="7 Mill Lane", phone="+44 161 496 0127")
    two = somebody("Ash", "acute", postcode="zz12qy", address="8, Mill Lane", phone="")
    first_is_one = one.pk < two.pk

    found = identity.open_pair(pair_id=make.pair(one, two).pk, by=desmond())

    assert found.places == (
        ("Postcode", "different in one letter"),
        ("House and street", "another house in a street of that name"),
        ("Phone", f"only the {'left' if first_is_one else 'right'} says"),
        ("E-mail", "neither says"),
        ("GP practice", "neither says"),
    )


def test_a_protected_address_is_not_even_compared_and_the_evidence_keeps_silent_of_it():
    pair = doubt(phone="0161 496 0127")
    Patient.objects.filter(pk=pair.second_id).update(protected=True)

    found = identity.open_pair(pair_id=pair.pk, by=desmond())

    assert found.places == (("Where they live", HIDDEN),)
    assert {"address", "telephone", "e-mail"} & {step.comparison for step in found.evidence.steps} == set()
    assert (found.evidence.weight, found.evidence.probability) == (None, None)


def test_every_comparison_of_a_place_is_known_as_one():
    of_places = ("home", "house", "street", "postcode", "sector", "district", "locality", "phone", "email", "mailbox")

    found = {one.words for one in settings().comparisons if any(name.startswith(of_places) for name in one.columns)}

    assert found == PLACES


def test_the_steps_of_the_evidence_add_up_to_what_the_model_says():
    found = identity.open_pair(pair_id=doubt().pk, by=desmond()).evidence

    assert found.weight == pytest.approx(sum(step.bits for step in found.steps))
    assert [step.comparison for step in found.steps[:2]] == ["beforehand", "given name"]


def test_the_others_who_may_be_either_of_them_are_named():
    pair = doubt()
    third = make.pair(pair.first, somebody("Hargreaves", "circle"))

    found = identity.open_pair(pair_id=pair.pk, by=desmond())

    assert [row.pair for row in found.others] == [third.pk]


# ---- how much is held


def test_how_much_is_held_is_counted_and_nothing_of_it_is_told():
    pair = doubt()
    make.resource(pair.first, make.problem("Asthma", id="c1"), received_at=make.ago(days=9))
    make.resource(pair.first, make.problem("Gout", id="c2"), received_at=make.ago(days=2))

    held = holdings(patients=[pair.first_id, pair.second_id], viewer=desmond())

    assert (held[pair.first_id].resources, held[pair.first_id].since) == (2, make.ago(days=9))
    assert (held[pair.second_id].resources, held[pair.second_id].since) == (0, None)


@pytest.mark.parametrize("columns", [{"label": "R"}, {"label": "V"}, {"seal": "sealed"}, {"data_class": "SENS"}])
def test_a_count_tells_nothing_of_what_is_kept_back(columns):
    patient = somebody()
    make.resource(patient, make.problem("Asthma", id="c1"))
    make.resource(patient, make.problem("Something else", id="c2"), **columns)

    assert holdings(patients=[patient.pk], viewer=desmond())[patient.pk].resources == 1


# ---- reasons go with the senders' records


def practice_list(patient: Patient) -> Relationship:
    """A reason that the patient's own sender asserted."""
    return make.relationship(
        person(patient), kind="registered_practice", organisation=make.organisation("MILL"), source=patient.source
    )


def registering(**other) -> Patient:
    make.source("gp", asserts=["registered_practice"])
    return somebody("Hargreaves", "gp", practice_code="MILL", **other)


def reasons(patient: Patient) -> list[tuple[str, bool]]:
    rows = Relationship.objects.filter(person=person(patient)).order_by("made_at")
    return [(row.kind, row.ended_at is None) for row in rows]


def test_what_a_sender_asserted_follows_its_record_and_what_a_team_said_stays():
    gp = registering()
    acute = make.patient(person(gp), make.source("acute"))
    Patient.objects.filter(pk=gp.pk).update(practice_code="MILL")
    make.pair(gp, acute, state="match", weight=9.5, probability=0.998, asked_at=None)
    practice_list(gp)
    make.relationship(person(gp))
    was = person(gp)

    identity.split(person_id=was.pk, patients=[gp.pk], reason=WHY, by=desmond())

    assert reasons(gp) == [("registered_practice", True)]
    assert sorted(Relationship.objects.filter(person=was).values_list("kind", "ended_at")) == sorted(
        [("caseload", None), ("registered_practice", make.AT)]
    )


def test_the_preview_says_how_many_reasons_go_and_how_many_stay():
    gp = registering()
    acute = make.patient(person(gp), make.source("acute"))
    practice_list(gp)
    make.relationship(person(gp))

    found = identity.preview_split(person_id=person(gp).pk, patients=[gp.pk], by=desmond())

    assert (found.reasons.go, found.reasons.stay) == (1, 1)
    assert ([one.id for one in found.leaving], [one.id for one in found.staying]) == ([gp.pk], [acute.pk])


@pytest.mark.parametrize("which", ["nobody", "everybody"])
def test_a_preview_needs_some_who_leave_and_some_who_stay(which):
    patient = somebody()

    with pytest.raises(Refused, match="Choose the records that leave"):
        identity.preview_split(
            person_id=person(patient).pk, patients=[patient.pk] if which == "everybody" else [], by=desmond()
        )


# ---- by hand, and undone


def test_two_people_are_joined_and_parted_again_by_hand():
    one, two = somebody("Ash", "gp"), somebody("Ash", "acute")
    before = [person(one), person(two)]

    (label,) = identity.join(person_id=before[0].pk, other_id=before[1].pk, reason=WHY, by=desmond()).labels
    joined = person(one) == person(two)
    identity.take_back(label_id=label.pk, by=desmond(at=make.AT + timedelta(hours=1)))

    assert (joined, [person(one), person(two)]) == (True, before)


def test_a_person_is_not_joined_with_themselves_or_with_an_earlier_identity():
    one, two = person(somebody("Ash", "gp")), person(somebody("Ash", "acute"))
    make.earlier_identity(one, two)

    with pytest.raises(Refused, match="very person"):
        identity.preview_join(person_id=one.pk, other_id=one.pk, by=desmond())
    with pytest.raises(Refused, match="kept apart"):
        identity.preview_join(person_id=one.pk, other_id=two.pk, by=desmond())


@pytest.mark.parametrize("hidden", [False, True])
def test_a_decision_that_is_not_there_or_must_not_be_seen_is_not_found(hidden):
    pair = doubt()
    label = make.label(pair.first, pair.second)
    if hidden:
        make.earlier_identity(person(pair.first), person(pair.second))

    with pytest.raises(NotFound, match="no such decision"):
        identity.take_back(label_id=label.pk if hidden else uuid4(), by=desmond())


def test_a_pair_that_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        identity.say(pair_id=uuid4(), answer="same", reason=WHY, seen="", by=desmond())


def test_an_identity_names_what_left_it_and_who_was_joined_into_it():
    one, two = somebody("Ash", "gp"), somebody("Ash", "acute")
    Person.objects.filter(pk=person(two).pk).update(made_at=make.ago(days=1))
    kept, alias = person(one), person(two)
    identity.join(person_id=kept.pk, other_id=alias.pk, reason=WHY, by=desmond())
    at = datetime(2026, 11, 6, tzinfo=UTC)
    identity.split(person_id=kept.pk, patients=[two.pk], reason="No, they are two", by=desmond(at=at))

    found = identity.open_identity(person_id=kept.pk, by=desmond(at=at))

    assert [record.id for record in found.records] == [one.pk]
    assert [(left.source, left.person) for left in found.ended] == [("Smallborough Hospitals (acute)", alias.pk)]
    assert [(joined.alias, joined.undone_at) for joined in found.joined] == [(alias.pk, at)]
