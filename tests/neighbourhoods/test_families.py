"""Who is close to a person, how one comes in, who lives in the same home."""

from dataclasses import replace

import pytest
from django.db import transaction

from locality.access import wall
from locality.access.models import Proxy
from locality.access.rules import RoleCode
from locality.base import NotFound, Refused
from locality.base.ids import new_id
from locality.journal.models import Event
from locality.neighbourhoods.actions import families
from locality.neighbourhoods.models import Contact, KeySafe
from locality.neighbourhoods.queries import families as queries
from locality.neighbourhoods.rules.families import ContactRole
from locality.record.queries import summary
from locality.record.queries.shapes import Known, Panel
from tests import factories as make
from tests.neighbourhoods.notes_world import kept, named

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def peggy():
    row = make.person()
    make.relationship(row)
    return row


def family(person, viewer=None) -> queries.Family:
    return queries.family(grant=make.opened(person, viewer), at=make.AT)


def changed(row, why="She rang", by=None, version=1, **told):
    who = by or make.viewer()
    grant = make.opened(row.person, who)
    return families.change_contact(thing=row.thing, version=version, named=named(**told), why=why, grant=grant, by=who)


def test_whoever_is_close_stands_with_what_they_are_and_who_said_so(peggy):
    kept(peggy, relation="daughter", phone="07700 900456", roles=[ContactRole.CARER, ContactRole.NEXT_OF_KIN])

    [ann] = family(peggy).close
    assert (ann.name, ann.relation, ann.phone, ann.role_words) == (
        "Ann Lomas",
        "daughter",
        "07700 900456",
        ("Next of kin", "Carer"),
    )
    assert (ann.said_by, ann.by_name, ann.by_organisation) == (
        "Peggy herself",
        "Joanne Fielding",
        "Smallborough Hospitals",
    )


def test_whoever_is_not_to_be_contacted_stands_first(peggy):
    kept(peggy, roles=[ContactRole.NEXT_OF_KIN])
    kept(peggy, name="Alan Lomas", roles=[ContactRole.DO_NOT_CONTACT])

    assert [(one.name, one.keeps_away) for one in family(peggy).close] == [("Alan Lomas", True), ("Ann Lomas", False)]


def test_a_coordinator_reads_whom_to_ring_and_not_who_said_so(peggy):
    kept(peggy, phone="07700 900456", words="Works nights")

    [ann] = family(peggy, make.viewer(RoleCode.CARE_COORDINATOR)).close
    assert (ann.name, ann.phone, ann.said_by, ann.words, ann.redacted) == ("Ann Lomas", "07700 900456", "", "", True)


def test_a_coordinator_changes_a_number_and_empties_nothing_that_they_do_not_read(peggy):
    row = kept(peggy, phone="1", words="Works nights")

    changed(row, by=make.viewer(RoleCode.CARE_COORDINATOR), phone="2")

    [ann] = family(peggy).close
    assert (ann.phone, ann.words) == ("2", "Works nights")


def test_what_changes_says_why_and_what_was_kept_before_stays(peggy):
    row = kept(peggy, phone="1")

    changed(row, phone="2")

    grant = make.opened(peggy)
    assert [one.phone for one in queries.family(grant=grant, at=make.AT).close] == ["2"]
    assert [(one.phone, one.version) for one in queries.earlier_contacts(grant=grant, thing=row.thing)] == [("1", 1)]
    assert list(Event.objects.filter(what__startswith="contact").order_by("pk").values_list("what", flat=True)) == [
        "contact.written",
        "contact.changed",
    ]
    with pytest.raises(Refused, match="Say why"):
        changed(row, why="", version=2)
    with pytest.raises(Refused, match="changed this at 09:40"):
        changed(row, phone="3")


def test_what_holds_no_longer_is_told_apart(peggy):
    row = kept(peggy)

    changed(row, ends_on=make.TODAY)

    found = family(peggy)
    assert ([one.name for one in found.close], [one.name for one in found.past]) == ([], ["Ann Lomas"])


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"name": " "}, "Write their name"),
        ({"name": "x" * 2001}, "write it shorter"),
        ({"starts_on": make.TODAY, "ends_on": make.ago(days=1).date()}, "ends before it begins"),
    ],
)
def test_what_cannot_be_is_refused(peggy, told, why):
    with pytest.raises(Refused, match=why):
        kept(peggy, **told)


def test_another_team_opens_nobody_and_one_of_another_person_is_not_there(peggy):
    row = kept(peggy)
    stan = make.person("Whitworth", "Stanley")
    make.relationship(stan)

    assert family(stan).close == ()
    for ask in (queries.contact, queries.earlier_contacts):
        with pytest.raises(NotFound):
            ask(grant=make.opened(stan), thing=row.thing)


def test_the_database_shows_nobody_close_to_whoever_was_not_opened(peggy):
    kept(peggy)
    keep_safe(peggy)

    with wall.up(make.viewer()):
        assert (Contact.objects.count(), KeySafe.objects.count()) == (0, 0)
        make.opened(peggy)
        assert (Contact.objects.count(), KeySafe.objects.count()) == (1, 1)


# ---- as a person of their own


def ann_as_person(**other):
    told = {"nhs_number": "9990000034", "address": "9 Other Road", "postcode": "BL1 1AA"}
    return make.person("Lomas", "Ann", **(told | other))


def test_a_link_to_a_person_of_their_own_is_told_to_whoever_may_open_both(peggy):
    ann = ann_as_person()
    make.relationship(ann, practitioner=make.practitioner("Joanne"))
    kept(peggy, who=ann.pk)

    assert [one.who for one in family(peggy).close] == [ann.pk]
    assert [one.who for one in family(peggy, make.viewer(given="Helen")).close] == [None]


def test_nobody_is_linked_to_somebody_whom_the_writer_may_not_open_nor_is_their_number_told(peggy):
    ann = ann_as_person()

    with pytest.raises(Refused, match="may not open"):
        kept(peggy, who=ann.pk)
    for number in (ann.nhs_number, "9990000042", ""):
        with pytest.raises(NotFound, match="Nobody whom you may open"):
            queries.person_of_number(number=number, viewer=make.viewer())
    make.relationship(ann)
    assert queries.person_of_number(number="999 000 0034", viewer=make.viewer()) == ann.pk


def test_a_link_that_the_writer_does_not_see_is_not_cut_by_a_change(peggy):
    ann = ann_as_person()
    make.relationship(ann, practitioner=make.practitioner("Joanne"))
    row = kept(peggy, who=ann.pk)

    changed(row, by=make.viewer(given="Helen"), phone="2")

    assert [one.who for one in family(peggy).close] == [ann.pk]


def test_the_right_of_whoever_acts_stands_with_them_and_of_nobody_else_apart(peggy):
    ann = ann_as_person()
    make.relationship(ann)
    told = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": new_id(), "reason": "Peggy asked"}
    right = Proxy.objects.create(person=peggy, proxy=ann, kind="chosen", kept_back=["SOC"], **told)

    assert [one.pk for one in family(peggy).acting] == [right.pk]
    kept(peggy, who=ann.pk)

    found = family(peggy)
    assert ([one.rights for one in found.close], found.acting) == ([(right,)], ())


# ---- what sources sent


def sent_ann(peggy):
    gp = make.patient(peggy, make.source("gp"))
    ann = {"resourceType": "RelatedPerson", "id": "r1", "name": [{"text": "Ann Lomas"}]}
    ann |= {"telecom": [{"system": "phone", "value": "07700 900456"}]}
    make.resource(gp, ann | {"relationship": [{"coding": [{"code": "N"}]}, {"text": "Daughter"}]})


def test_whom_a_source_sent_is_taken_over_in_one_press_and_never_offered_again(peggy):
    sent_ann(peggy)
    [one] = family(peggy).sent
    assert (one.name, one.phone, one.roles, [sender.name for sender in one.senders]) == (
        "Ann Lomas",
        "07700 900456",
        (ContactRole.NEXT_OF_KIN,),
        ["Mill Lane Practice"],
    )

    row = families.take_over(key=one.key, at=make.AT, grant=make.opened(peggy), by=make.viewer())

    found = family(peggy)
    assert ([ann.name for ann in found.close], found.sent) == (["Ann Lomas"], ())
    assert row.said_by == "Mill Lane Practice, 4 November 2026"
    with pytest.raises(Refused, match="kept here already"):
        families.take_over(key=one.key, at=make.AT, grant=make.opened(peggy), by=make.viewer())
    with pytest.raises(NotFound):
        families.take_over(key="somebody", at=make.AT, grant=make.opened(peggy), by=make.viewer())


def test_whoever_is_written_down_by_the_same_name_is_not_offered(peggy):
    sent_ann(peggy)
    kept(peggy, name="Ann LOMAS")

    assert family(peggy).sent == ()


def test_whoever_is_not_to_be_contacted_is_not_told_again_with_a_number_that_a_source_sent(peggy):
    sent_ann(peggy)
    grant = make.opened(peggy)
    sent = summary(grant=grant, at=make.AT).contacts
    assert [fact.title for fact in queries.close_to(grant=grant, sent=sent)[1].facts] == ["Ann Lomas"]
    kept(peggy, name="Mrs Ann Lomas", roles=[ContactRole.DO_NOT_CONTACT])

    close, left = queries.close_to(grant=grant, sent=sent)

    assert ([one.keeps_away for one in close], left.facts) == ([True], ())


def test_nobody_is_close_to_themselves(peggy):
    with pytest.raises(Refused, match="own NHS number"), transaction.atomic():
        kept(peggy, who=peggy.pk)


# ---- the key safe


def keep_safe(person, by=None, sealed=b"sealed"):
    who = by or make.viewer()
    return families.keep_key_safe(sealed=sealed, said_by="Peggy herself", grant=make.opened(person, who), by=who)


def test_a_key_safe_is_one_at_a_time_and_the_one_before_ends(peggy):
    keep_safe(peggy, sealed=b"old")
    keep_safe(peggy, sealed=b"new")

    assert bytes(queries.key_safe(grant=make.opened(peggy)).sealed) == b"new"
    assert KeySafe.objects.filter(ended_at=None).count() == 1
    families.end_key_safe(grant=make.opened(peggy), by=make.viewer())
    with pytest.raises(NotFound):
        queries.key_safe(grant=make.opened(peggy))
    with pytest.raises(NotFound):
        families.end_key_safe(grant=make.opened(peggy), by=make.viewer())


def test_of_a_protected_address_nothing_tells_how_one_comes_in_nor_who_lives_there(peggy):
    keep_safe(peggy)
    frank = make.person("Hargreaves", "Frank", nhs_number="")
    make.relationship(frank)
    assert ([one.pk for one in family(peggy).at_home], family(peggy).key_safe is None) == ([frank.pk], False)

    peggy.protected = True
    peggy.save()

    found = family(peggy)
    assert (found.at_home, found.key_safe) == (None, None)
    with pytest.raises(Refused, match="not told where they live"):
        keep_safe(peggy)
    assert family(frank).at_home == ()


def test_at_home_are_those_whom_the_viewer_may_open_who_live_there_and_are_alive(peggy):
    frank, maud, olive = (make.person("Hargreaves", name, nhs_number="") for name in ("Frank", "Maud", "Olive"))
    make.relationship(frank)
    make.relationship(maud)
    make.relationship(make.person("Next", "Door", nhs_number="", address="9 Weaver's Fold"))
    maud.died = True
    maud.save()

    assert [one.pk for one in family(peggy).at_home] == [frank.pk]
    assert olive.address == peggy.address


def test_a_reader_who_may_not_write_writes_nobody_down(peggy):
    grant = make.opened(peggy)
    closed = replace(grant, opening=replace(grant.opening, writes=False))

    with pytest.raises(Refused, match="not write in it"):
        families.write_contact(form=new_id(), named=named(), grant=closed, by=make.viewer())


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(peggy, django_assert_num_queries, count):
    for number in range(count):
        kept(peggy, name=f"Friend {number}")
    grant = make.opened(peggy)

    with django_assert_num_queries(9):
        assert len(queries.family(grant=grant, at=make.AT).close) == count
    with django_assert_num_queries(2):
        queries.close_to(grant=grant, sent=Panel(state=Known.PRESENT))
