"""An officer who must not look at somebody comes in by no way of their office, and the others are alerted."""

from datetime import timedelta
from uuid import uuid4

import pytest

from locality.access import actions
from locality.access.actions import NotOpened, break_glass, identity, keeping, looking, numbers
from locality.access.models import AddressGrant, Conflict, Override, Watch
from locality.access.queries.looked import asked
from locality.access.rules import Factor, RoleCode
from locality.journal.models import Question, UnusualLook
from tests import factories as make

pytestmark = pytest.mark.django_db

DATED = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": uuid4(), "reason": "-"}
DAYS = asked(since=None, until=None, on=make.TODAY)


def olwen(**other):
    return make.viewer(RoleCode.PRIVACY_OFFICER, given="Olwen", **other)


def desmond(**other):
    return make.viewer(RoleCode.IDENTITY_CUSTODIAN, given="Desmond", **other)


def barred(by, person, kind: str = "family") -> None:
    Conflict.objects.create(practitioner_id=by.id, person=person, kind=kind, **DATED)


@pytest.fixture
def aunt():
    """The officer's aunt, of whom something waits for every page of the office."""
    person, _ = make.peggy("gp", protected=True)
    break_glass(person_id=person.pk, reason_code="emergency", words="Alone and confused", by=make.stranger())
    told = {"person_id": person.pk, "asked_at": make.AT, "asked_kind": "person", "asked_by": person.pk}
    Question.objects.create(words="Who is this?", **told)
    looks = [{"person": str(person.pk), "bits": 9, "reasons": ["Same surname"]}]
    told = {"found_at": make.AT, "looked_on": make.TODAY, "role": "clinician", "bits": 9, "looks": looks}
    UnusualLook.objects.create(by_id=make.stranger().id, **told)
    AddressGrant.objects.create(
        person=person, practitioner=make.practitioner(), **DATED, ends_on=make.TODAY + timedelta(days=9)
    )
    Watch.objects.create(person=person, kind="staff", **DATED)
    return person


def ways(person, by):
    glass, question, look = Override.objects.get().pk, Question.objects.get().pk, UnusualLook.objects.get().pk
    here, until = {"person_id": person.pk, "by": by}, make.TODAY + timedelta(days=9)
    other = make.practitioner("Tom", "Ash").pk
    conflict = Conflict.objects.create(practitioner_id=other, person=person, kind="declared", **DATED).pk
    said = {"words": "They told me so", "by": by}
    return [
        lambda: looking.of_person(person_id=person.pk, asked=DAYS, by=by),
        lambda: looking.open_override(override_id=glass, by=by),
        lambda: looking.open_question(question_id=question, by=by),
        lambda: looking.open_unusual(look_id=look, by=by),
        lambda: looking.answer(question_id=question, **said),
        lambda: looking.review(look_id=look, verdict="explained", **said),
        lambda: actions.review_override(override_id=glass, verdict="appropriate", by=by),
        lambda: actions.end_override(override_id=glass, by=by),
        lambda: keeping.open_kept(**here),
        lambda: keeping.open_address(**here),
        lambda: actions.grant_address(**here, words="-a-", practitioner=other, starts_on=make.TODAY, ends_on=until),
        lambda: actions.end_address_grant(grant_id=AddressGrant.objects.get().pk, **said),
        lambda: actions.watch(**here, kind="public_figure"),
        lambda: actions.unwatch(watch_id=Watch.objects.get().pk, **said),
        lambda: actions.declare_conflict(**here, practitioner=other, kind="family"),
        lambda: actions.end_conflict(conflict_id=conflict, **said),
        lambda: actions.unseal(**here, thing=uuid4()),
        lambda: actions.record_objection(**here, kind="sharing", words="They said so"),
        lambda: actions.make_proxy(**here, proxy_id=make.person("Whittle", "Ann").pk, kind="chosen", words="Agreed"),
    ]


@pytest.mark.parametrize("kind", ["family", "investigation", "own_record"])
def test_a_privacy_officer_in_conflict_with_somebody_does_nothing_of_the_office_for_them(aunt, kind):
    by = olwen(second_factor=True)
    barred(by, aunt, kind)

    for way in ways(aunt, by):
        with pytest.raises(NotOpened) as refused:
            way()
        assert refused.value.factor == Factor.CONFLICT


def test_nor_for_whoever_lives_at_the_home_of_their_own_record(aunt):
    by = olwen(second_factor=True)
    barred(by, make.person("Officer", "Olwen", address=aunt.address, postcode=aunt.postcode), "own_record")

    with pytest.raises(NotOpened):
        looking.of_person(person_id=aunt.pk, asked=DAYS, by=by)


def test_whoever_they_must_not_look_at_is_on_none_of_the_officers_lists(aunt):
    by = olwen()
    assert (len(looking.summary(by=by).overrides), len(keeping.open_everybody(by=by).watches)) == (1, 1)
    barred(by, aunt)

    found, kept = looking.summary(by=by), keeping.open_everybody(by=by)
    theirs = looking.of_practitioner(practitioner_id=make.stranger().id, asked=DAYS, by=by)

    assert (found.overrides, found.questions, found.unusual) == ((), (), ())
    assert (kept.watches, kept.conflicts, theirs.found.days) == ([], [], ())


def test_another_officer_goes_on_doing_it(aunt):
    barred(olwen(), aunt)

    one = looking.of_person(person_id=aunt.pk, asked=DAYS, by=make.viewer(RoleCode.PRIVACY_OFFICER, given="Priya"))

    assert one.whom.id == aunt.pk


def test_an_identity_custodian_in_conflict_decides_nothing_of_who_somebody_is():
    one, two = make.person("Hargreaves", "Peg", nhs_number=""), make.person("Hargreaves", "Meg", nhs_number="")
    first, second = make.patient(one, make.source("gp")), make.patient(two, make.source("acute"))
    pair, label = make.pair(first, second), make.label(first, second)
    by = desmond()
    barred(by, two)
    said = {"reason": "They told me so", "by": by}

    for way in (
        lambda: identity.open_pair(pair_id=pair.pk, by=by),
        lambda: identity.open_identity(person_id=two.pk, by=by),
        lambda: identity.preview_join(person_id=one.pk, other_id=two.pk, by=by),
        lambda: identity.say(pair_id=pair.pk, answer="same", seen="", **said),
        lambda: identity.split(person_id=two.pk, patients=[second.pk], **said),
        lambda: identity.join(person_id=one.pk, other_id=two.pk, **said),
        lambda: identity.take_back(label_id=label.pk, by=by),
        lambda: numbers.preview_apart(person_id=one.pk, other_id=two.pk, by=by),
        lambda: numbers.keep_apart(person_id=one.pk, earlier_id=two.pk, kind="gender recognition", **said),
        lambda: numbers.correct_number(
            person_id=two.pk,
            patient=second.pk,
            was="9990000018",
            now="9990000026",
            kind="wrong",
            provenance="GP",
            by=by,
        ),
    ):
        with pytest.raises(NotOpened) as refused:
            way()
        assert refused.value.factor == Factor.CONFLICT
