"""What whoever acts for somebody is never told: of a service for such a need neither the referral nor the name."""

import pytest

from locality.access.actions import looking
from locality.access.queries.looked import asked as days_asked
from locality.directory.models import Need, Service
from locality.journal.actions import log
from locality.neighbourhoods.actions import referrals
from locality.neighbourhoods.queries import mine, untold
from locality.neighbourhoods.queries.outbox import messages_to
from tests import factories as make
from tests.neighbourhoods.mine_world import acts_for, own
from tests.neighbourhoods.referral_world import befriending, nurse, refer, volunteer
from tests.neighbourhoods.work import known
from tests.web.test_mine_pages import message

pytestmark = pytest.mark.django_db


@pytest.fixture
def peggy():
    return known()


def daughter(peggy):
    return acts_for(peggy, make.person("Lomas", "Ann", nhs_number=""))


def charity(code: str, name: str, needs: list[str], **other):
    told = {"place": make.place(), "code": code, "name": name, "kind": "advice", "takes_referrals": True}
    told |= {"organisation": make.organisation(code, name=name.title()), "needs": needs, **make.ORIGIN}
    return Service.objects.get_or_create(id=make.named_id("service", code), defaults=told | other)[0]


def safe_to_say(**other):
    """A service for domestic abuse, of a charity that offers nothing else."""
    return charity("safe", "Safe to say", ["domestic-abuse"], **other)


def names(grant) -> tuple[list[str], list[str]]:
    coming = mine.coming(grant=grant)
    told = [one.to_name for one in (*coming.booked, *coming.referred)]
    return sorted(told), sorted(one.name for one in untold.helping(grant=grant))


def test_she_reads_whom_she_was_referred_to_and_her_daughter_does_not(peggy):
    circle = befriending()
    refer(peggy, to_service=circle.pk, need="loneliness")
    refer(peggy, to_service=safe_to_say().pk, need="talk")

    _, hers = daughter(peggy)

    assert names(own(peggy)) == (
        ["Befriending at home", "Safe to say"],
        sorted([make.team().name, circle.organisation.name, "Safe To Say"]),
    )
    assert names(hers) == (["Befriending at home"], sorted([make.team().name, circle.organisation.name]))


@pytest.mark.parametrize("need", ["domestic-abuse", "Domestic abuse", "she is afraid of partner", "ADDICTION"])
def test_the_need_alone_keeps_it_however_it_is_written(peggy, need):
    make.place()
    Need.objects.create(
        id=make.named_id("need", "domestic-abuse"),
        place=make.place(),
        code="domestic-abuse",
        name="Domestic abuse",
        said_as=["afraid of partner"],
        origin="ours",
        verified=False,
    )
    refer(peggy, to_service=befriending().pk, need=need)

    _, hers = daughter(peggy)

    assert names(hers) == ([], [make.team().name])


def test_the_organisation_as_a_whole_and_what_it_asks_itself_are_kept_too(peggy):
    safe = safe_to_say().organisation
    refer(peggy, to_organisation=safe.pk, need="talk")
    by = volunteer()
    by = make.replace(by, organisation=safe.pk)
    make.relationship(peggy, kind="caseload", team=None, organisation=safe)
    referrals.write(
        new=referrals.NewReferral(asked="A warm room", sender=safe.pk, to_service=befriending().pk),
        person=peggy.pk,
        by=by,
    )

    _, hers = daughter(peggy)

    assert names(hers) == ([], [make.team().name])


def test_an_organisation_that_does_more_is_named_where_it_was_asked_for_the_other(peggy):
    council = make.organisation("council", name="The Council")
    safe_to_say(organisation=council)
    charity("care", "Home care", ["at-home"], organisation=council)
    refer(peggy, to_organisation=council.pk, need="talk")

    _, hers = daughter(peggy)

    assert names(hers) == (["The Council"], sorted([make.team().name, "The Council"]))


def test_the_one_service_for_it_of_an_organisation_that_does_more_is_kept(peggy):
    council = make.organisation("council", name="The Council")
    charity("care", "Home care", ["at-home"], organisation=council)
    refer(peggy, to_service=safe_to_say(organisation=council).pk, need="talk")

    _, hers = daughter(peggy)

    assert names(hers) == ([], [make.team().name])


def test_who_looked_does_not_tell_it_either(peggy):
    safe = safe_to_say().organisation
    refer(peggy, to_service=befriending().pk, need="domestic-abuse")
    circle = befriending().organisation
    viewer, _ = daughter(peggy)

    assert untold.lookers_untold(viewer=viewer) == {safe.pk, circle.pk}

    make.relationship(peggy, kind="caseload", team=None, organisation=circle)

    assert untold.lookers_untold(viewer=viewer) == {safe.pk}
    assert untold.lookers_untold(viewer=nurse()) == frozenset()


def test_the_looks_of_those_are_left_out_and_of_others_not(peggy):
    safe = safe_to_say().organisation
    log(what="record.opened", by=make.replace(volunteer(), organisation=safe.pk), person=peggy.pk)
    log(what="record.opened", by=nurse(), person=peggy.pk)
    viewer, _ = daughter(peggy)
    on = make.AT.date()
    asked = days_asked(since=on, until=on, on=on)

    shown = looking.own(asked=asked, by=viewer, untold=untold.lookers_untold(viewer=viewer)).found

    assert [one.organisation for day in shown.days for one in day.lookers] == [make.organisation().name]
    assert shown.organisations == ((make.organisation().pk, make.organisation().name),)


def test_a_message_about_it_is_kept_and_another_is_not(peggy):
    row = refer(peggy, to_service=safe_to_say().pk, need="talk")
    ann = make.person("Lomas", "Ann", nhs_number="")
    viewer, _ = acts_for(peggy, ann)
    told = {"to_kind": "proxy", "to_id": ann.pk}
    message(peggy, subject="They answered", about="referral", about_id=row.pk, **told)
    message(peggy, subject="From them", sender=safe_to_say().organisation, **told)
    message(peggy, subject="Your walking frame", **told)

    assert [one.subject for one in messages_to(viewer)] == ["Your walking frame"]
