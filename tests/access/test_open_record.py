"""No way in without a reason; and whoever comes in, or is turned away, is written down."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password

from locality.access import actions, queries
from locality.access.actions import Reason
from locality.access.models import Relationship
from locality.access.rules import DataClass, RelationKind
from locality.base import NoAccess, NotFound, Viewer, ViewerKind
from locality.base.ids import named_id
from locality.directory.models import Practitioner
from locality.journal.models import Event
from locality.people.actions import merge_people, receive_patients
from locality.people.models import Person
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent
from tests.intake_fixtures import AT, OTHER_NUMBER, PEGGY_NUMBER, by, organisation, place, source, team

pytestmark = pytest.mark.django_db

TODAY = AT.date()


def person(local_id: str = "1", *, number: str = PEGGY_NUMBER, family: str = "Hargreaves", given="Margaret") -> Person:
    here = source("hospital") if not Person.objects.exists() else None
    from locality.directory.models import Source

    here = here or Source.objects.get(code="hospital")
    sent = PatientSent(
        source=here.pk,
        local_id=local_id,
        said_at=AT,
        family=family,
        given=given,
        likes="Peggy" if family == "Hargreaves" else "",
        birth_on=date(1942, 2, 12),
        birth_text="1942-02-12",
        postcode="M26 2QX",
        identifiers=((NHS_NUMBER_SYSTEM, number),),
    )
    (found,) = receive_patients(sent=[sent], by=by()).values()
    return Person.objects.get(pk=found)


def practitioner(code: str = "jo") -> Practitioner:
    return Practitioner.objects.get_or_create(
        id=named_id("pr", code),
        defaults={
            "place": place(),
            "code": code,
            "given": "Jo",
            "family": code.capitalize(),
            "sort_key": code,
            "profession": "District nurse",
            "origin": "invented",
        },
    )[0]


def nurse(code: str = "jo", *, teams: tuple = (), role: str = "clinician", at=AT, organisation_id: UUID | None = None):
    return Viewer(
        kind=ViewerKind.PRACTITIONER,
        id=practitioner(code).pk,
        role=role,
        organisation=organisation_id or organisation().pk,
        teams=frozenset(one.pk for one in teams),
        at=at,
    )


def reason(whose: Person, *, kind=RelationKind.CASELOAD, **with_whom) -> None:
    starts_on = with_whom.pop("starts_on", TODAY)
    ends_on = with_whom.pop("ends_on", None)
    told = Reason(person=whose.pk, kind=kind, starts_on=starts_on, ends_on=ends_on, words="Because", **with_whom)
    actions.relate(reasons=[told], by=by())


def test_somebody_on_the_teams_caseload_is_opened_and_it_is_written_down():
    peggy = person()
    reason(peggy, team=team().pk)

    grant = actions.open_record(person_id=peggy.pk, by=nurse(teams=(team(),)))

    assert DataClass.CLIN in grant.opening.whole
    line = Event.objects.get(what="record.opened")
    assert (line.person_id, line.by_id, line.role, line.outcome) == (peggy.pk, practitioner().pk, "clinician", "done")


def test_somebody_nobody_gave_a_reason_for_is_refused():
    peggy, other = person(), person("2", number=OTHER_NUMBER, family="Other")
    reason(other, team=team().pk)

    with pytest.raises(NoAccess, match="Nobody has recorded why"):
        actions.open_record(person_id=peggy.pk, by=nurse(teams=(team(),)))


def test_another_teams_reason_is_not_ours():
    peggy = person()
    reason(peggy, team=team("downhill").pk)

    with pytest.raises(NoAccess):
        actions.open_record(person_id=peggy.pk, by=nurse(teams=(team("uphill"),)))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "opens"),
    [
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (TODAY - timedelta(days=9), TODAY + timedelta(days=1), True),
        (TODAY - timedelta(days=9), TODAY, False),  # what ends today is over today
    ],
)
def test_a_reason_holds_from_its_first_day_until_the_day_it_ends(starts_on, ends_on, opens):
    peggy = person()
    reason(peggy, team=team().pk, starts_on=starts_on, ends_on=ends_on)
    viewer = nurse(teams=(team(),))

    assert queries.visible_people(viewer=viewer, on=TODAY).exists() == opens
    if opens:
        actions.open_record(person_id=peggy.pk, by=viewer)
    else:
        with pytest.raises(NoAccess):
            actions.open_record(person_id=peggy.pk, by=viewer)


def test_a_reason_that_ended_lately_is_said_to_have_ended():
    peggy = person()
    reason(peggy, team=team().pk, starts_on=TODAY - timedelta(days=30), ends_on=TODAY - timedelta(days=2))

    with pytest.raises(NoAccess, match="has ended"):
        actions.open_record(person_id=peggy.pk, by=nurse(teams=(team(),)))


def test_a_practices_list_is_known_to_whoever_works_there_and_to_nobody_else():
    peggy, practice = person(), organisation("P83007", kind="practice")
    reason(peggy, kind=RelationKind.REGISTERED_PRACTICE, organisation=practice.pk)

    actions.open_record(person_id=peggy.pk, by=nurse("gp", organisation_id=practice.pk))

    with pytest.raises(NoAccess):
        actions.open_record(person_id=peggy.pk, by=nurse("other"))


@pytest.mark.parametrize("role", ["analyst", "board", "administrator", "privacy_officer", "identity_custodian"])
def test_a_role_that_sees_no_records_is_refused_even_on_the_caseload(role):
    peggy = person()
    reason(peggy, team=team().pk)

    with pytest.raises(NoAccess, match="role you signed in with"):
        actions.open_record(person_id=peggy.pk, by=nurse(teams=(team(),), role=role))


def test_a_coordinator_sees_work_whole_summary_in_headlines_and_no_results():
    peggy = person()
    reason(peggy, team=team().pk)

    opening = actions.open_record(person_id=peggy.pk, by=nurse(teams=(team(),), role="care_coordinator")).opening

    assert (DataClass.WORK in opening.whole, DataClass.SUM in opening.redacted) == (True, True)
    assert DataClass.CLIN not in opening.whole | opening.redacted


def test_a_reason_written_for_an_alias_still_opens_the_person_it_became():
    kept, alias = person(), person("2", number=OTHER_NUMBER)
    reason(alias, team=team().pk)
    merge_people(kept=kept, alias=alias, reason="They said so", by=by())
    viewer = nurse(teams=(team(),))

    grant = actions.open_record(person_id=alias.pk, by=viewer)

    assert (grant.person, set(grant.person_ids)) == (kept, {kept.pk, alias.pk})
    assert list(queries.visible_people(viewer=viewer, on=TODAY)) == [kept]


def test_of_people_found_another_way_only_those_somebody_gave_a_reason_for_may_be_opened():
    kept, alias = person(), person("2", number=OTHER_NUMBER)
    stranger = person("3", number="9434765870", family="Stranger")
    not_asked = person("4", number="9434765919", family="Other")
    reason(alias, team=team().pk)
    reason(not_asked, team=team().pk)
    reason(stranger, team=team("downhill").pk)
    merge_people(kept=kept, alias=alias, reason="They said so", by=by())
    asked = [kept.pk, stranger.pk]

    assert queries.openable(viewer=nurse(teams=(team(),)), person_ids=asked, on=TODAY) == {kept.pk}
    assert queries.openable(viewer=nurse(teams=(team(),), role="analyst"), person_ids=asked, on=TODAY) == set()


def test_somebody_who_does_not_exist_is_not_found():
    with pytest.raises(NotFound):
        actions.open_record(person_id=UUID(int=9), by=nurse())


def test_a_second_look_within_the_hour_keeps_what_was_new_at_the_first():
    peggy = person()
    reason(peggy, team=team().pk)
    looks = [AT, AT + timedelta(days=1), AT + timedelta(days=1, minutes=5)]

    before = [
        actions.open_record(person_id=peggy.pk, by=nurse(teams=(team(),), at=at)).looked_before_at for at in looks
    ]

    assert before == [None, looks[0], looks[0]]


def test_the_same_reason_twice_is_one_row():
    peggy = person()
    reason(peggy, team=team().pk)

    reason(peggy, team=team().pk)

    assert Relationship.objects.count() == 1


# ---- finding


@pytest.mark.parametrize(
    "words", ["999 000 0018", "9990000018", "999-000-0018", "peggy hargreaves", "Hargreves Margret"]
)
def test_a_person_is_found_by_number_in_any_spacing_and_by_a_name_spelled_almost_right(words):
    peggy = person()
    person("2", number=OTHER_NUMBER, family="Zielinski", given="Jan")

    search = actions.find(words=words, born=None, by=nurse())

    assert [found.id for found in search.found] == [peggy.pk]


def test_whoever_may_not_open_a_person_reads_only_enough_to_confirm_them():
    person()

    (found,) = actions.find(words="hargreaves", born=None, by=nurse()).found

    assert (found.birth_on, found.birth_year, found.nhs_number_end) == (None, "1942", "018")
    assert (found.postcode_area, found.practice_words, found.may_open) == ("", "", False)


def test_whoever_finds_somebody_cannot_tell_that_their_address_is_protected():
    row = person()
    (open_to_all,) = actions.find(words="hargreaves", born=None, by=nurse()).found

    Person.objects.filter(pk=row.pk).update(protected=True)

    assert actions.find(words="hargreaves", born=None, by=nurse()).found == (open_to_all,)


def test_everyone_a_search_showed_is_written_down():
    peggy = person()

    actions.find(words="hargreaves", born=None, by=nurse())

    assert [(line.what, line.person_id) for line in Event.objects.filter(what="person.found").order_by("pk")] == [
        ("person.found", peggy.pk)
    ]


@pytest.mark.parametrize("role", ["analyst", "board", "administrator"])
def test_roles_that_see_no_names_find_nobody(role):
    person()

    with pytest.raises(NoAccess):
        actions.find(words="hargreaves", born=None, by=nurse(role=role))


def test_a_mistyped_number_is_said_to_be_one():
    assert "not a valid NHS number" in actions.find(words="999 000 0019", born=None, by=nurse()).hint


# ---- signing in


def account(username: str = "jo"):
    return actions.add_account(username=username, password="a long enough one", practitioner=practitioner(), by=by())


def test_the_right_password_signs_in_and_a_wrong_one_does_not():
    jo = account()

    assert actions.try_password(username="JO ", password="a long enough one", at=AT) == jo
    assert actions.try_password(username="jo", password="another", at=AT) is None
    assert actions.try_password(username="nobody", password="another", at=AT) is None


def test_a_password_that_was_hashed_before_signs_in():
    hashed = make_password("a long enough one")

    jo = actions.add_account(username="jo", password=None, hashed=hashed, practitioner=practitioner(), by=by())

    assert actions.try_password(username="jo", password="a long enough one", at=AT) == jo
    assert actions.try_password(username="jo", password="another", at=AT) is None


def test_five_wrong_tries_make_an_account_wait_ten_minutes():
    jo = account()
    for _ in range(5):
        actions.try_password(username="jo", password="wrong", at=AT)

    assert actions.try_password(username="jo", password="a long enough one", at=AT + timedelta(minutes=9)) is None
    assert actions.try_password(username="jo", password="a long enough one", at=AT + timedelta(minutes=10)) == jo


def test_a_role_that_has_ended_is_gone_at_once():
    jo = account()
    role = actions.add_role(
        practitioner=practitioner(),
        organisation=organisation(),
        code="clinician",
        starts_on=TODAY - timedelta(days=9),
        ends_on=TODAY,
        by=by(),
    )

    queries.viewer(account_id=jo.pk, role_id=role.pk, at=AT - timedelta(days=1))
    with pytest.raises(NotFound):
        queries.viewer(account_id=jo.pk, role_id=role.pk, at=AT)
