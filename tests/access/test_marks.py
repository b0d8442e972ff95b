"""Marks on people: what each closes, from which day until which, and who may write it down."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from locality.access import actions, queries
from locality.access.actions import NotOpened, open_record
from locality.access.models import AddressGrant, Conflict, PersonSeal, Proxy, Watch
from locality.access.rules import DataClass, Factor, RoleCode, Seal
from locality.base import NoAccess, NotFound, Refused, ViewerKind
from locality.journal.models import Event, News
from locality.record.queries import face
from locality.record.queries.rows import held
from tests import factories as make

pytestmark = pytest.mark.django_db

TOMORROW, YESTERDAY = make.TODAY + timedelta(days=1), make.TODAY - timedelta(days=1)


def olwen(**other):
    return make.viewer(RoleCode.PRIVACY_OFFICER, given="Olwen", **({"teams": frozenset()} | other))


def herself(person):
    return make.viewer("person", kind=ViewerKind.PERSON, id=person.pk, organisation=None, teams=frozenset())


def acting(proxy, person):
    told = {"kind": ViewerKind.PROXY, "id": proxy.pk, "acts_for": person.pk, "organisation": None}
    return make.viewer("proxy", teams=frozenset(), **told)


def titles(person, by=None) -> set[str]:
    return set(held(open_record(person_id=person.pk, by=by or make.viewer())).values_list("title", flat=True))


@pytest.fixture
def peggy():
    """Her practice and the hospital, where Joanne works, each sent a line."""
    person, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, make.problem("From the practice", id="g"))
    make.resource(acute, make.problem("From the hospital", id="a"))
    return person


def opens(person, by=None) -> bool:
    try:
        open_record(person_id=person.pk, by=by or make.viewer())
    except (NoAccess, NotFound):
        return False
    return True


# ---- objections


def test_an_objection_to_sharing_closes_what_other_organisations_sent(peggy):
    actions.record_objection(person_id=peggy.pk, kind="sharing", words="She said so", by=make.viewer())

    assert titles(peggy) == {"From the hospital"}


def test_an_objection_to_one_organisations_data_closes_that_alone(peggy):
    for code in ("council", "MILL"):
        of = make.organisation(code).pk
        actions.record_objection(
            person_id=peggy.pk, kind="sharing", words="She said so", organisation=of, by=make.viewer()
        )
        assert titles(peggy) == {"From the hospital", "From the practice"} - (
            {"From the practice"} if code == "MILL" else set()
        )


def test_an_objection_to_secondary_use_never_touches_care(peggy):
    actions.record_objection(person_id=peggy.pk, kind="secondary_use", words="She said so", by=make.viewer())

    assert titles(peggy) == {"From the hospital", "From the practice"}
    assert list(queries.opted_out(viewer=olwen())) == [peggy.pk]


def test_withdrawn_it_is_over_with_the_next_page(peggy):
    row = actions.record_objection(person_id=peggy.pk, kind="sharing", words="She said so", by=make.viewer())

    actions.withdraw_objection(objection_id=row.pk, words="She changed her mind", by=make.viewer())

    assert titles(peggy) == {"From the hospital", "From the practice"}
    with pytest.raises(NotFound):
        actions.withdraw_objection(objection_id=row.pk, words="Again", by=make.viewer())


def test_an_objection_made_before_a_merge_holds_after_it(peggy):
    alias = make.person("Hargreaves", "Peg", nhs_number="")
    make.relationship(alias)
    actions.record_objection(person_id=alias.pk, kind="sharing", words="She said so", by=make.viewer())
    assert titles(peggy) == {"From the hospital", "From the practice"}

    type(alias).objects.filter(pk=alias.pk).update(merged_into=peggy)

    assert titles(peggy) == {"From the hospital"}


def test_whoever_may_not_write_in_the_record_writes_no_objection(peggy):
    told = {"person_id": peggy.pk, "kind": "sharing", "words": "She said so"}

    with pytest.raises(NoAccess):
        actions.record_objection(**told, by=make.stranger())
    actions.break_glass(person_id=peggy.pk, reason_code="emergency", words="Confused, alone", by=make.stranger())
    with pytest.raises(Refused, match="not write"):
        actions.record_objection(**told, by=make.stranger())
    actions.record_objection(**told, by=olwen())
    with pytest.raises(Refused, match="so already"):
        actions.record_objection(**told, by=make.viewer())


# ---- seals


def thing_of(person, words: str):
    return held(open_record(person_id=person.pk, by=make.viewer())).get(title=words).thing


@pytest.mark.parametrize("kind", [Seal.SEALED, Seal.LOCKED])
def test_a_line_that_the_person_seals_is_closed_to_everybody_but_them(peggy, kind):
    thing = thing_of(peggy, "From the hospital")

    actions.seal(person_id=peggy.pk, thing=thing, kind=kind, by=herself(peggy))

    assert (titles(peggy), titles(peggy, herself(peggy))) == (
        {"From the practice"},
        {"From the practice", "From the hospital"},
    )
    actions.unseal(person_id=peggy.pk, thing=thing, words="I want it seen", by=herself(peggy))
    assert titles(peggy) == {"From the practice", "From the hospital"}


def test_a_seal_made_tighter_is_one_row_and_the_tighter_holds(peggy):
    thing = thing_of(peggy, "From the hospital")
    for kind in (Seal.SEALED, Seal.LOCKED):
        actions.seal(person_id=peggy.pk, thing=thing, kind=kind, by=herself(peggy))

    assert list(PersonSeal.objects.values_list("seal", flat=True)) == ["locked"]


def test_sealing_what_is_not_theirs_says_nothing_of_it(peggy):
    stan = make.person("Entwistle", "Stanley", nhs_number="")
    row = make.resource(make.patient(stan, make.source("gp")), make.problem("Gout", id="s"))

    answer = actions.seal(person_id=peggy.pk, thing=row.thing, kind=Seal.LOCKED, by=herself(peggy))

    make.relationship(stan)
    assert (answer, titles(stan)) == (None, {"Gout"})


def test_an_announced_seal_is_counted_for_others_and_a_locked_one_is_not(peggy):
    actions.seal(
        person_id=peggy.pk,
        thing=thing_of(peggy, "From the hospital"),
        kind=Seal.SEALED,
        announced=True,
        by=herself(peggy),
    )
    actions.seal(person_id=peggy.pk, thing=thing_of(peggy, "From the practice"), kind=Seal.LOCKED, by=herself(peggy))

    told = [queries.marks(open_record(person_id=peggy.pk, by=by)).sealed for by in (make.viewer(), herself(peggy))]

    assert told == [1, 2]
    with pytest.raises(Refused, match="no trace"):
        actions.seal(person_id=peggy.pk, thing=make.new_id(), kind=Seal.LOCKED, announced=True, by=herself(peggy))


# ---- a protected address


@pytest.fixture
def hidden():
    person, _ = make.peggy("gp", protected=True)
    return person


def address_of(person, by=None):
    grant = open_record(person_id=person.pk, by=by or make.viewer())
    return face(grant=grant, at=make.AT).address


def granted(person, **other):
    told = {"starts_on": make.TODAY, "ends_on": TOMORROW, "words": "She visits her"} | other
    return actions.grant_address(person_id=person.pk, by=olwen(), **told)


def test_a_protected_address_is_shown_to_nobody_but_the_person_and_whoever_is_named(hidden):
    assert (address_of(hidden), address_of(hidden, herself(hidden))) == (None, "7 Weaver's Fold, Smallborough, ZZ1 2QX")

    granted(hidden, practitioner=make.viewer().id)

    assert address_of(hidden) == "7 Weaver's Fold, Smallborough, ZZ1 2QX"
    assert address_of(hidden, make.viewer(given="Tom")) is None


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "shown"),
    [
        (make.TODAY, TOMORROW, True),
        (YESTERDAY, make.TODAY, False),
        (TOMORROW, TOMORROW + timedelta(days=1), False),
    ],
)
def test_a_grant_of_an_address_to_a_team_holds_from_its_first_day_until_the_day_it_ends(
    hidden, starts_on, ends_on, shown
):
    granted(hidden, team=make.team().pk, starts_on=starts_on, ends_on=ends_on)

    assert (address_of(hidden) is not None) == shown


def test_a_grant_taken_back_is_over_at_once_and_breaking_the_glass_brings_no_address(hidden):
    row = granted(hidden, team=make.team().pk)
    actions.end_address_grant(grant_id=row.pk, words="She moved on", by=olwen())
    actions.break_glass(person_id=hidden.pk, reason_code="emergency", words="Confused, alone", by=make.viewer())

    assert address_of(hidden) is None


def test_only_the_privacy_officer_and_the_safeguarding_lead_say_who_may_know_an_address(hidden):
    told = {"person_id": hidden.pk, "starts_on": make.TODAY, "ends_on": TOMORROW, "words": "Why"}
    for role in set(RoleCode) - {"privacy_officer", "safeguarding_lead"}:
        by = make.viewer(role)
        with pytest.raises(NoAccess):
            actions.grant_address(**told, practitioner=by.id, by=by)
    assert AddressGrant.objects.count() == 0


# ---- conflicts


@pytest.mark.parametrize("kind", ["own_record", "family", "household", "declared"])
def test_a_declared_conflict_closes_the_record_and_takes_it_off_every_list(peggy, kind):
    joanne = make.viewer()
    row = actions.declare_conflict(practitioner=joanne.id, person_id=peggy.pk, kind=kind, by=joanne)

    with pytest.raises(NotOpened) as refused:
        open_record(person_id=peggy.pk, by=joanne)
    assert refused.value.factor == Factor.CONFLICT
    assert list(queries.visible_people(viewer=joanne, on=make.TODAY)) == []
    assert queries.openable(viewer=joanne, person_ids=[peggy.pk], on=make.TODAY) == set()
    assert opens(peggy, make.viewer(given="Tom"))
    actions.end_conflict(conflict_id=row.pk, words="She no longer knows her", by=olwen())
    assert opens(peggy)
    assert list(queries.visible_people(viewer=joanne, on=make.TODAY)) == [peggy]


@pytest.mark.parametrize(
    ("address", "postcode", "closed"),
    [
        ("7 Weaver's Fold, Smallborough", "ZZ1 2QX", True),
        ("7, weavers fold Smallborough", "ZZ1 2QX", True),
        ("9 Weaver's Fold, Smallborough", "ZZ1 2QX", False),
        ("7 Weaver's Fold, Smallborough", "ZZ1 2QY", False),
        ("", "", False),
    ],
)
def test_whoever_lives_at_the_address_of_ones_own_record_is_closed_too(peggy, address, postcode, closed):
    joanne = make.viewer()
    own = make.person("Fielding", "Joanne", nhs_number="", address=address, postcode=postcode)
    actions.declare_conflict(practitioner=joanne.id, person_id=own.pk, kind="own_record", by=joanne)

    listed = list(queries.visible_people(viewer=joanne, on=make.TODAY))

    assert (opens(peggy), listed == []) == (not closed, closed)


def test_a_conflict_declared_of_an_alias_holds_for_the_person_it_became(peggy):
    alias = make.person("Hargreaves", "Peg", nhs_number="", merged_into=peggy)
    Conflict.objects.create(
        practitioner_id=make.viewer().id,
        person=alias,
        kind="family",
        starts_on=make.TODAY,
        made_at=make.AT,
        made_by=olwen().id,
    )

    assert (opens(peggy), list(queries.visible_people(viewer=make.viewer(), on=make.TODAY))) == (False, [])


def test_a_conflict_holds_until_the_day_it_ends(peggy):
    told = {"practitioner_id": make.viewer().id, "person": peggy, "kind": "family", "made_at": make.AT}
    Conflict.objects.create(**told, made_by=olwen().id, starts_on=YESTERDAY, ends_on=make.TODAY)

    assert opens(peggy)


def test_a_refusal_in_a_conflict_alerts_the_privacy_officer_and_names_nobody(peggy):
    actions.refuse(what="page.person", by=make.viewer(), person=peggy.pk, reason="Closed", factor=Factor.CONFLICT)

    (news,) = News.objects.filter(what="conflict.refused")
    line = Event.objects.get(outcome="refused")
    assert (news.person_id, news.detail, line.detail) == (None, {"event": line.pk}, {"factor": "conflict"})


def test_nobody_declares_for_another_or_ends_their_own(peggy):
    joanne, tom = make.viewer(), make.viewer(given="Tom")

    with pytest.raises(NoAccess):
        actions.declare_conflict(practitioner=tom.id, person_id=peggy.pk, kind="family", by=joanne)
    with pytest.raises(Refused):
        actions.declare_conflict(practitioner=joanne.id, person_id=peggy.pk, kind="investigation", by=joanne)
    row = actions.declare_conflict(practitioner=joanne.id, person_id=peggy.pk, kind="family", by=joanne)
    with pytest.raises(NoAccess):
        actions.end_conflict(conflict_id=row.pk, words="It is fine", by=joanne)
    own = replace(joanne, role=RoleCode.PRIVACY_OFFICER)
    with pytest.raises(NoAccess):
        actions.end_conflict(conflict_id=row.pk, words="It is fine", by=own)


def test_what_is_under_investigation_is_read_by_the_privacy_officer_alone(peggy):
    actions.declare_conflict(practitioner=make.viewer().id, person_id=peggy.pk, kind="investigation", by=olwen())

    assert queries.conflicts(viewer=olwen()).count() == 1
    assert queries.conflicts(viewer=make.viewer()).count() == 0


# ---- the person, and whoever acts for them


def test_the_person_opens_their_own_record_and_nobody_elses(peggy):
    stan = make.person("Entwistle", "Stanley", nhs_number="")

    grant = open_record(person_id=peggy.pk, by=herself(peggy))

    assert (grant.opening.right, grant.looked_before_at, DataClass.SAFE in grant.opening.whole) == ("self", None, False)
    assert Event.objects.get(what="record.opened").detail["right"] == "self"
    with pytest.raises(NotFound):
        open_record(person_id=stan.pk, by=herself(peggy))


def ann():
    return make.person("Hargreaves", "Ann", nhs_number="")


def proxied(person, proxy, **other):
    told = {"kind": "chosen", "words": "She asked her to"} | other
    return actions.make_proxy(person_id=person.pk, proxy_id=proxy.pk, by=make.viewer(second_factor=True), **told)


def test_whoever_acts_for_a_person_opens_a_part_of_their_record_until_it_is_ended(peggy):
    daughter = ann()
    assert not opens(peggy, acting(daughter, peggy))
    row = proxied(peggy, daughter)

    opening = open_record(person_id=peggy.pk, by=acting(daughter, peggy)).opening

    assert (opening.right, opening.writes) == ("proxy", False)
    assert {DataClass.SENS, DataClass.SAFE} & (opening.whole | opening.redacted) == set()
    actions.end_proxy(proxy_id=row.pk, words="She no longer wants it", by=make.viewer())
    assert not opens(peggy, acting(daughter, peggy))


def test_a_proxy_is_not_the_person_and_the_person_no_proxy(peggy):
    daughter = ann()
    proxied(peggy, daughter)

    assert not opens(peggy, herself(daughter))
    assert not opens(daughter, acting(peggy, daughter))


@pytest.mark.parametrize(("born", "opened"), [(date(2013, 11, 6), True), (date(2013, 11, 5), False)])
def test_a_parents_rights_are_gone_on_the_birthday(peggy, born, opened):
    type(peggy).objects.filter(pk=peggy.pk).update(birth_on=born)
    told = {"proxy_id": ann().pk, "kind": "parent", "words": "Her mother", "person_id": peggy.pk}
    long_ago = make.viewer(at=make.ago(days=100), second_factor=True)

    row = actions.make_proxy(**told, by=long_ago)

    assert row.ends_on == born.replace(year=2026)
    assert opens(peggy, acting(row.proxy, peggy)) == opened


def test_nobody_is_made_a_parent_of_the_grown_or_of_whoever_has_no_birthday(peggy):
    with pytest.raises(Refused, match="older"):
        proxied(peggy, ann(), kind="parent")
    type(peggy).objects.filter(pk=peggy.pk).update(birth_on=None)
    with pytest.raises(Refused, match="Nobody knows when"):
        proxied(peggy, ann(), kind="parent")
    with pytest.raises(Refused):
        proxied(peggy, peggy)
    assert Proxy.objects.count() == 0


def test_a_person_signs_in_as_themselves_or_for_whom_they_act(peggy):
    daughter = ann()
    account = actions.add_account(username="ann", password="a long enough one", person=daughter, by=make.viewer())
    told = {"account_id": account.pk, "at": make.AT}
    with pytest.raises(NotFound):
        queries.viewer_as_person(**told, acting_for=peggy.pk)
    proxied(peggy, daughter)

    own, proxy = queries.viewer_as_person(**told), queries.viewer_as_person(**told, acting_for=peggy.pk)

    assert ((own.kind, own.id), (proxy.kind, proxy.id)) == (("person", daughter.pk), ("proxy", daughter.pk))
    assert [one.person for one in queries.acts_for(viewer=own)] == [peggy]


# ---- those whose every view is reviewed


def test_whoever_is_watched_is_opened_as_ever_and_every_view_is_to_be_reviewed(peggy):
    row = actions.watch(person_id=peggy.pk, kind="public_figure", words="On the news", by=olwen())

    assert titles(peggy) == {"From the hospital", "From the practice"}
    assert Event.objects.get(what="record.opened").detail["owed"] == ["review"]
    actions.unwatch(watch_id=row.pk, words="Forgotten", by=olwen())
    assert list(queries.watched(viewer=olwen())) == []
    with pytest.raises(NoAccess):
        actions.watch(person_id=peggy.pk, kind="staff", by=make.viewer())
    assert Watch.objects.count() == 1


def test_an_audit_line_of_nothing_special_owes_nothing(peggy):
    open_record(person_id=peggy.pk, by=make.viewer())

    assert Event.objects.get(what="record.opened").detail == {"relation": "own team", "right": "relation"}


# ---- what it costs


@pytest.mark.parametrize("marks", [0, 3])
def test_opening_a_record_costs_the_same_whatever_is_marked(peggy, marks, django_assert_num_queries):
    for number in range(marks):
        granted(peggy, team=make.team().pk)
        proxied(peggy, make.person("Ash", str(number), nhs_number=""))
        actions.seal(person_id=peggy.pk, thing=make.new_id(), kind=Seal.SEALED, by=herself(peggy))
    by = make.viewer()

    # the person, the earlier identities, all that stands between them, the look, the audit; and the transaction's two
    with django_assert_num_queries(7):
        open_record(person_id=peggy.pk, by=by)


# ---- who may know an address: that takes two


def leah(**other):
    return make.viewer(RoleCode.SAFEGUARDING_LEAD, given="Leah", **other)


def let_know(person, by, **whom):
    told = {"starts_on": make.TODAY, "ends_on": make.TODAY + timedelta(days=7), "words": "She visits her"}
    return actions.grant_address(person_id=person.pk, by=by, **told, **whom)


def test_a_lead_lets_no_team_of_their_own_know_an_address():
    peggy, _ = make.peggy("gp", protected=True)
    make.member(make.practitioner("Leah"), make.team("council-team"))

    for team in ("riverside", "council-team"):
        with pytest.raises(Refused, match="you or your team"):
            let_know(peggy, leah(), team=make.team(team).pk)

    assert let_know(peggy, leah(), team=make.team("hilltop").pk).team == make.team("hilltop")


def test_a_lead_who_broke_the_glass_says_nothing_of_who_may_know_an_address():
    peggy, _ = make.peggy("gp", protected=True)
    row = let_know(peggy, olwen(), practitioner=make.practitioner().pk)
    stranger = leah(teams=frozenset({make.team("hilltop").pk}))
    actions.break_glass(person_id=peggy.pk, reason_code="emergency", words="Confused, alone", by=stranger)

    with pytest.raises(Refused, match="not write"):
        let_know(peggy, stranger, practitioner=make.practitioner("Tom", "Ash").pk)
    with pytest.raises(Refused, match="not write"):
        actions.end_address_grant(grant_id=row.pk, words="I do not like it", by=stranger)

    assert [one.ended_at for one in AddressGrant.objects.all()] == [None]


# ---- a seal made before a merge


@pytest.fixture
def merged(peggy):
    """Peggy, and the alias that she sealed a line as before she was known to be one person."""
    alias = make.person("Hargreaves", "Peg", nhs_number="")
    make.relationship(alias)
    thing = thing_of(peggy, "From the hospital")
    actions.seal(person_id=alias.pk, thing=thing, kind=Seal.SEALED, by=make.viewer())
    type(alias).objects.filter(pk=alias.pk).update(merged_into=peggy)
    return peggy, thing


def test_a_seal_made_of_an_alias_is_taken_off_with_any_twin_it_has(merged):
    peggy, thing = merged
    told = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": olwen().id}
    PersonSeal.objects.create(person=peggy, thing=thing, seal="locked", **told)
    assert titles(peggy) == {"From the practice"}

    opened = actions.unseal(person_id=peggy.pk, thing=thing, words="She asked", by=olwen())

    assert (opened, titles(peggy)) == (True, {"From the hospital", "From the practice"})
    assert PersonSeal.objects.filter(ended_by=olwen().id).count() == 2


def test_a_line_sealed_as_an_alias_is_locked_as_the_person_it_became(merged):
    peggy, thing = merged

    actions.seal(person_id=peggy.pk, thing=thing, kind=Seal.LOCKED, by=herself(peggy))

    assert [(row.seal, row.announced) for row in PersonSeal.objects.all()] == [("locked", False)]


def test_where_nothing_was_sealed_nothing_is_said_to_be_open_again(peggy):
    assert actions.unseal(person_id=peggy.pk, thing=make.new_id(), words="She asked", by=olwen()) is False


# ---- who opens a sealed line again


def sealed_by_joanne(person):
    thing = thing_of(person, "From the hospital")
    actions.seal(person_id=person.pk, thing=thing, kind=Seal.LOCKED, words="She told me", by=make.viewer())
    return thing


def minutes_later(by, minutes: float):
    return replace(by, at=by.at + timedelta(minutes=minutes))


def test_whoever_sealed_a_line_undoes_it_for_a_quarter_of_an_hour_without_a_word(peggy):
    thing = sealed_by_joanne(peggy)

    late = actions.unseal(person_id=peggy.pk, thing=thing, words="Why", by=minutes_later(make.viewer(), 16))
    soon = actions.unseal(person_id=peggy.pk, thing=thing, by=minutes_later(make.viewer(), 14))

    assert (late, soon) == (False, True)


def test_no_colleague_opens_a_line_that_another_sealed_and_trying_is_on_the_books(peggy):
    thing = sealed_by_joanne(peggy)
    sadia = make.viewer(given="Sadia")

    opened = actions.unseal(person_id=peggy.pk, thing=thing, words="I want to read it", by=sadia)

    assert (opened, PersonSeal.objects.get().ended_at) == (False, None)
    line = Event.objects.get(what="line.unsealed")
    assert (line.outcome, line.by_id, line.about_id) == ("refused", sadia.id, thing)


@pytest.mark.parametrize("who", [herself, lambda _person: olwen()], ids=["the person", "the officer"])
def test_the_person_and_the_officer_open_it_at_any_time_and_say_why(peggy, who):
    thing, by = sealed_by_joanne(peggy), minutes_later(who(peggy), 9999)

    with pytest.raises(Refused, match="Say why"):
        actions.unseal(person_id=peggy.pk, thing=thing, words=" ", by=by)
    actions.unseal(person_id=peggy.pk, thing=thing, words="I want it seen", by=by)

    row = PersonSeal.objects.get()
    assert (row.ended_by, row.ended_reason) == (by.id, "I want it seen")
